"""Builds real files for the tests of parsing, with the libraries that offices use."""

from __future__ import annotations

import io
import resource
import zipfile
from collections.abc import Callable, Mapping, Sequence

import pytest
from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from akashi.core.errors import InputError
from akashi.documents.model import ParsedDocument
from akashi.documents.parsing import Limits, parse_bytes

Rezip = Callable[[bytes, Mapping[str, bytes]], bytes]


def refuse(name: str, content: bytes, limits: Limits | None = None) -> InputError:
    """Return the error with which a file is refused."""
    with pytest.raises(InputError) as caught:
        parse_bytes(name, content, limits=limits)
    return caught.value


def show(document: ParsedDocument) -> list[tuple[tuple[str, ...], str]]:
    """Return headings and body of every passage."""
    return [(p.heading, p.body.of(document.text)) for p in document.passages]


def child_seconds() -> float:
    """Return the processor time of all ended child processes, which other load does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rezip(content: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return an archive with parts replaced or added."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, part in changes.items():
            target.writestr(name, part)
    return packed.getvalue()


def make_docx(paragraphs: Sequence[str]) -> bytes:
    document, packed = Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words)
    document.save(packed)
    return packed.getvalue()


def make_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    workbook, packed = Workbook(), io.BytesIO()
    del workbook["Sheet"]
    sheet = workbook.create_sheet("よくある質問", 0)
    for row in rows:
        sheet.append(list(row))
    workbook.save(packed)
    return packed.getvalue()


def make_pptx(titles: Sequence[str]) -> bytes:
    presentation, packed = Presentation(), io.BytesIO()
    for title in titles:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = f"{title}の本文です。"
    presentation.save(packed)
    return packed.getvalue()


def make_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    packed = io.BytesIO()
    canvas = Canvas(packed)
    for lines in pages:
        canvas.setFont("HeiseiMin-W3", 11)
        for row, words in enumerate(lines):
            canvas.drawString(72, 760 - 18 * row, words)
        canvas.showPage()
    canvas.save()
    return packed.getvalue()
