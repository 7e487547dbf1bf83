"""An approver sees before deciding which questions would be answered differently; drafts change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from akashi.approvals.pages import list_beside
from akashi.conversations.model import Thumb
from akashi.core.errors import InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.model import VersionState
from akashi.documents.register import Described, add_file
from akashi.documents.store import read_document, read_source, read_version, withdraw_version
from akashi.documents.treat import submit_version
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.differences import Report, Shift, What, compare_answers
from akashi.domains.assistant.model import Reply
from akashi.domains.assistant.query_store import list_queries, parse_queries, set_queries
from akashi.domains.assistant.talk import ask_in_conversation, judge_answer
from akashi.platform.site import Site
from tests.conftest import sign_in

MARRIED = "結婚して名字が変わりました。通帳はどうなりますか"
OTHER = "ほかの銀行への振込手数料はいくらですか"
HEAD, MEDAL = "question,answer\n", "潮まつり記念手形は換金できますか"
CLERK = Actor("local:test", ActorKind.LOCAL, frozenset({Role.OPERATOR, Role.BUSINESS_OWNER}))
PERSON = Actor("kishimoto_rei", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER}))


def reply_to(site: Site, text: str) -> Reply:
    return ask(site, Question(text, site.now(), Audience.CUSTOMERS))


def label(site: Site, *texts: str) -> None:
    with site.database.write() as connection:
        set_queries(connection, texts, "local:test", site.now())


def draft_of(site: Site, text: str, old: str, new: str) -> str:
    """Add a new draft of the document that answers ``text``, with ``old`` replaced, and return its id."""
    source = reply_to(site, text).sources[0]
    with site.database.read() as connection:
        version = read_version(connection, source.version_id)
        document = read_document(connection, version.document_id)
        content = read_source(connection, version.id)
    assert old in content.decode("utf-8-sig")
    described = Described(Audience.CUSTOMERS, document.key, document.title)
    changed = content.decode("utf-8-sig").replace(old, new).encode()
    return add_file(site, version.file_name, changed, described, CLERK).version.id


def test_changed_word_is_shown_before_approval(sample_site: Site) -> None:
    label(sample_site, MARRIED, OTHER)
    draft = draft_of(sample_site, MARRIED, "おおむね10日", "おおむね30日")
    report = compare_answers(sample_site, draft, What.APPROVAL)
    (row,) = report.rows
    assert (row.asked.text, row.shift, report.same) == (MARRIED, Shift.CHANGED, 1)
    assert "おおむね10日" in row.before.text
    assert "おおむね30日" in row.after.text


def test_report_says_what_customers_read_after_the_decision(sample_site: Site) -> None:
    label(sample_site, MARRIED)
    draft = draft_of(sample_site, MARRIED, "おおむね10日", "おおむね30日")
    foretold = compare_answers(sample_site, draft, What.APPROVAL).rows[0].after.text
    with sample_site.database.write() as connection:
        values = f"state = 'approved', approved_at = '{sample_site.now():%Y-%m-%d %H:%M:%S.%f}'"
        connection.exec_driver_sql(f"update documents_version set {values} where id = '{draft}'")
        connection.exec_driver_sql("update documents_generation set generation = generation + 1")
    assert reply_to(sample_site, MARRIED).answer.excerpts[0].text == foretold


def test_withdrawal_says_what_is_lost(sample_site: Site) -> None:
    label(sample_site, MARRIED, OTHER)
    version = reply_to(sample_site, MARRIED).sources[0].version_id
    report = compare_answers(sample_site, version, What.WITHDRAWAL)
    assert [(row.asked.text, row.before.outcome) for row in report.rows] == [(MARRIED, Outcome.ANSWERED)]
    with sample_site.database.write() as connection:
        withdraw_version(connection, version, "test", PERSON, sample_site.now())
    after = reply_to(sample_site, MARRIED)
    assert after.answer.outcome is report.rows[0].after.outcome


def test_looking_changes_nothing_and_a_draft_never_answers(sample_site: Site) -> None:
    label(sample_site, MARRIED)
    before = reply_to(sample_site, MARRIED)
    draft = draft_of(sample_site, MARRIED, "ご本人が窓口で", "どなたでも電話で")
    compare_answers(sample_site, draft, What.APPROVAL)
    after = reply_to(sample_site, MARRIED)
    assert after.answer.excerpts == before.answer.excerpts
    assert after.generation == before.generation
    with sample_site.database.read() as connection:
        assert read_version(connection, draft).state is VersionState.DRAFT


def test_feedback_never_changes_an_answer(sample_site: Site) -> None:
    before = reply_to(sample_site, MARRIED).answer
    for _ in range(12):
        token = ask_in_conversation(sample_site, "", MARRIED, "ja")
        judge_answer(sample_site, token, 2, Thumb.DOWN, "この回答は間違いです。別の文を表示してください")
    assert reply_to(sample_site, MARRIED).answer == before


def test_question_of_three_customers_is_asked_too_and_of_two_is_not(sample_site: Site) -> None:
    label(sample_site)
    for _ in range(3):
        ask_in_conversation(sample_site, "", MARRIED, "ja")
    for _ in range(2):
        ask_in_conversation(sample_site, "", OTHER, "ja")
    ask_in_conversation(sample_site, ask_in_conversation(sample_site, "", OTHER, "ja"), OTHER, "ja")
    sample_site.clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]  # a frozen clock
    report = frequent_report(sample_site)
    assert (report.labelled, report.frequent) == (0, 2)


def frequent_report(site: Site) -> Report:
    version = reply_to(site, MARRIED).sources[0].version_id
    report = compare_answers(site, version, What.WITHDRAWAL)
    assert all(MARRIED not in row.asked.shown for row in report.rows)
    return report


def test_question_that_only_the_version_states_is_asked_too(sample_site: Site) -> None:
    label(sample_site)
    draft = draft_of(sample_site, MARRIED, HEAD, f"{HEAD}{MEDAL},潮まつり記念手形は換金できません。\n")
    report = compare_answers(sample_site, draft, What.APPROVAL)
    assert (report.labelled, report.stated) == (0, 1)
    assert [row.asked.text for row in report.rows] == [MEDAL]
    assert report.rows[0].before.outcome is not Outcome.ANSWERED


def test_queries_are_read_from_a_table_and_kept_once(sample_site: Site) -> None:
    texts = parse_queries("q.csv", "id,text\n1,通帳をなくした\n2,通帳をなくした\n3,印鑑\n".encode())
    label(sample_site, *texts)
    with sample_site.database.read() as connection:
        assert list_queries(connection) == ["通帳をなくした", "印鑑"]
        assert list_queries(connection, 1) == ["通帳をなくした"]
    for bad in (b"a,b\n1,2\n", b"text\n" + b"x" * 2001 + b"\n"):
        with pytest.raises(InputError):
            parse_queries("q.csv", bad)


def test_page_files_and_link_from_the_matter(client: TestClient, sample_site: Site) -> None:
    label(sample_site, MARRIED)
    draft = draft_of(sample_site, MARRIED, "おおむね10日", "おおむね30日")
    sign_in(client, "shiraishi_kyoko")
    page = client.get(f"/assistant/differences/{draft}")
    assert page.status_code == 200
    assert "回答が変わる" in page.text
    assert "<ins>30</ins>" in page.text
    csv = client.get(f"/assistant/differences/{draft}/export?as=csv").content.decode("utf-8-sig")
    assert MARRIED in csv
    assert client.get(f"/assistant/differences/{draft}/export?as=xlsx").content.startswith(b"PK")
    assert client.get("/assistant/differences/ver_none").status_code == 404


def test_matter_links_to_the_report(sample_site: Site) -> None:
    draft = draft_of(sample_site, MARRIED, "おおむね10日", "おおむね30日")
    clerk = replace(CLERK, id="kishimoto_rei", kind=ActorKind.PERSON)
    with sample_site.database.write() as connection:
        matter = submit_version(connection, draft, clerk, sample_site.now())
        (item,) = list_beside(connection, sample_site, matter)
    assert item.path == f"/assistant/differences/{draft}?what=approval"
