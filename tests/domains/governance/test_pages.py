"""The pages of AI use cases in front of the sample institution."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest
from starlette.testclient import TestClient

from akashi.core.lifecycle import FindingState
from akashi.core.people import SYSTEM, Role
from akashi.core.thread import Acceptance, Finding, Severity, Subject, SubjectKind, TreatmentKind
from akashi.domains.governance.commands import speakers
from akashi.domains.governance.papers import paper_of
from akashi.domains.governance.remaining import list_told, pack_told, unpack_told
from akashi.domains.governance.store import read_use_case
from akashi.domains.governance.treat import read_case
from akashi.findings.decisions import propose_acceptance
from akashi.findings.treat import Step as FindingStep
from akashi.findings.treat import open_finding
from akashi.platform.papers.html import render_html
from akashi.platform.site import Site
from akashi.register.treat import Step, edit_entry
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import sign_in

CODE = "customer_faq"


def become(client: TestClient, role: Role) -> None:
    """Sign in as the first person with a role."""
    sign_in(client, next(one.id for one in list_actors().values() if one.has(role)))


def test_the_list_shows_every_use_case_riskiest_first(client: TestClient, sample_site: Site) -> None:
    become(client, Role.EXECUTIVE)
    page = client.get("/governance").text
    assert page.index("お客さま向け自動応答（生成AI）") < page.index(
        "お客さま向け自動応答（承認済み文書の抜粋）"
    )
    assert "しおみカード株式会社" in page
    assert client.get("/api/governance/use-cases").json()["use_cases"][0]["code"] == (
        "customer_faq_generative"
    )


def test_a_use_case_says_what_stands_in_its_way(client: TestClient, sample_site: Site) -> None:
    become(client, Role.BUSINESS_OWNER)
    page = client.get(f"/governance/{CODE}").text
    assert "まさにこの方式・この状態の対象についての有効な評価がありません" in page
    refused = client.post(f"/governance/{CODE}/ask")
    assert refused.status_code == 409
    assert "満たしていない条件が" in refused.text


def test_a_trial_is_started_judged_and_ended_on_the_page(client: TestClient, sample_site: Site) -> None:
    become(client, Role.BUSINESS_OWNER)
    client.post(f"/governance/{CODE}/trial/start")
    sample = {"day": "2026-11-20", "verdict": "used", "seconds_saved": "120", "note": ""}
    client.post(f"/governance/{CODE}/trial/sample", data=sample)
    wrong = client.post(f"/governance/{CODE}/trial/sample", data={**sample, "verdict": ""})
    assert wrong.status_code == 422
    assert "そのまま使えた" in client.get(f"/governance/{CODE}").text
    assert "試行を終えました" in client.post(f"/governance/{CODE}/trial/end", data={"reason": "使える"}).text


def test_a_figure_is_kept_and_replaced(client: TestClient, sample_site: Site) -> None:
    become(client, Role.BUSINESS_OWNER)
    kpi = {"name": "自動応答率", "month": "2026-11", "plan": "40", "actual": "", "unit": "%"}
    client.post(f"/governance/{CODE}/kpi", data=kpi)
    page = client.post(f"/governance/{CODE}/kpi", data={**kpi, "actual": "37.5"}).text
    assert page.count("自動応答率") == 1
    assert "37.5" in page
    assert client.post(f"/governance/{CODE}/kpi", data={**kpi, "month": "11月"}).status_code == 422


@pytest.mark.parametrize("kind", ["policy", "report", "committee"])
@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_every_paper_is_given_in_every_form(
    client: TestClient, sample_site: Site, kind: str, form: str
) -> None:
    become(client, Role.RISK_OFFICER)
    answer = client.get(f"/governance/{CODE}/{kind}.{form}")
    assert answer.status_code == 200
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!doctype html>"}
    assert answer.content.startswith(starts[form])
    if form == "docx":
        words = "\n".join(line.text for line in docx.Document(io.BytesIO(answer.content)).paragraphs)
        assert "株式会社汐見銀行" in words


def test_a_paper_speaks_the_readers_language(client: TestClient, sample_site: Site) -> None:
    become(client, Role.RISK_OFFICER)
    client.post("/language", data={"choice": "en", "next": "/"})
    page = client.get(f"/governance/{CODE}/policy.html").text
    assert "Policy on the use of AI" in page
    assert "生成AIではない" not in page


def test_what_changed_in_the_policy_stands_side_by_side(client: TestClient, sample_site: Site) -> None:
    owner = next(one for one in list_actors().values() if one.has(Role.BUSINESS_OWNER))
    with sample_site.database.write() as connection:
        step = Step(connection, owner, sample_site.now())
        values = read_use_case(connection, CODE).values
        edit_entry(step, "use_case", CODE, {**values, "limits": "振込の手続きには答えない。"}, 1)
    become(client, Role.COMPLIANCE_OFFICER)
    page = client.get(f"/governance/{CODE}/policy/changes").text
    assert "新旧対照表" in page
    assert "承認済み文書にない質問" in page.replace("<del>", "").replace("</del>", "")
    answer = client.get(f"/governance/{CODE}/policy/changes.docx?old=1&new=2")
    table = docx.Document(io.BytesIO(answer.content)).tables[0]
    assert "振込の手続きには答えない。" in "".join(cell.text for cell in table.columns[1].cells)
    assert "利用方針に変更はありません" in client.get(f"/governance/{CODE}/policy/changes?old=2&new=2").text
    assert client.get(f"/governance/{CODE}/policy/changes?old=1&new=9").status_code == 404


def test_report_tells_how_a_finding_is_treated_and_who_accepted_what_remains(sample_site: Site) -> None:
    """A risk is accepted on the bank's route; the bundle carries the decision and no person."""
    until = sample_site.now().date() + timedelta(days=90)
    people = list_actors()
    risk = next(one for one in people.values() if one.has(Role.RISK_OFFICER))
    found = Finding(
        "governance",
        "trial",
        Subject(SubjectKind.USE_CASE, CODE),
        "ai-return-metered",
        "x",
        Severity.MEDIUM,
        "誤り",
    )
    now = sample_site.now()
    with sample_site.database.write() as connection:
        kept = open_finding(connection, found, SYSTEM, now).finding_id
        accepted = Acceptance(risk.id, now.date(), "様子を見る", "夜間の誤案内", until)
        _, matter = propose_acceptance(FindingStep(connection, risk, now), kept, accepted)
        walk_route(connection, matter, people, now)
        (told,) = list_told(connection, f"use_case:{CODE}", now)
    assert (told.state, told.treatment, told.until) == (FindingState.ACCEPTED, TreatmentKind.ACCEPT, until)
    assert told.decision
    assert told.accepted_by in {one.name for one in people.values() if one.has(Role.EXECUTIVE)}
    page = render_html(
        paper_of(sample_site, read_case(sample_site, CODE), "report", *speakers(sample_site, "ja"))
    )
    for words in ("夜間の誤案内", told.accepted_by, told.decision, "残存リスクの受容"):
        assert words in page, words
    away = unpack_told(pack_told(told))
    assert (away.decision, away.accepted_by, away.remaining) == (told.decision, "", "")


def test_what_does_not_exist_is_not_found(client: TestClient, sample_site: Site) -> None:
    become(client, Role.RISK_OFFICER)
    for path in ("/governance/nothing", f"/governance/{CODE}/secret.pdf", f"/governance/{CODE}/policy.exe"):
        assert client.get(path).status_code == 404, path
    assert client.get("/governance/bundles/0000").status_code == 404


def test_a_file_that_is_no_bundle_is_refused_in_one_sentence(client: TestClient, sample_site: Site) -> None:
    become(client, Role.RISK_OFFICER)
    answer = client.post("/governance/bundles", data={"trust": "x"}, files={"file": ("a.akashi", b"PK..")})
    assert answer.status_code == 422
    assert "横展開パッケージのファイルではありません" in answer.text
