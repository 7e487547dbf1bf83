"""From votes and judgments to verdicts: laws that hold for every order and number of them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.evaluation.control import load_controls
from akashi.domains.evaluation.judging.opinions import (
    DECIDED,
    Opinions,
    Spoken,
    decide_votes,
    settle,
    try_model,
)
from akashi.domains.evaluation.judging.prompt import QUESTIONS, read_vote, write_question
from akashi.domains.evaluation.model import Verdict
from akashi.domains.evaluation.scorers import open_scorers

NOW = datetime(2026, 11, 20, tzinfo=UTC)
said = st.sampled_from([Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE])
people = st.lists(st.tuples(st.sampled_from("abcde"), said), max_size=8).map(
    lambda rows: tuple(Spoken(person, verdict, NOW) for person, verdict in rows)
)


@given(st.one_of(st.none(), said))
def test_model_alone_never_decides(model: Verdict | None) -> None:
    assert settle(Opinions(model)).verdict is Verdict.INCONCLUSIVE


@given(said, people)
def test_what_is_settled_is_what_most_people_say(model: Verdict, spoken: tuple[Spoken, ...]) -> None:
    found = settle(Opinions(model, spoken)).verdict
    latest = {one.person: one.verdict for one in spoken}
    counts = {verdict: list(latest.values()).count(verdict) for verdict in DECIDED}
    if found in DECIDED:
        assert counts[found] > sum(counts.values()) - counts[found]
        assert counts[found] >= 2 or model is not ({*DECIDED} - {found}).pop()


@given(st.lists(said, min_size=3, max_size=9))
def test_only_unanimous_votes_say_anything(votes: list[Verdict]) -> None:
    found = decide_votes(votes, len(votes))
    assert (found in DECIDED) == (len(set(votes)) == 1 and votes[0] in DECIDED)
    assert decide_votes(votes, len(votes) + 1) is None


def test_whoever_always_says_yes_contradicts_himself() -> None:
    votes = [read_vote('{"answer":"yes","quote":""}', number, "はい")[0] for number in (1, 2, 3)]
    assert decide_votes(votes, 3) is Verdict.INCONCLUSIVE
    assert {meant for _, meant in QUESTIONS} == DECIDED


@given(st.text(max_size=200), st.integers(1, 9))
def test_any_answer_is_read_without_a_fault(answer: str, number: int) -> None:
    assert read_vote(answer, number, "応答")[0] is Verdict.INCONCLUSIVE or '"answer"' in answer


def test_votes_in_fences_count_and_false_quotes_do_not() -> None:
    assert read_vote('```json\n{"answer": "no", "quote": "は い"}\n```', 1, "はい。")[0] is Verdict.FAIL
    assert read_vote('{"answer": "yes", "quote": "いいえ"}', 1, "はい。")[0] is Verdict.INCONCLUSIVE
    assert read_vote('{"answer": "yes"} {"answer": "no"}', 1, "はい。")[0] is Verdict.INCONCLUSIVE
    assert read_vote("[" * 100_000 + "{}", 1, "はい。")[0] is Verdict.INCONCLUSIVE


def test_controls_are_enough_and_each_knows_its_criterion() -> None:
    controls = load_controls("judged")
    sides = [one.expected for one in controls]
    assert min(sides.count(Verdict.PASS), sides.count(Verdict.FAIL)) >= 59
    for control in controls:
        open_scorers()["judged"].check(control.trials[0].case)
        assert write_question(control.trials[0], 1)
    expected = {one.id: one.expected for one in controls}
    assert try_model(expected, expected).is_good
    assert not try_model(expected, {}).is_good
    assert not try_model(expected, {**expected, controls[0].id: Verdict.PASS}).is_good
