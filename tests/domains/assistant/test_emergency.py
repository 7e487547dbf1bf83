"""Lost, stolen, fraud, disaster: the number at once; and nothing of it for everybody else."""

from __future__ import annotations

import csv
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from akashi.conversations.cases import find_open_case
from akashi.conversations.model import Author, Urgency
from akashi.conversations.talk import find_by_token, read_messages
from akashi.core.display import Health
from akashi.core.errors import InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.core.ports import Ports, Screened
from akashi.domains.assistant.contact import check_contact, find_alarms, parse_contact, read_contact
from akashi.domains.assistant.emergency import find_topics
from akashi.domains.assistant.report import checks
from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.domains.assistant.treat import stop_assistant
from akashi.ledger.store import list_kinds
from akashi.platform.site import Site
from akashi.sample.seed import DATA, read_table
from tests.conftest import open_client

LOST = (
    "キャッシュカードをなくしました",
    "財布ごと盗まれた。カードも入ってる",
    "カード　を　失くした",
    "印鑑が見つからない",
    "ＡＴＭにカード置き忘れてきた",
    "通帳を落としたかも",
    "今すぐカードを止めてください",
    "I lost my card",
    "スマホ紛失",
)
FRAUD = (
    "還付金があると電話で言われてATMに行きました",
    "身に覚えのない引き落としがあります",
    "偽サイトにパスワードを入れてしまった",
    "詐欺に遭ったかもしれない",
    "警察の人がカードを預かると言って家に来る",
    "勝手に送金されています",
)
DISASTER = ("地震で家が壊れて通帳が出せません", "台風で家が流されました", "津波から逃げて避難所にいます")
NOTHING = (
    "カードを作りたい",
    "カードローンを止めたい",
    "キャッシュカードの暗証番号を忘れました",
    "手数料をなくしてほしい",
    "カードの引き落とし日はいつですか",
    "カードが使えなくなりました",
    "通帳の繰越をしたい",
    "印鑑を変えたい",
    "火災保険の相談はできますか",
    "地震保険料の控除証明書",
    "だまされないためのポイントは",
    "詐欺よけの設定をしたい",
    "パスワードを間違えて入力してしまいました",
    "マイナンバーカードを紛失した場合の確認書類は",
    "他の銀行に振り込むといくらですか",
    "",
)


@pytest.mark.parametrize("text", LOST)
def test_loss_is_noticed(text: str) -> None:
    assert "lost" in find_topics(text)


@pytest.mark.parametrize("text", FRAUD)
def test_fraud_is_noticed(text: str) -> None:
    assert "fraud" in find_topics(text)


@pytest.mark.parametrize("text", DISASTER)
def test_disaster_is_noticed(text: str) -> None:
    assert "disaster" in find_topics(text)


@pytest.mark.parametrize("text", NOTHING)
def test_ordinary_questions_raise_no_alarm(text: str) -> None:
    assert find_topics(text) == ()


def test_other_subjects_of_the_labelled_queries_raise_hardly_any_alarm() -> None:
    with (DATA / "queries" / "queries.csv").open(encoding="utf-8", newline="") as file:
        texts = [
            row["text"]
            for row in csv.DictReader(file)
            if not row["id"].startswith(("lost-", "security-", "disaster-", "cards-"))
        ]
    alarmed = [text for text in texts if find_topics(text)]
    assert len(alarmed) / len(texts) <= 0.01, alarmed


@pytest.mark.parametrize("text", ["カードなくした" * 285, "あ" * 2000, "カード" * 600, "\x00\ud800カード"])
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    find_topics(text)
    assert time.perf_counter() - started < 2.0


def test_number_stands_above_the_answer_and_is_recorded(sample_site: Site) -> None:
    token = ask_in_conversation(sample_site, "", LOST[0], "ja")
    with sample_site.database.read() as connection:
        messages = read_messages(connection, sample_site.keys, find_by_token(connection, token).id)
        assert "assistant.emergency_shown" in list_kinds(connection)
    assert [one.author for one in messages] == [Author.CUSTOMER, Author.SYSTEM, Author.ASSISTANT]
    assert messages[1].meta["emergency"][0]["number"] == "0120-000-911"
    with open_client(sample_site) as client:
        client.cookies.set("akashi_talk", token)
        page = client.get("/").text
    assert 0 < page.index("tel:0120000911") < page.rindex("bubble automatic")


def test_number_is_shown_although_nothing_else_works(sample_site: Site) -> None:
    def broken(text: str, use_case: str = "") -> Screened:
        raise sa.exc.OperationalError("screen", {}, Exception("down"))

    down = replace(sample_site, ports=Ports(screen=broken))
    with open_client(down) as client:
        assert client.post("/ask", data={"question": LOST[0]}).status_code == 500
        with down.database.read() as connection:
            kinds = list_kinds(connection)
    assert "assistant.emergency_shown" in kinds


def test_number_is_shown_while_the_assistant_is_stopped(sample_site: Site) -> None:
    chief = Actor("funakoshi_jun", ActorKind.PERSON, frozenset({Role.SECURITY_OFFICER}))
    stop_assistant(sample_site, chief, "点検")
    token = ask_in_conversation(sample_site, "", LOST[0], "en")
    with sample_site.database.read() as connection:
        messages = read_messages(connection, sample_site.keys, find_by_token(connection, token).id)
    assert messages[1].meta["emergency"][0]["title"] == "Loss and theft"


def test_fraud_opens_an_urgent_case_and_loss_does_not(sample_site: Site) -> None:
    fraud = ask_in_conversation(sample_site, "", FRAUD[1], "ja")
    with sample_site.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, fraud).id)
    assert case is not None
    assert case.urgency is Urgency.AT_ONCE


def test_person_is_needed_sooner_where_a_number_was_shown(sample_site: Site) -> None:
    token = ask_in_conversation(sample_site, "", "キャッシュカードをなくしました", "ja")
    assert find_urgency(sample_site, ask_for_person(sample_site, token, "ja")) is Urgency.SOON
    waits = ask_for_person(sample_site, "", "ja")
    assert find_urgency(sample_site, waits) is Urgency.NORMAL
    ask_in_conversation(sample_site, waits, "通帳を盗まれました", "ja")
    assert find_urgency(sample_site, waits) is Urgency.SOON


def find_urgency(site: Site, token: str) -> Urgency:
    """Return how urgent the open case of a customer is."""
    with site.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, token).id)
    assert case is not None
    return case.urgency


def test_no_number_is_invented_without_the_institutions_file(sqlite_site: Site) -> None:
    with sqlite_site.database.read() as connection:
        table = read_contact(connection)
    assert find_alarms(table, LOST[0], sqlite_site.now(), "ja") == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [("office", "nowhere"), ("consent", " "), ("number", ""), ("topic", "flood"), ("hours", "いつでも")],
)
def test_contact_file_with_a_gap_is_refused(sample_site: Site, path: str, value: str) -> None:
    table = read_table("contact.toml")
    target = table if path in table else table["emergency"][0]
    target[path] = value
    with pytest.raises(InputError), sample_site.database.read() as connection:
        check_contact(connection, table)


def test_doctor_misses_the_numbers_of_an_institution_that_set_none(sqlite_site: Site) -> None:
    assert checks(sqlite_site)[-1].health is Health.WARNING


def test_doctor_is_content_with_the_sample_bank(sample_site: Site) -> None:
    assert checks(sample_site)[-1].health is Health.OK


def test_contact_file_that_is_not_toml_says_so() -> None:
    with pytest.raises(InputError, match=r"contact\.toml: The file is not TOML"):
        parse_contact(b"office = ", "contact.toml")
