"""What this room tells whoever decides on a use case: its runs, and what a target stands for now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from akashi.core.errors import InputError, SetupError
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
from akashi.domains.evaluation.targets import open_target
from akashi.platform.canonical import canonical_json
from akashi.platform.site import Site

MOST_RUNS = 100
ASSISTANT = "assistant"
EXTRACTIVE, GENERATIVE = "extractive", "generative"
GENERATIVE_PLAN = Plan("generative", TargetPlan(GENERATIVE), ())


def read_runs(connection: Any, use_case: str) -> tuple[EvaluatedRun, ...]:
    """Return the newest runs about a use case, newest first."""
    return tuple(
        _describe(connection, kept) for kept in store.list_runs(connection, MOST_RUNS, subject=use_case)
    )


def present_target(site: Site, target: str) -> tuple[str, str] | None:
    """Return mode and digest of what a target's name stands for now; None where that cannot be known.

    ``assistant`` is whichever mode answers customers: once the generative one does, no run on extracts
    counts any more. ``generative`` is that mode before its decision. Any other name is what the newest run
    of this name tested, opened again by its plan.
    """
    assistant = site.ports.assistant
    if target == ASSISTANT and assistant is not None:
        mode = assistant.mode(site) if assistant.mode else EXTRACTIVE
        if mode == EXTRACTIVE:
            return EXTRACTIVE, digest_of(canonical_json(dict(assistant.describe(site))))
        return _open_again(site, GENERATIVE_PLAN)
    if target == GENERATIVE:
        return _open_again(site, GENERATIVE_PLAN)
    with site.database.read() as connection:
        runs = [kept for kept in store.list_runs(connection, MOST_RUNS) if kept.target == target]
    return _open_again(site, runs[0].plan) if runs else None


def _open_again(site: Site, plan: Plan) -> tuple[str, str] | None:
    """Return mode and digest of the target of a plan as it is now; None where it cannot be opened."""
    try:
        mark = open_target(site, plan).mark
    except (InputError, SetupError):
        return None
    return mark.mode, mark.digest


def find_run(connection: Any, mode: str, target_digest: str) -> EvaluatedRun | None:
    """Return the newest valid run of exactly this mode and digest on all cases kept for testing, or None."""
    for kept in store.list_runs(connection, MOST_RUNS):
        is_same = (kept.mode, kept.target_digest) == (mode, target_digest)
        is_whole = kept.plan.split == "test" and kept.plan.share == 1
        if is_same and is_whole and kept.state is RunState.FINISHED:
            return _describe(connection, kept)
    return None


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
