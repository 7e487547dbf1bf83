"""What is masked is shown in its place, once, and a reply begun stays; contacts are proposed by a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.house import lend_ports
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, follow, look, opened_browser, served

pytestmark = pytest.mark.browser

WORDS = "山田花子です。090-1234-5678に電話ください。来年、住宅ローンの変動金利は上がりますか"


@pytest.mark.parametrize("width", WIDTHS)
def test_holder_looks_once_and_keeps_his_reply(sample_site: Site, chromium: str, width: int) -> None:
    site = replace(sample_site, ports=lend_ports())
    ask_for_person(site, ask_in_conversation(site, "", WORDS, "ja"), "ja")
    with served(site) as origin, opened_browser(chromium) as browser:
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
        become(page, origin, "isobe_mio")
        page.goto(f"{origin}/assistant/console")
        page.get_by_role("button", name="担当する").click()
        said = page.locator(".bubble.customer .said").first
        expect(said).to_contain_text("〔氏名1〕です。〔電話番号1〕に電話ください")
        page.get_by_label("お客さまへの返信").fill("書きかけ")
        page.get_by_text("伏せ字2か所：表示する").click()
        look(page, "masks-open", width)
        page.get_by_label("表示が必要な理由").select_option(label="お客さまへの連絡")
        page.get_by_role("button", name="一度だけ表示する").click()
        expect(said).to_contain_text("山田花子です。090-1234-5678に電話ください")
        expect(page.get_by_label("お客さまへの返信")).to_have_value("書きかけ")
        look(page, "masks-shown", width)
        page.reload()
        expect(said).to_contain_text("〔氏名1〕")


@pytest.mark.parametrize("width", WIDTHS)
def test_business_owner_proposes_another_number(sample_site: Site, chromium: str, width: int) -> None:
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
        become(page, origin, "shiraishi_kyoko")
        page.goto(f"{origin}/assistant/contact")
        look(page, "contact", width)
        follow(page.get_by_role("link", name="変更を起案する").first)
        look(page, "contact-number", width)
        page.locator("#number").fill("0120-000-912")
        page.locator("#reason").fill("番号の変更")
        page.get_by_role("button", name="承認に回す").click()
        page.get_by_role("heading", name="お客さまの連絡先と緊急の電話番号の変更").wait_for()
        page.goto(f"{origin}/assistant/contact")
        page.get_by_role("link", name="変更の内容を見る").click()
        expect(page.get_by_text("0120-000-912")).to_be_visible()
        look(page, "contact-change", width)
