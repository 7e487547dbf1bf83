"""A number asked about belongs to one case of a table, and is told no other one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.cases import excludes, names_number, read_limits

COINS = ("1枚から100枚", "101枚から500枚", "501枚から1,000枚", "1,001枚以上")


@given(st.integers(1, 5_000))
def test_every_number_belongs_to_just_one_case(number: int) -> None:
    fitting = [case for case in COINS if not excludes(f"硬貨{number:,}枚の手数料は", case)]
    assert len(fitting) == 1
    (found,) = read_limits(fitting[0])
    limits = found.limits
    assert (limits.lowest or 0) <= number <= (limits.highest or number)


@pytest.mark.parametrize(
    ("question", "case", "is_excluded"),
    [
        ("３万円を振り込みたい", "3万円未満", True),
        ("29,999円を振り込みたい", "3万円未満", False),
        ("三万円を振り込みたい", "3万円以上", False),
        ("10万円を借りたい", "10万円超100万円以下", True),
        ("100万円を借りたい", "10万円超100万円以下", False),
        ("20歳です", "18歳以上20歳未満", True),
        ("20歳です", "3万円未満", False),
        ("硬貨の手数料は何枚からかかりますか", "1,001枚以上", False),
        ("500枚以上の手数料は", "1,001枚以上", False),
        ("硬貨300枚と紙幣20枚の手数料は", "1,001枚以上", False),
        ("硬貨300枚の手数料は", "窓口での硬貨入金", False),
        ("", "", False),
    ],
)
def test_only_what_a_case_leaves_out_is_excluded(question: str, case: str, is_excluded: bool) -> None:
    assert excludes(question, case) is is_excluded


def test_a_number_is_a_count_or_an_amount() -> None:
    assert names_number("硬貨三百枚")
    assert not names_number("2026年4月1日から")


@given(st.text(alphabet="0123456789,.万億円枚歳から以上下未満超~ 　", max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert all(
        one.limits.lowest is None or one.limits.hold(one.limits.lowest) or one.limits.above
        for one in read_limits(text)
        if one.limits.highest is None
    )
