"""Words behind a number that make it a limit, and what lies between two of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.language.limits import LOWER_SIDES, UPPER_SIDES, Limits, Side, limits_of, read_limit_word


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("以上の方", Side.LEAST),
        ("を下回らない額", Side.LEAST),
        ("以内", Side.MOST),
        ("を超えない範囲", Side.MOST),
        ("が上限です", Side.MOST),
        ("未満", Side.LESS),
        ("に満たないとき", Side.LESS),
        ("より少ない額", Side.LESS),
        ("超", Side.MORE),
        ("を上回る額", Side.MORE),
        ("より多い額", Side.MORE),
        ("から10枚", Side.FROM),
        ("～10枚", Side.FROM),
        ("以降", Side.FROM),
        ("まで", Side.TO),
        ("（月）まで", Side.TO),
        ("(税込)以上", Side.LEAST),
    ],
)
def test_a_word_behind_a_number_names_its_side(text: str, side: Side) -> None:
    word = read_limit_word(text, 0)
    assert word is not None
    assert word.side is side


@pytest.mark.parametrize("text", ["", "の手数料", "です", "が上限額", "、以上のとおり", "-111-222"])
def test_other_words_are_no_limit(text: str) -> None:
    assert read_limit_word(f"5{text}", 1) is None


@given(st.sampled_from([*LOWER_SIDES, *UPPER_SIDES]), st.integers(-9, 9), st.integers(-9, 9))
def test_a_limit_holds_its_own_number_unless_it_leaves_it_out(side: Side, edge: int, value: int) -> None:
    limits = limits_of(side, Decimal(edge))
    assert limits is not None
    assert limits.hold(Decimal(edge)) is (side not in (Side.MORE, Side.LESS))
    if value != edge:
        assert limits.hold(Decimal(value)) is ((value > edge) is (side in LOWER_SIDES))


def test_a_range_may_leave_out_either_end() -> None:
    tier = Limits(Decimal(100), Decimal(300), above=True)
    assert [tier.hold(Decimal(value)) for value in (100, 101, 300, 301)] == [False, True, True, False]
