"""Quantities however written: one value, the exact place, and doubt said aloud."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.language.quantities import Kind, is_same, read_quantities, supports


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, str(one.value)) for one in read_quantities(text)]


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("3分5厘", [("rate", "0.035")]),
        ("二割五分", [("rate", "0.25")]),
        ("年〇・五％", [("rate", "0.005")]),
        ("マイナス0.1%", [("rate", "-0.001")]),
        ("▲500円", [("amount", "-500")]),
        ("1円50銭", [("amount", "1.5")]),
        ("10~20%", [("rate", "0.1"), ("rate", "0.2")]),
        ("1,000から3,000円", [("amount", "1000"), ("amount", "3000")]),
        ("二〇二四年（令和六年）四月一日", [("date", "2024-04-01")]),
        ("令和6年4月末日", [("date", "2024-04-30")]),
        ("令和6年以降", [("date", "2024")]),
        ("1年6月以内", [("period", "P1Y6M")]),
        ("半年間", [("period", "P6M")]),
        ("1時間半", [("period", "PT1H30M")]),
        ("正午", [("time", "12:00")]),
        ("3分の2", [("rate", "0.666666666667")]),
        ("25bp", [("count", "0.25")]),
        ("20EUR", [("amount", "20")]),
        ("〇・五円", [("amount", "0.5")]),
        ("R6年4月1日", [("date", "2024-04-01")]),
        ("FY2026", [("date", "2026")]),
        ("20240401", [("date", "2024-04-01")]),
        ("R6.4", [("date", "2024-04")]),
        ("2025年3月の月末", [("date", "2025-03-31")]),
        ("夜中の12時", [("time", "00:00")]),
        ("昼の1時", [("time", "13:00")]),
        ("3pm", [("time", "15:00")]),
        ("20240431", []),
        ("十六銀行の一時金", []),
        ("〇〇円", []),
    ],
)
def test_written_forms_have_one_value(text: str, quantities: list[tuple[str, str]]) -> None:
    assert found(text) == quantities


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3,500万円", "35,000,000円"),
        ("3,500万円", "三千五百万円"),
        ("5,000千円", "500万円"),
        ("令和6年4月1日", "2024/4/1"),
        ("R6.4.1", "２０２４年４月１日"),
        ("18か月", "1年6ヶ月"),
        ("1年半", "18カ月"),
        ("3週間", "21日間"),
        ("0.5%", "５厘"),
        ("1割", "10パーセント"),
        ("午後3時", "15:00"),
        ("3時", "15時"),
        ("24時間", "1日"),
        ("3名", "三人"),
        ("0.25%ポイント", "25ベーシスポイント"),
        ("1.5km", "1,500メートル"),
        ("2kg", "2,000g"),
        ("5キロ", "5kg"),
        ("5キロ", "5,000m"),
        ("1GB", "1,000MB"),
        ("1GB", "1,024MB"),
        ("2ダース", "24個"),
        ("3F", "3階"),
        ("24時", "午前0時"),
        ("午後12時", "24:00"),
    ],
)
def test_equal_quantities_are_the_same_and_others_are_not(one: str, other: str) -> None:
    (first,), (second,) = read_quantities(one), read_quantities(other)
    assert is_same(first, second)
    (changed,) = read_quantities("9,999円")
    assert not is_same(first, changed)


@pytest.mark.parametrize("text", ["24/4/1", "4/1", "500万", "数千円", "3時に"])
def test_what_could_be_read_otherwise_says_so(text: str) -> None:
    (quantity,) = read_quantities(text)
    assert not quantity.certain


def test_a_source_supports_the_same_day_said_less_exactly_but_not_more_exactly() -> None:
    exact, month, fiscal = read_quantities("2024年4月1日と2024年4月と2024年度")
    assert supports(exact, month)
    assert not supports(month, exact)
    assert not supports(exact, fiscal)


def test_bare_numbers_are_read_only_when_asked_for() -> None:
    assert read_quantities("第5条") == []
    (number,) = read_quantities("第5条", bare=True)
    assert (number.kind, number.value, number.certain) == (Kind.NUMBER, Decimal(5), False)


@given(st.text("0123456789,.・〇一二十百千万億円年月日分時%割厘令和元か半間~-、 /", max_size=40))
def test_any_string_gives_quantities_in_order(text: str) -> None:
    spans = [one.span for one in read_quantities(text, bare=True)]
    assert all(span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    assert all(is_same(one, one) for one in read_quantities(text) if one.kind is not Kind.TIME)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1km", "1,000kg"), ("5キロ", "5m"), ("0時", "12時"), ("正午", "午前0時"), ("12個", "2ダース")],
)
def test_what_only_looks_alike_is_not_the_same(one: str, other: str) -> None:
    (first,), (second,) = read_quantities(one), read_quantities(other)
    assert not is_same(first, second)
