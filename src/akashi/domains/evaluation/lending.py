"""What this room tells whoever decides on a use case: its runs, and what a target stands for now."""

from __future__ import annotations

from typing import Any

from akashi.core.evaluated import EvaluatedRun, EvaluatedSuite
from akashi.core.thread import digest_of
from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import Judged, judge_suites
from akashi.domains.evaluation.model import RunState
from akashi.domains.evaluation.store import Kept
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
