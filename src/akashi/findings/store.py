"""Tables and queries of findings. Events are only ever added; phases are recomputed from them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import NotFoundError
from akashi.core.events import FindingEvent
from akashi.core.lifecycle import UNANSWERED, FindingState
from akashi.core.moments import tokyo_day
from akashi.core.thread import Finding, Severity, Subject, SubjectKind, digest_of
from akashi.findings.model import UNANSWERED_WORD, Due, KeptFinding, Phase, Recorded, Row, Wanted, key_of
from akashi.findings.phases import list_phases
from akashi.findings.records import kind_of, read_event, write_details
from akashi.ledger.order import hold_ledger
from akashi.platform.database import Moment, new_metadata
from akashi.platform.ids import new_id

SOON_DAYS = 30
MOST_IDS = 400
"""Ids asked for in one statement."""

metadata = new_metadata()

finding_table = sa.Table(
    "findings_finding",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("room", sa.String(64), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("subject_kind", sa.String(64), nullable=False),
    sa.Column("subject_id", sa.String(128), nullable=False),
    sa.Column("requirement_id", sa.String(128), nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Index("ix_findings_finding_subject", "subject_kind", "subject_id"),
)

event_table = sa.Table(
    "findings_event",
    metadata,
    sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("finding_id", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("treatment_id", sa.String(64), nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("once", sa.String(160), nullable=True, unique=True),
    sa.Index("ix_findings_event_finding_id", "finding_id", "at", "sequence"),
    sqlite_autoincrement=True,
)

phase_table = sa.Table(
    "findings_phase",
    metadata,
    sa.Column("finding_id", sa.String(64), primary_key=True),
    sa.Column("from_at", Moment, primary_key=True),
    sa.Column("until_at", Moment, nullable=True),
    sa.Column("state", sa.String(32), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("severity_rank", sa.Integer, nullable=False),
    sa.Column("owner", sa.String(128), nullable=False),
    sa.Column("due_on", sa.Date, nullable=True),
    sa.Column("due_at", Moment, nullable=True),
    sa.Column("ends_on", sa.Date, nullable=True),
    sa.Index("ix_findings_phase_state", "state", "severity_rank"),
)


def insert_finding(connection: Connection, finding: Finding, now: datetime) -> tuple[str, bool]:
    """Return the finding's id, and whether it is new; two writers at once agree on one id."""
    values = {
        "id": new_id("fnd"),
        "key": key_of(finding),
        "room": finding.room,
        "source": finding.source,
        "subject_kind": finding.subject.kind.value,
        "subject_id": finding.subject.id,
        "requirement_id": finding.requirement_id,
        "fingerprint": finding.fingerprint,
        "title": finding.title,
        "detail": finding.detail,
        "opened_at": now,
    }
    hold_ledger(connection)
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(finding_table).values(values).on_conflict_do_nothing(index_elements=["key"]))
    same_key = finding_table.c.key == values["key"]
    found = connection.execute(sa.select(finding_table.c.id).where(same_key).with_for_update()).scalar_one()
    return found, found == values["id"]


def find_same(connection: Connection, finding: Finding) -> str:
    """Return the id of the finding that is the same by its key, or an empty text."""
    query = sa.select(finding_table.c.id).where(finding_table.c.key == key_of(finding))
    return str(connection.execute(query).scalar_one_or_none() or "")


def load_finding(connection: Connection, finding_id: str, *, lock: bool = False) -> KeptFinding:
    """Return one finding; ``lock`` keeps other writers off it until the transaction ends.

    Raises: NotFoundError: there is none.
    """
    if lock:
        hold_ledger(connection)
    query = sa.select(finding_table).where(finding_table.c.id == finding_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("There is no finding {id}.", where="finding", id=finding_id)
    return _read_finding(row)


def _read_finding(row: RowMapping) -> KeptFinding:
    subject = Subject(SubjectKind(row["subject_kind"]), row["subject_id"])
    finding = Finding(
        row["room"],
        row["source"],
        subject,
        row["requirement_id"],
        row["fingerprint"],
        Severity.LOW,
        row["title"],
        row["detail"],
    )
    return KeptFinding(row["id"], finding, row["opened_at"])


def list_recorded(connection: Connection, finding_id: str) -> tuple[Recorded, ...]:
    """Return everything that happened to a finding, in order."""
    order = (event_table.c.at, event_table.c.sequence)
    query = sa.select(event_table).where(event_table.c.finding_id == finding_id).order_by(*order)
    return tuple(_read_recorded(row) for row in connection.execute(query).mappings())


def list_events(connection: Connection, finding_id: str) -> tuple[FindingEvent, ...]:
    """Return the events of a finding, in order."""
    return tuple(one.event for one in list_recorded(connection, finding_id))


def _read_recorded(row: RowMapping) -> Recorded:
    details = orjson.loads(row["details"])
    head = (row["kind"], row["finding_id"], row["at"], row["sequence"], row["treatment_id"])
    return Recorded(read_event(*head, details), row["kind"], row["actor"], row["recorded_at"], details)


def insert_event(
    connection: Connection, event: FindingEvent, actor_id: str, now: datetime, kind: str = ""
) -> tuple[FindingEvent, str]:
    """Add one event; return it with its sequence, and the salted digest of its details for the ledger."""
    values = _event_values(event, actor_id, now, kind)
    insert = sa.insert(event_table).values(values).returning(event_table.c.sequence)
    sequence = connection.execute(insert).scalar_one()
    return replace(event, sequence=sequence), digest_of((values["salt"] + values["details"]).encode())


def insert_turn(
    connection: Connection, event: FindingEvent, details: dict[str, object], once: str, now: datetime
) -> bool:
    """Add what time did to a treatment, unless ``once`` stands there already; return whether it was added."""
    values = _event_values(event, "system", now, "turned")
    values |= {
        "details": orjson.dumps(details).decode(),
        "once": once,
        "treatment_id": details["treatment_id"],
    }
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = insert(event_table).values(values).on_conflict_do_nothing(index_elements=["once"])
    return connection.execute(added.returning(event_table.c.sequence)).scalar_one_or_none() is not None


def _event_values(event: FindingEvent, actor_id: str, now: datetime, kind: str) -> dict[str, Any]:
    return {
        "finding_id": event.finding_id,
        "at": event.at,
        "kind": kind or kind_of(event),
        "treatment_id": getattr(event, "treatment_id", ""),
        "actor": actor_id,
        "recorded_at": now,
        "details": orjson.dumps(write_details(event)).decode(),
        "salt": secrets.token_hex(16),
        "once": None,
    }


def write_phases(connection: Connection, finding_id: str, events: Sequence[FindingEvent]) -> None:
    """Replace the phases of a finding by those that follow from its events."""
    connection.execute(sa.delete(phase_table).where(phase_table.c.finding_id == finding_id))
    rows = [_phase_values(finding_id, phase) for phase in list_phases(finding_id, events)]
    connection.execute(sa.insert(phase_table), rows)


def _phase_values(finding_id: str, phase: Phase) -> dict[str, Any]:
    return {
        "finding_id": finding_id,
        "from_at": phase.from_at,
        "until_at": phase.until_at,
        "state": phase.state.value,
        "severity": phase.severity.value,
        "severity_rank": phase.severity.rank,
        "owner": phase.owner,
        "due_on": phase.due_on,
        "due_at": phase.due_at,
        "ends_on": phase.ends_on,
    }


def list_rows(
    connection: Connection,
    wanted: Wanted,
    now: datetime,
    *,
    sort: str = "severity",
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Row, ...]:
    """Return the findings that ``wanted`` describes, as they stand at ``now``."""
    column = _SORTS[sort]
    order = [column.desc() if descending else column.asc()]
    query = _select(sa.select(finding_table, *_PHASE_COLUMNS), wanted, now)
    query = query.order_by(*order, finding_table.c.opened_at.desc(), finding_table.c.id)
    rows = connection.execute(query.limit(limit).offset(offset)).mappings()
    return tuple(_read_row(row, now) for row in rows)


def list_rows_of(connection: Connection, finding_ids: Sequence[str], now: datetime) -> dict[str, Row]:
    """Return these findings by id, as they stand at ``now``; unknown ids are left out."""
    found: dict[str, Row] = {}
    query = _select(sa.select(finding_table, *_PHASE_COLUMNS), Wanted(), now)
    for first in range(0, len(finding_ids), MOST_IDS):
        some = query.where(finding_table.c.id.in_(finding_ids[first : first + MOST_IDS]))
        found |= {row["id"]: _read_row(row, now) for row in connection.execute(some).mappings()}
    return found


def count_rows(connection: Connection, wanted: Wanted, now: datetime) -> int:
    """Return how many findings ``wanted`` describes at ``now``."""
    query = _select(sa.select(sa.func.count(finding_table.c.id)), wanted, now)
    return int(connection.execute(query).scalar_one())


def count_by_severity(connection: Connection, wanted: Wanted, now: datetime) -> dict[Severity, int]:
    """Return how many findings of each severity ``wanted`` describes; absent ones count 0."""
    columns = sa.select(phase_table.c.severity, sa.func.count(finding_table.c.id))
    found = connection.execute(_select(columns, wanted, now).group_by(phase_table.c.severity))
    counts = {Severity(severity): int(count) for severity, count in found}
    return {severity: counts.get(severity, 0) for severity in Severity}


def list_values(connection: Connection, column: str) -> tuple[str, ...]:
    """Return the distinct values of ``room`` or ``owner``, for the filters of the list."""
    chosen = finding_table.c.room if column == "room" else phase_table.c.owner
    found = connection.execute(sa.select(chosen).distinct().order_by(chosen)).scalars()
    return tuple(value for value in found if value)


def list_turning(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Return the findings to which time may have done something by ``now`` that no row records yet."""
    turned = sa.or_(
        sa.and_(phase_table.c.until_at.is_not(None), phase_table.c.until_at <= now),
        sa.and_(_in_force(now), phase_table.c.due_at.is_not(None), phase_table.c.due_at <= now),
    )
    found = connection.execute(sa.select(phase_table.c.finding_id).where(turned).distinct()).scalars()
    return tuple(sorted(found))


_PHASE_COLUMNS = [
    phase_table.c[name] for name in ("state", "severity", "owner", "due_on", "due_at", "ends_on")
]

_SORTS: dict[str, sa.ColumnElement[Any]] = {
    "severity": phase_table.c.severity_rank,
    "state": phase_table.c.state,
    "due": sa.func.coalesce(phase_table.c.due_on, sa.literal(date.max, sa.Date)),
    "opened": finding_table.c.opened_at,
    "title": finding_table.c.title,
    "room": finding_table.c.room,
    "owner": phase_table.c.owner,
}

SORTS = tuple(_SORTS)


def _in_force(now: datetime) -> sa.ColumnElement[bool]:
    until = phase_table.c.until_at
    return sa.and_(phase_table.c.from_at <= now, sa.or_(until.is_(None), until > now))


def _select(columns: sa.Select[Any], wanted: Wanted, now: datetime) -> sa.Select[Any]:
    joined = finding_table.join(phase_table, phase_table.c.finding_id == finding_table.c.id)
    return columns.select_from(joined).where(_in_force(now), *_conditions(wanted, now))


def _conditions(wanted: Wanted, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions = [] if not wanted.room else [finding_table.c.room == wanted.room]
    if wanted.severity:
        conditions.append(phase_table.c.severity == wanted.severity.value)
    if wanted.state:
        states = UNANSWERED if wanted.state == UNANSWERED_WORD else {FindingState(wanted.state)}
        conditions.append(phase_table.c.state.in_(sorted(state.value for state in states)))
    if wanted.owner:
        conditions.append(phase_table.c.owner == wanted.owner)
    if wanted.text:
        conditions.append(_contains(wanted.text))
    if wanted.subject:
        kind, _, name = wanted.subject.partition(":")
        conditions += [finding_table.c.subject_kind == kind, finding_table.c.subject_id == name]
    return conditions + ([_due_condition(wanted.due, now)] if wanted.due else [])


def _due_condition(due: Due, now: datetime) -> sa.ColumnElement[bool]:
    today = tokyo_day(now)
    horizon = today + timedelta(days=SOON_DAYS)
    if due is Due.PAST:
        return phase_table.c.due_at <= now
    if due is Due.SOON:
        return sa.and_(phase_table.c.due_at > now, phase_table.c.due_on <= horizon)
    return sa.and_(phase_table.c.ends_on >= today, phase_table.c.ends_on <= horizon)


def _contains(text: str) -> sa.ColumnElement[bool]:
    columns = (finding_table.c.title, finding_table.c.detail, finding_table.c.requirement_id)
    return sa.or_(
        *(column.icontains(text, autoescape=True) for column in (*columns, finding_table.c.subject_id))
    )


def _read_row(row: RowMapping, now: datetime) -> Row:
    return Row(
        row["id"],
        row["room"],
        f"{row['subject_kind']}:{row['subject_id']}",
        row["requirement_id"],
        row["title"],
        Severity(row["severity"]),
        FindingState(row["state"]),
        row["owner"],
        row["due_on"],
        row["ends_on"],
        row["due_at"] is not None and row["due_at"] <= now,
        row["opened_at"],
    )
