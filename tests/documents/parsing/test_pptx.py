"""PPTX: titles, text and tables by slide; notes and hidden slides are left out."""

from __future__ import annotations

import io
from collections.abc import Callable

from pptx import Presentation
from pptx.presentation import Presentation as Slides
from pptx.util import Inches

from akashi.documents.model import ParsedDocument
from akashi.documents.parsing import Limits, parse_bytes

from .files import make_pptx, refuse, show


def read(build: Callable[[Slides], object]) -> ParsedDocument:
    presentation, packed = Presentation(), io.BytesIO()
    build(presentation)
    presentation.save(packed)
    return parse_bytes("a.pptx", packed.getvalue())


def notes(document: ParsedDocument) -> list[str]:
    return [str(warning) for warning in document.warnings]


def test_slide_number_is_the_page_and_the_title_the_heading() -> None:
    document = parse_bytes("a.pptx", make_pptx(["手数料", "振込"]))
    assert show(document) == [(("手数料",), "手数料の本文です。"), (("振込",), "振込の本文です。")]
    assert [passage.page for passage in document.passages] == [1, 2]
    assert document.page_count == 2


def test_notes_and_hidden_slides_are_left_out_and_reported() -> None:
    def build(slides: Slides) -> None:
        for index in range(2):
            slide = slides.slides.add_slide(slides.slide_layouts[5])
            slide.shapes.title.text = f"題{index}"
        slides.slides[0].notes_slide.notes_text_frame.text = "秘密"
        slides.slides[1]._element.set("show", "0")

    document = read(build)
    assert show(document) == [((), "題0")]
    assert notes(document) == ["The notes of slide 1 were left out.", "The hidden slide 2 was left out."]


def test_table_and_group_are_read_and_a_slide_without_title_has_no_heading() -> None:
    def build(slides: Slides) -> None:
        slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "題"
        slide = slides.slides.add_slide(slides.slide_layouts[6])
        table = slide.shapes.add_table(2, 3, 0, 0, Inches(4), Inches(1)).table
        for column, words in enumerate((("種類", "当行"), ("本人", "110円"), ("代理", "220円"))):
            for row, word in enumerate(words):
                table.cell(row, column).text = word
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "組の中"

    document = read(build)
    assert show(document)[1:] == [((), "種類：当行／本人：110円／代理：220円"), ((), "組の中")]
    assert [passage.kind for passage in document.passages] == ["section", "table", "section"]


def test_hidden_shape_is_left_out_and_reported() -> None:
    def build(slides: Slides) -> None:
        slide = slides.slides.add_slide(slides.slide_layouts[5])
        slide.shapes.title.text = "題"
        box = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
        box.text_frame.text = "指示"
        box._element.nvSpPr.cNvPr.set("hidden", "1")

    assert notes(read(build)) == ["Hidden text was left out: 指示"]


def test_more_slides_than_the_limit_are_refused() -> None:
    error = refuse("a.pptx", make_pptx(["一", "二", "三"]), Limits(pages=2))
    assert "has 3 pages; at most 2" in str(error)
