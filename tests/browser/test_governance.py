"""Quizzes, the programme, costs and judgments of people in a real browser, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from akashi.core.people import SYSTEM, Role
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.domains.governance.programme.model import ItemKind
from akashi.domains.governance.programme.treat import add_item
from akashi.domains.governance.treat import read_case, start_trial
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, follow, look, opened_browser, served
from tests.domains.evaluation.making import make_row, small_plan, write_suite
from tests.domains.governance.test_life import person
from tests.domains.governance.test_trial import lend

pytestmark = pytest.mark.browser
PAGES = (
    "/governance",
    "/governance/programme",
    "/governance/spending",
    "/governance/customer_faq",
    "/evaluation",
)
TITLES = {"ja": "社内教育", "en": "Training"}


def fill(site: Site, folder: Path) -> str:
    """Write a programme down and play a run that people have to judge."""
    owner = person(Role.BUSINESS_OWNER)
    theme = {"purpose": "夜間・休日の照会に、承認済み文書で答える。", "use_cases": "customer_faq"}
    add_item(site, owner, ItemKind.THEME, "お客さま照会への自動応答", theme)
    add_item(site, owner, ItemKind.PARTY, "潮見大学", {"role": "university", "part": "評価方法の助言"})
    for title, day in (("評価の開始", "2026-10-01"), ("最終報告", "2027-03-19")):
        add_item(site, owner, ItemKind.MILESTONE, title, {"due_on": day})
    add_item(site, owner, ItemKind.FIGURE, "応対時間の短縮", {"target": "20", "actual": "12.5", "unit": "%"})
    rows = [make_row(one, expectation={"kind": "judged", "criterion": "丁寧である。"}) for one in range(3)]
    run = start_run(site, small_plan(write_suite(folder, rows)), SYSTEM)
    continue_run(site, run, SYSTEM)
    return run


def take_quiz(page: Page, origin: str, width: int, name: str) -> None:
    """Begin a quiz, forget an answer, hand it in and look at the result."""
    page.goto(f"{origin}/governance/training")
    look(page, f"governance-training-{name}", width)
    follow(page.locator("form[action='/governance/training/validator'] button"))
    for place in range(5):
        page.locator(f"#q{place}-0").check()
    follow(page.locator("main form button.primary"))
    look(page, f"governance-quiz-{name}", width)
    page.locator("#q5-0").check()
    follow(page.locator("main form button.primary"))
    page.locator("form[action='/governance/training/validator'] button").wait_for()
    look(page, f"governance-quiz-result-{name}", width)


def test_validator_learns_judges_and_reads_in_both_languages(
    sample_site: Site, chromium: str, tmp_path: Path
) -> None:
    run = fill(sample_site, tmp_path)
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        for width, spoken in zip(WIDTHS, TITLES, strict=True):
            page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
            become(page, origin, "kaido_ren")
            headers = {"origin": origin, "sec-fetch-site": "same-origin"}
            page.request.post(f"{origin}/language", form={"choice": spoken, "next": "/"}, headers=headers)
            page.goto(f"{origin}/governance/training")
            assert TITLES[spoken] in page.title()
            take_quiz(page, origin, width, spoken)
            page.goto(f"{origin}/evaluation/runs/{run}/judge")
            look(page, f"evaluation-judge-{spoken}", width)
            page.locator("input[name=verdict][value=pass]").check()
            follow(page.locator("main form button.primary").first)
            for path in (*PAGES, f"/evaluation/runs/{run}"):
                answer = page.goto(origin + path)
                assert answer is not None
                assert answer.status == 200
                look(page, path.strip("/").replace("/", "-")[:30] + f"-{spoken}", width)
            become(page, origin, person(Role.BUSINESS_OWNER).id)
            page.goto(f"{origin}/governance/programme")
            look(page, f"governance-programme-owner-{spoken}", width)


def test_staff_play_an_applicant_and_judge_each_output(sample_site: Site, chromium: str) -> None:
    site, path = lend(sample_site), "/governance/loan_intake/trial"
    start_trial(site, person(Role.BUSINESS_OWNER), "loan_intake")
    with served(site) as origin, opened_browser(chromium) as browser:
        for width in WIDTHS:
            page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
            become(page, origin, "minato_haruka")
            page.goto(origin + path)
            look(page, "governance-trial", width)
            for sentence in (f"架空の製パン店です（{width}）", "人に"):
                if page.locator("input[name=verdict]").count():
                    page.locator("input[name=verdict][value=used]").check()
                page.locator("textarea[name=sentence]").fill(sentence)
                follow(page.locator("main form button.primary"))
            page.locator("text=担当者へ引き継いだ").wait_for()
            look(page, "governance-trial-judge", width)
    assert read_case(site, "loan_intake").standing.trial.samples == len(WIDTHS)
