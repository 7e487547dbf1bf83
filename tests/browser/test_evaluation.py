"""The evaluation's pages in a real browser, at both widths: accessible, whole, and driven by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from akashi.core.people import SYSTEM
from akashi.domains.evaluation.running import continue_run, start_run
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, look, opened_browser, served
from tests.domains.evaluation.making import make_row, small_plan, write_suite

pytestmark = pytest.mark.browser


def test_evaluation_pages_are_accessible_and_driven_by_hand(
    sample_site: Site, chromium: str, tmp_path: Path
) -> None:
    suite = write_suite(tmp_path, [make_row(number) for number in range(60)])
    runs = []
    for weakness in ("leaks", "refuses"):
        runs.append(start_run(sample_site, small_plan(suite, weakness=weakness), SYSTEM))
        continue_run(sample_site, runs[-1], SYSTEM)
    bad, good = (f"/evaluation/runs/{run}" for run in runs)
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        for width in WIDTHS:
            page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
            become(page, origin, "kaido_ren")
            page.goto(f"{origin}{good}")
            page.get_by_role("button", name="比較する").click()
            page.get_by_text("正確McNemar検定").wait_for()
            look(page, "evaluation-compare", width)
            for path in ("/evaluation", bad, good, f"{bad}/cases?verdict=fail", f"{bad}/cases/1"):
                answer = page.goto(origin + path)
                assert answer is not None
                assert answer.status == 200
                look(page, "evaluation" + path.replace("/", "-").replace("?", "-")[-24:], width)
