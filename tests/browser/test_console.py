"""A customer and two operators in real windows: live in both directions, accessible, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, follow, look, opened_browser, put_up

pytestmark = pytest.mark.browser

QUESTION = "来年、住宅ローンの変動金利は上がりますか？今のうちに固定にした方がいいですか？"
REPLY = "担当の磯部です。将来の金利のお見通しはお答えできません。"
COINS = "硬貨を101枚入金するときの手数料はいくらですか"
LIVE_MS = 8000


@pytest.fixture
def site(sample_site: Site) -> Iterator[Site]:
    """The sample institution, served on a port of its own."""
    with put_up(sample_site) as there:
        yield there


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    """A headless browser."""
    with opened_browser(chromium) as browser:
        yield browser


def open_window(
    browser: Browser, site: Site, person: str = "", width: int = 1280, script: bool = True
) -> Page:
    """Open a window of its own, signed in as ``person`` or as a customer."""
    origin = site.settings.public_origin
    size = {"width": width, "height": 900}
    page = browser.new_context(locale="ja-JP", viewport=size, java_script_enabled=script).new_page()  # type: ignore[arg-type]
    page.goto(f"{origin}/")
    if person:
        become(page, origin, person)
        page.goto(f"{origin}/assistant/console")
    return page


def ask(page: Page, text: str) -> None:
    """Ask as the customer."""
    page.get_by_label("ご質問").fill(text)
    page.get_by_role("button", name="送信", exact=True).click()


def see(page: Page, name: str) -> None:
    """Look at the page at the width it has."""
    look(page, name, page.viewport_size["width"] if page.viewport_size else 0)


def test_customer_and_operator_see_each_other_without_reloading(site: Site, browser: Browser) -> None:
    customer = open_window(browser, site)
    operator = open_window(browser, site, "isobe_mio")
    ask(customer, QUESTION)
    customer.get_by_text(QUESTION).last.wait_for()
    customer.wait_for_load_state("load")
    customer.get_by_role("button", name="担当者と話す").first.click()
    customer.get_by_text("担当者をお待ちいただいています").wait_for()
    operator.get_by_role("button", name="担当する").wait_for(timeout=LIVE_MS)
    see(operator, "console-queue")
    operator.get_by_role("button", name="担当する").click()
    expect(operator.get_by_label("お客さまへの返信")).not_to_have_value("")
    expect(operator.locator(".pair")).to_have_count(3)
    see(operator, "console-case")
    customer.get_by_text("担当者が対応しています").wait_for(timeout=LIVE_MS)
    customer.get_by_label("ご質問").fill("書きかけ")
    operator.get_by_label("お客さまへの返信").fill(REPLY)
    operator.get_by_role("button", name="お客さまに送信").click()
    customer.locator(".said", has_text=REPLY).wait_for(timeout=LIVE_MS)
    expect(customer.get_by_label("ご質問")).to_have_value("書きかけ")
    see(customer, "console-customer")
    operator.get_by_label("別の言葉で調べる").fill("書きかけの検索")
    ask(customer, "では固定に変える手数料はいくらですか")
    operator.get_by_text("では固定に変える手数料").first.wait_for(timeout=LIVE_MS)
    expect(operator.get_by_label("別の言葉で調べる")).to_have_value("書きかけの検索")
    see(operator, "console-answered")


def test_row_of_a_table_reads_at_the_desk_as_the_customer_will_read_it(site: Site, browser: Browser) -> None:
    customer = open_window(browser, site, width=390)
    ask(customer, COINS)
    customer.get_by_text("窓口での硬貨入金", exact=True).wait_for()
    customer.get_by_role("button", name="担当者と話す").first.click()
    operator = open_window(browser, site, "isobe_mio")
    operator.get_by_role("button", name="担当する").click()
    operator.get_by_role("link", name="この回答を使う").first.wait_for()
    operator.get_by_label("別の言葉で調べる").fill(COINS)
    operator.locator("[data-desk-draft] [role=search] button").click()
    row, box = operator.locator("[data-row]"), operator.get_by_label("お客さまへの返信")
    expect(row).to_be_visible()
    see(operator, "console-row")
    words = box.input_value()
    box.fill(f"{words}です")
    expect(row).to_be_hidden()
    box.fill(f"お待たせしました。\n{words}")
    expect(row).to_be_visible()
    operator.get_by_role("button", name="お客さまに送信").click()
    said = customer.locator(".bubble.person").last
    said.get_by_text("窓口での硬貨入金").wait_for(timeout=LIVE_MS)
    expect(said.locator(".said")).to_have_text("お待たせしました。")
    see(customer, "console-row-customer")


def test_second_operator_cannot_take_the_case_and_sees_that_it_is_taken(site: Site, browser: Browser) -> None:
    ask_for_person(site, ask_in_conversation(site, "", QUESTION, "ja"), "ja")
    one, two = open_window(browser, site, "isobe_mio"), open_window(browser, site, "hamada_sota")
    one.get_by_role("button", name="担当する").click()
    one.get_by_label("お客さまへの返信").wait_for()
    expect(two.get_by_role("button", name="担当する")).to_have_count(0, timeout=LIVE_MS)
    expect(two.get_by_role("group", name="案件").get_by_text("磯部 澪")).to_be_visible()


def test_case_that_is_passed_on_leaves_the_first_desk_and_keeps_the_text(
    site: Site, browser: Browser
) -> None:
    ask_for_person(site, ask_in_conversation(site, "", QUESTION, "ja"), "ja")
    one = open_window(browser, site, "isobe_mio")
    one.get_by_role("button", name="担当する").click()
    again = one.context.new_page()
    again.goto(one.url)
    one.get_by_label("お客さまへの返信").fill("書いている途中")
    again.get_by_role("link", name="引き継ぐ").click()
    again.get_by_label("引継ぎ先").select_option(label="浜田 颯汰")
    again.get_by_label("引き継ぐ相手に伝えること").fill("金利のご相談")
    again.get_by_role("button", name="引き継ぐ").click()
    one.get_by_text("この案件の担当ではなくなりました").wait_for(timeout=LIVE_MS)
    expect(one.get_by_label("お客さまへの返信")).to_have_value("書いている途中")
    expect(one.get_by_role("button", name="お客さまに送信")).to_be_disabled()
    two = open_window(browser, site, "hamada_sota")
    two.get_by_role("link", name="続ける").click()
    expect(two.get_by_text("金利のご相談").first).to_be_visible()


def test_everything_works_without_scripts(site: Site, browser: Browser) -> None:
    customer = open_window(browser, site, script=False)
    operator = open_window(browser, site, "isobe_mio", script=False)
    ask(customer, QUESTION)
    follow(customer.get_by_role("button", name="担当者と話す").first)
    operator.reload()
    operator.get_by_role("button", name="担当する").click()
    operator.get_by_role("link", name="この回答を使う").first.click()
    expect(operator.get_by_label("お客さまへの返信")).not_to_have_value("")
    operator.get_by_label("お客さまへの返信").fill(REPLY)
    operator.get_by_role("button", name="お客さまに送信").click()
    customer.get_by_role("link", name="新しいメッセージを確認する").click()
    expect(customer.locator(".said", has_text=REPLY)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_and_whole_at_both_widths(site: Site, browser: Browser, width: int) -> None:
    token = ask_in_conversation(site, "", "キャッシュカードをなくしました。詐欺にあったかもしれません", "ja")
    for _ in range(3):
        ask_for_person(site, ask_in_conversation(site, "", QUESTION, "ja"), "ja")
    origin = site.settings.public_origin
    customer = open_window(browser, site, width=width)
    customer.context.add_cookies([{"name": "akashi_talk", "value": token, "url": origin}])
    customer.goto(f"{origin}/")
    see(customer, "console-emergency")
    customer.goto(f"{origin}/callback")
    see(customer, "console-callback")
    operator = open_window(browser, site, "isobe_mio", width)
    see(operator, "console-list")
    operator.get_by_role("button", name="担当する").first.click()
    operator.get_by_label("お客さまへの返信").wait_for()
    see(operator, "console-desk")
    operator.get_by_role("button", name="お客さまに送信").click()
    operator.get_by_role("link", name="応対を終える").click()
    operator.get_by_label("回答した").check()
    see(operator, "console-close")
    follow(operator.get_by_role("button", name="応対を終える"))
    see(operator, "console-closed")
    follow(operator.get_by_role("link", name="よくある質問の案にする"))
    see(operator, "console-faq")
    owner = open_window(browser, site, "shiraishi_kyoko", width)
    owner.goto(f"{origin}/assistant/weekly")
    see(owner, "console-weekly")
    owner.goto(f"{origin}/assistant/weekly/sample")
    see(owner, "console-sample")
