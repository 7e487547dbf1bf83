"""A model that judges: right, lying, flipping, inventing and stalling; people decide in each case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import SYSTEM, Actor, ActorKind, Role
from akashi.core.thread import digest_of
from akashi.domains.evaluation import store as runs
from akashi.domains.evaluation.commands import app
from akashi.domains.evaluation.control import load_controls
from akashi.domains.evaluation.judging import store
from akashi.domains.evaluation.judging.asking import JudgeReport, judge_run
from akashi.domains.evaluation.judging.people import judge_unit, read_desk, score_judged
from akashi.domains.evaluation.judging.plans import JudgePlan, make_judge
from akashi.domains.evaluation.judging.prompt import PROMPT_DIGEST
from akashi.domains.evaluation.model import Verdict
from akashi.domains.evaluation.rescoring import rescore_run
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.endpoint_use import read_spending
from akashi.platform.site import Site
from tests.domains.evaluation.making import make_row, small_plan, write_suite
from tests.endpoint.peer import Peer, with_endpoint

BAD = [trial.trials[0].response.text for trial in load_controls("judged") if trial.expected is Verdict.FAIL]
FAST = {"concurrency": 8, "retries": 5, "seconds": 20, "pause_ms": 20}
ANNA = Actor("anna", ActorKind.PERSON, frozenset({Role.VALIDATOR}))
BEN = Actor("ben", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}))


@pytest.fixture
def linked(sqlite_site: Site, peer: Peer) -> Site:
    """An installation that may call the scripted endpoint."""
    return with_endpoint(sqlite_site, peer)


@pytest.fixture
def run(linked: Site, tmp_path: Path) -> str:
    """A finished run of six replies that only people can judge; the target refuses everything."""
    rows = [make_row(one, expectation={"kind": "judged", "criterion": "丁寧である。"}) for one in range(6)]
    made = start_run(
        linked, small_plan(write_suite(tmp_path, rows), tolerance={"small": {"accepted": 0.5}}), SYSTEM
    )
    continue_run(linked, made, SYSTEM)
    return made


def ask(site: Site, peer: Peer, run: str, manner: str, **more: Any) -> JudgeReport:
    """Script the endpoint and let it judge."""
    peer.script("judges", manner=manner, bad=more.pop("bad", BAD), **more)
    return judge_run(site, run, make_judge({"limits": FAST}), SYSTEM)


def verdicts(site: Site, run: str) -> list[Verdict]:
    """Return the newest verdicts of a run."""
    with site.database.read() as connection:
        scoring = runs.last_scoring(connection, run)
        assert scoring is not None
        return list(runs.map_verdicts(connection, run, scoring["number"]).values())


def test_model_that_is_right_sorts_but_never_decides(linked: Site, peer: Peer, run: str) -> None:
    found = ask(linked, peer, run, "right")
    assert (found.state, found.passed, found.votes) == ("qualified", 6, 3 * (6 + 120))
    assert found.tried is not None
    assert (found.tried.caught, found.tried.cleared, found.tried.wrong) == (60, 60, ())
    assert set(verdicts(linked, run)) == {Verdict.INCONCLUSIVE}
    with linked.database.read() as connection:
        measured = runs.read_measurements(runs.last_scoring(connection, run))  # type: ignore[arg-type]
        assert measured[0].worst_upper == 1.0
        judge = store.list_judges(connection, run)[0]
        spent = read_spending(connection, linked.now().date())
    assert judge["details"]["prompt"] == PROMPT_DIGEST
    assert judge["details"]["model"] == "test-model"
    assert spent == (found.tokens, found.microyen) == (378 * 320, 378 * (300 * 20 + 20 * 60))
    judge_unit(linked, ANNA, run, 6, Verdict.FAIL, "冷たい")
    assert read_desk(linked, run, "ben").waiting == (1, 2, 3, 4, 5, 6)
    votes = len(peer.seen())
    assert judge_run(linked, run, make_judge({"limits": FAST}), SYSTEM).votes == found.votes
    assert len(peer.seen()) == votes


@pytest.mark.full
@pytest.mark.parametrize("manner", ["yes", "invents"])
def test_model_that_lies_or_invents_fails_its_controls(
    linked: Site, peer: Peer, run: str, manner: str
) -> None:
    found = ask(linked, peer, run, manner)
    assert (found.state, found.passed, found.failed, found.votes) == ("disqualified", 0, 0, 360)
    assert read_desk(linked, run, "anna").model[Verdict.PASS] == 0


@pytest.mark.full
def test_flipped_votes_on_a_reply_say_nothing(linked: Site, peer: Peer, run: str) -> None:
    sure = [one.trials[0].response.text for one in load_controls("judged")]
    found = ask(linked, peer, run, "flips", sure=sure)
    assert (found.state, found.passed, found.failed, found.flipped) == ("qualified", 0, 0, 6)


@pytest.mark.full
def test_stalling_model_is_broken_off_and_asked_again_later(linked: Site, peer: Peer, run: str) -> None:
    peer.script("judges", manner="stalls", bad=BAD, seconds=2)
    slow = make_judge({"limits": {**FAST, "seconds": 1, "retries": 0, "concurrency": 60}})
    assert judge_run(linked, run, slow, SYSTEM).state == "stopped"
    assert ask(linked, peer, run, "right").state == "qualified"


def test_budget_stops_the_asking_before_it_is_passed(linked: Site, peer: Peer, run: str) -> None:
    peer.script("judges", bad=BAD)
    limits = {**FAST, "tokens": 50_000}
    found = judge_run(linked, run, make_judge({"limits": limits}), SYSTEM)
    assert (found.state, found.reason) == ("stopped", "budget")
    assert 0 < found.tokens <= 50_000


def test_people_decide_and_two_more_where_they_differ(linked: Site, run: str) -> None:
    linked.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    for place in range(1, 7):
        judge_unit(linked, ANNA, run, place, Verdict.PASS, "")
    judge_unit(linked, BEN, run, 6, Verdict.FAIL, "冷たい")
    desk = read_desk(linked, run, "anna")
    assert (desk.settled, desk.waiting, desk.unheard) == (5, (), 6)
    assert read_desk(linked, run, "cho").waiting == (6,)
    rescore_run(linked, run, ANNA)
    assert verdicts(linked, run).count(Verdict.PASS) == 5
    linked.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
    judge_unit(linked, ANNA, run, 6, Verdict.FAIL, "突き放している")
    assert score_judged(linked, linked.now()) == 0
    linked.clock.advance(timedelta(minutes=11))  # type: ignore[attr-defined]
    assert score_judged(linked, linked.now()) == 1
    assert score_judged(linked, linked.now()) == 0
    assert verdicts(linked, run).count(Verdict.FAIL) == 1


def test_what_cannot_be_judged_is_refused(linked: Site, peer: Peer, run: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Say why"):
        judge_unit(linked, ANNA, run, 1, Verdict.FAIL, " ")
    with pytest.raises(InputError, match="between 3"):
        make_judge({"votes": 2})
    with pytest.raises(InputError, match="unknown"):
        make_judge({"temperature": 1})
    suite = write_suite(tmp_path, [make_row(1, suite="ruled")], "ruled")
    other = start_run(linked, small_plan(suite), SYSTEM)
    continue_run(linked, other, SYSTEM)
    with pytest.raises(ConflictError, match="no case"):
        judge_run(linked, other, JudgePlan(), SYSTEM)
    with pytest.raises(ConflictError, match="fixed rule"):
        judge_unit(linked, ANNA, other, 1, Verdict.PASS, "")
    away = replace(linked, settings=replace(linked.settings, allowed_hosts=()))
    with pytest.raises(Exception, match="not among the allowed"):
        judge_run(away, run, JudgePlan(), SYSTEM)
    assert digest_of(b"") != PROMPT_DIGEST


def test_command_asks_a_model_from_a_file_and_exits_1_where_its_word_does_not_count(
    linked: Site, peer: Peer, run: str, tmp_path: Path
) -> None:
    peer.script("judges", manner="yes", bad=BAD)
    file = tmp_path / "judge.toml"
    file.write_text("votes = 3\n[limits]\nconcurrency = 8\nretries = 5\npause_ms = 20\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["judge", run, str(file), "--json"], obj=lambda: linked)
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert (told["state"], told["units"], told["votes"]) == ("disqualified", 6, 360)
    file.write_text("model = 3\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["judge", run, str(file)], obj=lambda: linked).exit_code == 1
