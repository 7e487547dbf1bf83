"""Numbers and quantities, however written."""

from __future__ import annotations

import itertools
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.language.numerals import read_number
from akashi.language.quantities import read_quantities

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
NUMERIC = st.text("0123456789,.〇一二十百千万億円年月日分時%割令和元か半間 ", max_size=25)


def found(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, str(one.value), one.unit) for one in read_quantities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,500万", 35_000_000),
        ("三千五百万", 35_000_000),
        ("１億２，０００万", 120_000_000),
        ("壱百弐拾参", 123),
        ("二〇二六", 2026),
        ("千", 1000),
        ("2万5千", 25_000),
        ("1.5億", 150_000_000),
        ("3百万", 3_000_000),
    ],
)
def test_numeral_is_read(text: str, value: int) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "万", "1,2", "1.2.3", "abc", "5a", "1 2"])
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("3,500万円", [("amount", "35000000", "JPY")]),
        ("金壱百万円也", [("amount", "1000000", "JPY")]),
        ("￥1,100", [("amount", "1100", "JPY")]),
        ("10億ドル", [("amount", "1000000000", "USD")]),
        ("年２.４７５％", [("rate", "0.02475", "fraction")]),
        ("0.1パーセント", [("rate", "0.001", "fraction")]),
        ("3割5分引き", [("rate", "0.35", "fraction")]),
        ("令和6年", [("date", "2024", "year")]),
        ("令和元年度", [("date", "2019", "fiscal_year")]),
        ("令和八年四月一日", [("date", "2026-04-01", "day")]),
        ("2026/11/21", [("date", "2026-11-21", "day")]),
        ("R8.11.21", [("date", "2026-11-21", "day")]),
        ("2026年11月", [("date", "2026-11", "month")]),
        ("4月1日", [("date", "--04-01", "day")]),
        ("1年6か月", [("period", "P1Y6M", "duration")]),
        ("１年半", [("period", "P1Y6M", "duration")]),
        ("10営業日", [("period", "10", "business_days")]),
        ("1時間30分", [("period", "PT1H30M", "duration")]),
        ("午後3時半", [("time", "15:30", "clock")]),
        ("9:00～15:00", [("time", "09:00", "clock"), ("time", "15:00", "clock")]),
        ("65歳以上3名", [("count", "65", "歳"), ("count", "3", "名")]),
    ],
)
def test_quantity_has_one_form(text: str, quantities: list[tuple[str, str, str]]) -> None:
    assert found(text) == quantities


@pytest.mark.parametrize(
    "text",
    [
        "一部の方",
        "十分にご注意",
        "万一の場合",
        "第5条第2項",
        "0120-000-911",
        "2027年2月30日",
        "1.5.2%",
        "12,34円",
    ],
)
def test_what_only_looks_like_a_quantity_is_left_out(text: str) -> None:
    assert found(text) == []


def test_span_is_the_place_in_the_original_text() -> None:
    text = "手数料は、５００\u200b円です"
    (quantity,) = read_quantities(text)
    assert quantity.value == Decimal(500)
    assert quantity.span.of(text) == "５００\u200b円"


@given(st.integers(1, 10**15))
def test_digits_commas_and_width_do_not_change_an_amount(yen: int) -> None:
    for text in (
        f"{yen}円",
        f"{yen:,}円",
        f"{yen:,}円".translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    ):
        assert found(text) == [("amount", str(yen), "JPY")]


@given(ANY | NUMERIC)
def test_any_string_gives_quantities_in_order_without_overlap(text: str) -> None:
    spans = [one.span for one in read_quantities(text)]
    assert all(span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


@pytest.mark.full
@pytest.mark.parametrize("unit", ["1", "1,", "一", "1 ", "令和", "午後", "1."])
def test_long_input_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    read_quantities((unit * 100_000)[:100_000])
    assert time.process_time() - started < 5
