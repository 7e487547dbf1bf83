"""The page of retention periods: who changes them, and what a shorter one would erase."""

from __future__ import annotations

from datetime import timedelta

from starlette.testclient import TestClient

from akashi.conversations.erasure import erase_due
from akashi.conversations.model import Author
from akashi.conversations.retention import list_periods
from akashi.conversations.store import find_tombstone
from akashi.conversations.talk import add_message, start
from akashi.core.people import Role
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from tests.conftest import sign_in

PATH = "/conversations/retention"


def _become(client: TestClient, role: Role) -> None:
    sign_in(client, next(actor.id for actor in list_actors().values() if actor.has(role)))


def _old_conversation(site: Site) -> str:
    keys, now = site.keys, site.now() - timedelta(days=400)
    with site.database.write() as connection:
        begun = start(connection, keys, "web", "ja", now, "customer_faq").conversation
        add_message(connection, keys, begun.id, Author.CUSTOMER, "相続の手続き", {}, now)
        return begun.id


def _months(site: Site) -> int | None:
    with site.database.read() as connection:
        period = list_periods(connection).get("customer_faq")
        return period.months if period else None


def test_a_longer_period_is_set_at_once(client: TestClient, sample_site: Site) -> None:
    _become(client, Role.PRIVACY_OFFICER)
    form = {"use_case": "customer_faq", "months": "84", "basis": "文書管理規程 別表2"}
    answer = client.post(PATH, data=form)
    assert "文書管理規程 別表2" in answer.text
    assert _months(sample_site) == 84


def test_a_period_that_erases_asks_first_and_says_how_many(client: TestClient, sample_site: Site) -> None:
    conversation_id = _old_conversation(sample_site)
    _become(client, Role.PRIVACY_OFFICER)
    form = {"use_case": "customer_faq", "months": "6", "basis": "規程の改定"}
    asked = client.post(PATH, data=form)
    assert "1件の会話がこの期間を過ぎており" in asked.text
    assert _months(sample_site) is None
    client.post(PATH, data={**form, "confirmed": "1"})
    assert _months(sample_site) == 6
    erase_due(sample_site, sample_site.now())
    with sample_site.database.read() as connection:
        assert find_tombstone(connection, conversation_id) is not None


def test_an_operator_reads_the_periods_and_changes_none(client: TestClient, sample_site: Site) -> None:
    _become(client, Role.OPERATOR)
    assert "変更する" not in client.get(PATH).text
    form = {"use_case": "customer_faq", "months": "1", "basis": "x"}
    assert client.post(PATH, data=form).status_code == 403
    assert _months(sample_site) is None


def test_a_period_out_of_bounds_changes_nothing(client: TestClient, sample_site: Site) -> None:
    _become(client, Role.PRIVACY_OFFICER)
    for form in (
        {"use_case": "customer_faq", "months": "0", "basis": "x"},
        {"use_case": "customer_faq", "months": "999", "basis": "x"},
        {"use_case": "顧客", "months": "12", "basis": "x"},
        {"use_case": "customer_faq", "months": "12", "basis": " "},
    ):
        assert client.post(PATH, data=form).status_code == 422, form
    assert _months(sample_site) is None
