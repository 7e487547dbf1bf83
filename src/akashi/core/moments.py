"""Tokyo calendar days and the exact moments at which they end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
"""Japan has had no daylight saving since 1951, so a fixed offset is exact."""


def tokyo_day(moment: datetime) -> date:
    """Return the Tokyo calendar day of an aware moment.

    >>> from datetime import UTC
    >>> tokyo_day(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
    datetime.date(2026, 4, 1)
    """
    return moment.astimezone(TOKYO).date()


def end_of_day(day: date) -> datetime:
    """Return the first moment that no longer belongs to the Tokyo day ``day``.

    What holds until a day holds for the whole of it: it has ended when ``now >= end_of_day(day)``.

    >>> end_of_day(date(2026, 3, 31)).isoformat()
    '2026-04-01T00:00:00+09:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), TOKYO)
