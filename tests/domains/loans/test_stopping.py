"""The deliberate stop: applicants meet people, nothing is lost, and only a decision lets it run again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from akashi.core.errors import ConflictError
from akashi.core.people import Role
from akashi.domains.loans.form_view import fill_application
from akashi.domains.loans.intake import (
    begin_application,
    read_intake,
    say_in_application,
    submit_application,
    withdraw_application,
)
from akashi.domains.loans.report import checks, tiles
from akashi.domains.loans.stopping import SERVICE, find_stop, stop_loans
from akashi.domains.loans.uploads import receive
from akashi.platform.rooms import call_name
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import open_client, sign_in

PEOPLE = list_actors()
CHIEF = next(one for one in PEOPLE.values() if one.has(Role.SECURITY_OFFICER))
OFFICER = next(one for one in PEOPLE.values() if one.has(Role.LOAN_OFFICER))


def test_while_stopped_people_answer_and_nothing_moves_until_it_is_decided(sample_site: Site) -> None:
    site = sample_site
    token = begin_application(site, "home_loan", "ja", "")
    say_in_application(site, token, "リフォームです", "ja")
    before = read_intake(site, token, "ja")
    assert before is not None
    stop_loans(site, CHIEF, "読み取りの誤りの疑い")
    for change in (
        lambda: begin_application(site, "home_loan", "ja", ""),
        lambda: fill_application(site, token, {"amount": "700万円"}, "ja"),
        lambda: submit_application(site, token, "ja"),
        lambda: receive(site, before.application.id, "identity", "a.pdf", b"%PDF-1.7"),
        lambda: stop_loans(site, CHIEF, "二度目"),
    ):
        with pytest.raises(ConflictError):
            change()
    say_in_application(site, token, "山田花子", "ja")
    after = read_intake(site, token, "ja")
    assert after is not None
    assert (after.talk, after.waits_for_person) == (before.talk, True)
    assert "担当者が拝見し" in after.messages[-1].text
    assert "山田花子" in [message.text for message in after.messages]
    _look_at_pages(site)
    matter = SERVICE.ask_resumption(site, OFFICER, "原因を直した")
    with site.database.write() as connection:
        assert find_stop(connection) is not None
        walk_route(connection, matter, PEOPLE, site.now())
        assert find_stop(connection) is None
    fill_application(site, token, {"amount": "700万円"}, "ja")
    withdraw_application(site, token, "ja")


def _look_at_pages(site: Site) -> None:
    assert [tile.value for tile in tiles(site, OFFICER)] == ["Stopped", 0]
    assert tiles(site, replace(OFFICER, roles=frozenset({Role.AUDITOR}))) == []
    with open_client(site) as client:
        for path in ("/loans", "/loans/start/home_loan"):
            page = client.get(path).text
            assert "自動の受付は、いま停止しています" in page
            assert 'action="/loans/start' not in page
        refused = client.post("/loans/start/home_loan", data={"consent": "yes"})
        assert refused.status_code == 409


def test_it_is_stopped_on_its_page_and_another_rooms_decision_resumes_it(
    sample_site: Site, client: TestClient
) -> None:
    room = next(room for room in sample_site.rooms if room.name == "loans")
    assert "loan_intake" in room.serves
    sign_in(client, OFFICER.id)
    assert "運用中です" in client.get("/loans/operation").text
    assert client.post("/loans/operation/stop", data={"reason": "x"}).status_code == 403
    sign_in(client, CHIEF.id)
    assert client.post("/loans/operation/stop", data={"reason": ""}).status_code == 422
    stopped = client.post("/loans/operation/stop", data={"reason": "検出事項への対応"})
    assert "停止しました。お客さまには人が応対します" in stopped.text
    assert "検出事項への対応" in client.get("/loans/operation").text
    with sample_site.database.write() as connection:
        call_name(room.resume, connection, CHIEF.id, sample_site.now())
        assert find_stop(connection) is None
    begin_application(sample_site, "home_loan", "ja", "")


def test_the_doctor_says_what_the_room_lacks(sqlite_site: Site) -> None:
    found = {check.name: check.health.value for check in checks(sqlite_site)}
    assert found["virus scanner"] == "warning"
    assert found["loan products"] == found["postal codes"] == "ok"
    folder = sqlite_site.settings.home / "loans" / "products"
    folder.mkdir(parents=True)
    (folder / "bad.toml").write_text("id = 3", encoding="utf-8")
    assert {check.name: check.health.value for check in checks(sqlite_site)}["loan products"] == "failed"
    blind = replace(sqlite_site, settings=replace(sqlite_site.settings, scan_command=("/nowhere/scan",)))
    assert "failed" in {check.health.value for check in checks(blind)}
