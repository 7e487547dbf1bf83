"""The officer's desk in the whole application: queue, case, draft, paper, notes; who may see what."""

from __future__ import annotations

from starlette.testclient import TestClient

from akashi.core.people import Role
from akashi.domains.loans import treat
from akashi.platform.site import Site
from tests.conftest import sign_in
from tests.domains.loans.test_desk_life import OFFICER, PEOPLE, apply_for, fill_desk, with_loans, workbook


def test_an_officer_takes_an_application_from_queue_to_paper(sample_site: Site, client: TestClient) -> None:
    site = with_loans(sample_site)
    application_id = apply_for(site)
    sign_in(client, OFFICER.id)
    base = f"/loans/desk/{application_id}"
    assert "R-2026-" in client.get("/loans/desk").text
    assert client.get("/loans/desk?state=nonsense").status_code == 200
    files = {"file": ("見積.xlsx", workbook(110_000))}
    sent = client.post(f"{base}/papers", data={"document": "financial_statements"}, files=files)
    assert "<rect" in sent.text
    assert "110,000,000円" in sent.text
    bad = client.post(f"{base}/papers", data={"document": "quotation"}, files={"file": ("a.exe", b"MZ")})
    assert bad.status_code == 422
    wrong = client.post(f"{base}/assess", data={"item": "taxes", "text": "たくさん", "basis": "決算書"})
    assert wrong.status_code == 422
    assert "たくさん" in wrong.text
    fill_desk(site, application_id)
    draft = client.get(f"{base}/draft").text
    assert "取り上げたい。" in draft
    assert "債務償還余力" in draft
    refused = client.post(
        f"{base}/draft", data={"sentence": "opinion.own", "text": "月商は9億円", "basis": ""}
    )
    assert refused.status_code == 422
    note = {"kind": "call", "text": "見積書を11月末までに提出する。<script>alert(1)</script>"}
    noted = client.post(f"{base}/notes", data=note).text
    assert "約束と予定" in noted
    assert "<script>alert" not in noted
    assert (
        "承認" not in client.post(f"{base}/mails", data={"kind": "received"}).text.partition("<textarea")[2]
    )
    assert client.get(f"{base}/paper").status_code == 200
    assert client.get(f"{base}/paper.pdf").content.startswith(b"%PDF")
    assert client.get(f"{base}/paper.exe").status_code == 404
    handed = client.post(f"{base}/hand-in", follow_redirects=True)
    assert "融資稟議書" in handed.text


def test_the_desk_is_for_those_who_lend_and_those_who_decide(sample_site: Site, client: TestClient) -> None:
    application_id = apply_for(with_loans(sample_site))
    for role, status in ((Role.EXECUTIVE, 200), (Role.AUDITOR, 403), (Role.OPERATOR, 403)):
        sign_in(client, next(one.id for one in PEOPLE.values() if one.has(role)))
        assert client.get(f"/loans/desk/{application_id}").status_code == status
    sign_in(client, next(one.id for one in PEOPLE.values() if one.has(Role.EXECUTIVE)))
    posted = client.post(
        f"/loans/desk/{application_id}/assess", data={"item": "taxes", "text": "1", "basis": "x"}
    )
    assert posted.status_code == 403
    with sample_site.database.read() as connection:
        assert treat.load_desk(sample_site, connection, application_id).case.assessed == {}
    assert OFFICER.has(Role.LOAN_OFFICER)


def test_an_applicants_papers_need_the_applicants_browser(sample_site: Site, client: TestClient) -> None:
    with_loans(sample_site)
    answer = client.get("/loans/papers", follow_redirects=False)
    assert answer.status_code in (302, 303)
    assert client.get("/loans/papers/upl_x/1.png").status_code == 404
    assert client.post("/loans/papers/upl_x/remove").status_code == 404
