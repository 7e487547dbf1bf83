"""What the endpoint was used for and what it cost, counted by us, with a hard monthly limit.

Before a call its highest possible price is reserved; afterwards what it really cost is booked. A process
that dies in between leaves the reservation standing, so that a limit can be reached early but never passed.
No text is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.platform.database import Moment
from akashi.platform.endpoint import Caller, EndpointError, Fault, Purpose
from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.ids import new_id
from akashi.platform.meta import metadata

call_table = sa.Table(
    "platform_call",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("use_case", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("said_model", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("microyen", sa.BigInteger, nullable=False),
    sa.Column("is_reported", sa.Boolean, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
)
"""One row for each call; ``ended_at`` is empty while it runs and after a death."""

spending_table = sa.Table(
    "platform_spending",
    metadata,
    sa.Column("month", sa.Text, primary_key=True),
    sa.Column("tokens", sa.BigInteger, nullable=False),
    sa.Column("microyen", sa.BigInteger, nullable=False),
)
"""What each month has cost, reservations included: one row whose conditional update is the hard stop."""

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """What was set aside for one call."""

    id: str
    month: str
    tokens: int
    microyen: int


@dataclass(frozen=True, slots=True)
class Booking:
    """How a call ended. ``fault`` is empty when it went well."""

    tokens_in: int
    tokens_out: int
    is_reported: bool
    said_model: str = ""
    fingerprint: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class DayUse:
    """One Tokyo day: calls, those that failed, tokens and millionths of a yen."""

    day: date
    calls: int
    failed: int
    tokens: int
    microyen: int


def reserve(
    connection: Connection, settings: EndpointSettings, caller: Caller, tokens_in: int, now: datetime
) -> Reservation:
    """Set aside the highest possible price of a call. Raises: EndpointError: a limit would be passed."""
    tokens_out = settings.answer_tokens if caller.purpose is not Purpose.EMBEDDING else 0
    microyen, tokens = settings.microyen(tokens_in, tokens_out), tokens_in + tokens_out
    month = f"{tokyo_day(now):%Y-%m}"
    is_talk = caller.purpose is Purpose.ANSWER and caller.subject != ""
    if is_talk and count_conversation(connection, caller.subject) + tokens > settings.conversation_tokens:
        raise EndpointError(Fault.CONVERSATION_BUDGET)
    _begin_month(connection, month)
    spent = spending_table.c
    within = [spent.month == month]
    if settings.monthly_tokens:
        within.append(spent.tokens + tokens <= settings.monthly_tokens)
    if settings.monthly_yen:
        within.append(spent.microyen + microyen <= settings.monthly_yen * MILLION)
    added = {"tokens": spent.tokens + tokens, "microyen": spent.microyen + microyen}
    if connection.execute(sa.update(spending_table).where(*within).values(added)).rowcount != 1:
        raise EndpointError(Fault.BUDGET)
    call_id = new_id("call")
    connection.execute(
        sa.insert(call_table).values(
            id=call_id,
            day=tokyo_day(now),
            at=now,
            use_case=caller.use_case,
            purpose=caller.purpose.value,
            subject=caller.subject,
            model=settings.embedding_model if caller.purpose is Purpose.EMBEDDING else settings.model,
            said_model="",
            fingerprint="",
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            microyen=microyen,
            is_reported=False,
            fault=Fault.ABANDONED.value,
        )
    )
    return Reservation(call_id, month, tokens, microyen)


def book(
    connection: Connection,
    settings: EndpointSettings,
    reserved: Reservation,
    booking: Booking,
    now: datetime,
) -> None:
    """Replace a reservation by what the call really cost; booking it twice changes nothing."""
    microyen = settings.microyen(booking.tokens_in, booking.tokens_out)
    changed = connection.execute(
        sa.update(call_table)
        .where(call_table.c.id == reserved.id, call_table.c.ended_at.is_(None))
        .values(
            ended_at=now,
            said_model=booking.said_model,
            fingerprint=booking.fingerprint,
            tokens_in=booking.tokens_in,
            tokens_out=booking.tokens_out,
            microyen=microyen,
            is_reported=booking.is_reported,
            fault=booking.fault,
        )
    )
    if changed.rowcount != 1:
        return
    spent, tokens = spending_table.c, booking.tokens_in + booking.tokens_out
    connection.execute(
        sa.update(spending_table)
        .where(spent.month == reserved.month)
        .values(
            tokens=spent.tokens - reserved.tokens + tokens,
            microyen=spent.microyen - reserved.microyen + microyen,
        )
    )


def count_conversation(connection: Connection, subject: str) -> int:
    """Return the tokens that one conversation has used or reserved."""
    total = sa.func.coalesce(sa.func.sum(call_table.c.tokens_in + call_table.c.tokens_out), 0)
    query = sa.select(total).where(call_table.c.subject == subject)
    return int(connection.execute(query).scalar_one())


def read_spending(connection: Connection, day: date) -> tuple[int, int]:
    """Return tokens and millionths of a yen of the month of ``day``, reservations included."""
    query = sa.select(spending_table.c.tokens, spending_table.c.microyen)
    row = connection.execute(query.where(spending_table.c.month == f"{day:%Y-%m}")).first()
    return (int(row.tokens), int(row.microyen)) if row else (0, 0)


def list_days(connection: Connection, first: date, last: date) -> list[DayUse]:
    """Return each day with calls, oldest first, both ends included."""
    table = call_table.c
    query = (
        sa.select(
            table.day,
            sa.func.count().label("calls"),
            sa.func.sum(sa.case((table.fault == "", 0), else_=1)).label("failed"),
            sa.func.sum(table.tokens_in + table.tokens_out).label("tokens"),
            sa.func.sum(table.microyen).label("microyen"),
        )
        .where(table.day >= first, table.day <= last)
        .group_by(table.day)
        .order_by(table.day)
    )
    return [
        DayUse(row.day, int(row.calls), int(row.failed), int(row.tokens), int(row.microyen))
        for row in connection.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one use case spent on one Tokyo day for one purpose with one model, reservations included."""

    use_case: str
    day: date
    purpose: str
    model: str
    calls: int
    tokens: int
    microyen: int


def list_spent(connection: Connection, first: date, last: date) -> list[Spent]:
    """Return what was spent from ``first`` to ``last``, by use case, day, purpose and model."""
    table = call_table.c
    key = (table.use_case, table.day, table.purpose, table.model)
    sums = (sa.func.count(), sa.func.sum(table.tokens_in + table.tokens_out), sa.func.sum(table.microyen))
    query = sa.select(*key, *sums).where(table.day >= first, table.day <= last).group_by(*key).order_by(*key)
    return [
        Spent(use_case, day, purpose, model, int(calls), int(tokens), int(microyen))
        for use_case, day, purpose, model, calls, tokens, microyen in connection.execute(query)
    ]


def count_faults(connection: Connection, first: date) -> Mapping[str, int]:
    """Return how often each fault occurred since a Tokyo day."""
    query = (
        sa.select(call_table.c.fault, sa.func.count())
        .where(call_table.c.day >= first, call_table.c.fault != "")
        .group_by(call_table.c.fault)
    )
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _begin_month(connection: Connection, month: str) -> None:
    known = sa.select(spending_table.c.month).where(spending_table.c.month == month)
    if connection.execute(known).first() is not None:
        return
    nested = connection.begin_nested()
    try:
        connection.execute(sa.insert(spending_table).values(month=month, tokens=0, microyen=0))
        nested.commit()
    except sa.exc.IntegrityError:
        nested.rollback()
