"""Applications in the database: each is its events, sealed under the key of its conversation.

Erasing the conversation destroys that key, and with it every value here. Functions work in the caller's
transaction, so that a change, its message and its ledger entry stand or fall together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from akashi.conversations.sealing import get_lock
from akashi.core.errors import ConflictError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.domains.loans.model import Application, Origin, Product, State, Value
from akashi.domains.loans.register.products import parse_product
from akashi.domains.loans.tables import application_table, counter_table, event_table, metadata, product_table
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys

__all__ = ["metadata"]

OPEN_STATES = (State.COLLECTING, State.RETURNED)
"""In these the applicant may still change something."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What may be known of an application without its key: for queues and counts."""

    id: str
    number: str
    product_id: str
    state: State
    conversation: str
    office: str
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """One change: who, when, what; ``content`` is the value as it was set, as personal as it is."""

    number: int
    at: datetime
    actor: str
    kind: str
    detail: str
    content: Mapping[str, Any] = field(default_factory=dict, repr=False)


def insert_application(
    connection: Connection,
    keys: Keys,
    product: Product,
    content: bytes,
    *,
    language: str,
    conversation: str,
    office: str,
    now: datetime,
) -> str:
    """Begin an application after the applicant's consent, and return its id."""
    application_id = new_id("loan")
    fresh = {"digest": product.digest, "product_id": product.id, "content": content, "kept_at": now}
    connection.execute(_insert(connection, product_table).values(**fresh).on_conflict_do_nothing())
    connection.execute(
        sa.insert(application_table).values(
            id=application_id,
            number=_take_number(connection, now),
            product_id=product.id,
            product_digest=product.digest,
            language=language,
            state=State.COLLECTING.value,
            conversation_id=conversation,
            office=office,
            events=0,
            created_at=now,
            changed_at=now,
            consented_at=now,
            submitted_at=None,
            sealed_talk=get_lock(connection, keys, conversation).close({}, _talk_place(application_id)),
        )
    )
    return application_id


def find_outline(connection: Connection, application_id: str, *, lock: bool = False) -> Outline:
    """Return what is known of an application without its key; ``lock`` keeps other writers waiting.

    Raises: NotFoundError.
    """
    query = sa.select(application_table).where(application_table.c.id == application_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such application.")
    return _outline(row)


def list_outlines(connection: Connection, states: Sequence[State] = (), office: str = "") -> list[Outline]:
    """Return applications, those changed last first; all, or those in ``states`` and of one office."""
    query = sa.select(application_table)
    if states:
        query = query.where(application_table.c.state.in_([state.value for state in states]))
    if office:
        query = query.where(application_table.c.office == office)
    rows = connection.execute(query.order_by(application_table.c.changed_at.desc(), application_table.c.id))
    return [_outline(row) for row in rows.mappings()]


def count_states(connection: Connection) -> dict[State, int]:
    """Return how many applications stand in each state that has any."""
    query = sa.select(application_table.c.state, sa.func.count()).group_by(application_table.c.state)
    return {State(state): int(count) for state, count in connection.execute(query)}


def read_application(connection: Connection, keys: Keys, application_id: str) -> Application:
    """Return an application with its values.

    Raises: NotFoundError; ConflictError: its conversation has been erased, and the values with it;
    EvidenceError: a value was moved or changed.
    """
    query = sa.select(application_table).where(application_table.c.id == application_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such application.")
    values, earlier = _replay(list_events(connection, keys, application_id))
    return Application(
        id=row["id"],
        number=row["number"],
        product=read_kept_product(connection, row["product_digest"]),
        language=row["language"],
        state=State(row["state"]),
        conversation=row["conversation_id"],
        office=row["office"],
        values=values,
        earlier=tuple(earlier),
        created_at=row["created_at"],
        submitted_at=row["submitted_at"],
        consented_at=row["consented_at"],
    )


def read_kept_product(connection: Connection, digest: str) -> Product:
    """Return a product as it stood when somebody applied for it. Raises: NotFoundError."""
    query = sa.select(product_table.c.content).where(product_table.c.digest == digest)
    content = connection.execute(query).scalar()
    if content is None:
        raise NotFoundError("There is no such product.")
    return parse_product(bytes(content), "product.toml")


def list_events(connection: Connection, keys: Keys, application_id: str) -> list[Event]:
    """Return every change of an application in order, opened. Raises what ``read_application`` raises."""
    outline = find_outline(connection, application_id)
    lock = get_lock(connection, keys, outline.conversation)
    query = sa.select(event_table).where(event_table.c.application_id == application_id)
    found = []
    for row in connection.execute(query.order_by(event_table.c.number)).mappings():
        place = _event_place(application_id, row["number"], row["kind"], row["detail"])
        content = lock.open(bytes(row["sealed"]), place) if row["sealed"] else {}
        found.append(Event(row["number"], row["at"], row["actor"], row["kind"], row["detail"], content))
    return found


def add_values(
    connection: Connection,
    keys: Keys,
    application_id: str,
    values: Iterable[Value],
    *,
    actor: str,
    now: datetime,
    dropped: Iterable[str] = (),
) -> None:
    """Keep values as set or proposed, and items whose value goes away; the newest of an item counts.

    Whether the application may still be changed is the caller's to ask. Raises: ConflictError: erased.
    """
    outline = find_outline(connection, application_id, lock=True)
    lock = get_lock(connection, keys, outline.conversation)
    for value in values:
        content = {
            "value": value.value,
            "said": value.said,
            "origin": value.origin.value,
            "reference": value.reference,
            "at": value.at.isoformat(),
            "confirmed": value.confirmed,
        }
        number = _take_event(connection, application_id, now)
        sealed = lock.close(content, _event_place(application_id, number, "value", value.item))
        _insert_event(connection, application_id, number, now, actor, "value", value.item, sealed)
    for item in dropped:
        number = _take_event(connection, application_id, now)
        _insert_event(connection, application_id, number, now, actor, "dropped", item, b"")


def change_state(
    connection: Connection,
    application_id: str,
    state: State,
    *,
    expected: Sequence[State],
    actor: str,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Move an application to ``state`` and record it in the ledger.

    Raises: ConflictError: it is in none of the ``expected`` states any more.
    """
    outline = find_outline(connection, application_id, lock=True)
    if outline.state not in expected:
        raise ConflictError("The application has changed meanwhile.", next_step="Open it again.")
    values: dict[str, Any] = {"state": state.value}
    if state is State.SUBMITTED and outline.state in OPEN_STATES:
        values["submitted_at"] = now
    where = application_table.c.id == application_id
    connection.execute(sa.update(application_table).where(where).values(**values))
    number = _take_event(connection, application_id, now)
    _insert_event(connection, application_id, number, now, actor, "state", state.value, b"")
    told = {"from": outline.state.value, "to": state.value, "number": outline.number, **(payload or {})}
    append(connection, Record("loans.state_changed", application_id, actor, now, told))


def read_talk_state(connection: Connection, keys: Keys, application_id: str) -> Mapping[str, Any]:
    """Return where the conversation stands, as ``write_talk_state`` kept it; empty before the first turn."""
    query = sa.select(application_table.c.conversation_id, application_table.c.sealed_talk)
    row = connection.execute(query.where(application_table.c.id == application_id)).one()
    lock = get_lock(connection, keys, row.conversation_id)
    return lock.open(bytes(row.sealed_talk), _talk_place(application_id))


def write_talk_state(
    connection: Connection, keys: Keys, application_id: str, state: Mapping[str, Any]
) -> None:
    """Keep where the conversation stands, sealed."""
    outline = find_outline(connection, application_id)
    sealed = get_lock(connection, keys, outline.conversation).close(state, _talk_place(application_id))
    where = application_table.c.id == application_id
    connection.execute(sa.update(application_table).where(where).values(sealed_talk=sealed))


def _replay(events: Iterable[Event]) -> tuple[dict[str, Value], list[Value]]:
    values: dict[str, Value] = {}
    earlier: list[Value] = []
    for event in events:
        if event.kind not in ("value", "dropped"):
            continue
        if event.detail in values:
            earlier.append(values.pop(event.detail))
        if event.kind == "value":
            told = dict(event.content)
            told.update(origin=Origin(told["origin"]), at=datetime.fromisoformat(told["at"]))
            values[event.detail] = Value(item=event.detail, **told)
    return values, earlier


def _take_number(connection: Connection, now: datetime) -> str:
    year = tokyo_day(now).year
    connection.execute(_insert(connection, counter_table).values(year=year, last=0).on_conflict_do_nothing())
    raised = (
        sa.update(counter_table)
        .where(counter_table.c.year == year)
        .values(last=counter_table.c.last + 1)
        .returning(counter_table.c.last)
    )
    return f"R-{year}-{connection.execute(raised).scalar_one():06}"


def _take_event(connection: Connection, application_id: str, now: datetime) -> int:
    table = application_table.c
    raised = (
        sa.update(application_table)
        .where(table.id == application_id)
        .values(events=table.events + 1, changed_at=now)
        .returning(table.events)
    )
    return int(connection.execute(raised).scalar_one())


def _insert_event(
    connection: Connection,
    application_id: str,
    number: int,
    now: datetime,
    actor: str,
    kind: str,
    detail: str,
    sealed: bytes,
) -> None:
    connection.execute(
        sa.insert(event_table).values(
            application_id=application_id,
            number=number,
            at=now,
            actor=actor,
            kind=kind,
            detail=detail,
            sealed=sealed,
        )
    )


def _insert(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _outline(row: Mapping[Any, Any]) -> Outline:
    return Outline(
        row["id"],
        row["number"],
        row["product_id"],
        State(row["state"]),
        row["conversation_id"],
        row["office"],
        row["created_at"],
        row["changed_at"],
        row["submitted_at"],
    )


def _event_place(application_id: str, number: int, kind: str, detail: str) -> str:
    return f"loan/{application_id}/event/{number}/{kind}/{detail}"


def _talk_place(application_id: str) -> str:
    return f"loan/{application_id}/talk"
