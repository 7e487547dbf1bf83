"""A question becomes approved words, cited to the character, or the way to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from akashi.core.errors import InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.core.ports import Ports, Screened
from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.model import VersionState
from akashi.documents.store import list_documents, list_versions, read_text, withdraw_version
from akashi.domains.assistant import answering
from akashi.domains.assistant.answering import OTHER_WAY, ask
from akashi.domains.assistant.library import library_of
from akashi.domains.assistant.model import MAX_QUESTION, Reply
from akashi.domains.assistant.treat import stop_assistant
from akashi.platform.site import Site
from akashi.sample.seed import read_table

MARRIED = "結婚して名字が変わりました"
COMPLIANCE = Actor("kishimoto_rei", ActorKind.PERSON, frozenset({Role.COMPLIANCE_OFFICER}))


def reply_to(site: Site, text: str, audience: Audience = Audience.CUSTOMERS) -> Reply:
    return ask(site, Question(text, site.now(), audience))


def test_answer_is_a_verbatim_span_of_the_cited_version(sample_site: Site) -> None:
    reply = reply_to(sample_site, MARRIED)
    assert reply.answer.outcome is Outcome.ANSWERED
    (source,) = reply.sources
    with sample_site.database.read() as connection:
        assert source.citation.matches(read_text(connection, source.version_id))
    assert reply.answer.excerpts[0].is_verbatim


@pytest.mark.parametrize(
    ("number", "case"),
    [
        ("80", "1枚から100枚"),
        ("101", "101枚から500枚"),
        ("三百", "101枚から500枚"),
        ("1,000", "501枚から1,000枚"),
        ("５０００", "1,001枚以上"),
    ],
)
def test_row_that_is_answered_is_the_one_for_the_number_asked_about(
    sample_site: Site, number: str, case: str
) -> None:
    reply = reply_to(sample_site, f"硬貨{number}枚を窓口で入金する手数料はいくらですか")
    assert reply.answer.outcome is Outcome.ANSWERED
    assert reply.answer.excerpts[0].text.startswith(case)


def test_withdrawn_version_is_gone_at_once(sample_site: Site) -> None:
    before = reply_to(sample_site, MARRIED)
    with sample_site.database.write() as connection:
        withdraw_version(connection, before.sources[0].version_id, "test", COMPLIANCE, sample_site.now())
    after = reply_to(sample_site, MARRIED)
    assert before.sources[0].version_id not in {source.version_id for source in after.sources}
    assert after.generation == before.generation + 1


def test_withdrawal_is_seen_even_by_a_stale_index(sample_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reply_to(sample_site, MARRIED)
    monkeypatch.setattr("akashi.documents.store.raise_generation", lambda _connection: None)
    with sample_site.database.write() as connection:
        withdraw_version(connection, before.sources[0].version_id, "test", COMPLIANCE, sample_site.now())
    after = reply_to(sample_site, MARRIED)
    assert after.answer.outcome is Outcome.HAND_OVER
    assert after.answer.reasons == ("The passage found is not in effect any more.",)


def test_customers_never_read_what_is_for_staff(sample_site: Site) -> None:
    with sample_site.database.read() as connection:
        staff = {one.id for one in list_documents(connection, [Audience.STAFF])}
    question = "コールセンターの本人確認はどの項目を聞きますか"
    internal = reply_to(sample_site, question, Audience.STAFF)
    assert internal.sources[0].citation.document_id in staff
    shown = reply_to(sample_site, question)
    assert not staff & {source.citation.document_id for source in shown.sources}


def test_wording_of_the_day_is_answered(sample_site: Site) -> None:
    question = "土日や祝日のATM手数料はいくら"
    now = ask(sample_site, Question(question, datetime(2027, 3, 31, 3, tzinfo=UTC)))
    later = ask(sample_site, Question(question, datetime(2027, 4, 1, 3, tzinfo=UTC)))
    assert now.sources[0].citation.document_id == later.sources[0].citation.document_id
    assert now.sources[0].version_number == 1
    assert later.sources[0].version_number == 2


def test_draft_is_never_answered_from(sample_site: Site) -> None:
    with sample_site.database.read() as connection:
        drafts = {one.id for one in list_versions(connection) if one.state is VersionState.DRAFT}
    assert drafts
    for sample in read_table("questions.toml")["sanity"]:
        reply = reply_to(sample_site, sample["question"], Audience.STAFF)
        assert not drafts & {source.version_id for source in reply.sources}


def test_demo_shows_two_answers_and_one_hand_over(sample_site: Site) -> None:
    outcomes = {
        sample["kind"]: reply_to(sample_site, sample["question"]).answer.outcome
        for sample in read_table("questions.toml")["demo"]
    }
    assert outcomes == {"answerable": Outcome.ANSWERED, "unanswerable": Outcome.HAND_OVER}


def test_fee_at_the_counter_is_no_answer_about_the_machine(sample_site: Site) -> None:
    reply = reply_to(sample_site, "他の銀行に機械で振り込むといくらかかりますか")
    assert (reply.answer.outcome, reply.answer.reasons[0]) == (Outcome.CLARIFY, OTHER_WAY)
    assert "ATMから他の銀行へ振り込むときの手数料は" in reply.answer.choices


def test_unknown_words_go_to_a_person(sample_site: Site) -> None:
    assert reply_to(sample_site, "ぷよぷよもじゃ").answer.outcome is Outcome.HAND_OVER


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\n\t"])
def test_empty_question_is_one_clear_sentence(sample_site: Site, text: str) -> None:
    with pytest.raises(InputError, match="The question is empty"):
        reply_to(sample_site, text)


def test_question_of_100000_characters_is_refused(sample_site: Site) -> None:
    with pytest.raises(InputError, match=r"100,000 characters; at most 2,000"):
        reply_to(sample_site, "あ" * 100_000)
    assert reply_to(sample_site, "あ" * MAX_QUESTION).answer.outcome is Outcome.HAND_OVER


def test_invisible_and_bidi_characters_change_nothing(sample_site: Site) -> None:
    hidden = "\u202e" + "\u200b".join(MARRIED) + "\u2066"
    assert reply_to(sample_site, hidden).sources == reply_to(sample_site, MARRIED).sources


def test_screen_that_refuses_is_obeyed(sample_site: Site) -> None:
    def refuse(text: str, use_case: str = "") -> Screened:
        return Screened(text, refused=True)

    guarded = replace(sample_site, ports=Ports(screen=refuse))
    assert reply_to(guarded, MARRIED).answer.outcome is Outcome.REFUSED


def test_stopped_assistant_sends_everybody_to_a_person(sample_site: Site) -> None:
    chief = Actor("funakoshi_jun", ActorKind.PERSON, frozenset({Role.SECURITY_OFFICER}))
    stop_assistant(sample_site, chief, "誤回答の疑い")
    assert reply_to(sample_site, MARRIED).answer.outcome is Outcome.HAND_OVER


def test_question_waits_a_while_for_the_first_index_and_then_goes_to_a_person(
    sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PATIENCE_S", 0.01)
    lock = library_of(sample_site)._locks[Audience.CUSTOMERS]
    with lock:
        reply = reply_to(sample_site, MARRIED)
    assert reply.answer.reasons == (answering.NOT_READY,)
    assert reply.answer.outcome is Outcome.HAND_OVER
    assert reply_to(sample_site, MARRIED).answer.outcome is Outcome.ANSWERED


def test_question_is_answered_from_the_shelf_of_before_while_a_new_one_is_made(
    sample_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reply_to(sample_site, MARRIED)
    own = before.sources[0].version_id
    with sample_site.database.write() as connection:
        documents = [one.id for one in list_documents(connection, [Audience.CUSTOMERS])]
        other = next(
            one
            for one in list_versions(connection, documents)
            if one.id != own and one.state is VersionState.APPROVED and one.withdrawn_at is None
        )
        withdraw_version(connection, other.id, "test", COMPLIANCE, sample_site.now())
    monkeypatch.setattr(answering, "PATIENCE_S", 0.01)
    with library_of(sample_site)._locks[Audience.CUSTOMERS]:
        while_made = reply_to(sample_site, MARRIED)
    assert (while_made.answer, while_made.generation) == (before.answer, before.generation)
    assert reply_to(sample_site, MARRIED).generation == before.generation + 1
