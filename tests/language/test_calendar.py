"""Eras, business days, fiscal years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.language.calendar import (
    add_business_days,
    count_business_days,
    fiscal_year,
    fiscal_year_days,
    format_era,
    format_fiscal_year,
    is_bank_holiday,
    next_business_day,
    read_day,
    supervisory_year,
    supervisory_year_days,
)

MODERN = st.dates(date(1868, 10, 23), date(2199, 12, 31))
NEAR = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "era"),
    [
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2026, 11, 21), "令和8年11月21日"),
    ],
)
def test_era_begins_and_ends_on_its_day(day: date, era: str) -> None:
    assert format_era(day) == era
    assert read_day(era) == day


@given(MODERN)
def test_day_survives_its_era_name(day: date) -> None:
    assert read_day(format_era(day)) == day


@pytest.mark.parametrize(
    "text", ["R8.11.21", "令和 ８年11月21日", "2026/11/21", "2026-11-21", "2026年11月21日"]
)
def test_ways_to_write_one_day(text: str) -> None:
    assert read_day(text) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "text", ["", "令和8年2月30日", "26.11.21", "X8.1.1", "令和0年1月1日", "今日", "9" * 5000]
)
def test_what_is_not_a_day_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError):
        read_day(text)


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 11, 20), False),
        (date(2026, 11, 21), True),
        (date(2026, 11, 23), True),
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 2), True),
        (date(2027, 1, 4), False),
        (date(2026, 5, 6), True),
        (date(2026, 9, 22), True),
    ],
)
def test_bank_holidays(day: date, closed: bool) -> None:
    assert is_bank_holiday(day) is closed


def test_business_days_skip_the_new_year() -> None:
    assert next_business_day(date(2026, 12, 30)) == date(2027, 1, 4)
    assert add_business_days(date(2027, 1, 4), -1) == date(2026, 12, 30)
    assert add_business_days(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert count_business_days(date(2026, 12, 28), date(2027, 1, 5)) == 4


@given(NEAR, st.integers(-15, 15).filter(bool))
def test_counting_undoes_adding(day: date, count: int) -> None:
    moved = add_business_days(day, count)
    assert not is_bank_holiday(moved)
    if count > 0:
        assert count_business_days(day, moved) == count
    else:
        assert count_business_days(moved, day) == -count - is_bank_holiday(day)


@given(NEAR)
def test_year_holds_its_days(day: date) -> None:
    for year_of, days_of in ((fiscal_year, fiscal_year_days), (supervisory_year, supervisory_year_days)):
        first, last = days_of(year_of(day))
        assert first <= day <= last
        assert days_of(year_of(day) + 1)[0] == last + timedelta(days=1)


def test_years_of_bank_and_authority() -> None:
    assert (fiscal_year(date(2027, 3, 31)), fiscal_year(date(2027, 4, 1))) == (2026, 2027)
    assert (supervisory_year(date(2026, 6, 30)), supervisory_year(date(2026, 7, 1))) == (2025, 2026)
    assert format_fiscal_year(2026) == "令和8年度"
