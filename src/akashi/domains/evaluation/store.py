"""What runs keep: every change of a run is one transaction, every list one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import NotFoundError
from akashi.domains.evaluation.model import Case, Judgment, Measurement, Response, RunState, Trial, Verdict
from akashi.domains.evaluation.plans import Plan, recall_plan
from akashi.domains.evaluation.records import GENESIS, load_response
from akashi.domains.evaluation.register.cases import read_case, write_case
from akashi.domains.evaluation.tables import (
    case_table,
    result_table,
    run_table,
    scoring_table,
    verdict_table,
)

CHUNK = 500
MOST_TOGETHER = 20
"""Cases of a group stand together, and are at most so many."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A run as it is kept."""

    id: str
    title: str
    subject: str
    state: RunState
    reason: str
    plan: Plan
    suites: list[dict[str, Any]]
    target: str
    mode: str
    target_digest: str
    target_details: dict[str, Any]
    controls: list[dict[str, Any]]
    cases: int
    progress: dict[str, Any]
    head: str
    actor: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """A case of a run that is to be played: its place, its JSON as it is kept, and the case."""

    place: int
    body: str
    case: Case


def insert_run(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new run."""
    connection.execute(sa.insert(run_table), [dict(values)])


def insert_cases(connection: Connection, run: str, cases: Iterable[Case]) -> int:
    """Keep the cases of a run in their order and return how many there are."""
    numbered = enumerate(cases, 1)
    count = 0
    while rows := [_case_row(run, place, case) for place, case in islice(numbered, CHUNK)]:
        connection.execute(sa.insert(case_table), rows)
        count += len(rows)
    return count


def _case_row(run: str, place: int, case: Case) -> dict[str, Any]:
    return {
        "run": run,
        "place": place,
        "id": case.id,
        "unit": case.unit,
        "suite": case.suite,
        "grouped": "group" in case.expectation.values,
        "kind": case.expectation.kind,
        "template": case.template,
        "requirements": " ".join(case.requirements),
        "body": orjson.dumps(write_case(case)).decode(),
    }


def load_run(connection: Connection, run: str) -> Kept:
    """Return a run. Raises: NotFoundError: there is none."""
    row = connection.execute(sa.select(run_table).where(run_table.c.id == run)).mappings().first()
    if row is None:
        raise NotFoundError("There is no evaluation run {id}.", where="run", id=run)
    return _to_run(row)


def list_runs(connection: Connection, limit: int, offset: int = 0, subject: str = "") -> list[Kept]:
    """Return runs, newest first."""
    query = sa.select(run_table).order_by(run_table.c.created_at.desc(), run_table.c.id.desc())
    if subject:
        query = query.where(run_table.c.subject == subject)
    return [_to_run(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def count_runs(connection: Connection) -> int:
    """Return how many runs there are."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(run_table)).scalar_one())


def _to_run(row: RowMapping) -> Kept:
    values = dict(row)
    return Kept(**{**values, "state": RunState(values["state"]), "plan": recall_plan(values["plan"])})


def update_run(connection: Connection, run: str, **values: Any) -> None:
    """Change fields of a run."""
    connection.execute(sa.update(run_table).where(run_table.c.id == run).values(**values))


def list_open(connection: Connection, run: str, after: int) -> list[tuple[int, str]]:
    """Return place and body of the next cases behind a place that have no result yet."""
    known = sa.exists().where(result_table.c.run == run, result_table.c.place == case_table.c.place)
    query = (
        sa.select(case_table.c.place, case_table.c.body)
        .where(case_table.c.run == run, case_table.c.place > after, ~known)
        .order_by(case_table.c.place)
        .limit(CHUNK)
    )
    return [(row.place, row.body) for row in connection.execute(query)]


def read_link(connection: Connection, run: str) -> tuple[int, str]:
    """Return sequence and digest of the last result."""
    query = (
        sa.select(result_table.c.sequence, result_table.c.digest)
        .where(result_table.c.run == run)
        .order_by(result_table.c.sequence.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.sequence, row.digest) if row else (0, GENESIS)


def insert_results(
    connection: Connection, results: Sequence[Mapping[str, Any]], verdicts: Sequence[Mapping[str, Any]]
) -> None:
    """Keep what came back, with the verdicts that are known."""
    connection.execute(sa.insert(result_table), [dict(one) for one in results])
    if verdicts:
        connection.execute(sa.insert(verdict_table), [dict(one) for one in verdicts])


def insert_verdicts(connection: Connection, verdicts: Sequence[Mapping[str, Any]]) -> None:
    """Keep verdicts."""
    if verdicts:
        connection.execute(sa.insert(verdict_table), [dict(one) for one in verdicts])


def verdict_row(run: str, scoring: int, place: int, judgment: Judgment) -> dict[str, Any]:
    """Return a verdict as a row; what no database can hold is replaced."""
    return {
        "run": run,
        "scoring": scoring,
        "place": place,
        "verdict": judgment.verdict.value,
        "reason": judgment.reason,
        "detail": _storable(judgment.detail),
    }


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:2000]


def stream_units(
    connection: Connection, run: str, *, grouped: bool | None = None
) -> Iterator[tuple[int, tuple[Trial, ...]]]:
    """Yield every unit whose results are all there, as the place of its first case and its trials.

    Cases of a group stand together, so one group is held at a time. ``grouped`` keeps only groups, or none.
    """
    waiting: list[tuple[int, Trial | None]] = []
    unit = ""
    for place, case, response in _stream_results(connection, run, grouped):
        if case.unit != unit and waiting:
            yield from _whole(waiting)
            waiting = []
        unit = case.unit
        waiting.append((place, Trial(case, response) if response else None))
    if waiting:
        yield from _whole(waiting)


def _whole(waiting: Sequence[tuple[int, Trial | None]]) -> Iterator[tuple[int, tuple[Trial, ...]]]:
    trials = tuple(trial for _, trial in waiting if trial is not None)
    if len(trials) == len(waiting):
        yield waiting[0][0], trials


def _stream_results(
    connection: Connection, run: str, grouped: bool | None
) -> Iterator[tuple[int, Case, Response | None]]:
    joined = case_table.outerjoin(
        result_table,
        sa.and_(result_table.c.run == case_table.c.run, result_table.c.place == case_table.c.place),
    )
    columns = (case_table.c.place, case_table.c.body, result_table.c.body.label("given"))
    query = sa.select(*columns).select_from(joined).where(case_table.c.run == run)
    if grouped is not None:
        query = query.where(case_table.c.grouped == grouped)
    after = 0
    while True:
        page = query.where(case_table.c.place > after).order_by(case_table.c.place).limit(CHUNK)
        rows = connection.execute(page).all()
        for row in rows:
            given = load_response(row.given) if row.given is not None else None
            yield row.place, read_case(orjson.loads(row.body)), given
        if len(rows) < CHUNK:
            return
        after = rows[-1].place


@dataclass(frozen=True, slots=True)
class Group:
    """How many units of one template, suite and set of requirements have one verdict."""

    suite: str
    template: str
    requirements: tuple[str, ...]
    verdict: Verdict
    units: int


def count_groups(connection: Connection, run: str, scoring: int) -> list[Group]:
    """Return the units of a scoring, counted by what measurements ask for."""
    columns = (
        case_table.c.suite,
        case_table.c.template,
        case_table.c.requirements,
        verdict_table.c.verdict,
    )
    query = sa.select(*columns, sa.func.count()).select_from(_judged_cases()).group_by(*columns)
    query = query.where(verdict_table.c.run == run, verdict_table.c.scoring == scoring).order_by(*columns)
    return [
        Group(suite, template, tuple(requirements.split()), Verdict(verdict), int(count))
        for suite, template, requirements, verdict, count in connection.execute(query)
    ]


def list_kinds(connection: Connection, run: str) -> list[str]:
    """Return the kinds of expectation that the cases of a run have."""
    query = sa.select(case_table.c.kind).where(case_table.c.run == run).distinct()
    return sorted(connection.execute(query).scalars())


def has_model(connection: Connection, run: str) -> bool:
    """Return whether any reply of a run names the model whose words were shown."""
    query = sa.select(result_table.c.place).where(
        result_table.c.run == run, result_table.c.body.contains('"model":"', autoescape=True)
    )
    return connection.execute(query.limit(1)).first() is not None


def count_kind(connection: Connection, run: str, kind: str) -> int:
    """Return how many cases of a run have an expectation of this kind."""
    query = sa.select(sa.func.count()).select_from(case_table)
    query = query.where(case_table.c.run == run, case_table.c.kind == kind)
    return int(connection.execute(query).scalar_one())


def map_verdicts(connection: Connection, run: str, scoring: int) -> dict[int, Verdict]:
    """Return the verdict of every unit by the place of its first case."""
    query = sa.select(verdict_table.c.place, verdict_table.c.verdict)
    rows = connection.execute(query.where(verdict_table.c.run == run, verdict_table.c.scoring == scoring))
    return {place: Verdict(verdict) for place, verdict in rows}


def _judged_cases() -> sa.FromClause:
    return verdict_table.join(
        case_table,
        sa.and_(case_table.c.run == verdict_table.c.run, case_table.c.place == verdict_table.c.place),
    )


def insert_scoring(
    connection: Connection,
    run: str,
    number: int,
    values: Mapping[str, Any],
    measurements: Sequence[Measurement],
) -> None:
    """Keep a finished scoring."""
    row = {"run": run, "number": number, "measurements": [asdict(one) for one in measurements], **values}
    connection.execute(sa.insert(scoring_table), [row])


def last_scoring(connection: Connection, run: str) -> RowMapping | None:
    """Return the newest scoring of a run, or None while it goes on."""
    query = sa.select(scoring_table).where(scoring_table.c.run == run)
    return connection.execute(query.order_by(scoring_table.c.number.desc()).limit(1)).mappings().first()


def read_measurements(scoring: RowMapping) -> tuple[Measurement, ...]:
    """Return the measurements of a scoring."""
    return tuple(Measurement(**one) for one in scoring["measurements"])


def sum_results(connection: Connection, run: str) -> tuple[int, int, int]:
    """Return how many cases have a result, and what they cost in tokens and millionths of a yen."""
    columns = result_table.c
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(columns.tokens), 0),
        sa.func.coalesce(sa.func.sum(columns.microyen), 0),
    ).where(columns.run == run)
    count, tokens, microyen = connection.execute(query).one()
    return int(count), int(tokens), int(microyen)


def count_verdicts(connection: Connection, run: str, scoring: int) -> dict[str, dict[Verdict, int]]:
    """Return how many units of each suite have which verdict."""
    columns = (case_table.c.suite, verdict_table.c.verdict)
    query = sa.select(*columns, sa.func.count()).select_from(_judged_cases()).group_by(*columns)
    query = query.where(verdict_table.c.run == run, verdict_table.c.scoring == scoring)
    found: dict[str, dict[Verdict, int]] = {}
    for suite, verdict, count in connection.execute(query):
        found.setdefault(suite, {})[Verdict(verdict)] = int(count)
    return found


def list_unit_verdicts(connection: Connection, run: str, scoring: int) -> Iterator[tuple[str, str, Verdict]]:
    """Yield suite, unit and verdict of every judged unit."""
    columns = (case_table.c.suite, case_table.c.unit, verdict_table.c.verdict)
    query = sa.select(*columns).select_from(_judged_cases())
    query = query.where(verdict_table.c.run == run, verdict_table.c.scoring == scoring)
    for row in connection.execute(query):
        yield row.suite, row.unit, Verdict(row.verdict)


def stream_chain(connection: Connection, run: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield place, case, response and digest of every result in the order in which they became durable."""
    joined = result_table.join(
        case_table,
        sa.and_(case_table.c.run == result_table.c.run, case_table.c.place == result_table.c.place),
    )
    columns = (
        result_table.c.sequence,
        result_table.c.place,
        case_table.c.body.label("asked"),
        result_table.c.body,
        result_table.c.digest,
    )
    query = sa.select(*columns).select_from(joined).where(result_table.c.run == run)
    query = query.order_by(result_table.c.sequence).limit(CHUNK)
    after = 0
    while rows := connection.execute(query.where(result_table.c.sequence > after)).all():
        for row in rows:
            yield row.place, row.asked, row.body, row.digest
        after = rows[-1].sequence


def load_unit(connection: Connection, run: str, place: int) -> tuple[list[Trial], str]:
    """Return the trials of the unit at a place that have a result, and the digest of the first one.

    Raises: NotFoundError: there is no such case, or it has no result yet.
    """
    same = sa.and_(result_table.c.run == case_table.c.run, result_table.c.place == case_table.c.place)
    named = sa.select(case_table.c.unit).where(case_table.c.run == run, case_table.c.place == place)
    columns = (case_table.c.body.label("asked"), result_table.c.body, result_table.c.digest)
    query = (
        sa.select(*columns)
        .select_from(case_table.join(result_table, same))
        .where(
            case_table.c.run == run,
            case_table.c.unit == named.scalar_subquery(),
            case_table.c.place.between(place, place + MOST_TOGETHER),
        )
        .order_by(case_table.c.place)
    )
    rows = connection.execute(query).all()
    if not rows:
        raise NotFoundError("There is no such case.", where="case", id=place)
    trials = [Trial(read_case(orjson.loads(row.asked)), load_response(row.body)) for row in rows]
    return trials, rows[0].digest
