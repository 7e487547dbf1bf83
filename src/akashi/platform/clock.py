"""Time as an argument: state is a function of events and now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

Clock = Callable[[], datetime]

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
"""Japan has had no daylight saving since 1951, so a fixed offset is exact."""


def system_clock() -> datetime:
    """Return now, aware, in UTC."""
    return datetime.now(UTC)


def tokyo_day(moment: datetime) -> date:
    """Return the Tokyo calendar day of an aware moment.

    >>> tokyo_day(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
    datetime.date(2026, 4, 1)
    """
    return moment.astimezone(TOKYO).date()
