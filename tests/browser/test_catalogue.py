"""The catalogue in a real browser: list, coverage, one requirement, an own rule."""

from __future__ import annotations

import pytest

from akashi.catalogue.register import RuleFile, import_rule
from akashi.catalogue.treat import Step
from akashi.core.people import SYSTEM
from akashi.platform.sheets import write_xlsx
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, look, opened_browser, served
from tests.catalogue.test_rules import ROWS

PAGES = {
    "catalogue-list": "/catalogue",
    "catalogue-law": "/catalogue/law-privacy-28",
    "catalogue-coverage": "/catalogue/coverage",
    "catalogue-recorded": "/catalogue/coverage?standing=recorded",
    "catalogue-attest": "/catalogue/ai-tolerance",
    "catalogue-rule": "/catalogue/rules/genai",
    "catalogue-import": "/catalogue/rules/import",
}


@pytest.fixture
def ruled_site(sample_site: Site) -> Site:
    """The sample institution with one rule of its own."""
    handed = RuleFile(
        "genai", "生成AI利用規程", "2026-04-01", "汐見銀行", "rule.xlsx", write_xlsx("規程", ROWS)
    )
    with sample_site.database.write() as connection:
        import_rule(Step(connection, SYSTEM, sample_site.now()), handed, None)
    return sample_site


@pytest.mark.browser
def test_pages_of_the_catalogue_are_usable_at_both_widths(ruled_site: Site, chromium: str) -> None:
    with served(ruled_site) as origin, opened_browser(chromium) as browser:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            become(page, origin, "kishimoto_rei")
            for name, path in PAGES.items():
                page.goto(origin + path)
                look(page, name, width)
            page.close()
