"""Readiness in a real browser, at both widths: pages whole and accessible, a drill driven by hand."""

from __future__ import annotations

import pytest

from akashi.platform.site import Site
from akashi.sample.flood import seed_flood
from akashi.sample.readiness import seed_readiness
from tests.browser.serving import WIDTHS, become, follow, look, opened_browser, served

pytestmark = pytest.mark.browser

PAGES = (
    "/vulnerability/readiness",
    "/vulnerability/check",
    "/vulnerability/letters",
    "/vulnerability/letters/template",
    "/vulnerability/stops",
    "/vulnerability/stops/call_centre",
    "/vulnerability/stops/atm",
    "/vulnerability/stops/business_ib/edit",
    "/vulnerability/tests",
)
LINKS = {
    "/vulnerability/check": ("③ 技術負債の解消", "check-item"),
    "/vulnerability/letters": ("風早ATMサービス株式会社", "letter"),
    "/vulnerability/stops/personal_ib": ("令和8年11月11日", "run"),
    "/vulnerability/tests": ("旧い管理画面", "point-finding"),
    "/vulnerability/patches?system=ib_platform": ("log4j-core", "patch"),
}


def test_readiness_is_accessible_and_a_drill_is_driven(sample_site: Site, chromium: str) -> None:
    seed_flood(sample_site, sample_site.now())
    seed_readiness(sample_site, sample_site.now())
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        for width in WIDTHS:
            page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
            become(page, origin, "funakoshi_jun")
            for path in PAGES:
                answer = page.goto(origin + path)
                assert answer is not None
                assert answer.status == 200, path
                look(page, f"ready{path.replace('/', '-')}", width)
            for path, (words, name) in LINKS.items():
                page.goto(origin + path)
                follow(page.get_by_role("link", name=words).first)
                look(page, f"ready-{name}", width)
            follow(page.get_by_role("link", name="対応を選ぶ"))
            look(page, "ready-answers", width)
            page.get_by_role("link", name="選ぶ", exact=True).nth(1).click()
            page.get_by_role("button").first.wait_for()
            look(page, "ready-answer", width)
            page.context.close()
        page = browser.new_context(locale="ja-JP").new_page()
        become(page, origin, "funakoshi_jun")
        page.goto(f"{origin}/vulnerability/stops/business_ib")
        page.get_by_label("訓練の想定").fill("参加行で悪用が確認された")
        page.get_by_role("button", name="訓練を始める").click()
        for place in range(4):
            page.get_by_label(f"手順{place + 1}のメモ").fill("済")
            follow(page.get_by_role("button", name="完了").first)
        page.get_by_role("button", name="終了する").click()
        page.get_by_text("終了しました").wait_for()
        page.context.close()
