"""DOCX: headings by style, paragraphs and tables in the order of the document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from akashi.documents.parsing.archive import part_matches
from akashi.documents.parsing.draft import Draft, LineKind, Source, shorten
from akashi.documents.parsing.tables import add_table

Element = etree._Element  # lxml has no public name for it

_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
_TITLE_LEVEL = 0
_CONTAINERS = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")))
_GONE = frozenset(map(qn, ("w:del", "w:moveFrom", "w:rt", "w:pPr", "w:rPr")))
_DRAWN = frozenset(
    (
        qn("w:drawing"),
        qn("w:pict"),
        qn("w:object"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    )
)
_SPOKEN = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PLAIN_FILLS = (None, "auto", "FFFFFF", "ffffff")
_NOTE_TEXT = re.compile(rb"<w:t[ >]")


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a Word document; tracked insertions count, deletions do not."""
    document = Document(io.BytesIO(content))
    draft = Draft(source)
    _Body(draft, document).read()
    for prefix in ("word/footnotes", "word/endnotes", "word/comments"):
        if part_matches(content, prefix, _NOTE_TEXT):
            draft.warn("Footnotes, endnotes and comments were not read.")
    return draft


class _Body:
    """One walk over the body of a document, writing a draft."""

    def __init__(self, draft: Draft, document: WordDocument) -> None:
        self._draft = draft
        self._root: Element = document.element.body
        self._levels = _heading_levels(document)
        self._counted: dict[str, int] = {}

    def read(self) -> None:
        """Write headings, paragraphs and tables in order, then what was noticed."""
        for block in _blocks(self._root):
            if block.tag == qn("w:p"):
                self._read_paragraph(block)
            else:
                self._read_table(block)
        for message, count in self._counted.items():
            self._draft.warn(message, count=count)

    def _count(self, message: str) -> None:
        self._counted[message] = self._counted.get(message, 0) + 1

    def _read_paragraph(self, paragraph: Element) -> None:
        words = self._words(paragraph)
        if not words.strip():
            return
        level = self._level(paragraph)
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        if numbered:
            self._count("{count} paragraphs have automatic numbers or bullets, which are not read.")
        if level is not None:
            self._draft.gap()
            self._draft.add(words, LineKind.HEADING, level=level)
        else:
            self._draft.add(words, LineKind.BODY if numbered else LineKind.TEXT)

    def _level(self, paragraph: Element) -> int | None:
        """Return the level of a heading: its own outline level, or that of its style."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None:
            return _outline_level(own)
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return None if style is None else self._levels.get(style.get(qn("w:val"), ""))

    def _read_table(self, table: Element) -> None:
        rows: list[list[str]] = []
        named = False
        for row in _children(table, qn("w:tr")):
            cells: list[str] = []
            for cell in _children(row, qn("w:tc")):
                merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else ""
                goes_on = merged is not None and merged.get(qn("w:val")) != "restart"
                words = [self._words(part) for part in cell.iter(qn("w:p"))]
                cells.append(above if goes_on else " ".join(words))
                cells.extend([""] * (_span(cell) - 1))
            named = named or (not rows and row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None)
            rows.append(cells)
        add_table(self._draft, rows, header=named or None)

    def _words(self, paragraph: Element) -> str:
        """Return what a reader sees of a paragraph."""
        parts: list[str] = []
        walk = etree.iterwalk(paragraph, events=("start",))
        for _, element in walk:
            if element.tag in _GONE:
                walk.skip_subtree()
                if element.tag == qn("w:del"):
                    self._count("{count} tracked deletions were left out.")
            elif element.tag in _DRAWN:
                walk.skip_subtree()
                self._count("{count} drawings, pictures or text boxes were not read.")
            elif element.tag == qn("w:p") and element is not paragraph:
                walk.skip_subtree()
            elif element.tag == qn("w:r") and _is_hidden(element):
                walk.skip_subtree()
                self._report_hidden(element)
            elif element.tag == qn("w:t"):
                parts.append(element.text or "")
            else:
                parts.append(_SPOKEN.get(str(element.tag), ""))
        return "".join(parts)

    def _report_hidden(self, run: Element) -> None:
        words = shorten("".join(text.text or "" for text in run.iter(qn("w:t"))), 60)
        if words:
            self._draft.warn("Hidden text was left out: {words}", words=words)


def _blocks(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and tables in order, also those inside content controls."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in _CONTAINERS:
            yield from _blocks(child)


def _children(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _CONTAINERS:
            yield from _children(child, tag)


def _span(cell: Element) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    width = span.get(qn("w:val"), "1") if span is not None else "1"
    return min(max(int(width), 1), 64) if width.isdecimal() else 1


def _is_hidden(run: Element) -> bool:
    """Return whether a run is marked hidden, or white on no stated ground."""
    for flag in ("w:vanish", "w:webHidden"):
        mark = run.find(f"{qn('w:rPr')}/{qn(flag)}")
        if mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off"):
            return True
    color = run.find(f"{qn('w:rPr')}/{qn('w:color')}")
    if color is None or color.get(qn("w:val"), "").upper() != "FFFFFF":
        return False
    return not any(_is_shaded(ancestor) for ancestor in (run, *run.iterancestors()))


def _is_shaded(element: Element) -> bool:
    for properties in ("w:rPr", "w:pPr", "w:tcPr", "w:tblPr"):
        shade = element.find(f"{qn(properties)}/{qn('w:shd')}")
        if shade is not None and shade.get(qn("w:fill")) not in _PLAIN_FILLS:
            return True
    return element.find(f"{qn('w:rPr')}/{qn('w:highlight')}") is not None


def _heading_levels(document: WordDocument) -> dict[str, int]:
    """Return the heading level of each paragraph style that has one, by style id."""
    levels: dict[str, int] = {}
    bases: dict[str, str] = {}
    for style in document.styles.element.iterchildren(qn("w:style")):
        style_id = style.get(qn("w:styleId"), "")
        name, base = style.find(qn("w:name")), style.find(qn("w:basedOn"))
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        words = name.get(qn("w:val"), "") if name is not None else ""
        if match := _HEADING.match(words):
            levels[style_id] = int(match[1])
        elif words.lower() == "title":
            levels[style_id] = _TITLE_LEVEL
        elif outline is not None and (level := _outline_level(outline)) is not None:
            levels[style_id] = level
        elif base is not None:
            bases[style_id] = base.get(qn("w:val"), "")
    for style_id, base_id in bases.items():
        if base_id in levels:
            levels.setdefault(style_id, levels[base_id])
    return levels


def _outline_level(outline: Element) -> int | None:
    value = outline.get(qn("w:val"), "")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None
