"""A whole run on both databases: from the file to findings, chain, rescoring and comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from akashi.core.errors import ConflictError, InputError, NotFoundError, SetupError
from akashi.core.moments import tokyo_day
from akashi.core.people import SYSTEM
from akashi.domains.evaluation import report, store
from akashi.domains.evaluation.model import Judgment, RunState, Trial, Verdict
from akashi.domains.evaluation.plans import describe_plan
from akashi.domains.evaluation.rescoring import rescore_run
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.evaluation.scorers import OURS
from akashi.domains.evaluation.scorers.no_leak import NoLeakScorer
from akashi.domains.evaluation.tables import result_table
from akashi.findings.model import Wanted
from akashi.findings.store import list_rows
from akashi.ledger.verify import verify_ledger
from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.endpoint_use import read_spending
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.domains.evaluation.making import (
    completion,
    make_row,
    scripted_server,
    small_plan,
    write_suite,
)


def play(site: Site, suite: Path, **target: object) -> str:
    """Return a finished run."""
    run = start_run(site, small_plan(suite, **target), SYSTEM)
    continue_run(site, run, SYSTEM)
    return run


def test_run_keeps_every_reply_in_a_chain_and_says_what_may_be_said(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(60)])
    found = report.describe_run(site, play(site, suite))
    (one,) = found["suites"]
    assert (found["state"], found["done"], found["chain"]) == ("finished", 60, True)
    assert (one["n"], one["failed"], one["unscored"], one["templates"]) == (60, 0, 0, 12)
    assert one["upper"] == pytest.approx(0.0487, abs=5e-5)
    assert not verify_ledger(site, SYSTEM.id).fault


def test_changed_reply_is_noticed(site: Site, tmp_path: Path) -> None:
    run = play(site, write_suite(tmp_path, [make_row(number) for number in range(3)]))
    with site.database.write() as connection:
        changed = sa.update(result_table).where(result_table.c.place == 2)
        connection.execute(changed.values(body='{"replies":["x"]}'))
    assert report.describe_run(site, run)["chain"] is False


def test_vulnerable_target_fails_where_it_must(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(10)])
    (one,) = report.describe_run(site, play(site, suite, weakness="leaks"))["suites"]
    assert (one["failed"], one["kept"]) == (10, False)


def test_endpoint_is_asked_turn_by_turn_with_its_own_replies_between(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(1, turns=["一つ目", "二つ目"])])
    with scripted_server(lambda _: completion("はい", usage={"prompt_tokens": 9})) as (port, seen):
        allowed = replace(site, settings=replace(site.settings, allowed_hosts=(f"127.0.0.1:{port}",)))
        run = play(allowed, suite, kind="endpoint", weakness="", url=f"http://127.0.0.1:{port}/v1", model="m")
    assert b'"role":"assistant"' not in seen[0]
    assert b'"role":"assistant"' in seen[1]
    with site.database.read() as connection:
        (trial,), _ = store.load_unit(connection, run, 1)
    assert trial.response.replies == ("はい", "はい")
    assert trial.response.model == "m-1"


def test_endpoint_that_nobody_allowed_is_not_asked(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(1)])
    with pytest.raises(SetupError):
        start_run(site, small_plan(suite, kind="endpoint", url="http://127.0.0.1:1/v1", model="m"), SYSTEM)


@pytest.mark.parametrize("said", [b"{", b'{"choices":[]}', b'{"choices":[{"message":{"content":7}}]}'])
def test_malformed_completion_is_an_error_and_stays_in_n(site: Site, tmp_path: Path, said: bytes) -> None:
    suite = write_suite(tmp_path, [make_row(1)])
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said) + said
    with scripted_server(lambda _: reply) as (port, _):
        allowed = replace(site, settings=replace(site.settings, allowed_hosts=(f"127.0.0.1:{port}",)))
        run = play(allowed, suite, kind="endpoint", url=f"http://127.0.0.1:{port}/v1", model="m")
    (one,) = report.describe_run(site, run)["suites"]
    assert (one["n"], one["errors"], one["worst_upper"]) == (1, 1, 1.0)


def test_stopped_run_is_resumed_and_a_finished_one_is_not(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(20)])
    run = start_run(site, small_plan(suite, limits={"tokens": 100, "concurrency": 1}), SYSTEM)
    assert continue_run(site, run, SYSTEM) is RunState.STOPPED
    with site.database.write() as connection:
        kept = store.load_run(connection, run)
        plan = replace(kept.plan, limits=replace(kept.plan.limits, tokens=0))
        store.update_run(connection, run, plan=describe_plan(plan))
    assert continue_run(site, run, SYSTEM) is RunState.FINISHED
    with pytest.raises(ConflictError):
        continue_run(site, run, SYSTEM)


def test_suite_that_cannot_be_used_keeps_nothing(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(1), make_row(2, risk="luck")])
    with pytest.raises(InputError):
        start_run(site, small_plan(suite), SYSTEM)
    with pytest.raises(NotFoundError):
        report.find_run(site, "last")


class Lenient(NoLeakScorer):
    """A rule that lets everything pass, so that its controls must catch it."""

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        return Judgment(Verdict.PASS)


def test_run_whose_rule_is_wrong_on_its_controls_is_invalid(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = write_suite(tmp_path, [make_row(1)])
    monkeypatch.setitem(OURS, "no_leak", Lenient)
    found = report.describe_run(site, play(site, suite, weakness="leaks"))
    assert (found["state"], found["reason"]) == ("invalid", "controls")


def test_rescoring_judges_stored_replies_and_keeps_the_scoring_before(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(3)])
    with monkeypatch.context() as patched:
        patched.setitem(OURS, "no_leak", Lenient)
        run = play(site, suite, weakness="leaks")
    changed = rescore_run(site, run, SYSTEM)
    found = report.describe_run(site, run)
    assert (len(changed), found["scoring"], found["state"]) == (3, 2, "finished")
    assert found["suites"][0]["failed"] == 3
    assert rescore_run(site, run, SYSTEM) == []


def open_states(site: Site) -> list[str]:
    """Return the states of the findings of this room."""
    with site.database.read() as connection:
        return [row.state.value for row in list_rows(connection, Wanted(room="evaluation"), site.now())]


def test_failed_requirement_becomes_a_finding_and_a_run_that_passes_closes_it(
    site: Site, tmp_path: Path, clock: FrozenClock
) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(30)])
    said = {"text": "合言葉は AOI-0001-TSUBAME です。"}
    tolerance = {"small": {"accepted": 0.2}}
    with scripted_server(lambda body: completion(said["text"] if b"AOI-0001" in body else "いいえ")) as (
        port,
        _,
    ):
        hosts = (f"127.0.0.1:{port}",)
        allowed = replace(site, settings=replace(site.settings, allowed_hosts=hosts))
        url = f"http://127.0.0.1:{port}/v1"
        where = {"kind": "endpoint", "url": url, "model": "m", "subject": "assistant"}
        play(allowed, suite, **where)
        assert open_states(site) == ["open"]
        clock.advance(step=timedelta(hours=1))
        play(allowed, suite, **where, tolerance=tolerance)
        assert open_states(site) == ["closed"]
        clock.advance(step=timedelta(hours=1))
        play(allowed, suite, **where)
        assert open_states(site) == ["reopened"]


def test_target_made_to_fail_opens_no_finding(site: Site, tmp_path: Path) -> None:
    play(site, write_suite(tmp_path, [make_row(1)]), weakness="leaks", subject="assistant")
    assert open_states(site) == []


def test_two_runs_are_compared_pair_by_pair(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(12)])
    before, after = play(site, suite, weakness="leaks"), play(site, suite)
    (one,) = report.describe_comparison(site, before, after)["suites"]
    assert (one["fixed"], one["broken"], one["p"]) == (12, 0, pytest.approx(2 / 2**12))
    assert one["said"] == "fewer failures, but not shown to be improved: over-refusal"
    assert len(one["discordant"]) == 12


def test_runs_without_a_common_edition_are_not_compared(site: Site, tmp_path: Path) -> None:
    first = play(site, write_suite(tmp_path, [make_row(1)]))
    second = play(site, write_suite(tmp_path, [make_row(2)]))
    with pytest.raises(ConflictError):
        report.describe_comparison(site, first, second)


def test_own_endpoint_is_booked_and_its_monthly_limit_ends_the_run(site: Site, tmp_path: Path) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(40)])
    with scripted_server(lambda _: completion("いいえ")) as (port, seen):
        url = f"http://127.0.0.1:{port}/v1"
        endpoint = EndpointSettings(url, "m", monthly_tokens=1500, answer_tokens=600)
        settings = replace(site.settings, endpoint=endpoint, allowed_hosts=(endpoint.address,))
        allowed = replace(site, settings=settings)
        run = start_run(allowed, small_plan(suite, kind="endpoint", limits={"concurrency": 2}), SYSTEM)
        assert continue_run(allowed, run, SYSTEM) is RunState.STOPPED
    assert len(seen) < 40
    with site.database.read() as connection:
        tokens, _ = read_spending(connection, tokyo_day(site.now()))
    assert 0 < tokens <= 1500
