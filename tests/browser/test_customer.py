"""A customer asks in a real browser: the answer, its source, a person, a thumb, both languages, keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, follow, look, opened_browser, served

pytestmark = pytest.mark.browser

MARRIED = "結婚して名字が変わりました。通帳はどうなりますか"


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, sample_site: Site, chromium: str) -> Iterator[Page]:
    """The customers' page at each width."""
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="ja-JP")
        opened = context.new_page()
        opened.goto(origin)
        yield opened


def width_of(page: Page) -> int:
    assert page.viewport_size
    return page.viewport_size["width"]


def send(page: Page, text: str) -> None:
    page.get_by_label("ご質問").fill(text)
    page.keyboard.press("Control+Enter")


def test_answer_is_cited_and_the_passage_opens(page: Page) -> None:
    send(page, MARRIED)
    quote = page.locator(".citation blockquote").first
    expect(quote).to_be_visible(timeout=30_000)
    words = quote.inner_text().strip()
    look(page, "customer-answered", width_of(page))
    page.locator(".citation figcaption a").first.click()
    expect(page.locator("#hit")).to_be_visible()
    assert "".join(page.locator("#hit").inner_text().split()) == "".join(words.split())
    look(page, "customer-passage", width_of(page))


def test_vague_question_is_asked_back_and_a_choice_answers_it(page: Page) -> None:
    send(page, "ボーナスで100万円だけ住宅ローンを繰り上げて返したい")
    choices = page.locator(".choices button")
    expect(choices.first).to_be_visible(timeout=30_000)
    assert 2 <= choices.count() <= 4
    look(page, "customer-choices", width_of(page))
    choices.first.click()
    expect(page.locator(".citation blockquote")).to_be_visible(timeout=30_000)
    expect(choices).to_have_count(0)
    look(page, "customer-chosen", width_of(page))


def test_unknown_question_goes_to_a_person(page: Page) -> None:
    send(page, "ぷよぷよもじゃのもけもけ")
    expect(page.get_by_text("担当者がお答えします。", exact=True)).to_be_visible(timeout=30_000)
    look(page, "customer-handover", width_of(page))


def test_person_is_one_press_away_at_every_moment(page: Page) -> None:
    page.get_by_role("button", name="担当者と話す").first.click()
    expect(page.get_by_text("担当者をお待ちいただいています")).to_be_visible(timeout=30_000)


def test_thumb_with_reason_is_kept(page: Page) -> None:
    send(page, MARRIED)
    expect(page.locator(".citation").first).to_be_visible(timeout=30_000)
    page.locator("summary", has_text="知りたいことと違う").click()
    page.get_by_label("足りないこと、違っていること").fill("旧姓のことを知りたい")
    page.locator("button[value=down]").click()
    expect(page.locator("[data-chat]")).to_be_visible()


def test_page_speaks_english_too(page: Page) -> None:
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How can we help you?")
    assert page.locator("html").get_attribute("lang") == "en"
    look(page, "customer-english", width_of(page))


def test_markup_in_a_question_stays_text(page: Page) -> None:
    send(page, "<img src=x onerror=alert(1)><b>通帳</b>")
    said = page.locator(".bubble.customer .said").last
    expect(said).to_have_text("<img src=x onerror=alert(1)><b>通帳</b>", timeout=30_000)


def test_page_works_without_scripts(sample_site: Site, chromium: str) -> None:
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(origin)
        page.locator("#question").fill(MARRIED)
        follow(page.locator("form[data-ask] button"))
        assert page.locator(".citation blockquote").count() == 1


def test_what_is_sent_before_the_first_answer_stays_in_its_conversation(
    sample_site: Site, chromium: str
) -> None:
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        page = browser.new_context(locale="ja-JP").new_page()

        def let_wait(route: Route) -> None:
            page.wait_for_timeout(800)
            route.continue_()

        page.route("**/ask", let_wait)
        page.goto(origin)
        send(page, MARRIED)
        send(page, "土曜日に窓口は開いていますか")
        page.get_by_role("button", name="担当者と話す").first.click()
        expect(page.get_by_text("担当者をお待ちいただいています")).to_be_visible(timeout=30_000)
        expect(page.locator(".bubble.customer .said")).to_have_count(2)
        expect(page.locator(".bubble.automatic .bubble-head")).to_have_count(3)
