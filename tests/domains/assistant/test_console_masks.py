"""The operator sees customers' words masked; looking at them is a deed with a purpose, in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from akashi.conversations.cases import find_open_case
from akashi.conversations.masks import KIND
from akashi.conversations.talk import find_by_token
from akashi.domains.assistant.console import last_question, open_case, read_case
from akashi.domains.assistant.contact import read_contact, set_contact
from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.house import lend_ports
from akashi.ledger.store import Filter, count_entries, list_entries
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.domains.assistant.test_console import MIO, UNANSWERED

VALUES = ("山田花子", "090-1234-5678", "7654321")
WORDS = f"{VALUES[0]}です。{VALUES[1]}に電話ください。口座番号は{VALUES[2]}です。{UNANSWERED}"
DESK = "/assistant/console"


@pytest.fixture
def guarded(sample_site: Site) -> Site:
    """The sample institution with the real guards."""
    return replace(sample_site, ports=lend_ports())


@pytest.fixture
def desk(guarded: Site) -> Iterator[tuple[TestClient, str]]:
    """A case with personal data on the desk of an operator: his window and the path of the case."""
    token = ask_for_person(guarded, ask_in_conversation(guarded, "", WORDS, "ja"), "ja")
    with guarded.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, token).id)
    assert case is not None
    open_case(guarded, case.id, MIO)
    with open_client(guarded) as client:
        sign_in(client, MIO.id)
        yield client, f"{DESK}/{case.id}"


def count_unmaskings(site: Site) -> int:
    with site.database.read() as connection:
        return count_entries(connection, Filter(kind=KIND))


def test_desk_hides_what_tells_of_the_customer(desk: tuple[TestClient, str]) -> None:
    client, path = desk
    page = client.get(path).text
    assert not [value for value in VALUES if value in page]
    assert "〔氏名1〕です。〔電話番号1〕に電話ください。口座番号は〔口座番号1〕です。" in page
    assert "住宅ローン" in page


def test_holder_looks_once_with_a_purpose(desk: tuple[TestClient, str], guarded: Site) -> None:
    client, path = desk
    shown = client.post(f"{path}/unmask", data={"sequence": 1, "purpose": "contact"}).text
    assert all(value in shown for value in VALUES)
    assert "一度だけ表示しています" in shown
    assert VALUES[0] not in client.get(path).text
    with guarded.database.read() as connection:
        (entry,) = list_entries(connection, Filter(kind=KIND), 9)
        kinds = {"bank_account": 1, "person": 1, "phone": 1}
        assert entry.values == {"kinds": kinds, "messages": [1], "purpose": "contact"}
        assert entry.actor == MIO.id


@pytest.mark.parametrize("data", [{"sequence": 1}, {"purpose": "contact"}, {"sequence": 1, "purpose": "x"}])
def test_no_purpose_no_look(desk: tuple[TestClient, str], guarded: Site, data: dict[str, str]) -> None:
    client, path = desk
    assert client.post(f"{path}/unmask", data=data).status_code == 422
    assert count_unmaskings(guarded) == 0


@pytest.mark.parametrize(("person", "status"), [("hamada_sota", 409), ("shiraishi_kyoko", 403)])
def test_nobody_else_looks(desk: tuple[TestClient, str], guarded: Site, person: str, status: int) -> None:
    client, path = desk
    sign_in(client, person)
    answer = client.post(f"{path}/unmask", data={"sequence": 1, "purpose": "contact"})
    assert answer.status_code == status
    assert VALUES[0] not in answer.text
    assert count_unmaskings(guarded) == 0


def test_institution_may_forbid_it(desk: tuple[TestClient, str], guarded: Site) -> None:
    client, path = desk
    with guarded.database.write() as connection:
        table = {**read_contact(connection), "operators_may_unmask": False}
        set_contact(connection, table, "local:test", guarded.now())
    assert "/unmask" not in client.get(path).text
    assert client.post(f"{path}/unmask", data={"sequence": 1, "purpose": "contact"}).status_code == 403
    assert count_unmaskings(guarded) == 0


def test_message_without_personal_data_cannot_be_opened(desk: tuple[TestClient, str], guarded: Site) -> None:
    client, path = desk
    assert client.post(f"{path}/unmask", data={"sequence": 2, "purpose": "contact"}).status_code == 409
    assert count_unmaskings(guarded) == 0


def test_entry_for_questions_and_answers_begins_masked(desk: tuple[TestClient, str]) -> None:
    client, path = desk
    client.post(f"{path}/send", data={"text": "お答えします。"})
    client.post(f"{path}/close", data={"outcome": "solved"})
    page = client.get(f"{path}/faq").text
    assert "〔氏名1〕" in page
    assert not [value for value in VALUES if value in page]
    bad = client.post(f"{path}/faq", data={"question": f"{VALUES[0]}の相続は", "answer": "答え"})
    assert bad.status_code == 422


def test_what_was_answered_is_not_asked_again(guarded: Site) -> None:
    token = ask_in_conversation(guarded, "", "結婚して名字が変わりました。通帳はどうなりますか", "ja")
    ask_for_person(guarded, ask_in_conversation(guarded, token, UNANSWERED, "ja"), "ja")
    with guarded.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, token).id)
    assert case is not None
    open_case(guarded, case.id, MIO)
    assert last_question(read_case(guarded, case.id, MIO)[2]) == UNANSWERED
