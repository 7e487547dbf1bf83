"""Tables of routes, matters and their events, and the queries that read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.model import (
    UNDECIDED,
    Authority,
    Condition,
    Draft,
    Event,
    EventKind,
    Matter,
    Phase,
    Risk,
    Route,
    Step,
    StepKind,
    Subject,
)
from akashi.core.errors import InputError, NotFoundError
from akashi.core.people import Role
from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

route_table = sa.Table(
    "approvals_route",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("steps", sa.Text, nullable=False),
)

authority_table = sa.Table(
    "approvals_authority",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("risk", sa.Text, primary_key=True),
    sa.Column("decider", sa.Text, nullable=False),
    sa.Column("route_id", sa.Text, sa.ForeignKey("approvals_route.id"), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("emergency", sa.Text, nullable=False),
)

matter_table = sa.Table(
    "approvals_matter",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("risk", sa.Text, nullable=False),
    sa.Column("subject_room", sa.Text, nullable=False),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("callback", sa.Text, nullable=False),
    sa.Column("digest_of", sa.Text, nullable=False),
    sa.Column("route_id", sa.Text, nullable=False),
    sa.Column("steps", sa.Text, nullable=False),
    sa.Column("drafter_id", sa.Text, nullable=False, index=True),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("approve_by", sa.Date),
    sa.Column("phase", sa.Text, nullable=False, index=True),
    sa.Column("number", sa.Text, unique=True),
    sa.Index("ix_approvals_matter_subject", "subject_room", "subject_id"),
)
"""``phase`` and ``number`` repeat what the events say, so that lists need not read every event."""

event_table = sa.Table(
    "approvals_event",
    metadata,
    sa.Column("matter_id", sa.Text, sa.ForeignKey("approvals_matter.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Text, nullable=False),
    sa.Column("for_id", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("step", sa.Integer),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("condition", sa.Text, nullable=False),
    sa.Column("conditions", sa.Text, nullable=False),
    sa.Column("salt", sa.Text, nullable=False),
)

attachment_table = sa.Table(
    "approvals_attachment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("matter_id", sa.Text, sa.ForeignKey("approvals_matter.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("condition", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

deputy_table = sa.Table(
    "approvals_deputy",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("principal_id", sa.Text, nullable=False, index=True),
    sa.Column("deputy_id", sa.Text, nullable=False, index=True),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("registered_by", sa.Text, nullable=False),
    sa.Column("registered_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", sa.Text),
)

counter_table = sa.Table(
    "approvals_counter",
    metadata,
    sa.Column("fiscal_year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)

proposal_table = sa.Table(
    "approvals_proposal",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("kept_by", sa.Text, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
)


def list_routes(connection: Connection) -> list[Route]:
    """Return every route, shortest first."""
    rows = connection.execute(sa.select(route_table).order_by(route_table.c.id)).mappings()
    routes = [
        Route(row["id"], row["title"], load_steps(row["steps"]), title_en=row["title_en"]) for row in rows
    ]
    return sorted(routes, key=lambda route: (len(route.steps), route.id))


def list_authority(connection: Connection) -> list[Authority]:
    """Return the authority table by kind, from small to great risk."""
    rows = connection.execute(sa.select(authority_table)).mappings()
    order = list(Risk)
    lines = [_authority(row) for row in rows]
    return sorted(lines, key=lambda line: (line.kind, order.index(line.risk)))


def get_authority(connection: Connection, kind: str, risk: Risk) -> Authority:
    """Return the line that says who decides. Raises: InputError: the table has no such line."""
    query = sa.select(authority_table).where(
        authority_table.c.kind == kind, authority_table.c.risk == risk.value
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise InputError(
            "The authority table does not say who decides {kind} at risk {risk}.",
            next_step="Add the line to the authority table.",
            kind=kind,
            risk=risk.value,
        )
    return _authority(row)


def get_route(connection: Connection, route_id: str) -> Route:
    """Return one route. Raises: NotFoundError."""
    row = connection.execute(sa.select(route_table).where(route_table.c.id == route_id)).mappings().first()
    if row is None:
        raise NotFoundError("There is no such route.", where=route_id)
    return Route(row["id"], row["title"], load_steps(row["steps"]), title_en=row["title_en"])


def replace_tables(connection: Connection, routes: Sequence[Route], lines: Sequence[Authority]) -> None:
    """Store exactly these routes and this authority table."""
    connection.execute(sa.delete(authority_table))
    connection.execute(sa.delete(route_table))
    for route in routes:
        values = {"id": route.id, "title": route.title, "title_en": route.title_en}
        connection.execute(sa.insert(route_table).values(**values, steps=dump_steps(route.steps)))
    for line in lines:
        connection.execute(
            sa.insert(authority_table).values(
                kind=line.kind,
                risk=line.risk.value,
                decider=line.decider.value,
                route_id=line.route_id,
                title=line.title,
                title_en=line.title_en,
                emergency=" ".join(sorted(line.emergency)),
            )
        )


def insert_matter(connection: Connection, matter: Matter, phase: Phase) -> None:
    """Store a new matter without its events."""
    draft = matter.draft
    connection.execute(
        sa.insert(matter_table).values(
            id=matter.id,
            title=draft.title,
            kind=draft.kind,
            risk=draft.risk.value,
            subject_room=draft.subject.room,
            subject_id=draft.subject.id,
            summary=draft.summary,
            link=draft.link,
            callback=draft.callback,
            digest_of=draft.digest_of,
            route_id=matter.route_id,
            steps=dump_steps(matter.steps),
            drafter_id=matter.drafter_id,
            opened_at=matter.opened_at,
            approve_by=matter.approve_by,
            phase=phase.value,
        )
    )


def insert_event(connection: Connection, matter_id: str, event: Event, salt: str) -> None:
    """Store one event; the pair of matter and sequence is unique."""
    connection.execute(
        sa.insert(event_table).values(
            matter_id=matter_id,
            sequence=event.sequence,
            kind=event.kind.value,
            actor_id=event.actor_id,
            for_id=event.for_id,
            at=event.at,
            step=event.step,
            reason=event.reason,
            digest=event.digest,
            number=event.number,
            condition=event.condition,
            conditions=_dump_conditions(event.conditions),
            salt=salt,
        )
    )


def update_matter(connection: Connection, matter_id: str, phase: Phase, number: str) -> None:
    """Repeat what the events say in the row that lists read."""
    connection.execute(
        sa.update(matter_table)
        .where(matter_table.c.id == matter_id)
        .values(phase=phase.value, number=number or None)
    )


def lock_matter(connection: Connection, matter_id: str) -> Matter:
    """Return the matter and keep every other writer waiting until this transaction ends."""
    connection.execute(
        sa.select(matter_table.c.id).where(matter_table.c.id == matter_id).with_for_update()
    ).first()
    return get_matter(connection, matter_id)


def get_matter(connection: Connection, matter_id: str) -> Matter:
    """Return one matter with its events. Raises: NotFoundError."""
    found = _load(connection, matter_table.c.id == matter_id)
    if not found:
        raise NotFoundError("There is no such matter.", where=matter_id)
    return found[0]


def list_matters(
    connection: Connection,
    *,
    phases: Iterable[Phase] = (),
    kind: str = "",
    drafter_id: str = "",
    number: str = "",
    text: str = "",
    subject: tuple[str, str] | None = None,
) -> list[Matter]:
    """Return the matters that meet every given filter, newest first."""
    table = matter_table.c
    wanted = [phase.value for phase in phases]
    tests = [
        *([table.phase.in_(wanted)] if wanted else []),
        *([table.kind == kind] if kind else []),
        *([table.drafter_id == drafter_id] if drafter_id else []),
        *([table.number == number] if number else []),
        *([table.title.contains(text, autoescape=True)] if text else []),
        *([table.subject_room == subject[0], table.subject_id == subject[1]] if subject else []),
    ]
    return _load(connection, *tests)


def find_undecided(connection: Connection, room: str, subjects: Iterable[str]) -> dict[str, str]:
    """Return the id of the matter that waits for a decision on each of a room's subjects, where one does."""
    table = matter_table.c
    waiting = table.phase.in_([phase.value for phase in UNDECIDED])
    query = sa.select(table.subject_id, table.id).where(
        table.subject_room == room, table.subject_id.in_(list(subjects)), waiting
    )
    return {row.subject_id: row.id for row in connection.execute(query)}


def list_with_conditions(connection: Connection) -> list[Matter]:
    """Return the decided matters that carry conditions, newest first."""
    decided = sa.select(event_table.c.matter_id).where(
        event_table.c.kind == EventKind.DECIDED.value, event_table.c.conditions != "[]"
    )
    return _load(connection, matter_table.c.id.in_(decided))


def list_after_the_fact(connection: Connection) -> list[Matter]:
    """Return the undecided matters whose approval is asked for after the fact."""
    waiting = matter_table.c.phase.in_([phase.value for phase in UNDECIDED])
    return _load(connection, matter_table.c.approve_by.is_not(None), waiting)


def read_salts(connection: Connection, matter_id: str) -> dict[int, str]:
    """Return the salt of every event of a matter by its sequence."""
    query = sa.select(event_table.c.sequence, event_table.c.salt).where(event_table.c.matter_id == matter_id)
    return {row.sequence: row.salt for row in connection.execute(query)}


def take_number(connection: Connection, year: int) -> int:
    """Return the next count of a fiscal year; gapless because it rolls back with its transaction."""
    updated = connection.execute(
        sa.update(counter_table)
        .where(counter_table.c.fiscal_year == year)
        .values(last=counter_table.c.last + 1)
        .returning(counter_table.c.last)
    ).scalar()
    if updated is not None:
        return int(updated)
    return _take_first_number(connection, year)


def _take_first_number(connection: Connection, year: int) -> int:
    """Begin the year. Two transactions may try: the second waits for the first and then counts on."""
    text = sa.text(
        "INSERT INTO approvals_counter (fiscal_year, last) VALUES (:year, 1) "
        "ON CONFLICT (fiscal_year) DO UPDATE SET last = approvals_counter.last + 1 RETURNING last"
    )
    return int(connection.execute(text, {"year": year}).scalar_one())


def _load(connection: Connection, *tests: sa.ColumnElement[bool]) -> list[Matter]:
    query = sa.select(matter_table).where(*tests)
    newest_first = query.order_by(matter_table.c.opened_at.desc(), matter_table.c.id)
    rows = connection.execute(newest_first).mappings().all()
    chosen = sa.select(matter_table.c.id).where(*tests)
    events = _read_events(connection, chosen)
    return [_matter(row, tuple(events[row["id"]])) for row in rows]


def _read_events(connection: Connection, chosen: sa.Select[tuple[str]]) -> defaultdict[str, list[Event]]:
    query = (
        sa.select(event_table)
        .where(event_table.c.matter_id.in_(chosen))
        .order_by(event_table.c.matter_id, event_table.c.sequence)
    )
    events: defaultdict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        events[row["matter_id"]].append(_event(row))
    return events


def _matter(row: Mapping[Any, Any], events: tuple[Event, ...]) -> Matter:
    handed_in = [event.digest for event in events if event.kind in {EventKind.OPENED, EventKind.RESUBMITTED}]
    draft = Draft(
        title=row["title"],
        kind=row["kind"],
        risk=Risk(row["risk"]),
        subject=Subject(row["subject_room"], row["subject_id"], handed_in[-1] if handed_in else ""),
        summary=row["summary"],
        link=row["link"],
        callback=row["callback"],
        digest_of=row["digest_of"],
    )
    return Matter(
        id=row["id"],
        draft=draft,
        route_id=row["route_id"],
        steps=load_steps(row["steps"]),
        drafter_id=row["drafter_id"],
        opened_at=row["opened_at"],
        events=events,
        approve_by=row["approve_by"],
    )


def _event(row: Mapping[Any, Any]) -> Event:
    values = {name: value for name, value in row.items() if name not in {"matter_id", "salt"}}
    conditions = tuple(
        Condition(item["id"], item["text"], item["owner_id"], date.fromisoformat(item["due"]))
        for item in orjson.loads(row["conditions"])
    )
    return Event(**{**values, "kind": EventKind(row["kind"]), "conditions": conditions})


def _authority(row: Mapping[Any, Any]) -> Authority:
    return Authority(
        kind=row["kind"],
        risk=Risk(row["risk"]),
        decider=Role(row["decider"]),
        route_id=row["route_id"],
        title=row["title"],
        title_en=row["title_en"],
        emergency=frozenset(Role(name) for name in row["emergency"].split()),
    )


def dump_steps(steps: Sequence[Step]) -> str:
    """Return steps as JSON text, roles sorted."""
    items = [
        {"kind": step.kind, "roles": sorted(step.roles), "title": step.title, "title_en": step.title_en}
        for step in steps
    ]
    return orjson.dumps(items, option=orjson.OPT_SORT_KEYS).decode()


def load_steps(text: str) -> tuple[Step, ...]:
    """Return the steps that ``dump_steps`` wrote."""
    return tuple(
        Step(
            StepKind(item["kind"]),
            frozenset(Role(name) for name in item["roles"]),
            item["title"],
            item["title_en"],
        )
        for item in orjson.loads(text)
    )


def _dump_conditions(conditions: Sequence[Condition]) -> str:
    return orjson.dumps(
        [
            {"id": item.id, "text": item.text, "owner_id": item.owner_id, "due": item.due.isoformat()}
            for item in conditions
        ]
    ).decode()
