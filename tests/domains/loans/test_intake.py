"""The applicant's pages: from consent to a sent application, by conversation, by form, and again later."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from akashi.conversations.erasure import erase_due
from akashi.core.errors import ConflictError, EvidenceError, InputError
from akashi.domains.loans.access import use_link
from akashi.domains.loans.model import Origin, State
from akashi.domains.loans.store import list_events, list_outlines, read_application
from akashi.platform.site import Site
from tests.conftest import open_client

HOME = {
    "applicant_name": "山田花子",
    "birth_date": "昭和60年4月1日",
    "postal_code": "000-0001",
    "address": "汐見県汐見市浜町1-2-3",
    "phone": "090-1234-5678",
    "occupation": "会社員",
    "years_in_work": "8年",
    "annual_income": "620万円",
    "has_debts": "いいえ",
    "property_address": "汐見県汐見市浜町1-2-3",
    "own_funds": "0円",
    "amount": "700万円",
    "term": "15年",
    "rate_type": "まだ決めていません",
    "bonus": "いいえ",
    "needed_on": "来年3月",
}


def begin(client: TestClient, product: str = "home_loan") -> None:
    answer = client.post(f"/loans/start/{product}", data={"consent": "yes"}, follow_redirects=False)
    assert answer.status_code == 303, answer.text


def say(client: TestClient, *sentences: str) -> str:
    for sentence in sentences:
        answer = client.post("/loans/talk", data={"sentence": sentence}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
    return client.get("/loans/talk").text


def only_application(site: Site) -> str:
    with site.database.read() as connection:
        return list_outlines(connection)[0].id


def test_nothing_is_kept_before_consent_and_all_of_it_is_sent_in_the_end(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client:
        refused = client.post("/loans/start/home_loan", data={})
        assert refused.status_code == 422
        with sqlite_site.database.read() as connection:
            assert list_outlines(connection) == []
        assert client.get("/loans/talk").url.path == "/loans"
        begin(client)
        say(client, "リフォームです", "はい")
        assert client.post("/loans/form", data=HOME).status_code == 200
        page = say(client, "いいえ", "株式会社しおかぜ製作所", "800万円", "30万円")
        assert "すべてうかがいました" in page
        say(client, "やっぱり金額は650万円に", "はい")
        summary = client.get("/loans/summary").text
        assert "6,500,000円（650万円）" in summary
        assert client.post("/loans/submit", data={}).status_code == 422
        assert "お申込みを受け付けました" in client.post("/loans/submit", data={"right": "yes"}).text
        again = client.post("/loans/talk", data={"sentence": "やっぱり900万円"})
        assert again.status_code == 422
    with sqlite_site.database.read() as connection:
        application = read_application(connection, sqlite_site.keys, only_application(sqlite_site))
    assert application.state is State.SUBMITTED
    assert application.known["amount"] == 6_500_000
    assert [value.value for value in application.earlier] == [7_000_000]
    assert re.fullmatch(r"R-2026-\d{6}", application.number)
    assert application.consented_at is not None


def test_the_form_shows_and_sets_the_same_values_and_says_what_it_cannot_read(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client:
        begin(client, "equipment")
        say(client, "法人です")
        page = client.post("/loans/form", data={"company_name": "株式会社しおかぜ製パン", "amount": "500"})
        assert page.status_code == 422
        assert "単位までお書きください" in page.text
        kept = client.post("/loans/form", data={"amount": "500万円", "has_debts": "はい"})
        assert kept.status_code == 200
        assert "お借入れの残高" in client.get("/loans/form").text
        assert 'value="5,000,000円"' in client.get("/loans/form").text
    with sqlite_site.database.read() as connection:
        application = read_application(connection, sqlite_site.keys, only_application(sqlite_site))
    assert application.values["amount"].origin is Origin.FORM
    assert application.values["business_form"].origin is Origin.ANSWER
    assert application.known["company_name"] == "株式会社しおかぜ製パン"


def saved_pair(client: TestClient) -> tuple[str, str]:
    page = client.post("/loans/save").text
    token = re.search(r"/loans/resume#([\w-]{43})", page)
    code = re.search(r"<strong>([2-9A-Z]{4}-[2-9A-Z]{4})</strong>", page)
    assert token is not None
    assert code is not None
    return token[1], code[1]


def test_a_link_opens_with_its_code_only_and_shows_nothing_before(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client, open_client(sqlite_site) as other:
        begin(client)
        say(client, "リフォームです")
        token, code = saved_pair(client)
        blank = other.get("/loans/resume").text
        wrong = other.post("/loans/resume", data={"token": token, "code": "2222-2222"})
        unknown = other.post("/loans/resume", data={"token": "x" * 43, "code": code})
        assert (wrong.status_code, unknown.status_code) == (422, 422)
        for page in (blank, wrong.text, unknown.text):
            assert "R-2026" not in page
            assert "リフォーム" not in page
        opened = other.post(
            "/loans/resume", data={"token": f"x#{token}", "code": code.lower().replace("-", " ")}
        )
        assert "リフォームです" in opened.text
        assert client.get("/loans/talk").url.path == "/loans"


def test_five_wrong_codes_end_a_link_for_good(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client:
        begin(client)
        token, code = saved_pair(client)
    for _ in range(5):
        with pytest.raises(InputError):
            use_link(sqlite_site, token, "2222-2222")
    with pytest.raises(InputError, match="can no longer be used"):
        use_link(sqlite_site, token, code)


def test_a_link_ends_after_its_days_and_when_a_newer_one_is_made(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client:
        begin(client)
        first = saved_pair(client)
        second = saved_pair(client)
    with pytest.raises(InputError):
        use_link(sqlite_site, *first)
    sqlite_site.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]  # the tests' clock
    with pytest.raises(InputError):
        use_link(sqlite_site, *second)


def test_a_person_is_called_from_every_page_and_by_a_sentence(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as client:
        for path in ("/loans", "/loans/start/equipment", "/loans/resume"):
            assert 'action="/person"' in client.get(path).text
        begin(client)
        for path in ("/loans/talk", "/loans/form", "/loans/summary", "/loans/withdraw"):
            assert 'action="/loans/person"' in client.get(path).text
        assert "担当者からご連絡します" in say(client, "担当者と話したい")


def test_two_browsers_see_only_their_own_application(sqlite_site: Site) -> None:
    with open_client(sqlite_site) as one, open_client(sqlite_site) as other:
        begin(one)
        begin(other)
        say(one, "リフォームです", "はい", "山田花子")
        seen = say(other, "新築です", "はい", "佐藤次郎")
        assert "佐藤次郎" in seen
        assert "山田花子" not in seen
        assert "佐藤次郎" not in one.get("/loans/summary").text


def test_values_are_sealed_on_both_databases_and_die_with_the_conversation(site: Site) -> None:
    with open_client(site) as client:
        begin(client)
        say(client, "リフォームです", "はい", "山田花子", "やっぱり新築")
        application_id = only_application(site)
        with site.database.read() as connection:
            events = list_events(connection, site.keys, application_id)
            application = read_application(connection, site.keys, application_id)
        assert "山田花子" not in repr(events) + repr(application.values)
        assert [event.kind for event in events].count("value") == 3
        later = site.now() + timedelta(days=6 * 366)
        assert erase_due(site, later) == 1
        assert client.get("/loans/talk").url.path == "/loans"
    with site.database.read() as connection, pytest.raises((ConflictError, EvidenceError)):
        read_application(connection, site.keys, application_id)
