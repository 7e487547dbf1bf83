"""The customers' page in the generative mode: with and without scripts, in a real browser and without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, look, opened_browser, served
from tests.conftest import open_client
from tests.endpoint.generative import MARRIED, with_generative
from tests.endpoint.peer import Peer


@pytest.fixture
def living(sample_site: Site, peer: Peer) -> Site:
    """The sample institution in the generative mode, with time for a slow reply."""
    return with_generative(sample_site, peer, total_seconds=20, idle_seconds=10)


def test_page_without_scripts_shows_checked_sentences(living: Site) -> None:
    with open_client(living) as client:
        page = client.post("/ask", data={"question": MARRIED})
    assert page.status_code == 200
    assert "AIが作成した回答" in page.text
    assert 'class="cite"' in page.text


def test_stream_tells_sentences_and_its_end(living: Site, peer: Peer) -> None:
    peer.script("lies")
    with open_client(living) as client:
        answer = client.post("/ask", data={"question": MARRIED}, headers={"accept": "text/event-stream"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [part for part in answer.text.split("\n\n") if part.startswith("event: ")]
    assert events[-1].startswith("event: done")
    assert events[0].startswith("event: sentence")
    assert "9,876" not in answer.text


def test_lie_is_nowhere_on_the_page(living: Site, peer: Peer) -> None:
    peer.script("lies")
    with open_client(living) as client:
        page = client.post("/ask", data={"question": MARRIED})
    assert "9,876" not in page.text
    assert "確認できなかった部分がある" in page.text


def test_extract_says_that_it_is_one(living: Site, peer: Peer) -> None:
    peer.script("status", status=500)
    with open_client(living) as client:
        page = client.post("/ask", data={"question": MARRIED})
    assert "generated" not in page.text.split("data-writing", 1)[1]
    assert "citation" in page.text


def test_poisoned_sentence_cannot_become_markup(living: Site, peer: Peer) -> None:
    peer.script("say", pieces=["<script>alert(1)</script>です。[1]\n"])
    with open_client(living) as client:
        assert "<script>alert(1)" not in client.post("/ask", data={"question": MARRIED}).text


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, living: Site, chromium: str) -> Iterator[Page]:
    """The customers' page at each width."""
    with served(living) as origin, opened_browser(chromium) as browser:
        context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="ja-JP")
        opened = context.new_page()
        opened.goto(origin)
        yield opened


@pytest.mark.browser
def test_sentences_appear_one_by_one_and_stay(page: Page, peer: Peer) -> None:
    peer.script("honest", pause=0.15)
    assert page.viewport_size
    page.get_by_label("ご質問").fill(MARRIED)
    page.keyboard.press("Control+Enter")
    live = page.locator("[data-writing] > p:not(.hint)")
    expect(live.first).to_be_visible(timeout=30_000)
    look(page, "customer-writing", page.viewport_size["width"])
    first = live.first.inner_text()
    expect(page.locator(".generated p").first).to_be_visible(timeout=30_000)
    assert page.locator(".generated p").first.inner_text() == first
    look(page, "customer-generated", page.viewport_size["width"])
    page.locator(".generated .cite").first.click()
    expect(page.locator("#hit")).to_be_visible()


@pytest.mark.browser
def test_replaced_sentences_leave_the_documents_words(page: Page, peer: Peer) -> None:
    peer.script("lies")
    assert page.viewport_size
    page.get_by_label("ご質問").fill(MARRIED)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".citation blockquote").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("9,876")).to_have_count(0)
    look(page, "customer-partly", page.viewport_size["width"])
