"""Pages of findings in front of the sample institution, as its people use them."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from fastapi.testclient import TestClient

from akashi.approvals.model import Phase
from akashi.approvals.store import list_matters
from akashi.core.lifecycle import FindingState
from akashi.findings.treat import find_status, open_finding
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import sign_in
from tests.findings.conftest import OFFICER, make_finding

RISK, OPERATOR, ADMINISTRATOR, AUDITOR = "nagisa_makoto", "isobe_mio", "hoshi_aya", "katase_minoru"
PLAN = {"owner": "funakoshi_jun", "plan": "次の保守日まで待つ", "due_on": "2026-11-27"}
LIMITS = {
    "remaining_risk": "外部からの悪用",
    "expires_on": "2026-12-18",
    "lapse_signals": "攻撃コードの公開\n\n攻撃コードの公開",
}


@pytest.fixture
def opened(sample_site: Site) -> str:
    """One finding about the internet banking platform."""
    with sample_site.database.write() as connection:
        return open_finding(connection, make_finding(), OFFICER, sample_site.now()).finding_id


def state(site: Site, finding_id: str) -> FindingState:
    with site.database.read() as connection:
        return find_status(connection, finding_id, site.now()).state


def test_list_shows_a_finding_and_filters_it_away(client: TestClient, opened: str) -> None:
    sign_in(client, RISK)
    assert "未適用の修正 cve-1" in client.get("/findings").text
    assert "未適用の修正 cve-1" in client.get("/findings?state=unanswered&severity=high&q=修正").text
    narrowed = client.get("/findings?severity=low&state=nonsense&due=never&page=99")
    assert narrowed.status_code == 200
    assert "未適用の修正 cve-1" not in narrowed.text


def test_empty_list_says_so(client: TestClient) -> None:
    sign_in(client, RISK)
    assert "まだ検出事項はありません" in client.get("/findings").text


def test_person_opens_a_finding_once(client: TestClient) -> None:
    sign_in(client, RISK)
    form = {
        "title": "契約に夜間対応がない",
        "severity": "medium",
        "subject_kind": "vendor",
        "subject_id": "tobiuo_tech",
        "requirement_id": "frontier-5-contracts",
    }
    first = client.post("/findings/new", data=form)
    assert "契約に夜間対応がない" in first.text
    assert 'href="/register/vendor/records/tobiuo_tech"' in first.text
    assert "すでに登録されています" in client.post("/findings/new", data=form).text


def test_form_errors_stand_at_their_fields(client: TestClient, opened: str) -> None:
    sign_in(client, RISK)
    sunday = client.post(f"/findings/{opened}/treat/remediate", data={**PLAN, "due_on": "2026-11-22"})
    assert sunday.status_code == 422
    assert "2026-11-22は営業日ではありません。次の営業日は2026-11-24です。" in sunday.text
    early = client.post(f"/findings/{opened}/accept", data={**PLAN, **LIMITS, "expires_on": "2026-11-25"})
    assert early.status_code == 422
    assert 'id="expires_on-error"' in early.text


def test_mitigation_needs_evidence_and_then_holds(client: TestClient, opened: str, sample_site: Site) -> None:
    sign_in(client, RISK)
    client.post(f"/findings/{opened}/treat/mitigate", data={**PLAN, **LIMITS})
    found = re.search(
        rf"/findings/{opened}/treatments/(trt_\w+)/complete", client.get(f"/findings/{opened}").text
    )
    assert found is not None
    bare = client.post(found[0], data={"text": ""})
    assert bare.status_code == 422
    assert "確認した内容を書くか" in bare.text
    client.post(found[0], data={"text": "WAFの規則を確認した"})
    assert state(sample_site, opened) is FindingState.MITIGATED


def test_acceptance_goes_its_route_and_counts_from_the_decision(
    client: TestClient, opened: str, sample_site: Site
) -> None:
    sign_in(client, RISK)
    client.post(f"/findings/{opened}/severity", data={"severity": "low"})
    answer = client.post(f"/findings/{opened}/accept", data={**PLAN, **LIMITS})
    assert "決裁に付しました" in answer.text
    assert state(sample_site, opened) is FindingState.IN_TREATMENT
    assert "回付中の決裁案件" in client.get(f"/findings/{opened}").text
    decide_all(sample_site)
    assert state(sample_site, opened) is FindingState.ACCEPTED
    shown = client.get(f"/findings/{opened}").text
    assert "回付中の決裁案件" not in shown
    assert re.search(r"/approvals/matters/\w+", shown)
    assert shown.count("<li>攻撃コードの公開</li>") == 1


def decide_all(site: Site) -> None:
    """Let distinct persons take every matter along its route to the decision."""
    with site.database.write() as connection:
        for matter in list_matters(connection, phases=(Phase.CIRCULATION, Phase.CONCURRENCE, Phase.DECISION)):
            walk_route(connection, matter, list_actors(), site.now())


def test_operator_reads_that_a_risk_was_accepted_but_not_why(client: TestClient, opened: str) -> None:
    sign_in(client, RISK)
    client.post(f"/findings/{opened}/accept", data={**PLAN, **LIMITS})
    assert "次の保守日まで待つ" in client.get(f"/findings/{opened}").text
    sign_in(client, OPERATOR)
    shown = client.get(f"/findings/{opened}").text
    assert "次の保守日まで待つ" not in shown
    assert "外部からの悪用" not in shown
    assert "ご利用の役割では表示されません" in shown


@pytest.mark.parametrize("person", [OPERATOR, AUDITOR])
def test_readers_cannot_treat(client: TestClient, opened: str, person: str) -> None:
    sign_in(client, person)
    assert client.get("/findings").status_code == 200
    for path in ("accept", "treat/remediate", "measure", "note"):
        assert client.post(f"/findings/{opened}/{path}", data=PLAN).status_code == 403


def test_administrator_sees_no_findings(client: TestClient, opened: str) -> None:
    sign_in(client, ADMINISTRATOR)
    for path in ("/findings", f"/findings/{opened}", "/dashboard", "/api/findings", "/findings/export"):
        assert client.get(path).status_code == 403


def test_measurement_with_a_file_closes_and_keeps_the_file(
    client: TestClient, opened: str, sample_site: Site
) -> None:
    sign_in(client, RISK)
    files = {"file": ("再スキャン.txt", b"no finding", "text/plain")}
    client.post(f"/findings/{opened}/measure", data={"passed": "yes", "text": ""}, files=files)
    assert state(sample_site, opened) is FindingState.CLOSED
    page = client.get(f"/findings/{opened}").text
    found = re.search(rf"/findings/{opened}/evidence/[0-9a-f]{{64}}", page)
    assert found is not None
    download = client.get(found[0])
    assert download.content == b"no finding"
    assert download.headers["content-disposition"].startswith("attachment")


def test_note_is_shown_as_text_never_as_markup(client: TestClient, opened: str) -> None:
    sign_in(client, RISK)
    client.post(f"/findings/{opened}/note", data={"note": "<script>alert(1)</script>"})
    page = client.get(f"/findings/{opened}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_export_is_a_workbook_of_what_the_filters_leave(client: TestClient, opened: str) -> None:
    sign_in(client, AUDITOR)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/findings/export?format=xlsx").content))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert rows[0][1] == "検出事項"
    assert rows[1][0] == opened
    assert client.get("/findings/export?severity=low").content.decode("utf-8-sig").count("\r\n") == 1


def test_api_speaks_of_the_same_findings(client: TestClient, opened: str) -> None:
    sign_in(client, AUDITOR)
    answer = client.get("/api/findings?state=unanswered").json()
    assert answer["total"] == 1
    assert answer["findings"][0]["id"] == opened
    assert client.get("/api/findings?limit=0").status_code == 422


def test_unknown_finding_is_not_found(client: TestClient) -> None:
    sign_in(client, RISK)
    assert client.get("/findings/fnd_none").status_code == 404
    assert client.get("/findings/fnd_none/treat/remediate").status_code == 404
    assert client.post("/findings/fnd_none/treat/accept", data=PLAN).status_code == 404
