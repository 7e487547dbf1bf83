"""How long conversations are kept 保存年限, and legal holds 訴訟ホールド that keep them longer."""

from __future__ import annotations

import calendar
import csv
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import REASON_LIMIT, Conversation, Hold, Period
from akashi.conversations.sealing import get_lock
from akashi.conversations.store import (
    conversation_table,
    hold_table,
    list_holds,
    lock_conversation,
    period_table,
)
from akashi.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from akashi.core.moments import TOKYO, tokyo_day
from akashi.core.people import Actor, ActorKind, Role
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys
from akashi.platform.rooms import package_folder

ANY_USE_CASE = "*"
MOST_MONTHS = 12 * 30
HOLDERS = frozenset({Role.PRIVACY_OFFICER, Role.COMPLIANCE_OFFICER})


def read_defaults() -> dict[str, Period]:
    """Return the periods that the product ships, by use case; ``*`` stands for every other one."""
    path = package_folder("akashi.conversations") / "data" / "retention.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Period(row["use_case"], int(row["months"]), row["basis"]) for row in csv.DictReader(file)]
    return {period.use_case: period for period in rows}


def list_periods(connection: Connection) -> dict[str, Period]:
    """Return the periods in force by use case: the institution's own, else what the product ships."""
    own = {row["use_case"]: Period(**row) for row in connection.execute(sa.select(period_table)).mappings()}
    return {**read_defaults(), **own}


def period_of(periods: dict[str, Period], use_case: str) -> Period:
    """Return the period of one use case."""
    return periods.get(use_case, periods[ANY_USE_CASE])


def set_periods(connection: Connection, periods: Iterable[Period], actor_id: str, now: datetime) -> bool:
    """Store the institution's own periods and return whether anything changed; safe to repeat.

    Raises: InputError: a period is not 1 to 360 months, or says no ground.
    """
    before = list_periods(connection)
    changed = [period for period in periods if before.get(period.use_case) != period]
    for period in changed:
        if not 1 <= period.months <= MOST_MONTHS or not period.basis.strip():
            raise InputError("A period has 1 to 360 months and a ground.", where=period.use_case)
        connection.execute(sa.delete(period_table).where(period_table.c.use_case == period.use_case))
        values = {"use_case": period.use_case, "months": period.months, "basis": period.basis}
        connection.execute(sa.insert(period_table).values(values))
    for period in changed:
        payload = {"months": period.months}
        append(connection, Record("conversations.period_set", period.use_case, actor_id, now, payload))
    return bool(changed)


def past_period(
    connection: Connection, periods: dict[str, Period], now: datetime
) -> list[sa.Select[tuple[str]]]:
    """Return a query for each use case: the ids, oldest first, of what is past ``periods`` and not held."""
    table, today = conversation_table.c, tokyo_day(now)
    used = connection.execute(sa.select(table.use_case).distinct()).scalars().all()
    held = sa.select(hold_table.c.conversation_id).where(hold_table.c.released_at.is_(None))
    return [
        sa.select(table.id)
        .where(table.use_case == use_case, table.erased_at.is_(None), table.id.not_in(held))
        .where(table.last_at < erasable_before(today, period_of(periods, use_case).months))
        .order_by(table.last_at)
        for use_case in used
    ]


def count_over(connection: Connection, periods: dict[str, Period], now: datetime) -> int:
    """Return how many conversations are past ``periods`` on today's Tokyo day and not held."""
    queries = past_period(connection, periods, now)
    counts = (sa.select(sa.func.count()).select_from(query.order_by(None).subquery()) for query in queries)
    return sum(int(connection.execute(count).scalar_one()) for count in counts)


def keep_until(last_at: datetime, months: int) -> date:
    """Return the last Tokyo day on which a conversation must still be kept.

    >>> from datetime import UTC
    >>> keep_until(datetime(2026, 8, 31, 3, tzinfo=UTC), 6)
    datetime.date(2027, 2, 28)
    """
    return _add_months(tokyo_day(last_at), months)


def erasable_before(today: date, months: int) -> datetime:
    """Return the moment before which a last message is old enough to be erased on ``today``."""
    day = _add_months(today, -months) + timedelta(days=3)
    while _add_months(day, months) >= today:
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time(), TOKYO)


def check_erasable(connection: Connection, conversation: Conversation, now: datetime) -> None:
    """Let pass what may be erased. Raises: ConflictError: under hold, or to be kept; says until when."""
    if any(hold.released_at is None for hold in list_holds(connection, conversation.id)):
        raise ConflictError(
            "This conversation is under a legal hold and cannot be erased.",
            next_step="Release the hold first, if the case is closed.",
        )
    period = period_of(list_periods(connection), conversation.use_case)
    last_day = keep_until(conversation.last_at, period.months)
    if tokyo_day(now) <= last_day:
        raise ConflictError(
            "This conversation must be kept until {day} and cannot be erased before.",
            next_step="It will be erased by itself after that day.",
            day=last_day.isoformat(),
        )


def place_hold(
    connection: Connection, keys: Keys, conversation_id: str, reason: str, actor: Actor, now: datetime
) -> Hold:
    """Put a conversation under legal hold and return the hold; the reason is sealed with the conversation.

    Raises: ForbiddenError: not a personal-data or compliance officer; InputError: no reason.
    """
    _check_holder(actor)
    text = reason.strip()
    if not text or len(text) > REASON_LIMIT:
        raise InputError("Say in at most {limit} characters why.", where="reason", limit=REASON_LIMIT)
    lock_conversation(connection, conversation_id)
    lock = get_lock(connection, keys, conversation_id)
    hold = Hold(new_id("hld"), conversation_id, actor.id, now)
    connection.execute(
        sa.insert(hold_table).values(
            id=hold.id,
            conversation_id=conversation_id,
            placed_by=actor.id,
            placed_at=now,
            sealed_reason=lock.close({"reason": text}, f"hold/{hold.id}"),
        )
    )
    append(connection, Record("conversations.held", conversation_id, actor.id, now, {"hold": hold.id}))
    return hold


def release_hold(connection: Connection, hold_id: str, actor: Actor, now: datetime) -> Hold:
    """End a legal hold and return it. Raises: ConflictError: it has ended already; ForbiddenError."""
    _check_holder(actor)
    found = connection.execute(
        sa.select(hold_table.c.conversation_id).where(hold_table.c.id == hold_id)
    ).scalar()
    if found is None:
        raise NotFoundError("There is no such hold.", where=hold_id)
    lock_conversation(connection, found)
    released = connection.execute(
        sa.update(hold_table)
        .where(hold_table.c.id == hold_id, hold_table.c.released_at.is_(None))
        .values(released_at=now, released_by=actor.id)
    )
    if released.rowcount != 1:
        raise ConflictError("This hold has been released already.")
    append(connection, Record("conversations.hold_released", found, actor.id, now, {"hold": hold_id}))
    return next(hold for hold in list_holds(connection, found) if hold.id == hold_id)


def read_hold_reason(connection: Connection, keys: Keys, hold: Hold) -> str:
    """Return why a conversation is held."""
    sealed = connection.execute(
        sa.select(hold_table.c.sealed_reason).where(hold_table.c.id == hold.id)
    ).scalar_one()
    lock = get_lock(connection, keys, hold.conversation_id)
    return str(lock.open(bytes(sealed), f"hold/{hold.id}")["reason"])


def check_confirmed(actor: Actor, roles: frozenset[Role], message: str) -> None:
    """Let only confirmed persons with one of ``roles`` pass. Raises: ForbiddenError."""
    if actor.kind is not ActorKind.PERSON or not actor.confirmed or not actor.roles & roles:
        raise ForbiddenError(message)


def _check_holder(actor: Actor) -> None:
    check_confirmed(actor, HOLDERS, "Only a personal-data or compliance officer sets and releases holds.")


def _add_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
