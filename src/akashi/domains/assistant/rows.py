"""A row of a table as people read it: each cell beside the name of its column, both as they stand there."""

from __future__ import annotations

import re

BETWEEN = " ＞ "
_COLUMNS = " | "
_CELL = re.compile(r"\t|(?<!\\)\|")

Row = tuple[tuple[str, str], ...]
"""The name of a column and the cell in it, in their order; a name may be empty."""


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
    name = next(cell for _, cell in row if cell)
    above, between, _ = heading.rpartition(BETWEEN)
    return f"{above}{between}{name}"
