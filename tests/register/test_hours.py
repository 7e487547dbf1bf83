"""Business hours: what lines mean, and whether an office is open to the minute."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.core.moments import TOKYO
from akashi.language.calendar import is_bank_holiday
from akashi.register.hours import Hours, parse_exceptions, parse_weekly, write_exceptions, write_weekly

BRANCH = Hours(
    parse_weekly("月-金 9:00-11:30 12:30-15:00"),
    parse_exceptions("2026-11-23 10:00-12:00\n2026-11-25 休業"),
    business_days_only=True,
)
SPANS = (
    st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True)
    .map(sorted)
    .map(lambda cuts: tuple((cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)))
)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T09:00:00", True),
        ("2026-11-20T11:30:00", False),
        ("2026-11-20T14:59:59", True),
        ("2026-11-20T15:00:00", False),
        ("2026-11-21T10:00:00", False),
        ("2026-11-23T10:30:00", True),
        ("2026-11-23T14:00:00", False),
        ("2026-11-25T10:00:00", False),
        ("2026-12-31T10:00:00", False),
        ("2027-01-04T10:00:00", True),
    ],
)
def test_branch_is_open_exactly_in_its_hours(moment: str, expected: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=TOKYO)
    assert BRANCH.is_open(at, is_bank_holiday) is expected


@given(st.dictionaries(st.integers(0, 6), SPANS))
def test_written_weekly_hours_are_read_back_equal(weekly: dict[int, tuple[tuple[int, int], ...]]) -> None:
    assert parse_weekly(write_weekly(weekly)) == weekly


@given(st.dictionaries(st.dates(), SPANS | st.just(())))
def test_written_exceptions_are_read_back_equal(exceptions: dict[object, object]) -> None:
    assert parse_exceptions(write_exceptions(exceptions)) == exceptions  # type: ignore[arg-type]  # days and spans


@pytest.mark.parametrize(
    "line",
    [
        "mon",
        "mon 9-15",
        "mon 15:00-09:00",
        "mon 09:00-12:00 11:00-15:00",
        "fri-mon 09:00-15:00",
        "day 09:00-15:00",
        "mon 25:00-26:00",
        "mon 09:00-15:00\nmon 10:00-12:00",
        " 09:00-15:00",
    ],
)
def test_line_without_a_meaning_is_refused(line: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        parse_weekly(line)


def test_full_width_and_other_dashes_are_understood() -> None:
    assert parse_weekly("月・水　9：00〜15：00") == {0: ((540, 900),), 2: ((540, 900),)}
