"""The demonstration programme: parts by people, aims and results by records, the same in every form."""

from __future__ import annotations

import io

import docx
import pytest
from starlette.testclient import TestClient

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Role
from akashi.domains.governance.programme.measure import read_programme
from akashi.domains.governance.programme.model import ItemKind
from akashi.domains.governance.programme.treat import MOST_ITEMS, add_item
from akashi.platform.site import Site
from akashi.sample.programme import write_programme
from tests.domains.governance.test_life import Bench, person
from tests.domains.governance.test_pages import become

PAGE = "/governance/programme"


def test_aims_follow_from_records_and_not_from_words(sample_site: Site) -> None:
    bench = Bench(sample_site)
    before = read_programme(bench.site)
    assert {one.reached for one in before.reached} == {0}
    assert before.results == ()
    bench.add_run()
    found = read_programme(bench.site)
    assert [one.reached for one in found.reached] == [len(found.results), 0, 0, 0, 0]
    assert (found.results[0].institution, found.results[0].is_own) == ("株式会社汐見銀行", True)
    add_item(sample_site, person(Role.BUSINESS_OWNER), ItemKind.FIGURE, "創出件数", {"actual": "9"})
    assert not read_programme(bench.site).reached[1].is_reached


def test_parts_are_added_finished_taken_out_and_printed(client: TestClient, sample_site: Site) -> None:
    become(client, Role.BUSINESS_OWNER)
    theme = {"title": "照会への応答", "purpose": "<i>夜間</i>に答える", "use_cases": "customer_faq"}
    assert "&lt;i&gt;夜間" in client.post(f"{PAGE}/theme", data=theme).text
    assert client.post(f"{PAGE}/theme", data={**theme, "use_cases": "nothing"}).status_code == 422
    client.post(f"{PAGE}/party", data={"title": "潮見大学", "role": "university", "part": "評価の助言"})
    client.post(f"{PAGE}/milestone", data={"title": "中間報告", "due_on": "2026-10-01"})
    assert "期限超過" in client.get(PAGE).text
    milestone = read_programme(sample_site).items[ItemKind.MILESTONE][0]
    reached = {"item": milestone.id, "evidence": "報告書"}
    assert client.post(f"{PAGE}/done", data={**reached, "evidence": ""}).status_code == 422
    assert "報告書" in client.post(f"{PAGE}/done", data=reached).text
    assert client.post(f"{PAGE}/done", data=reached).status_code == 422
    assert client.post(f"{PAGE}/figure", data={"title": "x", "target": "多数"}).status_code == 422
    client.post(f"{PAGE}/figure", data={"title": "創出件数", "target": "2", "actual": "1.5", "unit": "件"})
    assert client.post(f"{PAGE}/bogus", data={}).status_code == 404
    words = docx.Document(io.BytesIO(client.get(f"{PAGE}/paper.docx").content))
    cells = {cell.text for table in words.tables for row in table.rows for cell in row.cells}
    assert {"照会への応答", "潮見大学", "中間報告", "創出件数", "1.5"} <= cells
    assert client.get(f"{PAGE}/paper.pdf").content[:5] == b"%PDF-"
    client.post(f"{PAGE}/items/{milestone.id}/remove")
    assert "中間報告" not in client.get(PAGE).text
    become(client, Role.AUDITOR)
    assert client.post(f"{PAGE}/theme", data=theme).status_code == 403
    assert "照会への応答" in client.get(PAGE).text


def test_programme_has_a_limit_and_checks_what_it_keeps(sample_site: Site) -> None:
    actor = person(Role.BUSINESS_OWNER)
    for values in ({"due_on": "2026-13-01"}, {"done_on": "昨日"}):
        with pytest.raises(InputError):
            add_item(sample_site, actor, ItemKind.MILESTONE, "節目", values)
    with pytest.raises(InputError):
        add_item(sample_site, actor, ItemKind.FIGURE, " ", {})
    for place in range(MOST_ITEMS):
        add_item(sample_site, actor, ItemKind.PARTY, f"参加者{place}", {"role": "other", "part": "x"})
    with pytest.raises(ConflictError):
        add_item(sample_site, actor, ItemKind.PARTY, "もう一つ", {"role": "other", "part": "x"})


def test_the_sample_writes_its_programme_down_once(sample_site: Site) -> None:
    assert write_programme(sample_site) == 14
    items = read_programme(sample_site).items
    assert {kind: len(found) for kind, found in items.items()} == {
        ItemKind.THEME: 2,
        ItemKind.PARTY: 4,
        ItemKind.MILESTONE: 6,
        ItemKind.FIGURE: 2,
    }
    assert sum(bool(one.values["done_on"]) for one in items[ItemKind.MILESTONE]) == 1
