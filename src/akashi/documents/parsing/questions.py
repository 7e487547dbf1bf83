"""Question-and-answer tables: which columns are which, in Japanese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akashi.core.errors import InputError

from .draft import Draft, shorten

_QUESTION = frozenset(
    ("question", "questions", "q", "質問", "質問文", "質問内容", "ご質問", "問", "問い", "問合せ")
)
_ANSWER = frozenset(("answer", "answers", "a", "回答", "回答文", "回答内容", "ご回答", "答", "答え"))
_CATEGORY = frozenset(("category", "カテゴリ", "カテゴリー", "分類", "区分", "大分類", "分野"))
_TITLE_ROWS = 10  # above the header, people write a title, a date, an office
_NUMBER = re.compile(r"[-+]?[\d,.\s%-]+")
_FORMULA = re.compile(r"[=@\t]|[-+](?=\S)")

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the question, the answer and perhaps the category stand, counted from 0."""

    question: int
    answer: int
    category: int | None
    others: tuple[str, ...] = ()


def find_columns(cells: Sequence[str]) -> Columns | None:
    """Return the columns that a header row names, None if question or answer is missing.

    >>> find_columns(["No.", "質問", "回答"])
    Columns(question=1, answer=2, category=None, others=('No.',))
    """
    names = [unicodedata.normalize("NFKC", cell).strip().casefold() for cell in cells]
    question, answer, category = (
        next((index for index, name in enumerate(names) if name in wanted), None)
        for wanted in (_QUESTION, _ANSWER, _CATEGORY)
    )
    if question is None or answer is None:
        return None
    others = (cell for i, cell in enumerate(cells) if i not in (question, answer, category))
    return Columns(question, answer, category, tuple(cell.strip() for cell in others if cell.strip()))


def add_questions(draft: Draft, rows: Iterable[Row], where: str) -> bool:
    """Write the pairs of one table to ``draft``; return False if it has no such columns.

    ``rows`` are line numbers with cells. ``where`` names the table in messages.

    Raises: InputError: more rows or columns than the limits allow.
    """
    table = _Table(draft, where)
    for line, cells in rows:
        table.take(line, cells)
        if table.hopeless:
            return False
    table.report()
    return table.columns is not None


def missing_columns(where: str, line: int, found: Sequence[str]) -> InputError:
    """Return the error for a table without a column for questions or for answers."""
    return InputError(
        "The columns for question and answer were not found; the columns are: {columns}.",
        where=f"{where}:{line}",
        next_step="Name one column 質問 (question) and one 回答 (answer).",
        columns=", ".join(shorten(cell, 30) for cell in found[:20] if cell.strip()) or "-",
    )


class _Table:
    """One table while it is read."""

    def __init__(self, draft: Draft, where: str) -> None:
        self.columns: Columns | None = None
        self._draft = draft
        self._where = where
        self._filled = 0
        self._incomplete: list[int] = []
        self._formulas: list[int] = []

    @property
    def hopeless(self) -> bool:
        """Return whether enough rows have gone by without a header."""
        return self.columns is None and self._filled >= _TITLE_ROWS

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Read one row."""
        if not any(cell.strip() for cell in cells):
            return
        self._filled += 1
        self._check_limits(line, cells)
        if self.columns is None:
            self.columns = find_columns(cells)
        else:
            self._take_pair(line, cells, self.columns)

    def _check_limits(self, line: int, cells: Sequence[str]) -> None:
        limits = self._draft.source.limits
        if self._filled > limits.rows:
            raise InputError(
                "The table has more than {limit} rows.",
                where=f"{self._where}:{line}",
                next_step="Divide the table and add the parts.",
                limit=limits.rows,
            )
        if len(cells) > limits.columns and any(cell.strip() for cell in cells[limits.columns :]):
            raise InputError(
                "The table has more than {limit} columns.",
                where=f"{self._where}:{line}",
                next_step="Keep only question, answer and category.",
                limit=limits.columns,
            )

    def _take_pair(self, line: int, cells: Sequence[str], columns: Columns) -> None:
        question, answer = _cell(cells, columns.question), _cell(cells, columns.answer)
        category = "" if columns.category is None else _cell(cells, columns.category).strip()
        if any(is_formula(cell) for cell in (question, answer, category)):
            self._formulas.append(line)
        if not self._draft.pair(question, answer, (category,) if category else ()):
            self._incomplete.append(line)

    def report(self) -> None:
        """Tell what was noticed in the whole table."""
        for lines, message in (
            (self._incomplete, "{count} rows without question or answer were left out; first: {first}."),
            (self._formulas, "{count} rows hold what looks like a formula; it is kept as text; first:"
             " {first}."),
        ):  # fmt: skip
            if lines:
                self._draft.warn(message, count=len(lines), first=f"{self._where}:{lines[0]}")
        if self.columns is not None and self.columns.others:
            others = ", ".join(shorten(name, 30) for name in self.columns.others[:20])
            self._draft.warn("Columns that were not read: {columns}", columns=others)


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would run the cell instead of showing it.

    >>> [is_formula(cell) for cell in ('=HYPERLINK("x")', "-2+3+cmd|x", "-1,000", "- 一つ目")]
    [True, True, False, False]
    """
    words = cell.strip(" \n")
    return _FORMULA.match(words) is not None and _NUMBER.fullmatch(words) is None
