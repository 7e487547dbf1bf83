"""A row of a table as people read it: each cell beside the name of its column, both as they stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

BETWEEN = " ＞ "
_COLUMNS = " | "
_CELL = re.compile(r"\t|(?<!\\)\|")

Row = tuple[tuple[str, str], ...]
"""The name of a column and the cell in it, in their order; a name may be empty."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a text; ``cells`` are those of a row of a table, empty where it is no row."""

    text: str
    cells: tuple[Mapping[str, str], ...] = ()


def read_row(heading: str, text: str) -> Row:
    """Return the cells of a row that carries the header line of its table at the end of its ``heading``.

    Empty where ``text`` is not such a row, or only a part of one. Where the header line is one short, the
    first column has no name.

    >>> read_row("振込手数料 ＞ ご利用方法 | 本支店あて", "窓口 | 330円")
    (('ご利用方法', '窓口'), ('本支店あて', '330円'))
    >>> read_row("振込手数料", "窓口は330円です。")
    ()
    """
    names = heading.rsplit(BETWEEN, 1)[-1].split(_COLUMNS)
    cells = [cell.strip() for cell in _CELL.split(text)]
    if len(names) < 2 or "\n" in text or not any(cells):
        return ()
    if len(cells) == len(names) + 1:
        names = ["", *names]
    return tuple(zip(names, cells, strict=True)) if len(cells) == len(names) else ()


def name_row(heading: str, text: str) -> str:
    """Return ``heading`` with the row's own name in place of the header line; as it is for anything else.

    >>> name_row("振込手数料 ＞ ご利用方法 | 本支店あて", "窓口 | 330円")
    '振込手数料 ＞ 窓口'
    """
    row = read_row(heading, text)
    if not row:
        return heading
    above, between, _ = heading.rpartition(BETWEEN)
    return f"{above}{between}{name_of_row(row)}"


def name_of_row(row: Row) -> str:
    """Return the first cell that is not empty; nothing for what is no row."""
    return next((cell for _, cell in row if cell), "")


def describe_row(row: Row) -> list[dict[str, str]]:
    """Return the cells of a row as JSON values."""
    return [{"column": column, "cell": cell} for column, cell in row]


def spell_row(row: Row) -> str:
    """Return a row in one line that names the column of each cell; empty cells are left out.

    >>> spell_row((("ご利用方法", "窓口"), ("本支店あて", "330円"), ("他行あて", "")))
    'ご利用方法：窓口、本支店あて：330円'
    """
    return "、".join(f"{column}：{cell}" if column else cell for column, cell in row if cell)


def mistakes_column(text: str, row: Row) -> bool:
    """Return whether a text that names columns of a row gives one of them another column's cell, or none.

    A text that begins with a column is read column by column; one that begins with a cell, cell by cell.
    The row's own name, its first cell, is no value of it. Our own rule: it reads characters, not grammar.

    >>> fees = (("ご利用方法", "窓口"), ("本支店あて", "330円"), ("他行あて", "660円"))
    >>> mistakes_column("窓口の他行あては660円です。", fees)
    False
    >>> mistakes_column("窓口の他行あては330円です。", fees)
    True
    """
    columns = {column: cell for column, cell in row if column and cell}
    name = name_of_row(row)
    values = {cell for cell in columns.values() if cell != name}
    words = sorted({*columns, *values}, key=len, reverse=True)
    found = re.findall("|".join(re.escape(word) for word in words), text) if words else []
    named = [word for word in found if word in columns]
    if any(columns[word] not in text for word in named):
        return True
    pairs = pairwise(found)
    if found and found[0] in columns:
        return any(one in columns and other in values and columns[one] != other for one, other in pairs)
    return any(one in values and other in columns and columns[other] != one for one, other in pairs)


def lay_out(text: str, rows: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return a text as people read it: a line that is a row, character by character, with its cells.

    ``rows`` are approved rows, each with its ``text`` and its ``cells`` as JSON values. A row that somebody
    has changed is no row any more. Lines between stay together, without empty lines at their ends.
    """
    cells = {str(row["text"]): tuple(row["cells"]) for row in rows if row.get("cells")}
    blocks: list[Block] = []
    plain: list[str] = []
    for line in text.splitlines():
        if line in cells:
            blocks += [*_join(plain), Block(line, cells[line])]
            plain = []
        else:
            plain.append(line)
    return (*blocks, *_join(plain))


def _join(lines: Sequence[str]) -> list[Block]:
    words = "\n".join(lines).strip("\n")
    return [Block(words)] if words.strip() else []
