"""Deputies 代理: who may sign for whom, in which period. Both names stay on every record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.measure import READ_ONLY, check_person
from akashi.approvals.model import Deputy, Hand
from akashi.approvals.store import deputy_table
from akashi.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import FIRST_LINE, SECOND_LINE, Actor, Role
from akashi.identity.model import roles_at
from akashi.identity.store import find_person, list_grants
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id

LONGEST = timedelta(days=366)


def register_deputy(
    connection: Connection,
    deputy_id: str,
    first_day: date,
    last_day: date,
    actor: Actor,
    now: datetime,
    *,
    principal_id: str = "",
) -> Deputy:
    """Register a deputy for oneself, or for ``principal_id`` by an executive, and return the entry.

    Raises: ForbiddenError: not by this actor; InputError: the period or the person cannot be used.
    """
    check_person(actor)
    principal = principal_id or actor.id
    if principal != actor.id and not actor.has(Role.EXECUTIVE):
        raise ForbiddenError("Only an executive registers a deputy for somebody else.")
    _check_period(first_day, last_day, tokyo_day(now))
    _check_pair(connection, principal, deputy_id, now)
    deputy = Deputy(new_id("dep"), principal, deputy_id, first_day, last_day, actor.id, now)
    connection.execute(
        sa.insert(deputy_table).values(
            id=deputy.id,
            principal_id=principal,
            deputy_id=deputy_id,
            first_day=first_day,
            last_day=last_day,
            registered_by=actor.id,
            registered_at=now,
        )
    )
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    _record(connection, "approvals.deputy_registered", deputy, actor, now, days)
    return deputy


def end_deputy(connection: Connection, entry_id: str, actor: Actor, now: datetime) -> Deputy:
    """End a registration at once and return it. Raises: ConflictError: it has ended already."""
    check_person(actor)
    deputy = get_deputy(connection, entry_id)
    if deputy.principal_id != actor.id and not actor.has(Role.EXECUTIVE):
        raise ForbiddenError("Only the principal or an executive ends this registration.")
    ended = connection.execute(
        sa.update(deputy_table)
        .where(deputy_table.c.id == entry_id, deputy_table.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor.id)
    )
    if ended.rowcount != 1:
        raise ConflictError("This registration has ended already.")
    _record(connection, "approvals.deputy_ended", deputy, actor, now, {})
    return get_deputy(connection, entry_id)


def get_deputy(connection: Connection, entry_id: str) -> Deputy:
    """Return one registration. Raises: NotFoundError."""
    found = _select(connection, deputy_table.c.id == entry_id)
    if not found:
        raise NotFoundError("There is no such registration.", where=entry_id)
    return found[0]


def list_deputies(connection: Connection) -> list[Deputy]:
    """Return every registration, the latest first."""
    return _select(connection)


def find_hand(connection: Connection, actor: Actor, for_id: str, now: datetime) -> Hand:
    """Return the hand that signs: the actor's own, or the one of a deputy for ``for_id``.

    Raises: ForbiddenError: the actor may not act, or is not a deputy of that person today.
    """
    check_person(actor)
    if not for_id or for_id == actor.id:
        return Hand(actor.id, actor.roles)
    hands = [hand for hand in deputy_hands(connection, actor, now) if hand.for_id == for_id]
    if not hands:
        raise ForbiddenError("You are not a deputy of this person today.")
    return hands[0]


def deputy_hands(connection: Connection, actor: Actor, now: datetime) -> list[Hand]:
    """Return the hands in which ``actor`` may sign for somebody today, with that person's roles.

    A person of the first line never signs for the second line; nobody signs for a person who only reads
    or has left.
    """
    today = tokyo_day(now)
    own = _select(connection, deputy_table.c.deputy_id == actor.id)
    principals = dict.fromkeys(entry.principal_id for entry in own if entry.covers(today))
    hands = [Hand(actor.id, _roles_of(connection, person, now), person) for person in principals]
    return [hand for hand in hands if _may_lend(hand.roles, actor.roles)]


def _may_lend(lent: frozenset[Role], own: frozenset[Role]) -> bool:
    if not lent or lent & READ_ONLY:
        return False
    return not (lent & SECOND_LINE and own & FIRST_LINE)


def _roles_of(connection: Connection, person_id: str, now: datetime) -> frozenset[Role]:
    person = find_person(connection, person_id)
    if person is None or not person.is_active:
        return frozenset()
    return roles_at(list_grants(connection, person_id), now)


def _check_period(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise InputError("The last day lies before the first day.", where="last_day")
    if last_day < today:
        raise InputError("The period is over already.", where="last_day")
    if last_day - first_day > LONGEST:
        raise InputError("A deputy is registered for one year at most.", where="last_day")


def _check_pair(connection: Connection, principal_id: str, deputy_id: str, now: datetime) -> None:
    if principal_id == deputy_id:
        raise InputError("Nobody is his own deputy.", where="deputy_id")
    roles = _roles_of(connection, deputy_id, now)
    if not roles:
        raise InputError("This person cannot sign in or has no role.", where="deputy_id")
    if roles & READ_ONLY:
        raise InputError("Auditors, administrators and the authority only read.", where="deputy_id")
    lent = _roles_of(connection, principal_id, now)
    if not _may_lend(lent, roles):
        raise InputError("A person of the first line cannot sign for the second line.", where="deputy_id")


def _record(
    connection: Connection, kind: str, deputy: Deputy, actor: Actor, now: datetime, more: dict[str, str]
) -> None:
    payload = {"principal": deputy.principal_id, "deputy": deputy.deputy_id, **more}
    append(connection, Record(kind=kind, subject=deputy.id, actor=actor.id, at=now, payload=payload))


def _select(connection: Connection, *tests: sa.ColumnElement[bool]) -> list[Deputy]:
    columns = [column for column in deputy_table.c if column.name != "ended_by"]
    query = sa.select(*columns).where(*tests)
    latest_first = query.order_by(deputy_table.c.registered_at.desc(), deputy_table.c.id)
    return [Deputy(**row) for row in connection.execute(latest_first).mappings()]
