"""People judge what no rule can: who, when, why; and the run is scored again with what they said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import SYSTEM, Actor
from akashi.domains.evaluation import store as runs
from akashi.domains.evaluation.judging import store
from akashi.domains.evaluation.judging.opinions import (
    DECIDED,
    Agreement,
    Opinions,
    Spoken,
    measure_agreement,
    settle,
)
from akashi.domains.evaluation.model import RunState, Trial, Verdict
from akashi.domains.evaluation.rescoring import rescore_run
from akashi.domains.evaluation.tables import run_table, scoring_table
from akashi.ledger.model import Record
from akashi.ledger.order import hold_ledger
from akashi.ledger.store import append
from akashi.platform.site import Site

MOST_NOTE = 1_000
QUIET = timedelta(minutes=10)
"""So long after the last judgment of a run it is scored again by itself. Ours."""
CHOICES = (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
_NOTHING = Opinions()


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to judge in a run, for one person. ``waiting``: places he may still judge, in order."""

    total: int
    settled: int
    waiting: tuple[int, ...]
    unheard: int
    agreement: Agreement
    model: dict[Verdict, int]


def read_desk(site: Site, run: str, person: str) -> Desk:
    """Return what there is to judge in a run for a person. Raises: NotFoundError: there is no such run."""
    with site.database.read() as connection:
        runs.load_run(connection, run)
        scoring = runs.last_scoring(connection, run)
        trials = store.stream_judged(connection, run)
        opinions = store.read_opinions(connection, run)
    scored_at = scoring["at"] if scoring else None
    known = [opinions.get(place, _NOTHING) for place, _ in trials]
    waiting = tuple(place for (place, _), one in zip(trials, known, strict=True) if _waits_for(one, person))
    said = [one.model for one in known]
    return Desk(
        len(trials),
        sum(settle(one).verdict in DECIDED for one in known),
        waiting,
        sum(_is_unheard(one, scored_at) for one in known),
        measure_agreement(known),
        {verdict: said.count(verdict) for verdict in CHOICES},
    )


def _waits_for(opinions: Opinions, person: str) -> bool:
    """Return whether a unit is not settled and this person has not judged it."""
    return settle(opinions).verdict not in DECIDED and person not in {one.person for one in opinions.people}


def _is_unheard(opinions: Opinions, scored_at: datetime | None) -> bool:
    return any(scored_at is None or one.at > scored_at for one in opinions.people)


@dataclass(frozen=True, slots=True)
class Judged:
    """One unit on the desk, with everything said of it."""

    place: int
    trial: Trial
    digest: str
    opinions: Opinions


def read_judged(connection: Connection, run: str, place: int) -> Judged:
    """Return one unit. Raises: NotFoundError: there is none; ConflictError: a fixed rule judges it."""
    trials, digest = runs.load_unit(connection, run, place)
    if trials[0].case.expectation.kind != store.KIND or trials[0].response.error:
        raise ConflictError("A fixed rule judges this case.", where=str(place))
    return Judged(place, trials[0], digest, store.read_opinions(connection, run).get(place, _NOTHING))


def judge_unit(site: Site, actor: Actor, run: str, place: int, verdict: Verdict, note: str) -> None:
    """Keep what a person judged; a later word of the same person replaces his earlier one.

    Raises: InputError: no reason beside a failure, or it is too long; ConflictError: the run goes on.
    """
    told = note.strip()
    if len(told) > MOST_NOTE:
        raise InputError("At most {most} characters.", where="note", most=MOST_NOTE)
    if verdict is not Verdict.PASS and not told:
        raise InputError("Say why.", where="note")
    if verdict not in CHOICES:
        raise InputError("Choose a judgment.", where="verdict")
    now = site.now()
    with site.database.write() as connection:
        hold_ledger(connection)
        if runs.load_run(connection, run).state is not RunState.FINISHED:
            raise ConflictError("The run is not finished.", where=run)
        one = read_judged(connection, run, place)
        spoken = Spoken(actor.id, verdict, now, told.replace("\x00", ""))
        sequence = store.add_opinion(connection, run, place, spoken, one.digest)
        payload = {"place": place, "number": sequence, "verdict": verdict.value, "reply": one.digest}
        append(connection, Record("evaluation.opinion", run, actor.id, now, payload))


def score_judged(site: Site, now: datetime) -> int:
    """Score the runs again whose newest judgment is newer than their scoring and some minutes old."""
    with site.database.read() as connection:
        waiting = [run for run in _list_unheard(connection) if _is_quiet(connection, run, now)]
    for run in waiting:
        rescore_run(site, run, SYSTEM)
    return len(waiting)


def _is_quiet(connection: Connection, run: str, now: datetime) -> bool:
    last = store.last_opinion_at(connection, run)
    return last is not None and now - last >= QUIET


def _list_unheard(connection: Connection) -> Sequence[str]:
    return store.list_unheard(connection, dict(_scored(connection)))


def _scored(connection: Connection) -> Iterator[tuple[str, datetime]]:
    query = (
        sa.select(scoring_table.c.run, sa.func.max(scoring_table.c.at))
        .select_from(scoring_table.join(run_table, run_table.c.id == scoring_table.c.run))
        .where(run_table.c.state == RunState.FINISHED.value)
        .group_by(scoring_table.c.run)
    )
    yield from ((run, at) for run, at in connection.execute(query))
