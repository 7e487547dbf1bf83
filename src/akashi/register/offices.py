"""Offices for other rooms: their hours, and whether one is open at a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.language.calendar import is_bank_holiday
from akashi.register import store
from akashi.register.hours import Hours, parse_exceptions, parse_weekly
from akashi.register.model import Entry


def read_hours(office: Entry) -> Hours:
    """Return the business hours of an office's record; no hours at all means never open."""
    values = office.values
    return Hours(
        parse_weekly(str(values.get("hours") or "")),
        parse_exceptions(str(values.get("exceptions") or "")),
        bool(values.get("business_days_only")),
    )


def is_open(office: Entry, moment: datetime) -> bool:
    """Return whether the office is open at an aware moment; a retired one never is."""
    return office.is_active and read_hours(office).is_open(moment, is_bank_holiday)


def find_office(connection: Connection, code: str) -> Entry:
    """Return one office. Raises: NotFoundError: there is none."""
    return store.find_entry(connection, "office", code)
