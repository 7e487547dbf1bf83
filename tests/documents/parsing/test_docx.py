"""DOCX: headings by style, tables row by row, hidden and tracked text."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor

from akashi.documents.parsing import parse_bytes

from .files import rezip, show


def read(build: Callable[[WordDocument], object]) -> tuple[list[tuple[tuple[str, ...], str]], list[str]]:
    """Return passages and warnings of the document that ``build`` fills."""
    document, packed = Document(), io.BytesIO()
    build(document)
    document.save(packed)
    parsed = parse_bytes("a.docx", packed.getvalue())
    return show(parsed), [str(warning) for warning in parsed.warnings]


def add_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word


def test_headings_paragraphs_and_tables_are_read_in_order() -> None:
    def build(document: WordDocument) -> None:
        document.add_heading("規定", 0)
        document.add_heading("手数料", 1)
        document.add_paragraph("前。")
        add_table(document, [["種類", "本人", "代理"], ["当行", "110円", "220円"]])
        document.add_paragraph("後。")

    path = ("規定", "手数料")
    expected = [(path, "前。"), (path, "種類：当行／本人：110円／代理：220円"), (path, "後。")]
    assert read(build) == (expected, [])


def test_table_of_names_and_values_has_no_header() -> None:
    passages, _ = read(lambda document: add_table(document, [["商品名", "定期預金"], ["期間", "1年"]]))
    assert [body for _, body in passages] == ["商品名：定期預金", "期間：1年"]


def test_merged_cell_repeats_in_every_row_it_covers() -> None:
    def build(document: WordDocument) -> None:
        add_table(document, [["区分", "種類", "料金"], ["窓口", "当行", "1"], ["", "他行", "2"]])
        column = document.tables[0].columns[0].cells
        column[1].merge(column[2])

    assert [body for _, body in read(build)[0]][-1] == "区分：窓口／種類：他行／料金：2"


def test_articles_without_heading_styles_are_found() -> None:
    def build(document: WordDocument) -> None:
        document.add_paragraph("第１条（目的）")
        document.add_paragraph("この規定は目的を定めます。")

    assert read(build)[0] == [(("第１条（目的）",), "この規定は目的を定めます。")]


def test_hidden_and_white_text_is_left_out_and_reported() -> None:
    def build(document: WordDocument) -> None:
        paragraph = document.add_paragraph("本文。")
        paragraph.add_run("隠し").font.hidden = True
        paragraph.add_run("白").font.color.rgb = RGBColor(255, 255, 255)

    assert read(build) == (
        [((), "本文。")],
        ["Hidden text was left out: 隠し", "Hidden text was left out: 白"],
    )


def test_white_text_on_a_dark_cell_is_visible() -> None:
    def build(document: WordDocument) -> None:
        add_table(document, [["", "b"]])
        cell = document.tables[0].cell(0, 0)
        cell.paragraphs[0].add_run("白").font.color.rgb = RGBColor(255, 255, 255)
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="003366"/>'))

    assert read(build) == ([((), "白：b")], [])


def test_tracked_insertion_counts_and_deletion_does_not() -> None:
    def build(document: WordDocument) -> None:
        paragraph = document.add_paragraph("旧")
        for tag, text in (("ins", "<w:t>新</w:t>"), ("del", "<w:delText>消</w:delText>")):
            run = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="x"><w:r>{text}</w:r></w:{tag}>'
            paragraph._p.append(parse_xml(run))

    assert read(build) == ([((), "旧新")], ["1 tracked deletions were left out."])


def test_text_inside_a_content_control_is_read() -> None:
    def build(document: WordDocument) -> None:
        inner = "<w:sdtContent><w:p><w:r><w:t>中。</w:t></w:r></w:p></w:sdtContent>"
        document.element.body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}>{inner}</w:sdt>"))

    assert read(build)[0] == [((), "中。")]


def test_automatic_numbers_and_pictures_are_reported_as_not_read() -> None:
    def build(document: WordDocument) -> None:
        numbered = f"<w:numPr {nsdecls('w')}><w:numId w:val='1'/></w:numPr>"
        document.add_paragraph("項目。")._p.get_or_add_pPr().append(parse_xml(numbered))
        drawing = f"<w:r {nsdecls('w')}><w:drawing><w:t>図</w:t></w:drawing></w:r>"
        document.add_paragraph("図。")._p.append(parse_xml(drawing))

    passages, warnings = read(build)
    assert passages == [((), "項目。\n図。")]
    assert [warning[:30] for warning in warnings] == [
        "1 paragraphs have automatic nu",
        "1 drawings, pictures or text b",
    ]


@pytest.mark.parametrize("part", ["footnotes", "endnotes", "comments"])
def test_notes_and_comments_are_reported_as_not_read(part: str) -> None:
    packed = io.BytesIO()
    document = Document()
    document.add_paragraph("本文。")
    document.save(packed)
    note = b'<w:notes xmlns:w="x"><w:t>note</w:t></w:notes>'
    parsed = parse_bytes("a.docx", rezip(packed.getvalue(), {f"word/{part}.xml": note}))
    assert [str(warning) for warning in parsed.warnings] == [
        "Footnotes, endnotes and comments were not read."
    ]
