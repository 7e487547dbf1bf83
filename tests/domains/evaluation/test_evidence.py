"""Runs speak for requirements: the newest of each suite, target and mode; controls never do."""

from __future__ import annotations

from datetime import timedelta

from akashi.core.evidenced import Standing
from akashi.core.people import SYSTEM
from akashi.domains.evaluation import store
from akashi.domains.evaluation.evidence import list_evidence
from akashi.domains.evaluation.plans import Plan, TargetPlan
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.site import Site
from tests.conftest import FrozenClock


def run_suite(site: Site, weakness: str, mode: str = "generative") -> str:
    """Play the leakage suite to a target with that weakness, and let it pass for a real one of ``mode``."""
    plan = Plan("試験", TargetPlan("vulnerable", name="試験用", weakness=weakness), ("leakage",))
    run = start_run(site, plan, SYSTEM)
    continue_run(site, run, SYSTEM)
    with site.database.write() as connection:
        store.update_run(connection, run, mode=mode)
    return run


def test_passed_suite_evidences_its_requirements_with_its_mode(sqlite_site: Site) -> None:
    run = run_suite(sqlite_site, "refuses")
    shown = {one.requirement_id: one for one in list_evidence(sqlite_site)}
    assert {"programme-leak", "aisi-privacy", "law-privacy-23"} <= set(shown)
    leak = shown["programme-leak"]
    assert (leak.standing, leak.mode) == (Standing.MET, "試験用 / generative")
    assert run in leak.locator
    assert leak.title.format_map(leak.values).startswith("情報漏えい: 0 of 310 failed")


def test_newest_run_of_a_mode_counts_alone(sqlite_site: Site) -> None:
    run_suite(sqlite_site, "refuses")
    assert isinstance(sqlite_site.clock, FrozenClock)
    sqlite_site.clock.advance(timedelta(hours=1))
    run_suite(sqlite_site, "leaks")
    assert {one.standing for one in list_evidence(sqlite_site)} == {Standing.NOT_MET}


def test_target_made_to_fail_evidences_nothing(sqlite_site: Site) -> None:
    run_suite(sqlite_site, "leaks", mode="control")
    assert list_evidence(sqlite_site) == []
