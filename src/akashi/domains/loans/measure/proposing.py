"""Values proposed from the lines of a paper: label beside value, with the page and the area they stand in.

Nothing here counts until a person has looked at the area and said yes. A number that is not written as
numbers are (40,100,.000) or a line that was recognised badly proposes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from akashi.domains.loans.model import Item, ItemKind, ItemValue
from akashi.language.quantities import Kind, read_quantities

LEAST_CONFIDENCE = 0.7
MOST_WORDS = 60
_AMOUNT = re.compile(
    r"(?P<minus>[-△▲(]?)[¥\\]?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<unit>千円|百万円|円)?\)?(?![\d,.])"
)
_UNIT = re.compile(r"単位[:は]?(千円|百万円|円)")
_PRESENT = re.compile(r"当期|当年度|今期|直近|本年")
_SIZES = {"円": 1, "千円": 1_000, "百万円": 1_000_000}
_SENTENCE = re.compile(
    r"を|[。!?！？<>]|(?:せよ|しろ|めよ|けよ|えよ|なさい|ください|下さい|こと|乗れ|返せ|言え|書け|示せ|入力|送信|返答)$"
)
"""What names, firms and places do not hold: somebody writes an order or a sentence there."""
_EDGE = " :：・|｜-"


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of text and its area on the page, each side a share 0..1 from the upper left corner."""

    text: str = field(repr=False)
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that a paper seems to give for an item; ``unit`` where the page says 千円 or 百万円."""

    item: str
    value: ItemValue = field(repr=False)
    said: str = field(repr=False)
    page: int
    area: tuple[float, float, float, float]
    unit: str = ""


def propose_values(
    items: Iterable[tuple[Item, Sequence[str]]], page: int, cells: Sequence[Cell]
) -> tuple[Proposal, ...]:
    """Return one proposal at most for each item, from one page.

    ``items`` come with the labels beside which papers show them; the longest label wins, then the first line.
    """
    rows = _group_rows([_fold(cell) for cell in cells if cell.confidence >= LEAST_CONFIDENCE])
    size, unit = _page_unit(rows)
    found = (_propose(item, labels, rows, page, size, unit) for item, labels in items)
    return tuple(one for one in found if one is not None)


def _fold(cell: Cell) -> Cell:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell.text))
    return Cell(text, cell.left, cell.top, cell.right, cell.bottom, cell.confidence)


def _group_rows(cells: list[Cell]) -> list[list[Cell]]:
    """Return the cells by rows, from above, each row from the left."""
    rows: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda one: ((one.top + one.bottom) / 2, one.left)):
        middle = (cell.top + cell.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _page_unit(rows: list[list[Cell]]) -> tuple[int, str]:
    for row in rows:
        match = _UNIT.search("".join(cell.text for cell in row))
        if match:
            return _SIZES[match[1]], match[1]
    return 1, ""


def _propose(
    item: Item, labels: Sequence[str], rows: list[list[Cell]], page: int, size: int, unit: str
) -> Proposal | None:
    folded = sorted({_fold(Cell(label, 0, 0, 0, 0)).text for label in labels}, key=len, reverse=True)
    for label in folded:
        for place, row in enumerate(rows):
            for at, cell in enumerate(row):
                head = _after_label(cell.text, label)
                if head is None:
                    continue
                below = rows[place + 1] if place + 1 < len(rows) else []
                found = _choose(item.kind, cell, head, row[at + 1 :], below, rows[:place], size)
                if found is not None:
                    said, value, area = found
                    told = unit if size > 1 and item.kind is ItemKind.AMOUNT and "円" not in said else ""
                    return Proposal(item.id, value, said, page, area, told)
    return None


def _choose(
    kind: ItemKind,
    cell: Cell,
    head: str,
    right: Sequence[Cell],
    below: Sequence[Cell],
    above: Sequence[list[Cell]],
    size: int,
) -> tuple[str, ItemValue, tuple[float, float, float, float]] | None:
    """Return the value beside a label; of several amounts that of the present period, else none."""
    if head and (value := _read(kind, head, size)) is not None:
        return head, value, _area(cell, cell)
    beside = [(one, _read(kind, one.text, size)) for one in right]
    readable = [(one, value) for one, value in beside if value is not None]
    if kind is ItemKind.AMOUNT and len({value for _, value in readable}) > 1:
        present = [one for row in above for one in row if _PRESENT.search(one.text)]
        readable = [
            (one, value) for one, value in readable if any(_overlaps(one, head_cell) for head_cell in present)
        ]
        if len(readable) != 1:
            return None
    if not readable:
        readable = [
            (one, value)
            for one in below
            if _overlaps(one, cell) and (value := _read(kind, one.text, size)) is not None
        ]
    if not readable:
        return None
    one, value = readable[0]
    return one.text, value, _area(cell, one)


def _overlaps(one: Cell, other: Cell) -> bool:
    return one.left < other.right and one.right > other.left


def _after_label(text: str, label: str) -> str | None:
    """Return what follows the label in a cell that begins with it; None where another word begins so."""
    bare = re.sub(r"^[\d.()（）IVXⅠ-Ⅹ]{0,4}", "", text)
    if not bare.startswith(label):
        return None
    rest = bare[len(label) :]
    if rest and rest[0] not in _EDGE + "(（0123456789△▲-¥" and not _is_name_start(rest):
        return None
    return rest.lstrip(_EDGE)


def _is_name_start(rest: str) -> bool:
    """Return whether what follows may be a name: 商号株式会社… is, 売上高合計 is not."""
    return rest.startswith(("株式会社", "有限会社", "合同会社"))


def _area(one: Cell, other: Cell) -> tuple[float, float, float, float]:
    return (
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _read(kind: ItemKind, said: str, size: int) -> ItemValue | None:
    if kind is ItemKind.AMOUNT:
        match = _AMOUNT.fullmatch(said)
        if match is None:
            return None
        yen = int(match["digits"].replace(",", "")) * _SIZES.get(match["unit"] or "", size)
        return -yen if match["minus"] else yen
    if kind is ItemKind.DATE:
        days = [one for one in read_quantities(said) if one.kind is Kind.DATE and one.certain]
        return str(days[0].value) if len(days) == 1 and days[0].unit in ("day", "month") else None
    if kind in (ItemKind.PERSON, ItemKind.COMPANY, ItemKind.ADDRESS, ItemKind.TEXT):
        is_name = 1 < len(said) <= MOST_WORDS and not said.isdigit()
        return said if is_name and (kind is ItemKind.TEXT or not _SENTENCE.search(said)) else None
    return None
