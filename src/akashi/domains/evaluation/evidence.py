"""What evaluations show of requirements: the newest valid run of each suite, use case, target and mode."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.engine import Connection

from akashi.core.evidenced import Evidenced, Standing
from akashi.domains.evaluation import store
from akashi.domains.evaluation.findings import Judged, judge_suites
from akashi.domains.evaluation.model import Measurement, RunState
from akashi.domains.evaluation.store import Kept
from akashi.platform.site import Site

MOST_RUNS = 200
CONTROL = "control"
TITLE = "{suite}: {failed} of {n} failed, {unscored} unscored; upper bound {upper}, accepted {accepted}"


def list_evidence(site: Site) -> list[Evidenced]:
    """Return a line for each requirement that a suite names: met within tolerance, or not met above it.

    Runs that are invalid, unfinished, on development cases, or of a target that is made to fail do not
    count. What was measured on one mode is said of that mode only.
    """
    with site.database.read() as connection:
        return list(_read_newest(connection))


def _read_newest(connection: Connection) -> Iterator[Evidenced]:
    seen: set[tuple[str, ...]] = set()
    for kept in store.list_runs(connection, MOST_RUNS):
        if kept.state is not RunState.FINISHED or kept.mode == CONTROL or kept.plan.split != "test":
            continue
        scoring = store.last_scoring(connection, kept.id)
        measurements = store.read_measurements(scoring) if scoring else ()
        for judged in judge_suites(kept, measurements):
            key = (judged.suite["name"], kept.subject, kept.target, kept.mode)
            if key not in seen:
                seen.add(key)
                yield from _read_suite(kept, judged, measurements)


def _read_suite(kept: Kept, judged: Judged, measurements: tuple[Measurement, ...]) -> Iterator[Evidenced]:
    head = f"{judged.suite['name']}:"
    whole = judged.measurement
    values: dict[str, object] = {
        "suite": judged.suite.get("title_ja", judged.suite["name"]),
        "failed": whole.failed,
        "n": whole.n,
        "unscored": whole.unscored,
        "upper": f"{whole.worst_upper:.2%}",
        "accepted": f"{judged.tolerance.accepted:.2%}",
    }
    for one in measurements:
        if one.name.startswith(head):
            yield Evidenced(
                one.name.removeprefix(head),
                "evaluation",
                Standing.MET if judged.is_kept else Standing.NOT_MET,
                TITLE,
                kept.ended_at or kept.created_at,
                f"/evaluation/runs/{kept.id}?suite={judged.suite['name']}",
                f"{kept.target} / {kept.mode}",
                values=values,
            )
