"""A customer is asked what he means, and told several things when he asks several."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from akashi.conversations.model import Author
from akashi.core.errors import ConflictError
from akashi.core.thread import Audience, Outcome, Question
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.model import Reply, describe_reply
from akashi.domains.assistant.reading import read_talk
from akashi.domains.assistant.store import stop_table
from akashi.domains.assistant.talk import ask_in_conversation, choose_in_conversation
from akashi.platform.site import Site

VAGUE = "ボーナスで100万円だけ住宅ローンを繰り上げて返したい"
SEVERAL = (
    "入籍して苗字が変わったので通帳の名前を直したい。"
    "あと、窓口からよその銀行に10万円送金する料金はいくらですか"
)


def reply_to(site: Site, text: str, audience: Audience = Audience.CUSTOMERS) -> Reply:
    return ask(site, Question(text, site.now(), audience))


def test_close_candidates_are_offered_as_choices(sample_site: Site) -> None:
    reply = reply_to(sample_site, VAGUE)
    assert reply.answer.outcome is Outcome.CLARIFY
    assert 2 <= len(reply.answer.choices) <= 4
    assert len(set(reply.answer.choices)) == len(reply.sources)
    described = describe_reply(reply)
    assert described["excerpts"] == []
    assert [one["label"] for one in described["choices"]] == list(reply.answer.choices)


def test_staff_judge_passages_themselves_and_are_never_asked_back(sample_site: Site) -> None:
    assert reply_to(sample_site, VAGUE, Audience.STAFF).answer.outcome is Outcome.ANSWERED


def test_forecast_goes_to_a_person_without_choices(sample_site: Site) -> None:
    assert (
        reply_to(sample_site, "来年、住宅ローンの変動金利は上がりますか？").answer.outcome
        is Outcome.HAND_OVER
    )


def test_two_questions_in_one_get_two_excerpts_each_cited(sample_site: Site) -> None:
    reply = reply_to(sample_site, SEVERAL)
    assert reply.answer.outcome is Outcome.ANSWERED
    assert len(reply.answer.excerpts) == 2
    assert len({source.passage_id for source in reply.sources}) == 2
    assert all(excerpt.is_verbatim for excerpt in reply.answer.excerpts)


def test_same_question_said_twice_is_answered_once(sample_site: Site) -> None:
    twice = "窓口からよその銀行に10万円送金する料金は？窓口からよその銀行に10万円送金する料金は？"
    assert len(reply_to(sample_site, twice).sources) <= 1


def test_choice_is_answered_in_the_same_conversation(sample_site: Site) -> None:
    token = ask_in_conversation(sample_site, "", VAGUE, "ja")
    talk = read_talk(sample_site, token)
    assert talk is not None
    assert not talk.waits_for_person
    chosen = talk.turns[-1].message.meta["choices"][0]
    choose_in_conversation(sample_site, token, chosen["passage_id"])
    after = read_talk(sample_site, token)
    assert after is not None
    assert [turn.message.author for turn in after.turns][-2:] == [Author.CUSTOMER, Author.ASSISTANT]
    assert after.turns[-1].outcome == "answered"
    assert after.turns[-1].excerpts[0]["passage_id"] == chosen["passage_id"]


def test_only_what_was_just_offered_can_be_chosen(sample_site: Site) -> None:
    token = ask_in_conversation(sample_site, "", VAGUE, "ja")
    talk = read_talk(sample_site, token)
    assert talk is not None
    chosen = talk.turns[-1].message.meta["choices"][0]["passage_id"]
    with pytest.raises(ConflictError):
        choose_in_conversation(sample_site, token, "psg_somebody_elses")
    choose_in_conversation(sample_site, token, chosen)
    with pytest.raises(ConflictError):
        choose_in_conversation(sample_site, token, chosen)


def test_stopped_assistant_hands_a_choice_to_a_person(sample_site: Site) -> None:
    token = ask_in_conversation(sample_site, "", VAGUE, "ja")
    talk = read_talk(sample_site, token)
    assert talk is not None
    with sample_site.database.write() as connection:
        values = {"id": "stop_1", "stopped_at": sample_site.now(), "stopped_by": "x", "reason": "x"}
        connection.execute(stop_table.insert().values(**values, matter_id="m"))
    choose_in_conversation(sample_site, token, talk.turns[-1].message.meta["choices"][0]["passage_id"])
    after = read_talk(sample_site, token)
    assert after is not None
    assert after.turns[-1].outcome == "hand_over"
    assert after.waits_for_person


def test_customer_chooses_without_javascript(client: TestClient) -> None:
    page = client.post("/ask", data={"question": VAGUE})
    offered = re.findall(r'name="passage" value="([^"]+)"', page.text)
    assert len(offered) >= 2
    chosen = client.post("/choose", data={"passage": offered[-1]})
    assert chosen.status_code == 200
    assert 'name="passage"' not in chosen.text
    assert "sequence" in chosen.text


def test_choice_of_nobody_or_of_nothing_is_refused(client: TestClient) -> None:
    assert client.post("/choose", data={"passage": "x" * 500}).status_code == 422
    assert client.post("/choose", data={"passage": "psg_1"}).status_code in (404, 409)
