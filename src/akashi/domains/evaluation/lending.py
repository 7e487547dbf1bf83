"""What this room tells whoever decides on a use case: its runs, and what a target stands for now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from akashi.core.evaluated import EvaluatedRun, EvaluatedSuite, Published
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import Judged, judge_suites
from akashi.domains.evaluation.model import RunState, Tolerance
from akashi.domains.evaluation.plans import Plan, TargetPlan
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.evaluation.store import Kept
from akashi.domains.evaluation.tables import case_table
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

MOST_RUNS = 100
ASSISTANT = "assistant"
EXTRACTIVE = "extractive"


def read_runs(connection: Any, use_case: str) -> tuple[EvaluatedRun, ...]:
    """Return the newest runs about a use case, newest first."""
    return tuple(
        _describe(connection, kept) for kept in store.list_runs(connection, MOST_RUNS, subject=use_case)
    )


def present_target(site: Site, target: str) -> tuple[str, str] | None:
    """Return mode and digest of what ``target`` is now; else of the newest run of a target of this name."""
    if target == ASSISTANT and site.ports.assistant is not None:
        details = dict(site.ports.assistant.describe(site))
        return EXTRACTIVE, digest_of(canonical_json(details))
    with site.database.read() as connection:
        runs = [kept for kept in store.list_runs(connection, MOST_RUNS) if kept.target == target]
    return (runs[0].mode, runs[0].target_digest) if runs else None


def publish_run(connection: Any, run: str) -> Published:
    """Return the cases of a run as they were played, and what judged them. Raises: NotFoundError."""
    kept = store.load_run(connection, run)
    scoring = store.last_scoring(connection, run)
    query = (
        sa.select(case_table.c.suite, case_table.c.body)
        .where(case_table.c.run == run)
        .order_by(case_table.c.place)
    )
    bodies: defaultdict[str, list[str]] = defaultdict(list)
    for suite, body in connection.execute(query):
        bodies[suite].append(body)
    record = {
        "id": kept.id,
        "title": kept.title,
        "mode": kept.mode,
        "target": kept.target,
        "target_digest": kept.target_digest,
        "plan_digest": kept.plan.digest,
        "head": kept.head,
        "ended_at": kept.ended_at.isoformat() if kept.ended_at else None,
        "digest": str(scoring["digest"]) if scoring else "",
        "scorers": list(scoring["scorers"]) if scoring else [],
        "controls": kept.controls,
        "suites": [asdict(one) for one in _describe(connection, kept).suites],
    }
    return Published(
        {name: "".join(f"{one}\n" for one in found).encode() for name, found in bodies.items()}, record
    )


def repeat_run(
    site: Site,
    actor: Actor,
    *,
    title: str,
    use_case: str,
    target: str,
    suites: Mapping[str, Path],
    accepted: Mapping[str, float],
) -> str:
    """Put published suites to a target of this installation to the end; return the run's id.

    Raises: InputError: a suite or the target cannot be used.
    """
    plan = Plan(
        title=title,
        target=TargetPlan(kind=target),
        suites=tuple(str(path) for path in suites.values()),
        subject=use_case,
        split="all",
        tolerances={name: Tolerance(share) for name, share in accepted.items()},
    )
    run = start_run(site, plan, actor)
    continue_run(site, run, actor)
    return run


def _describe(connection: Any, kept: Kept) -> EvaluatedRun:
    scoring = store.last_scoring(connection, kept.id)
    judged = judge_suites(kept, store.read_measurements(scoring)) if scoring else []
    return EvaluatedRun(
        id=kept.id,
        title=kept.title,
        target=kept.target,
        mode=kept.mode,
        target_digest=kept.target_digest,
        is_valid=kept.state is RunState.FINISHED,
        ended_at=kept.ended_at,
        digest=str(scoring["digest"]) if scoring else "",
        actor=kept.actor,
        suites=tuple(_suite(one) for one in judged),
    )


def _suite(judged: Judged) -> EvaluatedSuite:
    suite, seen = judged.suite, judged.measurement
    return EvaluatedSuite(
        name=suite["name"],
        title_ja=suite.get("title_ja", suite["name"]),
        title_en=suite.get("title_en", suite["name"]),
        risk=suite.get("risk", ""),
        n=seen.n,
        failed=seen.failed,
        unscored=seen.unscored,
        errors=seen.errors,
        rate=seen.rate,
        upper=seen.worst_upper,
        accepted=judged.tolerance.accepted,
        templates=seen.templates,
    )
