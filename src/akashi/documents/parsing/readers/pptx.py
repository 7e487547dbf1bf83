"""PPTX: slide by slide, the title as heading, then text and tables; the notes are left out."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pptx import Presentation
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.connector import Connector
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import TextFrame

from akashi.core.errors import InputError
from akashi.documents.parsing.draft import Draft, LineKind, Source, shorten
from akashi.documents.parsing.tables import add_table

_DEEPEST_GROUP = 20


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a presentation; the page of a line is the number of its slide.

    Raises: InputError: too many slides.
    """
    presentation = Presentation(io.BytesIO(content))
    draft = Draft(source)
    draft.page_count = len(presentation.slides)
    if draft.page_count > source.limits.pages:
        raise InputError(
            "The document has {count} pages; at most {limit} are accepted.",
            where=source.name,
            next_step="Divide the document and add the parts.",
            count=draft.page_count,
            limit=source.limits.pages,
        )
    for number, slide in enumerate(presentation.slides, start=1):
        _read_slide(draft, slide, number)
    return draft


def _read_slide(draft: Draft, slide: Slide, number: int) -> None:
    if slide._element.get("show") in ("0", "false"):
        draft.warn("The hidden slide {page} was left out.", page=number)
        return
    draft.leave_headings()
    title = slide.shapes.title
    if title is not None:
        draft.add(title.text_frame.text, LineKind.HEADING, level=1, page=number)
    for shape in _shapes(slide.shapes, 0):
        if title is None or shape.shape_id != title.shape_id:
            _read_shape(draft, shape, number)
    if slide.has_notes_slide and _frame_text(slide.notes_slide.notes_text_frame):
        draft.warn("The notes of slide {page} were left out.", page=number)
    draft.gap()


def _frame_text(frame: TextFrame | None) -> str:
    return frame.text.strip() if frame is not None else ""


def _shapes(shapes: object, depth: int) -> Iterator[BaseShape]:
    """Yield the shapes in the order of the file, those of groups in place of their group."""
    for shape in shapes:  # type: ignore[attr-defined]  # python-pptx has no common collection type
        if isinstance(shape, GroupShape) and depth < _DEEPEST_GROUP:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _read_shape(draft: Draft, shape: BaseShape, number: int) -> None:
    if _is_hidden(shape):
        words = shape.text_frame.text if isinstance(shape, Shape) else shape.name
        draft.warn("Hidden text was left out: {words}", words=shorten(words, 60))
    elif isinstance(shape, Shape):
        for paragraph in shape.text_frame.paragraphs:
            kind = LineKind.BODY if paragraph.level else LineKind.TEXT
            draft.add(paragraph.text, kind, page=number)
        draft.gap()
    elif isinstance(shape, GraphicFrame) and shape.has_table:
        _read_table(draft, shape.table, number)
    elif isinstance(shape, Connector):
        return
    else:
        draft.warn("Slide {page} holds pictures, charts or diagrams that were not read.", page=number)


def _is_hidden(shape: BaseShape) -> bool:
    properties = shape._element.xpath("./*/p:cNvPr")
    return any(item.get("hidden") in ("1", "true") for item in properties)


def _read_table(draft: Draft, table: Table, number: int) -> None:
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    add_table(draft, rows, page=number)
