"""The operator's console: from a customer's question to the answer that he sees, and what is measured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from akashi.conversations.cases import find_case, find_open_case, list_queue
from akashi.conversations.model import Author, Handover
from akashi.conversations.talk import find_by_token, read_messages
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.documents.store import withdraw_version
from akashi.domains.assistant.console import (
    Composed,
    last_question,
    open_case,
    read_case,
    read_queue,
    return_idle_cases,
    send_reply,
    start_call,
)
from akashi.domains.assistant.console_store import list_sent_in
from akashi.domains.assistant.drafting import find_help
from akashi.domains.assistant.reading import read_talk
from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation
from akashi.ledger.store import list_kinds
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in

MIO = Actor("isobe_mio", ActorKind.PERSON, frozenset({Role.OPERATOR}))
SOTA = Actor("hamada_sota", ActorKind.PERSON, frozenset({Role.OPERATOR}))
UNANSWERED = "来年、住宅ローンの変動金利は上がりますか？今のうちに固定にした方がいいですか？"
TRANSFER = "アプリから他の銀行へ5万円振り込むと手数料はいくらですか？"


def wait_for_person(site: Site, question: str = UNANSWERED) -> tuple[str, Handover]:
    """Ask as a customer, then for a person; return the token and the case."""
    token = ask_for_person(site, ask_in_conversation(site, "", question, "ja"), "ja")
    with site.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, token).id)
    assert case is not None
    return token, case


def test_claim_draft_send_and_the_customer_reads_it(sample_site: Site) -> None:
    token, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    _, _, messages = read_case(sample_site, case.id, MIO)
    found = find_help(sample_site, last_question(messages))
    assert found.draft
    assert len(found.pairs) == 3
    assert [pair.similarity for pair in found.pairs] == sorted(
        (pair.similarity for pair in found.pairs), reverse=True
    )
    sample_site.clock.advance(timedelta(seconds=42))  # type: ignore[attr-defined]
    references = tuple(piece.reference for piece in found.draft)
    sent = send_reply(sample_site, case.id, MIO, Composed(found.text, references, "draft"))
    assert (sent.verdict, sent.distance, sent.seconds, sent.origin) == ("unchanged", 0, 42, "draft")
    talk = read_talk(sample_site, token)
    assert talk is not None
    assert (talk.turns[-1].message.author, talk.turns[-1].message.text) == (Author.OPERATOR, found.text)


def test_draft_is_verbatim_and_what_customers_may_read(sample_site: Site) -> None:
    found = find_help(sample_site, TRANSFER)
    assert found.is_sure
    with sample_site.database.read() as connection:
        for piece in (*found.draft, *(pair.answer for pair in found.pairs)):
            from_document = connection.exec_driver_sql("select text from documents_version").scalars()
            assert any(piece.text in text for text in from_document)


COINS = "硬貨を101枚入金するときの手数料はいくらですか"
ROW = "101枚から500枚 | 550円"


def test_row_of_a_table_is_sent_as_it_stands_and_read_under_its_columns(sample_site: Site) -> None:
    token, case = wait_for_person(sample_site, COINS)
    open_case(sample_site, case.id, MIO)
    (piece,) = find_help(sample_site, COINS).draft
    assert (piece.text, piece.cells[-1]) == (ROW, ("窓口での硬貨入金", "550円"))
    assert piece.heading.endswith("101枚から500枚")
    sent = send_reply(sample_site, case.id, MIO, Composed(piece.text, (piece.reference,), "draft"))
    send_reply(sample_site, case.id, MIO, Composed("101枚から500枚 | 無料", (piece.reference,), "draft"))
    talk = read_talk(sample_site, token)
    assert talk is not None
    as_it_stands, changed = talk.turns[-2:]
    assert (sent.verdict, as_it_stands.message.text) == ("unchanged", ROW)
    assert [block.cells[-1]["cell"] for block in as_it_stands.blocks] == ["550円"]
    assert [(block.text, block.cells) for block in changed.blocks] == [("101枚から500枚 | 無料", ())]


def test_desk_shows_a_row_as_the_customer_will_read_it(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site, COINS)
    path = f"/assistant/console/{case.id}"
    with open_client(sample_site) as operator:
        sign_in(operator, "isobe_mio")
        operator.post(f"{path}/claim")
        shown = operator.get(path, params={"q": COINS}).text
    assert f'data-row="{ROW}"' in shown
    assert shown.count("<dt>窓口での硬貨入金</dt>") == 2
    assert f">{ROW}</textarea>" in shown


def test_edited_and_new_replies_are_measured(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    found = find_help(sample_site, UNANSWERED)
    references = tuple(piece.reference for piece in found.draft)
    edited = send_reply(sample_site, case.id, MIO, Composed(found.text + "以上です。", references, "draft"))
    assert (edited.verdict, edited.distance) == ("edited", 5)
    anew = send_reply(sample_site, case.id, MIO, Composed("お見通しはお答えできません。"))
    assert (anew.verdict, anew.origin) == ("anew", "none")
    with sample_site.database.read() as connection:
        assert len(list_sent_in(connection, case.conversation_id)) == 2
        assert {"assistant.reply_sent", "conversations.case_claimed"} <= set(list_kinds(connection))


def test_operators_words_are_sealed(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    secret = "特別な取扱いナナホシ"
    send_reply(sample_site, case.id, MIO, Composed(secret))
    with sample_site.database.read() as connection:
        for table in connection.exec_driver_sql(
            "select name from sqlite_master where type='table'"
        ).scalars():
            rows = connection.exec_driver_sql(f'select * from "{table}"').all()
            assert not any(secret in str(row) or secret.encode() in str(row).encode() for row in rows)


def test_withdrawn_wording_cannot_be_sent_as_a_draft(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    found = find_help(sample_site, TRANSFER)
    references = tuple(piece.reference for piece in found.draft)
    version = found.draft[0].passage_id.rpartition(".")[0]
    officer = Actor("kishimoto_rei", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER}))
    with sample_site.database.write() as connection:
        withdraw_version(connection, version, "test", officer, sample_site.now())
    with pytest.raises(ConflictError, match="no longer in effect"):
        send_reply(sample_site, case.id, MIO, Composed(found.text, references, "draft"))


def test_reference_outside_its_passage_is_refused(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    passage = find_help(sample_site, TRANSFER).draft[0].passage_id
    for bad in (f"{passage}:0:9999999", f"{passage}:5:1", "nothing", "a:b:c"):
        with pytest.raises(ConflictError):
            send_reply(sample_site, case.id, MIO, Composed("本文", (bad,), "draft"))


def test_only_the_holder_sends(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    with pytest.raises(ConflictError):
        send_reply(sample_site, case.id, SOTA, Composed("横から失礼します。"))
    with pytest.raises(InputError, match="empty"):
        send_reply(sample_site, case.id, MIO, Composed("  \n"))
    assert read_case(sample_site, case.id, SOTA)[2] == ()


def test_question_goes_to_the_operator_alone_while_he_has_the_case(sample_site: Site) -> None:
    token, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    ask_in_conversation(sample_site, token, TRANSFER, "ja")
    with sample_site.database.read() as connection:
        authors = [one.author for one in read_messages(connection, sample_site.keys, case.conversation_id)]
    assert authors == [Author.CUSTOMER, Author.ASSISTANT, Author.CUSTOMER]


def test_queue_names_the_subject_in_approved_words_only(sample_site: Site) -> None:
    wait_for_person(sample_site, "山田太郎です。080-1234-5678 住宅ローンの金利は来年上がりますか")
    lines, total = read_queue(sample_site)
    assert total == 1
    assert "金利" in lines[0].topic
    assert not set("".join(lines[0].topic)) & set("太郎0123456789")


def test_call_is_typed_answered_and_closed(sample_site: Site) -> None:
    case = start_call(sample_site, MIO, TRANSFER, "ja")
    assert case.taken_by == "isobe_mio"
    sent = send_reply(sample_site, case.id, MIO, Composed("220円です。"))
    assert sent.channel == "telephone"
    with sample_site.database.read() as connection:
        assert [one.id for one in list_queue(connection)] == [case.id]


def test_pages_of_a_telephone_call(sample_site: Site) -> None:
    with open_client(sample_site) as operator:
        sign_in(operator, "isobe_mio")
        assert operator.post("/assistant/console/call", data={"question": " "}).status_code == 422
        desk = operator.post("/assistant/console/call", data={"question": TRANSFER})
        path = desk.url.path
        assert (desk.status_code, "電話の応対" in desk.text, "165円" in desk.text) == (200, True, True)
        refused = operator.post(f"{path}/question", data={"question": " "})
        assert (refused.status_code, "&lt;function" in refused.text) == (422, False)
        again = operator.post(f"{path}/question", data={"question": "定期預金の中途解約はできますか"})
        assert "中途解約" in again.text
        lost = operator.post(f"{path}/question", data={"question": "カードも落としました。\u202e止めて"}).text
        assert "この番号をすぐにお伝えください" in lost
        assert "0120-000-911" in lost
        assert "\u202e" not in lost
        assert operator.post(f"{path}/send", data={"text": "はい。"}).status_code == 200
        assert operator.post(f"{path}/close", data={"outcome": "solved"}).status_code == 200


def test_idle_case_returns_after_a_quarter_of_an_hour(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    open_case(sample_site, case.id, MIO)
    sample_site.clock.advance(timedelta(minutes=15, seconds=1))  # type: ignore[attr-defined]
    assert return_idle_cases(sample_site, sample_site.now()) == 1
    with sample_site.database.read() as connection:
        assert find_case(connection, case.id).taken_by is None


def test_pages_from_queue_to_closed_case(sample_site: Site) -> None:
    token, case = wait_for_person(sample_site)
    path = f"/assistant/console/{case.id}"
    with open_client(sample_site) as operator:
        sign_in(operator, "isobe_mio")
        assert f"{path}/claim" in operator.get("/assistant/console").text
        assert UNANSWERED not in operator.get(path).text
        assert UNANSWERED in operator.post(f"{path}/claim").text
        again = operator.post(f"{path}/send", data={"text": " "})
        assert again.status_code == 422
        operator.post(f"{path}/send", data={"text": "担当の磯部です。お見通しはお答えできません。"})
        twice = operator.post(f"{path}/send", data={"text": "担当の磯部です。お見通しはお答えできません。"})
        assert (twice.status_code, "すでに送信しました" in twice.text) == (409, True)
        shown = operator.get(path).text
        assert shown.count("担当の磯部です。") == 1
        assert operator.post(f"{path}/close", data={}).status_code == 422
        closed = operator.post(f"{path}/close", data={"outcome": "solved"})
        assert closed.status_code == 200
        assert UNANSWERED not in closed.text
    with open_client(sample_site) as customer:
        customer.cookies.set("akashi_talk", token)
        assert "担当の磯部です。" in customer.get("/").text


def test_two_operators_never_hold_one_case(sample_site: Site) -> None:
    _, case = wait_for_person(sample_site)
    with open_client(sample_site) as one, open_client(sample_site) as two:
        sign_in(one, "isobe_mio")
        sign_in(two, "hamada_sota")
        one.post(f"/assistant/console/{case.id}/claim")
        late = two.post(f"/assistant/console/{case.id}/claim", follow_redirects=False)
        assert late.headers["location"] == "/assistant/console"
        assert two.post(f"/assistant/console/{case.id}/send", data={"text": "失礼"}).status_code == 409


@pytest.mark.parametrize("person", ["katase_minoru", "shiraishi_kyoko", "nagisa_makoto"])
def test_auditors_and_owners_read_no_customers_words(sample_site: Site, person: str) -> None:
    _, case = wait_for_person(sample_site)
    with open_client(sample_site) as client:
        sign_in(client, person)
        assert client.get(f"/assistant/console/{case.id}").status_code == 403
        assert "今のうちに" not in client.get("/assistant/console").text


def test_events_without_a_conversation_end_the_browsers_attempts(client: TestClient) -> None:
    assert client.get("/talk/events?seen=1.none").status_code == 204
    client.cookies.set("akashi_talk", "nobody")
    assert client.get("/talk/events?seen=1.none").status_code == 204
