"""Judging a run again: the stored replies, the rules of today, no call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.domains.evaluation import store
from akashi.domains.evaluation.control import run_controls
from akashi.domains.evaluation.findings import report_findings
from akashi.domains.evaluation.interfaces import Scorer
from akashi.domains.evaluation.judging.store import QUALIFIED, list_judges, read_opinions, stream_judged
from akashi.domains.evaluation.model import Judgment, RunState
from akashi.domains.evaluation.running import describe_scoring, measure_run
from akashi.domains.evaluation.scorers import open_scorers
from akashi.domains.evaluation.scorers.judged import JudgedScorer
from akashi.domains.evaluation.scoring import judge_unit
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

MOST_NAMED = 1000


def rescore_run(site: Site, run: str, actor: Actor) -> list[str]:
    """Judge every unit of a run again and return those whose verdict changed.

    The scoring before stays as it was. A rule that is wrong on its own controls makes the run invalid.

    Raises: ConflictError: the run still goes on.
    """
    now = site.now()
    with site.database.write() as connection:
        kept = store.load_run(connection, run)
        scorers = open_scorers(site.ports.check_output, open_judged(connection, run))
        before = store.last_scoring(connection, run)
        if before is None:
            raise ConflictError("The run is not finished.", where=run)
        number = int(before["number"]) + 1
        known = store.map_verdicts(connection, run, number - 1)
        changed, kinds, rows = [], set(), []
        for place, unit, kind, judgment in _judge(connection, run, scorers):
            kinds.add(kind)
            rows.append(store.verdict_row(run, number, place, judgment))
            if known.get(place) is not judgment.verdict:
                changed.append(unit)
        store.insert_verdicts(connection, rows)
        controls = run_controls(scorers, kinds)
        is_valid = all(one.is_good for one in controls)
        measurements = measure_run(connection, kept, number)
        values = describe_scoring(kept, kept.head, scorers, measurements, controls)
        fields = {"at": now, "actor": actor.id, "changed": changed[:MOST_NAMED], **values}
        store.insert_scoring(connection, run, number, fields, measurements)
        state = RunState.FINISHED if is_valid else RunState.INVALID
        store.update_run(
            connection,
            run,
            controls=[asdict(one) for one in controls],
            state=state.value,
            reason="" if is_valid else "controls",
        )
        if is_valid:
            report_findings(connection, kept, measurements, values["digest"], actor, now)
        payload = {"scoring": values["digest"], "changed": len(changed), "state": state.value}
        append(connection, Record("evaluation.rescored", run, actor.id, now, payload))
    return changed


def open_judged(connection: Connection, run: str) -> JudgedScorer:
    """Return the scorer that knows what people, and a model that knew its controls, said of a run."""
    opinions = read_opinions(connection, run)
    if not opinions:
        return JudgedScorer()
    units = {place: trial.case.unit for place, trial in stream_judged(connection, run)}
    judge = next((one["digest"] for one in list_judges(connection, run) if one["state"] == QUALIFIED), "")
    return JudgedScorer({units[place]: said for place, said in opinions.items() if place in units}, judge)


def _judge(
    connection: Connection, run: str, scorers: dict[str, Scorer]
) -> Iterator[tuple[int, str, str, Judgment]]:
    for place, trials in store.stream_units(connection, run):
        case = trials[0].case
        yield place, case.unit, case.expectation.kind, judge_unit(trials, scorers)
