"""Customer and officer in two windows: from the first sentence to a decided 融資稟議書, PDF and DOCX."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from akashi.approvals.matters import read_matter
from akashi.approvals.measure import measure_state, open_steps
from akashi.core.people import Actor
from akashi.domains.loans import desk_store, treat, upload_store
from akashi.domains.loans.store import list_outlines, read_application
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from tests.browser.serving import become, follow, look, opened_browser, served
from tests.domains.loans.walking import EQUIPMENT

pytestmark = pytest.mark.browser
WIDTH, PHONE = 1280, 390
OFFICER = "minato_haruka"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def open_window(browser: Browser, width: int = WIDTH) -> Page:
    """A window of one person, with cookies of its own."""
    return browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()


def statement() -> bytes:
    """Closing accounts as the customer's bookkeeper writes them, in thousands of yen."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["損益計算書", "（単位：千円）"],
        ["売上高", 48_000],
        ["経常利益", 2_400],
        ["減価償却費", 800],
    ):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def talk_through(page: Page, origin: str) -> None:
    """Apply for equipment sentence by sentence, with a correction and a question in between."""
    page.goto(f"{origin}/loans/start/equipment")
    page.locator("#consent").check()
    follow(page.locator("form[action='/loans/start/equipment'] button"))
    asked = iter(EQUIPMENT_IN_ORDER)
    for sentence in (*[next(asked) for _ in range(3)], "金利はいくらですか", *asked):
        page.locator("#sentence").fill(sentence)
        follow(page.locator("form.ask button"))
    page.locator("#sentence").fill("希望金額はやっぱり280万円に変更します")
    page.locator("form.ask button").click()
    expect(page.get_by_text("「2,800,000円（280万円）」に直しました").first).to_be_visible()
    look(page, "loan-talk", PHONE)
    page.locator("#sentence").fill("はい")
    follow(page.locator("form.ask button"))


EQUIPMENT_IN_ORDER = [
    EQUIPMENT[item]
    for item in (
        "business_form", "company_name", "applicant_name", "postal_code", "address", "phone", "email",
        "industry", "years_in_business", "employees", "equipment", "equipment_reason", "supplier",
        "equipment_price", "own_funds", "amount", "term", "delivered_on", "annual_sales", "ordinary_profit",
        "depreciation", "has_debts",
    )
]  # fmt: skip


def hand_in_and_send(page: Page, origin: str) -> None:
    """Hand in the accounts, say yes to a value beside its picture, and send the application."""
    page.goto(f"{origin}/loans/papers")
    page.locator("#document").select_option("financial_statements")
    page.locator("#file").set_input_files({"name": "決算書.xlsx", "mimeType": XLSX, "buffer": statement()})
    page.locator("form[action='/loans/papers'] button").click()
    expect(page.get_by_text("48,000").first).to_be_visible(timeout=30_000)
    look(page, "loan-papers", PHONE)
    while (yes := page.locator("button[name=verdict][value=yes]")).count():
        follow(yes.first)
    page.goto(f"{origin}/loans/summary")
    look(page, "loan-summary", PHONE)
    page.locator("#right").check()
    follow(page.locator("form[action='/loans/submit'] button"))


def bring_other_papers(site: Site, application_id: str) -> None:
    """Put the remaining papers on the desk, as a branch would scan them one by one."""
    with site.database.write() as connection:
        application = read_application(connection, site.keys, application_id)
        for paper in application.product.due_documents(application.known):
            for copy in range(paper.copies):
                name = f"{paper.id}{copy}.pdf"
                new = upload_store.NewUpload(paper.id, name, "application/pdf", b"x", (), (), (), False)
                upload_store.insert_upload(connection, site.keys, application_id, new, OFFICER, site.now())


def assess(page: Page, address: str, item: str, text: str, choice: str = "") -> None:
    """Enter one item at the desk."""
    page.goto(address)
    page.locator("#item").select_option(item)
    page.locator("#text").fill(text)
    if choice:
        page.locator("#choice").select_option(choice)
    page.locator("#basis").fill("決算書（令和8年3月期）")
    follow(page.locator(f"form[action='{address[address.index('/loans') :]}/assess'] button"))


def decide(page: Page, site: Site, origin: str, matter_id: str) -> None:
    """Let a person of each step act in the window until the matter is decided."""
    people: dict[str, Actor] = dict(list_actors())
    while True:
        with site.database.read() as connection:
            matter = read_matter(connection, matter_id)
        steps = open_steps(matter.steps, measure_state(matter.steps, matter.events))
        if not steps:
            return
        done = {matter.drafter_id, *(event.actor_id for event in matter.events)}
        step = matter.steps[steps[0]]
        person = next(one for one in people.values() if one.roles & step.roles and one.id not in done)
        become(page, origin, person.id)
        page.goto(f"{origin}/approvals/matters/{matter_id}")
        page.locator("textarea[name=reason], input[name=reason]").first.fill("内容を確かめた。")
        follow(page.locator("button[name=action].primary").first)


@pytest.mark.full
def test_from_the_first_sentence_to_a_decided_paper(sample_site: Site, chromium: str) -> None:
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        customer, officer = open_window(browser, PHONE), open_window(browser)
        talk_through(customer, origin)
        hand_in_and_send(customer, origin)
        with sample_site.database.read() as connection:
            application_id = next(one.id for one in list_outlines(connection) if one.submitted_at)
        become(officer, origin, OFFICER)
        desk = f"{origin}/loans/desk/{application_id}"
        officer.goto(f"{origin}/loans/desk")
        look(officer, "loan-desk", WIDTH)
        bring_other_papers(sample_site, application_id)
        assess(officer, desk, "assessed_rate", "2.4%")
        assess(officer, desk, "repayment", "", "equal_principal")
        assess(officer, desk, "proposal", "", "approve")
        look(officer, "loan-case", WIDTH)
        officer.goto(f"{desk}/draft")
        officer.locator("#own-opinion").fill("取り上げたい。")
        follow(officer.locator("form:has(#own-opinion) button"))
        look(officer, "loan-draft", WIDTH)
        follow(officer.locator(f"form[action='/loans/desk/{application_id}/hand-in'] button"))
        with sample_site.database.read() as connection:
            matter_id = desk_store.find_matter(connection, application_id)
        decide(officer, sample_site, origin, matter_id)
        become(officer, origin, OFFICER)
        officer.goto(f"{desk}/paper")
        look(officer, "loan-paper", WIDTH)
        for form, start in (("pdf", b"%PDF"), ("docx", b"PK")):
            answer = officer.request.get(f"{desk}/paper.{form}")
            assert answer.ok
            assert answer.body().startswith(start)
        with sample_site.database.read() as connection:
            decided = treat.load_case(sample_site, connection, application_id).application
        assert decided.state.value == "decided"
        assert decided.known["amount"] == 2_800_000
        customer.goto(f"{origin}/loans/talk")
        expect(customer.locator("#sentence")).to_have_count(0)
