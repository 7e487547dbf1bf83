"""A table becomes text in which every row answers alone: each cell repeats its column header."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .draft import Draft, LineKind

_HEADER_WORDS = (
    "内容", "説明", "金額", "手数料", "料金", "金利", "利率", "回答", "備考", "期間", "対象",
    "時間", "条件", "日付", "担当", "value", "description", "fee", "answer", "content", "rate",
)  # fmt: skip
_LONGEST_HEADER = 30
_AMOUNT = re.compile(r"[\d０-９,，.．:：/年月日時分\s-]+[円%％件枚名万]*")


def add_table(
    draft: Draft, rows: Sequence[Sequence[str]], *, header: bool | None = None, page: int | None = None
) -> None:
    """Write ``rows`` to ``draft``, one line each, as 「列：値／列：値」.

    ``header`` says whether the first row names the columns; None means that it must be guessed.
    A table of two columns without a header is a list of names and values.
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        return
    draft.gap()
    titled = has_header(filled) if header is None else header and len(filled) > 1
    names = filled[0] if titled else []
    for row in filled[1:] if titled else filled:
        draft.add(_row_text(names, row), LineKind.ROW, page=page)
    draft.gap()


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row looks like column headers: short, distinct, without digits.

    >>> has_header([["種類", "金額"], ["当座", "1,000円"]]), has_header([["商品名", "定期"], ["期間", "1年"]])
    (True, False)
    """
    first = [cell for cell in rows[0] if cell]
    if len(rows) < 2 or len(first) < 2 or len(set(first)) < len(first):
        return False
    if any(len(cell) > _LONGEST_HEADER or cell.endswith("。") for cell in first):
        return False
    if len(rows[0]) == 2:
        return any(word in first[1].lower() for word in _HEADER_WORDS) and not _has_digit(first[1])
    return not any(_AMOUNT.fullmatch(cell) for cell in first)


def _has_digit(cell: str) -> bool:
    return any(char.isdigit() for char in cell)


def _row_text(names: Sequence[str], row: Sequence[str]) -> str:
    if not names and len(row) == 2:
        return "：".join(cell for cell in row if cell)
    cells: list[str] = []
    for index, cell in enumerate(row):
        name = names[index] if index < len(names) else ""
        if cell:
            cells.append(f"{name}：{cell}" if name and name != cell else cell)
    return "／".join(cells)
