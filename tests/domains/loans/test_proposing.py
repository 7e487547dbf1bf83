"""Values proposed from lines of a paper; and a real scan through the child process."""

from __future__ import annotations

import io

import openpyxl
import pytest
from PIL import Image, ImageDraw, ImageFont

from akashi.core.errors import InputError
from akashi.documents.parsing.areas import read_areas
from akashi.domains.loans.measure.proposing import Cell, propose_values
from akashi.domains.loans.model import Item
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.register.products import list_products
from akashi.platform.papers.pdf import font_folder

FONT = font_folder() / "ipaexg.ttf"
PRODUCT = list_products()["working_capital"]


def wanted(*names: str) -> list[tuple[Item, tuple[str, ...]]]:
    items = {item.id: item for item in (*PRODUCT.items, *read_desk().items_for(PRODUCT))}
    return [(items[name], read_desk().labels[name]) for name in names]


def cells(*rows: tuple[str, ...]) -> list[Cell]:
    return [
        Cell(text, 0.1 + 0.3 * column, 0.1 * row, 0.3 + 0.3 * column, 0.1 * row + 0.05)
        for row, texts in enumerate(rows, 1)
        for column, text in enumerate(texts)
    ]


def test_an_amount_is_found_beside_its_label() -> None:
    (found,) = propose_values(wanted("annual_sales"), 2, cells(("売上高", "120,000,000"), ("売上原価", "1")))
    assert (found.value, found.page, found.said) == (120_000_000, 2, "120,000,000")
    assert found.area == pytest.approx((0.1, 0.1, 0.6, 0.15))


def test_the_unit_of_the_page_counts_and_is_told() -> None:
    lines = cells(("（単位：千円）",), ("経常利益", "△1,300"), ("現金及び預金", "12,000"))
    loss, cash = propose_values(wanted("ordinary_profit", "cash"), 1, lines)
    assert (loss.value, loss.unit, cash.value) == (-1_300_000, "千円", 12_000_000)


def test_of_several_periods_only_the_present_one_is_proposed() -> None:
    heads, row = ("科目", "前期", "当期"), ("売上高", "110,000,000", "120,000,000")
    (found,) = propose_values(wanted("annual_sales"), 1, cells(heads, row))
    assert found.value == 120_000_000
    assert propose_values(wanted("annual_sales"), 1, cells(row)) == ()


@pytest.mark.parametrize("written", ["40,100,.000", "8.000,000", "1,23", "12,000,00O", "無断で100"])
def test_a_number_that_is_no_number_proposes_nothing(written: str) -> None:
    assert propose_values(wanted("annual_sales"), 1, cells(("売上高", written))) == ()


def test_a_badly_recognised_line_proposes_nothing() -> None:
    bad = Cell("86,000,000", 0.5, 0.1, 0.7, 0.15, confidence=0.54)
    assert propose_values(wanted("ordinary_profit"), 1, [*cells(("経常利益",)), bad]) == ()


def test_a_longer_word_is_another_label() -> None:
    lines = cells(("売上高総利益率", "33"), ("商号株式会社しおかぜ製パン",))
    (company,) = propose_values(wanted("annual_sales", "company_name"), 1, lines)
    assert company.value == "株式会社しおかぜ製パン"


def photograph(rows: list[tuple[str, str]]) -> bytes:
    picture = Image.new("RGB", (1240, 900), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), 36)
    for place, (label, value) in enumerate(rows):
        pen.text((80, 100 + 90 * place), label, font=font, fill="black")
        pen.text((1160, 100 + 90 * place), value, font=font, fill="black", anchor="ra")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


@pytest.mark.full
def test_a_photograph_is_read_and_its_areas_lie_where_the_words_are() -> None:
    content = photograph([("損益計算書", ""), ("売上高", "120,000,000"), ("経常利益", "8,000,000")])
    (page,) = read_areas("決算書.jpg", content)
    lines = [
        Cell(one.text, one.area.left, one.area.top, one.area.right, one.area.bottom, one.confidence)
        for one in page.lines
    ]
    sales, profit = propose_values(wanted("annual_sales", "ordinary_profit"), 1, lines)
    assert (sales.value, profit.value) == (120_000_000, 8_000_000)
    assert 0.15 < sales.area[1] < profit.area[1] < 0.4
    assert page.picture.startswith(b"\x89PNG")


def test_a_workbook_becomes_cells_with_areas() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["損益計算書", "（単位：千円）"], ["科目", "前期", "当期"], ["売上高", 110000, 120000]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    (page,) = read_areas("決算.xlsx", file.getvalue())
    lines = [
        Cell(one.text, one.area.left, one.area.top, one.area.right, one.area.bottom) for one in page.lines
    ]
    (found,) = propose_values(wanted("annual_sales"), 1, lines)
    assert (found.value, found.unit) == (120_000_000, "千円")


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"x" * 99, b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_picture_is_one_clear_sentence(content: bytes) -> None:
    with pytest.raises(InputError, match="damaged"):
        read_areas("paper.jpg", content)


@pytest.mark.full
def test_a_picture_of_noise_gives_no_words() -> None:
    file = io.BytesIO()
    Image.effect_noise((500, 400), 90).save(file, "PNG")
    (page,) = read_areas("noise.png", file.getvalue())
    assert page.is_too_uncertain
    assert page.lines == ()
