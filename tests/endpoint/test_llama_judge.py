"""A real model as a judge: ours is too small to mean anything, so its controls must shut it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from akashi.core.people import SYSTEM
from akashi.domains.evaluation import store as runs
from akashi.domains.evaluation.judging.asking import judge_run
from akashi.domains.evaluation.judging.plans import make_judge
from akashi.domains.evaluation.model import Verdict
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.site import Site
from tests.domains.evaluation.making import make_row, small_plan, write_suite
from tests.endpoint.peer import with_endpoint
from tests.endpoint.test_llama import opened_llama

LIMITS = {"concurrency": 1, "retries": 1, "seconds": 60, "pause_ms": 20}


@pytest.mark.full
def test_a_model_that_means_nothing_is_shut_out_by_its_controls(sqlite_site: Site, tmp_path: Path) -> None:
    rows = [make_row(one, expectation={"kind": "judged", "criterion": "丁寧である。"}) for one in range(2)]
    with opened_llama(tmp_path) as peer:
        site = with_endpoint(sqlite_site, peer, total_seconds=60, answer_tokens=64)
        run = start_run(site, small_plan(write_suite(tmp_path, rows)), SYSTEM)
        continue_run(site, run, SYSTEM)
        found = judge_run(site, run, make_judge({"limits": LIMITS}), SYSTEM)
    assert found.state == "disqualified"
    assert found.tried is not None
    assert found.tried.caught + found.tried.cleared < 60
    assert (found.passed, found.failed) == (0, 0)
    with site.database.read() as connection:
        scoring = runs.last_scoring(connection, run)
        assert scoring is not None
        assert set(runs.map_verdicts(connection, run, scoring["number"]).values()) == {Verdict.INCONCLUSIVE}
