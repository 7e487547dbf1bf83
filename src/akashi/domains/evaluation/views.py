"""What the pages of runs show; every page is a few queries, however many cases there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import Judged, judge_suites
from akashi.domains.evaluation.model import Measurement, Trial, Verdict
from akashi.domains.evaluation.store import Kept
from akashi.domains.evaluation.tables import case_table, result_table, verdict_table
from akashi.platform.site import Site

PAGE = 50


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with what may be said of it."""

    kept: Kept
    done: int
    judged: Sequence[Judged]
    requirements: Sequence[Measurement]
    scoring: RowMapping | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of cases is narrowed to."""

    suite: str = ""
    verdict: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the judged units of a run."""

    rows: Sequence[RowMapping]
    total: int
    after: int | None
    is_first: bool


def read_run_page(site: Site, run: str) -> RunPage:
    """Return what the page of a run shows. Raises: NotFoundError: there is none."""
    with site.database.read() as connection:
        kept = store.load_run(connection, run)
        scoring = store.last_scoring(connection, run)
        done = kept.cases if scoring else store.sum_results(connection, run)[0]
    measurements = store.read_measurements(scoring) if scoring else ()
    whole = tuple(one for one in measurements if ":" in one.name)
    return RunPage(kept, done, judge_suites(kept, measurements), whole, scoring)


def read_case_page(site: Site, run: str, wanted: Wanted, after: int = 0) -> CasePage:
    """Return the units of a run that ``wanted`` describes, behind a place."""
    with site.database.read() as connection:
        store.load_run(connection, run)
        scoring = store.last_scoring(connection, run)
        number = int(scoring["number"]) if scoring else 1
        where = _conditions(run, number, wanted)
        joined = _joined()
        total = int(
            connection.execute(sa.select(sa.func.count()).select_from(joined).where(*where)).scalar_one()
        )
        columns = (
            verdict_table.c.place,
            verdict_table.c.verdict,
            verdict_table.c.reason,
            verdict_table.c.detail,
            case_table.c.id,
            case_table.c.suite,
            case_table.c.body,
            result_table.c.body.label("given"),
        )
        query = sa.select(*columns).select_from(joined).where(*where, verdict_table.c.place > after)
        rows = connection.execute(query.order_by(verdict_table.c.place).limit(PAGE + 1)).mappings().all()
    following = rows[PAGE - 1]["place"] if len(rows) > PAGE else None
    return CasePage(rows[:PAGE], total, following, after == 0)


def _joined() -> sa.FromClause:
    same_case = sa.and_(case_table.c.run == verdict_table.c.run, case_table.c.place == verdict_table.c.place)
    same_result = sa.and_(
        result_table.c.run == verdict_table.c.run, result_table.c.place == verdict_table.c.place
    )
    return verdict_table.join(case_table, same_case).join(result_table, same_result)


def _conditions(run: str, scoring: int, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [verdict_table.c.run == run, verdict_table.c.scoring == scoring]
    if wanted.suite:
        found.append(case_table.c.suite == wanted.suite)
    if wanted.verdict in set(Verdict):
        found.append(verdict_table.c.verdict == wanted.verdict)
    for word in wanted.text.split():
        columns = (case_table.c.id, case_table.c.body, result_table.c.body)
        found.append(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a run with all that is kept of it."""

    kept: Kept
    place: int
    verdict: Verdict | None
    reason: str
    detail: str
    trials: Sequence[Trial]
    digest: str


def read_unit(site: Site, run: str, place: int) -> Unit:
    """Return the unit whose first case stands at a place. Raises: NotFoundError: there is none."""
    with site.database.read() as connection:
        kept = store.load_run(connection, run)
        scoring = store.last_scoring(connection, run)
        trials, digest = store.load_unit(connection, run, place)
        where = (
            verdict_table.c.run == run,
            verdict_table.c.scoring == (int(scoring["number"]) if scoring else 1),
            verdict_table.c.place == place,
        )
        row = connection.execute(sa.select(verdict_table).where(*where)).mappings().first()
    if row is None:
        return Unit(kept, place, None, "", "", trials, digest)
    return Unit(kept, place, Verdict(row["verdict"]), row["reason"], row["detail"], trials, digest)
