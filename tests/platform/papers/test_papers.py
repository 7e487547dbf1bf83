"""A paper is the same in HTML, PDF and DOCX, and its words are never run as anything."""

from __future__ import annotations

import io
import re
from datetime import date

import docx
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from akashi.core.errors import NotFoundError
from akashi.platform.papers import (
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
from akashi.platform.papers.answers import FORMS, answer_paper, make_file
from akashi.platform.papers.charts import Point, draw_bars, draw_intervals, draw_lines, draw_png
from akashi.platform.papers.docx import render_docx
from akashi.platform.papers.html import render_html
from akashi.platform.papers.pdf import render_pdf

DAY = date(2026, 11, 20)
DIGEST = "0123456789abcdef" * 4
HOSTILE = '#read("/etc/passwd") $x$ @a <script>alert(1)</script> ]] {{ 7*7 }} \\ "q" ![](x) http://a.b'


def _paper(*blocks: Block, title: str = "評価報告書") -> Paper:
    return Paper(
        title, blocks, DAY, issuer="汐見銀行", addressee="取締役会", number="26-31", marking="社外秘"
    )


def _pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
    return re.sub(r"\s", "", words)


def _docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _everything() -> Paper:
    table = PaperTable(("試験", "件数"), (("漏えい", "299"),), "表1", (3, 1), (1,))
    picture = draw_bars([("月", "回答", 3), ("火", "回答", 5)], "件")
    return _paper(
        Heading("目的"),
        Text("一行目\n二行目", "warning"),
        Facts((("要約値", DIGEST),)),
        table,
        Figure(picture, "図1", "棒グラフ", table),
        Bullets(("甲", "乙"), is_numbered=True),
        PageBreak(),
        Signatures(("起案", "決裁")),
    )


def test_every_word_stands_in_every_form() -> None:
    paper = _everything()
    words = [
        "評価報告書",
        "汐見銀行",
        "取締役会",
        "26-31",
        "目的",
        "漏えい",
        "299",
        "図1",
        "甲",
        "決裁",
        DIGEST,
    ]
    page, printed, written = render_html(paper), _pdf_text(render_pdf(paper)), _docx_text(render_docx(paper))
    for word in words:
        assert word in page, word
        assert word in printed, word
        assert word in written or word == "26-31", word


def test_the_same_paper_gives_the_same_pdf() -> None:
    paper = _everything()
    assert render_pdf(paper) == render_pdf(paper)


def test_a_long_table_repeats_its_header_on_every_page() -> None:
    rows = tuple((f"項目{number}", str(number)) for number in range(200))
    content = render_pdf(_paper(PaperTable(("見出語", "件数"), rows)))
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(pages) > 3
    assert all("見出語" in page for page in pages)
    assert "項目199" in re.sub(r"\s", "", pages[-1])


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_are_shown_as_they_are(form: str) -> None:
    content = make_file(_paper(Text(HOSTILE), Facts(((HOSTILE, HOSTILE),)), title=HOSTILE), form)
    if form == "pdf":
        assert '#read("/etc/passwd")$x$@a<script>' in _pdf_text(content)
    elif form == "docx":
        assert HOSTILE in _docx_text(content)
    else:
        assert b"<script>" not in content
        assert b"49" not in content.replace(b"#495", b"")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_a_paper(words: str) -> None:
    paper = _paper(Heading(words), Text(words), PaperTable((words,), ((words,),)), Bullets((words,)))
    assert render_pdf(paper).startswith(b"%PDF")
    assert render_docx(paper).startswith(b"PK")
    assert render_html(paper).startswith("<!doctype html>")


def test_an_empty_table_says_so() -> None:
    paper = _paper(PaperTable(("名前", "期日"), (), empty="該当なし"))
    assert "該当なし" in render_html(paper)
    assert "該当なし" in _pdf_text(render_pdf(paper))
    assert "該当なし" in _docx_text(render_docx(paper))


def test_a_table_with_a_ragged_row_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells"):
        PaperTable(("a", "b"), (("1", "2"), ("3",)))


def test_another_form_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="html, pdf or docx"):
        answer_paper(_everything(), "exe", "報告書")


def test_a_paper_is_answered_as_a_file_with_its_name() -> None:
    answer = answer_paper(_paper(Text("本文")), "pdf", "報告書")
    assert answer.media_type == "application/pdf"
    assert answer.headers["content-disposition"].endswith("%E5%A0%B1%E5%91%8A%E6%9B%B8.pdf")
    assert answer.headers["cache-control"] == "no-store"


def test_charts_say_their_words_and_become_pictures() -> None:
    for svg in (
        draw_bars([("月", "回答", 3), ("月", "引継ぎ", 1), ("火", "回答", 2)], "件", across=True),
        draw_bars([("月", "回答", 3), ("月", "引継ぎ", 1)], stacked=False),
        draw_lines([("4月", "実績", 1), ("5月", "実績", 4), ("4月", "計画", 2), ("5月", "計画", 3)]),
        draw_intervals([("月", 0.1, 0.2, 0.4)], "割合"),
    ):
        assert svg.startswith("<svg")
        assert "月" in svg
        assert Image.open(io.BytesIO(draw_png(svg))).width > 400


def test_a_chart_fetches_nothing() -> None:
    assert "evil.example" not in draw_bars([("http://evil.example/a.csv", "a", 1)]).replace(
        "http://evil.example/a.csv", ""
    )


@pytest.mark.parametrize("tops", [(2,), (1, 1, 1), (3, 7), (40, 0)])
def test_an_axis_of_counts_names_no_number_twice(tops: tuple[int, ...]) -> None:
    points: list[Point] = [("11/22", f"series {number}", top) for number, top in enumerate(tops)]
    ticks = re.findall(r"<text[^>]*>([\d,]+)</text>", draw_bars(points))
    assert len(ticks) == len(set(ticks)) > 1
