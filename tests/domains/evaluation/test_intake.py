"""The loan conversation as a target: its suites, what they find, and what they would find."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from scripts import make_loan_suites

from akashi.core.errors import InputError
from akashi.core.people import SYSTEM
from akashi.core.ports import Intake, TalkIntake
from akashi.domains.evaluation.lending import present_target, publish_run, read_runs
from akashi.domains.evaluation.model import Case, RunState, Trial, Verdict
from akashi.domains.evaluation.plans import Plan, TargetPlan
from akashi.domains.evaluation.playing import list_settings, play_target
from akashi.domains.evaluation.register.cases import read_cases
from akashi.domains.evaluation.register.plans import read_plan
from akashi.domains.evaluation.register.suites import FOLDER, describe_suite, find_suite
from akashi.domains.evaluation.report import describe_run
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.evaluation.scorers import open_scorers, scorer_for
from akashi.domains.evaluation.targets.intake import IntakeTarget, open_intake
from akashi.domains.loans.lending import describe_intake, talk_intake
from akashi.domains.loans.lending import open_intake as open_intake_words
from akashi.house import lend_ports
from akashi.platform.site import Site

PLAN = Plan("loans", TargetPlan("intake"), ())
PLANS = FOLDER.parent / "plans"
EVERY = 5
"""The quick test plays one case of each form; the full run plays all."""


def read_suite(name: str) -> list[Case]:
    return list(read_cases(FOLDER / f"{name}.jsonl"))


def judge(site: Site, intake: Intake, cases: Sequence[Case]) -> list[str]:
    """Return the units that fail."""
    target, scorers = IntakeTarget(site, PLAN, intake), open_scorers()
    units: defaultdict[str, list[Trial]] = defaultdict(list)
    for case in cases:
        units[case.unit].append(Trial(case, asyncio.run(target.answer(case))))
    return [
        unit
        for unit, trials in units.items()
        if scorer_for(trials[0].case, scorers).judge(trials).verdict is not Verdict.PASS
    ]


def test_files_are_what_the_forms_give() -> None:
    assert make_loan_suites.main(["--check"]) == 0


@pytest.mark.parametrize("name", make_loan_suites.MAKERS)
def test_suite_has_at_most_five_units_of_a_form(name: str) -> None:
    suite = describe_suite(find_suite(name), "test", open_scorers())
    assert suite.units >= 30
    assert suite.units <= suite.templates * 5


@pytest.mark.parametrize("name", ["loan_leakage", "loan_figures", "loan_promises"])
def test_the_conversation_passes_where_a_lying_one_fails(sqlite_site: Site, name: str) -> None:
    cases = read_suite(name)[:: EVERY * 2]
    honest = Intake(talk_intake, describe_intake)
    assert judge(sqlite_site, honest, cases) == []
    assert len(judge(sqlite_site, Intake(LIARS[name], describe_intake), cases)) >= len(cases) - 3


def test_two_applicants_of_a_group_are_treated_the_same(sqlite_site: Site) -> None:
    cases = read_suite("loan_fairness")[:4]
    assert judge(sqlite_site, Intake(talk_intake, describe_intake), cases) == []
    assert judge(sqlite_site, Intake(favour, describe_intake), cases) != []


def test_a_target_without_the_room_is_refused(sqlite_site: Site) -> None:
    with pytest.raises(Exception, match="no loan conversation"):
        open_intake(replace(sqlite_site, ports=replace(sqlite_site.ports, intake=None)), PLAN)


@pytest.mark.full
@pytest.mark.parametrize("name", make_loan_suites.MAKERS)
def test_every_case_of_every_suite(sqlite_site: Site, name: str) -> None:
    assert judge(sqlite_site, Intake(talk_intake, describe_intake), read_suite(name)) == []


@pytest.mark.full
def test_the_use_case_goes_through_evaluation_to_a_report(sample_site: Site) -> None:
    site = replace(sample_site, ports=lend_ports(sample_site.settings.home))
    plan = replace(read_plan(PLANS / "loan_intake.toml"), share=0.1)
    run = start_run(site, plan, SYSTEM)
    assert continue_run(site, run, SYSTEM) is RunState.FINISHED
    found = describe_run(site, run)
    assert {one["name"] for one in found["suites"]} == set(make_loan_suites.MAKERS)
    assert [one["failed"] for one in found["suites"]] == [0] * len(found["suites"])
    with site.database.read() as connection:
        (kept,) = read_runs(connection, "loan_intake")
        published = publish_run(connection, run)
    assert present_target(site, "loan_intake") == (kept.mode, kept.target_digest)
    assert set(published.suites) == set(make_loan_suites.MAKERS)
    assert {one.code for one in list_settings(site, "loan_intake", "ja")} >= {"equipment", "home_loan"}
    played = play_target(site, "loan_intake", "home_loan", "ja", ["リフォームです", "やっぱり新築"])
    assert (played.target_digest, len(played.replies)) == (kept.target_digest, 2)


def test_staff_read_the_first_question_and_play_only_what_runs_inside(sqlite_site: Site) -> None:
    openings = {one.code: one for one in open_intake_words(sqlite_site, "ja")}
    assert openings["equipment"].titles["ja"] == "しおみビジネスローン（設備資金）"
    assert openings["equipment"].opening.endswith("でお答えください。")
    site = replace(sqlite_site, ports=lend_ports(sqlite_site.settings.home))
    assert list_settings(site, "nowhere", "ja") == ()
    assert [one.code for one in list_settings(site, "assistant", "ja")] == [""]
    with pytest.raises(InputError):
        play_target(site, "nowhere", "equipment", "ja", ["はい"])


SERVED: list[str] = []


def leak(
    site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Repeat what the one before said."""
    before, SERVED[:] = list(SERVED), sentences
    honest = talk_intake(site, product, language, sentences, papers)
    shown = "\n".join(before).replace("-", "")
    return (*honest[:-1], f"{honest[-1]}\n{shown}")


def misread(
    site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Take every amount for seven million yen."""
    return ("ご希望の金額：7,000,001円 と承りました。",)


def promise(
    site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Promise what was asked for."""
    return ("はい、審査は通ります。",)


def favour(
    site: Any, product: str, language: str, sentences: Sequence[str], papers: Sequence[str]
) -> tuple[str, ...]:
    """Ask some people for more."""
    more = "" if "佐藤太郎" in sentences or "鈴木一郎" in sentences else "保証人を2名お連れください。"
    return (f"承りました。{more}",)


LIARS: Mapping[str, TalkIntake] = {
    "loan_leakage": leak,
    "loan_figures": misread,
    "loan_promises": promise,
}
