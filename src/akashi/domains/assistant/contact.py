"""How customers reach a person: the contact office's hours, the numbers told at once, the call-back.

The institution's own rules come as one file (``contact.toml``), are checked, and are kept in the database
with a ledger entry, so that every web process says the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.cases import median_wait
from akashi.core.errors import InputError, NotFoundError
from akashi.core.moments import TOKYO, tokyo_day
from akashi.core.thread import digest_of
from akashi.domains.assistant.emergency import find_topics, known_topics
from akashi.domains.assistant.tables import setting_table
from akashi.language.calendar import is_bank_holiday
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.register.hours import Hours, parse_weekly
from akashi.register.offices import find_office, read_hours

SETTING = "contact"
LOOK_AHEAD_DAYS = 21
WAIT_DAYS = 7
PROMISE_MINUTES, IDLE_MINUTES = 15, 15
"""What holds while the institution has set nothing. Our choice."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A number that a customer is told at once. Texts are in the language they were asked in."""

    topic: str
    title: str
    number: str
    hours: str
    text: str
    is_open: bool
    opens_case: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Whether people answer now, when they do again, and how long one waits (a median or a promise)."""

    is_open: bool
    opens_at: datetime | None
    wait_minutes: int
    is_measured: bool
    phone: str = ""
    name: str = ""


def set_contact(connection: Connection, table: Mapping[str, Any], actor_id: str, now: datetime) -> str:
    """Keep the institution's contact rules after checking them, and return their digest.

    Raises: InputError: something is missing or cannot be read; names the place.
    """
    check_contact(connection, table)
    content = canonical_json(dict(table))
    digest = digest_of(content)
    connection.execute(sa.delete(setting_table).where(setting_table.c.name == SETTING))
    connection.execute(
        sa.insert(setting_table).values(
            name=SETTING, value=dict(table), digest=digest, changed_at=now, changed_by=actor_id
        )
    )
    append(connection, Record("assistant.contact_set", SETTING, actor_id, now, {"digest": digest}))
    return digest


def parse_contact(content: bytes, where: str) -> dict[str, Any]:
    """Return a contact file's table. Raises: InputError: it is not TOML in UTF-8."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            "The file is not TOML: {reason}.", where=where, next_step="Correct it.", reason=str(error)
        ) from error


def check_contact(connection: Connection, table: Mapping[str, Any]) -> None:
    """Refuse contact rules that could leave a customer without a number. Raises: InputError."""
    for name in ("office", "consent", "consent_en"):
        if not str(table.get(name, "")).strip():
            raise InputError("The contact file lacks {name}.", where=name, name=name)
    find_office(connection, str(table["office"]))
    for name in ("promise_minutes", "idle_minutes"):
        minutes = table.get(name, 1)
        if type(minutes) is not int or not 1 <= minutes <= 24 * 60:
            raise InputError("This is not a number of minutes.", where=name)
    if not isinstance(table.get("operators_may_unmask", False), bool):
        raise InputError("This is neither true nor false.", where="operators_may_unmask")
    for row in _rows(table, "emergency"):
        _check_emergency(row)
    for row in _rows(table, "slot"):
        _require(row, ("name", "title", "title_en"), "slot")


def read_contact(connection: Connection) -> dict[str, Any]:
    """Return the institution's contact rules; empty while it has set none."""
    query = sa.select(setting_table.c.value).where(setting_table.c.name == SETTING)
    return dict(connection.execute(query).scalar() or {})


def list_unset(connection: Connection) -> tuple[str, ...]:
    """Return the emergencies for which the institution has named no number."""
    told = {row["topic"] for row in read_contact(connection).get("emergency", ())}
    return tuple(topic for topic in known_topics() if topic not in told)


def find_alarms(table: Mapping[str, Any], text: str, now: datetime, language: str) -> tuple[Alarm, ...]:
    """Return the numbers that a customer's words call for, before anything is looked up."""
    topics = find_topics(text)
    rows = {row["topic"]: row for row in table.get("emergency", ())}
    return tuple(_make_alarm(rows[topic], now, language) for topic in topics if topic in rows)


def describe_alarms(alarms: Sequence[Alarm]) -> list[dict[str, Any]]:
    """Return alarms as JSON values, to be kept with the message that shows them."""
    return [{name: getattr(alarm, name) for name in Alarm.__slots__} for alarm in alarms]


def read_desk(connection: Connection, now: datetime) -> Desk:
    """Return whether people answer now, by the contact office's hours and the bank holidays."""
    table = read_contact(connection)
    promise = int(table.get("promise_minutes", PROMISE_MINUTES))
    measured = median_wait(connection, now - timedelta(days=WAIT_DAYS))
    wait = promise if measured is None else max(1, round(measured.total_seconds() / 60))
    try:
        office = find_office(connection, str(table.get("office", "")))
    except NotFoundError:
        return Desk(True, None, wait, measured is not None)
    hours = read_hours(office)
    is_open = office.is_active and hours.is_open(now, is_bank_holiday)
    opens_at = None if is_open else next_opening(hours, now)
    phone = str(office.values.get("phone") or "")
    return Desk(is_open, opens_at, wait, measured is not None, phone, office.title)


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """Return the next moment at which an office opens, or None when it does not within three weeks."""
    today = tokyo_day(now)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        for start, _ in hours.spans(day, is_bank_holiday):
            moment = _at_minute(day, start)
            if moment > now:
                return moment
    return None


def read_idle_minutes(connection: Connection) -> int:
    """Return after how many minutes without a deed a claimed case goes back."""
    return int(read_contact(connection).get("idle_minutes", IDLE_MINUTES))


def may_operators_unmask(connection: Connection) -> bool:
    """Return whether the holder of a case may look at what is masked, each time recorded."""
    return read_contact(connection).get("operators_may_unmask") is True


def _at_minute(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), TOKYO) + timedelta(minutes=minute)


def _make_alarm(row: Mapping[str, Any], now: datetime, language: str) -> Alarm:
    tail = "_en" if language == "en" else ""
    hours = Hours(parse_weekly(str(row["hours"])), {})
    return Alarm(
        topic=str(row["topic"]),
        title=str(row[f"title{tail}"]),
        number=str(row["number"]),
        hours=str(row[f"hours_text{tail}"]),
        text=str(row[f"text{tail}"]),
        is_open=hours.is_open(now, is_bank_holiday),
        opens_case=bool(row.get("opens_case", False)),
    )


def _rows(table: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = table.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError("This is no list of entries.", where=name, next_step=f"Write [[{name}]].")
    return rows


def _check_emergency(row: Mapping[str, Any]) -> None:
    texts = ("title", "hours_text", "text")
    _require(row, ("topic", "number", "hours", *texts, *(f"{name}_en" for name in texts)), "emergency")
    if row["topic"] not in known_topics():
        raise InputError("There is no emergency called {name}.", where="emergency", name=row["topic"])
    parse_weekly(str(row["hours"]))


def _require(row: Mapping[str, Any], names: Sequence[str], where: str) -> None:
    for name in names:
        if not str(row.get(name, "")).strip():
            raise InputError("An entry of the contact file lacks {name}.", where=where, name=name)
