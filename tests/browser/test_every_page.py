"""Every page of the staff and of customers: no axe violation, nothing cut off, no error.

At both widths in Japanese, at the narrow one in English too.
"""

from __future__ import annotations

import pytest

from akashi.platform.access import PUBLIC, SIGNED_IN
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from akashi.web.app import create_app
from tests.browser.serving import WIDTHS, become, look, opened_browser, served

pytestmark = pytest.mark.browser

NO_PAGE = (
    "/static",
    "/api",
    ".csv",
    ".xlsx",
    ".docx",
    ".json",
    ".jsonl",
    "/export",
    "/events",
    "/paper",
    "/check/report",
    ".svg",
    ".toml",
)


def pages_by_person(site: Site) -> dict[str, list[str]]:
    """Return the pages without parameters, under the first person of the sample who may open them."""
    matrix = create_app(site).state.matrix
    found: dict[str, list[str]] = {}
    for (kind, method, path), rule in matrix.items():
        if kind != "route" or method != "GET" or "{" in path or any(word in path for word in NO_PAGE):
            continue
        people = list_actors().values()
        is_open = bool(rule.allowed & {PUBLIC, SIGNED_IN})
        person = next((one.id for one in people if is_open or rule.admits(one)), None)
        if person:
            found.setdefault(person, []).append(path)
    return found


def test_every_page_is_accessible_and_whole(sample_site: Site, chromium: str) -> None:
    errors: list[str] = []
    with served(sample_site) as origin, opened_browser(chromium) as browser:
        for width, language in (*((width, "ja") for width in WIDTHS), (min(WIDTHS), "en")):
            context = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
            context.add_cookies([{"name": "akashi_language", "value": language, "url": origin}])
            page = context.new_page()
            page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
            for person, paths in pages_by_person(sample_site).items():
                become(page, origin, person)
                for path in paths:
                    answer = page.goto(origin + path)
                    assert answer is not None, path
                    assert answer.status == 200, path
                    assert page.locator("html").get_attribute("lang") == language, path
                    look(page, f"page{path.replace('/', '-')}-{language}", width)
            context.close()
    assert errors == []
