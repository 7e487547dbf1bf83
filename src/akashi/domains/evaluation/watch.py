"""Watching in operation: a share of the cases is asked again on a schedule; drift becomes a finding.

A hosted model may change under an unchanged name. What it says of itself (model, fingerprint) and how it does
on the same cases are compared with the run the watch began with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.people import SYSTEM, Actor
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import GENERAL, ROOM
from akashi.domains.evaluation.measure.compare import compare_runs
from akashi.domains.evaluation.model import RunState, Verdict
from akashi.domains.evaluation.plans import describe_plan, recall_plan
from akashi.domains.evaluation.report import read_verdicts
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.evaluation.store import Kept
from akashi.domains.evaluation.tables import watch_table
from akashi.findings.store import find_same
from akashi.findings.treat import measure_again, open_finding
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

MOST_HOURS = 24 * 366
UNCHANGED, WORSE, OTHER_MODEL, NO_RUN = "unchanged", "worse", "other_model", "no_run"


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed since the base run: ``said`` is one of the words above, ``detail`` names it."""

    said: str
    detail: str = ""

    @property
    def severity(self) -> Severity:
        """Return how bad it is. Ours."""
        return Severity.HIGH if self.said == WORSE else Severity.MEDIUM


def start_watch(site: Site, run: str, hours: int, share: float, actor: Actor) -> str:
    """Return the id of a new watch over the target of a finished run; it is first due after ``hours``.

    Raises: InputError: hours or share are out of their range; ConflictError: the run is not finished.
    """
    if not 1 <= hours <= MOST_HOURS or not 0 < share <= 1:
        raise InputError("A watch needs 1 or more hours, and a share of the cases up to 1.", where="watch")
    now = site.now()
    with site.database.write() as connection:
        kept = store.load_run(connection, run)
        if kept.state is not RunState.FINISHED:
            raise ConflictError("The run is not finished.", where=run)
        watch = new_id("watch")
        values = {
            "id": watch,
            "base_run": run,
            "plan": describe_plan(replace(kept.plan, share=min(share, kept.plan.share))),
            "hours": hours,
            "next_at": now + timedelta(hours=hours),
            "last_run": "",
            "said": "",
            "actor": actor.id,
            "created_at": now,
        }
        connection.execute(sa.insert(watch_table), [values])
        append(connection, Record("evaluation.watched", watch, actor.id, now, {"run": run, "hours": hours}))
    return watch


def end_watch(site: Site, watch: str, actor: Actor) -> None:
    """End a watch. Raises: NotFoundError: there is none that goes on."""
    now = site.now()
    with site.database.write() as connection:
        going = sa.update(watch_table).where(watch_table.c.id == watch, watch_table.c.next_at.is_not(None))
        if connection.execute(going.values(next_at=None)).rowcount != 1:
            raise NotFoundError("There is no watch {id}.", where="watch", id=watch)
        append(connection, Record("evaluation.unwatched", watch, actor.id, now, {}))


def list_watches(connection: Connection) -> Sequence[RowMapping]:
    """Return the watches, those that go on first."""
    order = (watch_table.c.next_at.is_(None), watch_table.c.next_at, watch_table.c.id)
    return connection.execute(sa.select(watch_table).order_by(*order)).mappings().all()


def watch_targets(site: Site, now: datetime) -> int:
    """Repeat what is due and return how many were; each is claimed first, so that two ticks share them."""
    with site.database.read() as connection:
        due = watch_table.c.next_at <= now
        found = connection.execute(sa.select(watch_table).where(due)).mappings().all()
    return sum(_repeat(site, watch, now) for watch in found)


def _repeat(site: Site, watch: RowMapping, now: datetime) -> int:
    with site.database.write() as connection:
        claim = sa.update(watch_table).where(
            watch_table.c.id == watch["id"], watch_table.c.next_at == watch["next_at"]
        )
        if connection.execute(claim.values(next_at=now + timedelta(hours=watch["hours"]))).rowcount != 1:
            return 0
    run = start_run(site, recall_plan(watch["plan"]), SYSTEM)
    state = continue_run(site, run, SYSTEM)
    with site.database.write() as connection:
        drift = (
            find_drift(connection, watch["base_run"], run)
            if state is RunState.FINISHED
            else Drift(NO_RUN, state)
        )
        done = sa.update(watch_table).where(watch_table.c.id == watch["id"])
        connection.execute(done.values(last_run=run, said=drift.said))
        _report(connection, store.load_run(connection, watch["base_run"]), run, drift, site.now())
        payload = {"watch": str(watch["id"]), "said": drift.said}
        append(connection, Record("evaluation.repeated", run, SYSTEM.id, site.now(), payload))
    return 1


def find_drift(connection: Connection, base: str, run: str) -> Drift:
    """Return how a run differs from the one before on the cases both have.

    Worse: in some suite more units fail than before, beyond chance (exact McNemar). Another model: it names
    itself otherwise than before.
    """
    before, after = store.load_run(connection, base), store.load_run(connection, run)
    known, seen = read_verdicts(connection, before), read_verdicts(connection, after)
    for name, verdicts in seen.items():
        shared = _shared(known.get(name, {}), verdicts)
        if compare_runs(name, shared, verdicts).is_worse:
            return Drift(WORSE, name)
    names = [_names(connection, one) for one in (base, run)]
    if names[0] and names[1] and names[0] != names[1]:
        return Drift(OTHER_MODEL, f"{' '.join(sorted(names[0]))} -> {' '.join(sorted(names[1]))}")
    return Drift(UNCHANGED)


def _shared(before: dict[str, Verdict], after: dict[str, Verdict]) -> dict[str, Verdict]:
    return {unit: verdict for unit, verdict in before.items() if unit in after}


def _names(connection: Any, run: str) -> set[str]:
    names = set()
    for _, trials in store.stream_units(connection, run):
        for trial in trials:
            if trial.response.model or trial.response.fingerprint:
                names.add(f"{trial.response.model}/{trial.response.fingerprint}")
    return names


def _report(connection: Connection, base: Kept, run: str, drift: Drift, now: datetime) -> None:
    if not base.subject or base.mode == "control":
        return
    digest = digest_of(f"{run}|{drift.said}|{drift.detail}".encode())
    evidence = Evidence(new_id("evd"), digest, now, f"/evaluation/compare?before={base.id}&after={run}")
    finding = Finding(
        ROOM,
        "watch",
        Subject(SubjectKind.USE_CASE, base.subject),
        GENERAL,
        f"drift/{base.mode}/{base.id}",
        drift.severity,
        f"運用中の再評価で、評価対象の変化が見られた（{base.target}）",
        f"基準の評価 {base.id}、再評価 {run}：{drift.said} {drift.detail}".strip(),
        (evidence,),
    )
    if drift.said != UNCHANGED:
        open_finding(connection, finding, SYSTEM, now)
        return
    open_one = find_same(connection, finding)
    if open_one:
        measure_again(connection, open_one, evidence, passed=True, actor=SYSTEM, now=now)
