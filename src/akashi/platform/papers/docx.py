"""A paper as DOCX, for where people go on editing it."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.run import Run

from akashi.platform.kit.formats import write_date
from akashi.platform.papers.charts import draw_png
from akashi.platform.papers.model import (
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paper,
    PaperTable,
    Signatures,
    Text,
)

FACE = "Yu Gothic"
SOFT = RGBColor(0x47, 0x50, 0x68)
ALARM = RGBColor(0xB3, 0x26, 0x1E)
LINE_CM = 16.6
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def render_docx(paper: Paper) -> bytes:
    """Return the paper as a word processor's file with headings, tables and pictures that can be edited."""
    document = docx.Document()
    _set_up(document, paper)
    _open(document, paper)
    for block in paper.blocks:
        _add(document, block)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Document, paper: Paper) -> None:
    stamp = datetime(paper.day.year, paper.day.month, paper.day.day)  # noqa: DTZ001 - the format knows no zone
    known = document.core_properties
    known.title, known.author, known.language = _clean(paper.title), _clean(paper.issuer), paper.language
    known.created = known.modified = stamp
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number"):
        style = document.styles[name]
        style.font.name = FACE
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x16, 0x1F, 0x38)
    document.styles["Normal"].font.size = Pt(10.5)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _say(head.add_run(_clean(paper.marking)), 8, ALARM)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _say(foot.add_run(f"{_clean(paper.number)}　" if paper.number else ""), 8, SOFT)
    _count_pages(foot.add_run())


def _open(document: Document, paper: Paper) -> None:
    right = [paper.number, write_date(paper.day, paper.language), paper.issuer]
    if paper.addressee:
        document.add_paragraph(_clean(paper.addressee))
    place = document.add_paragraph("\n".join(_clean(line) for line in right if line))
    place.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(_clean(paper.title))
    run.bold, run.font.size = True, Pt(17)
    if paper.subtitle:
        under = document.add_paragraph()
        under.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _say(under.add_run(_clean(paper.subtitle)), 11, SOFT)


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(_clean(block.text), block.level)
        case Text():
            _add_text(document, block)
        case Bullets():
            _add_bullets(document, block)
        case Facts():
            _add_table(document, PaperTable(("", ""), block.rows, widths=(3, 7)), has_header=False)
        case PaperTable():
            _add_table(document, block)
        case Figure():
            _add_figure(document, block)
        case Signatures():
            _add_table(document, PaperTable(block.names, (("\n\n\n",) * len(block.names),)))
        case PageBreak():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_text(document: Document, block: Text) -> None:
    run = document.add_paragraph().add_run(_clean(block.text))
    run.bold = block.tone == "strong"
    if block.tone in ("small", "warning"):
        _say(run, 8.5 if block.tone == "small" else 10.5, SOFT if block.tone == "small" else ALARM)


def _add_bullets(document: Document, block: Bullets) -> None:
    for place, item in enumerate(block.items, 1):
        if block.is_numbered:
            document.add_paragraph(f"{place}. {_clean(item)}")
        else:
            document.add_paragraph(_clean(item), style="List Bullet")


def _add_figure(document: Document, figure: Figure) -> None:
    shown = document.add_picture(io.BytesIO(draw_png(figure.svg)), width=Cm(LINE_CM))
    shown._inline.docPr.set("descr", _clean(figure.alt))
    caption = document.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _say(caption.add_run(_clean(figure.caption)), 9, SOFT)
    if figure.table:
        _add_table(document, figure.table)


def _add_table(document: Document, given: PaperTable, has_header: bool = True) -> None:
    if given.caption:
        _say(document.add_paragraph().add_run(_clean(given.caption)), 9, SOFT)
    rows = given.rows or ((given.empty, *("" for _ in given.columns[1:])),)
    lines = [given.columns, *rows] if has_header else list(rows)
    table = document.add_table(len(lines), len(given.columns), style="Table Grid")
    table.autofit = False
    shares = given.widths or (1.0,) * len(given.columns)
    widths = [Cm(LINE_CM * share / sum(shares)) for share in shares]
    for line, cells in zip(lines, table.rows, strict=True):
        for place, (words, cell) in enumerate(zip(line, cells.cells, strict=True)):
            cell.width = widths[place]
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(_clean(words))
            run.font.size = Pt(9)
            run.bold = has_header and line is lines[0]
            if place in given.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if has_header:
        properties: Any = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _count_pages(run: Run) -> None:
    """Let the word processor write the page's number."""
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = words
        run._r.append(mark)


def _say(run: Run, size: float, colour: RGBColor) -> None:
    run.font.size = Pt(size)
    run.font.color.rgb = colour


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
