"""Business owners change the contact rules by a page; nothing takes effect before its decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from akashi.approvals.matters import act, read_matter
from akashi.approvals.model import Action
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.assistant.contact import parse_contact, read_contact, set_contact
from akashi.domains.assistant.contact_change import find_change, propose_contact
from akashi.identity.tokens import create_token
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site
from akashi.sample.seed import list_actors, walk_route
from tests.conftest import open_client, sign_in

OWNER = Actor("shiraishi_kyoko", ActorKind.PERSON, frozenset({Role.BUSINESS_OWNER}))
NUMBER = "0120-000-912"
PAGE = "/assistant/contact"


def table_of(site: Site) -> dict[str, Any]:
    """Return the contact rules in effect."""
    with site.database.read() as connection:
        return read_contact(connection)


def number_of(site: Site, topic: str = "lost") -> str:
    return next(str(row["number"]) for row in table_of(site)["emergency"] if row["topic"] == topic)


def lost_form(site: Site, **changes: str) -> dict[str, str]:
    """Return the form on lost cards as it would be posted."""
    row = next(row for row in table_of(site)["emergency"] if row["topic"] == "lost")
    data = {key: str(value) for key, value in row.items() if key not in {"topic", "opens_case"}}
    return {**data, "reason": "番号の変更", **changes}


def test_number_changes_with_its_decision_and_not_before(client: TestClient, sample_site: Site) -> None:
    sign_in(client, OWNER.id)
    before = number_of(sample_site)
    page = client.post(f"{PAGE}/emergency/lost", data=lost_form(sample_site, number=NUMBER)).text
    assert "お客さまの連絡先と緊急の電話番号の変更" in page
    assert number_of(sample_site) == before
    with sample_site.database.read() as connection:
        change = find_change(connection)
    assert change is not None
    shown = client.get(f"{PAGE}/change/{change.id}").text
    assert before in shown
    assert NUMBER in shown
    with sample_site.database.write() as connection:
        matter = read_matter(connection, change.matter_id)
        walk_route(connection, matter, list_actors(), sample_site.now())
    assert number_of(sample_site) == NUMBER
    assert NUMBER in client.get(f"{PAGE}/change/{change.id}").text
    assert "変更が決裁を待っています" not in client.get(PAGE).text
    with sample_site.database.read() as connection:
        entry = list_entries(connection, Filter(kind="assistant.contact_set"), 9)[-1]
    assert entry.actor != OWNER.id
    assert NUMBER not in entry.payload


def test_one_change_waits_at_a_time_and_withdrawing_frees_the_place(sample_site: Site) -> None:
    table = table_of(sample_site)
    matter = propose_contact(sample_site, OWNER, {**table, "promise_minutes": 20}, "混雑")
    with pytest.raises(ConflictError, match="waits"):
        propose_contact(sample_site, OWNER, {**table, "promise_minutes": 30}, "混雑")
    with sample_site.database.write() as connection:
        act(connection, matter.id, Action.WITHDRAW, OWNER, sample_site.now())
    assert table_of(sample_site) == table
    propose_contact(sample_site, OWNER, {**table, "promise_minutes": 30}, "混雑")


def test_rules_that_changed_meanwhile_are_not_overwritten(sample_site: Site) -> None:
    table = table_of(sample_site)
    matter = propose_contact(sample_site, OWNER, {**table, "promise_minutes": 20}, "混雑")
    with sample_site.database.write() as connection:
        set_contact(connection, {**table, "promise_minutes": 5}, "local:test", sample_site.now())
    with pytest.raises(ConflictError, match="have changed"), sample_site.database.write() as connection:
        walk_route(connection, matter, list_actors(), sample_site.now())
    assert table_of(sample_site)["promise_minutes"] == 5


@pytest.mark.parametrize(
    "changes",
    [{"number": ""}, {"hours": "いつでも"}, {"text_en": " "}, {"reason": ""}, {"number": "1" * 31}, {}],
    ids=["no number", "unreadable hours", "blank text", "no reason", "long number", "no change"],
)
def test_form_that_cannot_be_used_comes_back(
    client: TestClient, sample_site: Site, changes: dict[str, str]
) -> None:
    sign_in(client, OWNER.id)
    data = {**lost_form(sample_site), "number": number_of(sample_site), **changes}
    assert client.post(f"{PAGE}/emergency/lost", data=data).status_code in {409, 422}
    with sample_site.database.read() as connection:
        assert find_change(connection) is None


def test_general_rules_keep_the_numbers(client: TestClient, sample_site: Site) -> None:
    sign_in(client, OWNER.id)
    data = {
        "office": "call_center",
        "promise_minutes": "10",
        "idle_minutes": "5",
        "consent": "同意します",
        "consent_en": "I agree",
        "slot": "午前 | Morning\n午後",
        "reason": "見直し",
    }
    assert client.post(f"{PAGE}/general", data=data).status_code == 200
    with sample_site.database.read() as connection:
        change = find_change(connection)
    assert change is not None
    assert [row["title_en"] for row in change.after["slot"]] == ["Morning", "午後"]
    assert change.after["operators_may_unmask"] is False
    assert change.after["emergency"] == table_of(sample_site)["emergency"]


@pytest.mark.parametrize("person", ["isobe_mio", "hoshi_aya", "kishimoto_rei", "katase_minoru"])
def test_only_business_owners_propose(client: TestClient, sample_site: Site, person: str) -> None:
    sign_in(client, person)
    data = lost_form(sample_site, number=NUMBER)
    assert client.post(f"{PAGE}/emergency/lost", data=data).status_code == 403
    assert client.get(f"{PAGE}/emergency/lost").status_code == 403


@pytest.mark.parametrize(
    "text",
    ["emergency = 1", "slot = ['a']", "promise_minutes = 'x'", "idle_minutes = true", "office = 'nowhere'"],
)
def test_hostile_file_is_an_input_error(sample_site: Site, text: str) -> None:
    whole = {**table_of(sample_site), **parse_contact(text.encode(), "contact.toml")}
    with pytest.raises(InputError), sample_site.database.write() as connection:
        set_contact(connection, whole, "local:test", sample_site.now())


def test_machine_is_told_the_number_too(sample_site: Site) -> None:
    admin = Actor("hoshi_aya", ActorKind.PERSON, frozenset({Role.ADMINISTRATOR}))
    now = sample_site.now()
    with sample_site.database.write() as connection:
        _, token = create_token(connection, admin, "app", {"ask"}, timedelta(days=1), now, {"ask"})
    with open_client(sample_site) as client:
        ask = {"question": "カードを盗まれて勝手に引き出されました", "language": "en"}
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.post("/api/assistant/ask", json=ask, headers=headers).json()
        calm = client.post("/api/assistant/ask", json={"question": "口座を作りたい"}, headers=headers).json()
    assert {alarm["topic"] for alarm in answer["alarms"]} == {"lost", "fraud"}
    assert all(alarm["number"] and alarm["text"].isascii() for alarm in answer["alarms"])
    assert calm["alarms"] == []
