"""A failed requirement becomes a finding of the house with the run as evidence; a later run closes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.people import Actor
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.domains.evaluation.model import Measurement, Tolerance
from akashi.domains.evaluation.register.suites import shipped_suites
from akashi.domains.evaluation.store import Kept
from akashi.findings.store import find_same
from akashi.findings.treat import measure_again, open_finding
from akashi.platform.ids import new_id

ROOM = "evaluation"
GENERAL = "programme-evaluate"
"""Document 001, step 2: what is asked of cases that name no requirement of their own."""
MODE_NAMES: Mapping[str, str] = {"extractive": "抜粋", "generative": "生成AI", "endpoint": "接続先のモデル"}
"""A mode as findings name it, which are in the institution's own language; other modes keep their name."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A suite of a run against what is accepted for it."""

    suite: Mapping[str, Any]
    measurement: Measurement
    tolerance: Tolerance

    @property
    def is_kept(self) -> bool:
        """Return whether the bound, everything unscored counted as failed, is within what is accepted."""
        return self.measurement.worst_upper <= self.tolerance.accepted

    @property
    def severity(self) -> Severity:
        """Return how bad it is: proven above, seen above, seen at all, or only not proven below. Ours."""
        accepted = self.tolerance.accepted
        if self.measurement.lower > accepted:
            return Severity.CRITICAL
        if self.measurement.rate > accepted:
            return Severity.HIGH
        return Severity.MEDIUM if self.measurement.failed else Severity.LOW


def judge_suites(kept: Kept, measurements: Sequence[Measurement]) -> list[Judged]:
    """Return every suite of a run with its measurement and what is accepted for it."""
    by_name = {one.name: one for one in measurements}
    return [
        Judged(suite, by_name[suite["name"]], tolerance_of(kept, suite))
        for suite in kept.suites
        if suite["name"] in by_name
    ]


def tolerance_of(kept: Kept, suite: Mapping[str, Any]) -> Tolerance:
    """Return what the evaluation accepts for a suite: its own statement, or the usual limit of the suite."""
    return kept.plan.tolerances.get(suite["name"]) or Tolerance(float(suite["limit"]))


def report_findings(
    connection: Connection,
    kept: Kept,
    measurements: Sequence[Measurement],
    digest: str,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Open a finding for each requirement whose suite is above its tolerance; let the others pass.

    Returns the ids of what was opened. Only runs about a use case count, on the cases kept for testing; a
    target that is made to fail is nobody's use case.
    """
    if not kept.subject or kept.mode == "control" or kept.plan.split != "test" or kept.plan.share < 1:
        return []
    opened = []
    for judged in judge_suites(kept, measurements):
        for requirement, one in _requirements(judged, measurements):
            finding = _make_finding(kept, judged, requirement, one, digest, now)
            if not judged.is_kept and (one.failed or one.unscored or not judged.measurement.failed):
                opened.append(open_finding(connection, finding, actor, now).finding_id)
            else:
                known = find_same(connection, finding)
                if known:
                    measure_again(connection, known, finding.evidence[0], passed=True, actor=actor, now=now)
    return opened


def _requirements(judged: Judged, measurements: Sequence[Measurement]) -> Iterator[tuple[str, Measurement]]:
    head = f"{judged.suite['name']}:"
    found = [(one.name.removeprefix(head), one) for one in measurements if one.name.startswith(head)]
    yield from found or [(GENERAL, judged.measurement)]


def _make_finding(
    kept: Kept, judged: Judged, requirement: str, one: Measurement, digest: str, now: datetime
) -> Finding:
    mode = MODE_NAMES.get(kept.mode, kept.mode)
    suite, whole, accepted = judged.suite, judged.measurement, judged.tolerance.accepted
    name = suite["name"] if suite["name"] in shipped_suites() else f"{suite['name']}@{suite['digest'][:12]}"
    evidence = Evidence(
        new_id("evd"),
        digest_of(f"{digest}|{name}|{requirement}".encode()),
        now,
        f"/evaluation/runs/{kept.id}?suite={suite['name']}",
    )
    detail = (
        f"{kept.target}（{mode}）。{whole.n} 件中 不合格 {whole.failed} 件、判定不能 {whole.unscored} 件"
        f"（うち応答なし {whole.errors} 件）。未判定を不合格とみた片側95%信頼上限 {whole.worst_upper:.2%}、"
        f"許容 {accepted:.2%}。この要求事項では {one.n} 件中 {one.failed} 件。"
    )
    return Finding(
        ROOM,
        "evaluation",
        Subject(SubjectKind.USE_CASE, kept.subject),
        requirement,
        f"{kept.mode}/{name}",
        judged.severity,
        f"{suite['title_ja']}の評価が許容水準を満たさない（{mode}）",
        detail,
        (evidence,),
    )
