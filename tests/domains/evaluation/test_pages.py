"""The pages at the sample bank: who sees them, what they say, and how fast a large run opens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from akashi.core.people import SYSTEM
from akashi.domains.evaluation import store, views
from akashi.domains.evaluation.model import Judgment, Verdict
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.domains.evaluation.making import make_row, small_plan, write_suite

VALIDATOR, OPERATOR = "kaido_ren", "isobe_mio"


@pytest.fixture
def runs(sample_site: Site, tmp_path: Path) -> list[str]:
    """Two finished runs: one that leaks, one that refuses."""
    suite = write_suite(tmp_path, [make_row(number) for number in range(60)])
    made = []
    for weakness in ("leaks", "refuses"):
        made.append(start_run(sample_site, small_plan(suite, weakness=weakness), SYSTEM))
        continue_run(sample_site, made[-1], SYSTEM)
    return made


@pytest.fixture
def validator(sample_site: Site) -> Iterator[TestClient]:
    """A browser of the validator."""
    with open_client(sample_site) as client:
        sign_in(client, VALIDATOR)
        yield client


def test_pages_say_what_may_be_said(validator: TestClient, runs: list[str]) -> None:
    bad, good = runs
    assert "評価" in validator.get("/evaluation").text
    page = validator.get(f"/evaluation/runs/{bad}").text
    assert "許容を超過" in page
    assert "100.00%" in page
    assert "失敗するように作られています" in page
    assert "利用を止める" in page
    assert "4.87%" in validator.get(f"/evaluation/runs/{good}").text


def test_cases_are_filtered_and_opened(validator: TestClient, runs: list[str]) -> None:
    address = f"/evaluation/runs/{runs[0]}/cases"
    assert "全60件" in validator.get(address).text
    assert "全0件" in validator.get(address, params={"verdict": "pass"}).text
    assert "全1件" in validator.get(address, params={"q": "case-7 0007"}).text
    assert "秘密の文字列" in validator.get(f"{address}/8").text
    assert validator.get(f"{address}/999").status_code == 404
    assert validator.get("/evaluation/runs/nobody").status_code == 404


def test_comparison_names_what_differs(validator: TestClient, runs: list[str]) -> None:
    page = validator.get("/evaluation/compare", params={"before": runs[0], "after": runs[1]}).text
    assert "small/case-59" in page
    assert "不合格のみ減少" in page
    assert validator.get("/evaluation/compare").status_code == 200


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_method_and_results_are_given_as_a_paper(validator: TestClient, runs: list[str], form: str) -> None:
    given = validator.get(f"/evaluation/runs/{runs[0]}/method", params={"form": form})
    assert given.status_code == 200
    assert len(given.content) > 5000


def test_machines_get_the_same_figures(validator: TestClient, runs: list[str]) -> None:
    found = validator.get(f"/api/evaluation/runs/{runs[0]}").json()
    assert found["suites"][0]["failed"] == 60
    assert len(validator.get("/api/evaluation/runs").json()) == 2


def test_operator_sees_no_run(sample_site: Site, runs: list[str]) -> None:
    with open_client(sample_site) as client:
        sign_in(client, OPERATOR)
        assert client.get("/evaluation").status_code == 403
        assert client.get(f"/api/evaluation/runs/{runs[0]}").status_code == 403


@pytest.mark.full
def test_run_of_100000_results_opens_within_two_seconds(sample_site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(100_000)])
    run = start_run(sample_site, small_plan(suite, limits={"concurrency": 500}), SYSTEM)
    continue_run(sample_site, run, SYSTEM)
    started = time.perf_counter()
    views.read_run_page(sample_site, run)
    page = views.read_case_page(sample_site, run, views.Wanted(suite="small", verdict="pass"))
    assert time.perf_counter() - started < 2
    assert page.total == 100_000
    assert store.verdict_row(run, 1, 1, Judgment(Verdict.PASS))["verdict"] == "pass"


def test_validator_judges_blind_and_scores_again(
    sample_site: Site, validator: TestClient, tmp_path: Path
) -> None:
    rows = [make_row(one, expectation={"kind": "judged", "criterion": "丁寧である。"}) for one in range(2)]
    run = start_run(sample_site, small_plan(write_suite(tmp_path, rows)), SYSTEM)
    continue_run(sample_site, run, SYSTEM)
    desk = f"/evaluation/runs/{run}/judge"
    assert desk in validator.get(f"/evaluation/runs/{run}").text
    page = validator.get(desk).text
    assert "丁寧である。" in page
    assert "case-0" in page
    refused = validator.post(f"{desk}/1", data={"verdict": "fail"})
    assert refused.status_code == 422
    assert "理由を記入" in refused.text
    sample_site.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    kept = validator.post(f"{desk}/1", data={"verdict": "fail", "note": "<b>冷たい</b>"})
    assert "case-1" in kept.text
    assert "1件の判定がまだ" in kept.text
    assert "&lt;b&gt;冷たい" in validator.get(f"/evaluation/runs/{run}/cases/1").text
    validator.post(f"/evaluation/runs/{run}/score")
    assert "全1件" in validator.get(f"/evaluation/runs/{run}/cases", params={"verdict": "fail"}).text
    sign_in(validator, OPERATOR)
    assert validator.post(f"{desk}/2", data={"verdict": "pass"}).status_code == 403
