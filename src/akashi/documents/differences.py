"""The difference of two versions side by side: 新旧対照表, as data and as an editable DOCX."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph


class Change(StrEnum):
    """What happened to one line."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters within a line, and whether the other side has it too."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One row of the table: the old wording on the left, the new one on the right."""

    change: Change
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


_UNIT = re.compile(r"\d[\d,，.．]*|[A-Za-z]+|.", re.DOTALL)
"""What is marked as a whole: a number, a Latin word, else one character."""

MAX_INLINE = 2000
"""Above this many characters a changed line is marked as a whole; comparing it would take too long."""


def compare_texts(old: str, new: str) -> list[DifferenceRow]:
    """Return the rows of the comparison, line by line, changed characters marked.

    Joining all old pieces gives the old text's lines, joining all new pieces the new text's.

    >>> [row.change.value for row in compare_texts("手数料は110円", "手数料は220円")]
    ['changed']
    """
    old_lines, new_lines = old.splitlines(), new.splitlines()
    rows: list[DifferenceRow] = []
    matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        before, after = old_lines[old_from:old_to], new_lines[new_from:new_to]
        if tag == "equal":
            rows += [DifferenceRow(Change.SAME, _whole(line), _whole(line)) for line in before]
        else:
            rows += _pair_lines(before, after)
    return rows


def changed_rows(rows: list[DifferenceRow], context: int = 1) -> list[DifferenceRow]:
    """Return the changed rows with ``context`` unchanged rows around each."""
    near = {
        place
        for index, row in enumerate(rows)
        if row.change is not Change.SAME
        for place in range(index - context, index + context + 1)
    }
    return [row for index, row in enumerate(rows) if index in near]


def write_docx(title: str, old_label: str, new_label: str, rows: list[DifferenceRow]) -> bytes:
    """Return a DOCX with the table 新旧対照表, landscape, changed characters underlined."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.size = Pt(10)
    style.font.name = "MS Mincho"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "ＭＳ 明朝")
    document.add_heading(f"新旧対照表　{title}", level=1)
    document.add_paragraph("下線の部分が変更箇所です。")
    table = document.add_table(rows=1, cols=2)
    table.style = "Table Grid"
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = old_label, new_label
    for row in rows:
        cells = table.add_row().cells
        _write_pieces(cells[0].paragraphs[0], row.old)
        _write_pieces(cells[1].paragraphs[0], row.new)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write_pieces(paragraph: Paragraph, pieces: tuple[Piece, ...]) -> None:
    for piece in pieces:
        run = paragraph.add_run(piece.text)
        run.underline = piece.differs


def _pair_lines(before: list[str], after: list[str]) -> Iterator[DifferenceRow]:
    for old, new in zip(before, after, strict=False):
        yield _compare_lines(old, new)
    for old in before[len(after) :]:
        yield DifferenceRow(Change.REMOVED, (Piece(old, differs=True),), ())
    for new in after[len(before) :]:
        yield DifferenceRow(Change.ADDED, (), (Piece(new, differs=True),))


def _compare_lines(old: str, new: str) -> DifferenceRow:
    if len(old) + len(new) > MAX_INLINE:
        return DifferenceRow(Change.CHANGED, (Piece(old, differs=True),), (Piece(new, differs=True),))
    left: list[Piece] = []
    right: list[Piece] = []
    old_units, new_units = _UNIT.findall(old), _UNIT.findall(new)
    matcher = SequenceMatcher(None, old_units, new_units, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        differs = tag != "equal"
        if old_to > old_from:
            left.append(Piece("".join(old_units[old_from:old_to]), differs))
        if new_to > new_from:
            right.append(Piece("".join(new_units[new_from:new_to]), differs))
    return DifferenceRow(Change.CHANGED, tuple(left), tuple(right))


def _whole(line: str) -> tuple[Piece, ...]:
    return (Piece(line, differs=False),) if line else ()
