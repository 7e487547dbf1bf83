"""Queries of this room, and the register's use cases as this room reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.thread import Severity
from akashi.domains.governance.model import Deed, Event, Kpi, Sample, TrialFigures, UseCase
from akashi.domains.governance.tables import event_table, kpi_table, sample_table
from akashi.findings.model import UNANSWERED_WORD, Wanted
from akashi.findings.store import count_by_severity
from akashi.platform.ids import new_id
from akashi.register.model import Entry
from akashi.register.store import find_entry, list_entries

KIND = "use_case"


def read_use_case(connection: Connection, code: str, *, lock: bool = False) -> UseCase:
    """Return one use case; ``lock`` keeps other writers off it. Raises: NotFoundError."""
    return _use_case(find_entry(connection, KIND, code, lock=lock))


def list_use_cases(connection: Connection) -> list[UseCase]:
    """Return every use case in use, by name."""
    return [_use_case(entry) for entry in list_entries(connection, KIND, state="active")]


def _use_case(entry: Entry) -> UseCase:
    return UseCase(entry.code, entry.title, entry.version, entry.is_active, dict(entry.values))


def list_events(connection: Connection, use_case: str) -> tuple[Event, ...]:
    """Return what happened to a use case, oldest first."""
    return events_by_use_case(connection, use_case).get(use_case, ())


def events_by_use_case(connection: Connection, use_case: str = "") -> dict[str, tuple[Event, ...]]:
    """Return what happened to every use case (or to one), oldest first."""
    query = sa.select(event_table).order_by(event_table.c.use_case, event_table.c.sequence)
    if use_case:
        query = query.where(event_table.c.use_case == use_case)
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["use_case"]].append(
            Event(
                row["sequence"],
                Deed(row["deed"]),
                row["actor"],
                row["at"],
                row["subject_digest"],
                row["content"],
            )
        )
    return {code: tuple(events) for code, events in found.items()}


def add_event(
    connection: Connection,
    use_case: str,
    deed: Deed,
    actor: str,
    at: datetime,
    digest: str,
    content: Mapping[str, Any],
) -> Event:
    """Keep what happened, after everything before it. The caller holds the use case's lock."""
    last = sa.select(sa.func.max(event_table.c.sequence)).where(event_table.c.use_case == use_case)
    sequence = (connection.execute(last).scalar_one() or 0) + 1
    values = {
        "deed": deed.value,
        "actor": actor,
        "at": at,
        "subject_digest": digest,
        "content": dict(content),
    }
    connection.execute(sa.insert(event_table).values(use_case=use_case, sequence=sequence, **values))
    return Event(sequence, deed, actor, at, digest, content)


def add_sample(connection: Connection, sample: Sample, actor: str) -> None:
    """Keep one judged output of a trial."""
    values = {
        "use_case": sample.use_case,
        "day": sample.day,
        "verdict": sample.verdict,
        "seconds_saved": sample.seconds_saved,
        "note": sample.note,
        "output": sample.output,
    }
    connection.execute(sa.insert(sample_table).values(id=new_id("smp"), actor=actor, **values))


def has_output(connection: Connection, use_case: str, output: str) -> bool:
    """Return whether an output of a trial was judged already."""
    table = sample_table.c
    query = sa.select(table.id).where(table.use_case == use_case, table.output == output).limit(1)
    return connection.execute(query).first() is not None


def list_samples(connection: Connection, use_case: str, limit: int = 200) -> list[Sample]:
    """Return the newest judged outputs of a trial."""
    table = sample_table.c
    columns = (table.use_case, table.day, table.verdict, table.seconds_saved, table.note)
    query = sa.select(*columns).where(table.use_case == use_case).order_by(table.day.desc(), table.id)
    return [Sample(*row) for row in connection.execute(query.limit(limit))]


def measure_trial(connection: Connection, use_case: str) -> TrialFigures:
    """Return what a trial showed so far."""
    table = sample_table.c
    query = (
        sa.select(table.verdict, sa.func.count(), sa.func.sum(table.seconds_saved))
        .where(table.use_case == use_case)
        .group_by(table.verdict)
    )
    counts, saved = {}, 0
    for verdict, count, seconds in connection.execute(query):
        counts[verdict] = int(count)
        saved += int(seconds or 0)
    return TrialFigures(sum(counts.values()), counts.get("corrected", 0), counts.get("useless", 0), saved)


def set_kpi(connection: Connection, kpi: Kpi) -> None:
    """Keep one figure of one month in place of an earlier one."""
    table = kpi_table.c
    same = sa.and_(table.use_case == kpi.use_case, table.name == kpi.name, table.month == kpi.month)
    connection.execute(sa.delete(kpi_table).where(same))
    values = {"plan": kpi.plan, "actual": kpi.actual, "unit": kpi.unit}
    connection.execute(
        sa.insert(kpi_table).values(use_case=kpi.use_case, name=kpi.name, month=kpi.month, **values)
    )


def list_kpis(connection: Connection, use_case: str = "") -> list[Kpi]:
    """Return the figures of one use case or of all, by name and month."""
    query = sa.select(kpi_table).order_by(kpi_table.c.use_case, kpi_table.c.name, kpi_table.c.month)
    if use_case:
        query = query.where(kpi_table.c.use_case == use_case)
    return [Kpi(**row) for row in connection.execute(query).mappings()]


def count_open_findings(connection: Connection, use_case: str, now: datetime) -> int:
    """Return how many findings of severity high or critical are open about a use case."""
    counts = count_by_severity(connection, Wanted(state=UNANSWERED_WORD, subject=f"{KIND}:{use_case}"), now)
    return counts.get(Severity.CRITICAL, 0) + counts.get(Severity.HIGH, 0)
