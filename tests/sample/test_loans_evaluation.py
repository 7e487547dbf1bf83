"""The sample's loan conversation: suites, signature and a bundle, each once and after the assistant's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from akashi.domains.governance.commands import speakers
from akashi.domains.governance.measure import LEAST_SAMPLES, MOST_CORRECTED
from akashi.domains.governance.model import Deed
from akashi.domains.governance.papers import paper_of
from akashi.domains.governance.treat import Case, read_case
from akashi.domains.loans.model import USE_CASE
from akashi.house import lend_ports
from akashi.platform.meta import write_meta
from akashi.platform.papers.html import render_html
from akashi.platform.site import Site
from akashi.sample import evaluations
from akashi.sample.loans_evaluation import evaluate_loans


def case_report(site: Site, case: Case) -> str:
    """Return the evaluation report as a Japanese reader sees it."""
    said, register_said = speakers(site, "ja")
    return render_html(paper_of(site, case, "report", said, register_said))


def test_it_waits_for_the_evaluations_of_the_assistant(sample_site: Site) -> None:
    site = replace(sample_site, ports=lend_ports(sample_site.settings.home))
    assert evaluate_loans(site, site.now()) == 0


@pytest.mark.full
def test_the_suites_are_played_and_a_validator_signs_for_them(sample_site: Site) -> None:
    site = replace(sample_site, ports=lend_ports(sample_site.settings.home))
    with site.database.write() as connection:
        for name in evaluations.PLANS:
            write_meta(connection, f"sample_evaluation_{name}", "done")
    assert [evaluate_loans(site, site.now()) for _ in range(4)] == [1, 1, 1, 0]
    case = read_case(site, USE_CASE)
    assert case.standing.run is not None
    assert {suite.name: suite.failed for suite in case.standing.run.suites} == dict.fromkeys(
        ("loan_leakage", "loan_figures", "loan_promises", "loan_injection", "loan_fairness"), 0
    )
    deeds = [event.deed for event in case.standing.events]
    assert deeds[-4:] == [Deed.TRIAL_STARTED, Deed.TRIAL_ENDED, Deed.ASKED, Deed.WENT_LIVE]
    assert Deed.VALIDATED in deeds
    trial = case.standing.trial
    assert trial.samples >= LEAST_SAMPLES
    assert 0 < trial.corrected <= MOST_CORRECTED * trial.samples
    report = case_report(site, case)
    assert "モデルなし" in report
    assert f"{trial.samples}" in report
