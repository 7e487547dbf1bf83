"""Offices for other rooms: their hours, and whether one is open at a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import jpholiday
from sqlalchemy.engine import Connection

from akashi.register import store
from akashi.register.hours import Hours, parse_exceptions, parse_weekly
from akashi.register.model import Entry


def is_bank_day(day: date) -> bool:
    """Return whether banks open in Japan: no weekend or public holiday, and not 31 December to 3 January.

    Source: 銀行法施行令 (Banking Act Enforcement Order) article 5.

    >>> is_bank_day(date(2026, 12, 31)), is_bank_day(date(2026, 11, 20))
    (False, True)
    """
    new_year = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not new_year and not jpholiday.is_holiday(day)


def read_hours(office: Entry) -> Hours:
    """Return the business hours of an office's record; no hours at all means never open."""
    values = office.values
    return Hours(
        parse_weekly(str(values.get("hours") or "")),
        parse_exceptions(str(values.get("exceptions") or "")),
        bool(values.get("business_days_only")),
    )


def is_open(office: Entry, moment: datetime, is_business_day: Callable[[date], bool] = is_bank_day) -> bool:
    """Return whether the office is open at an aware moment; a retired one never is."""
    return office.is_active and read_hours(office).is_open(moment, is_business_day)


def find_office(connection: Connection, code: str) -> Entry:
    """Return one office. Raises: NotFoundError: there is none."""
    return store.find_entry(connection, "office", code)
