"""A customer with a matter of his own is told from a quiz about the world by how it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from akashi.domains.assistant.measure.confidence import read_signals, shipped_calibration
from akashi.domains.assistant.measure.index import Hit
from akashi.domains.assistant.measure.voice import Voice, measure_voice, read_turns, shipped_voice
from akashi.language.tokens import read_tokens


def voice(text: str) -> float:
    return measure_voice(read_tokens(text))


@pytest.mark.parametrize(
    ("customer", "quiz"),
    [
        ("山に登りたいのですが、いくらかかりますか", "この山の標高は何メートルか"),
        ("うちの犬を連れて行ってもいいですか？", "この犬を飼っていた人物は誰か。"),
        ("絵を見に行きたいんだけど予約いる？", "この絵を描いたのは誰？"),
        ("会社を辞めたらどうなりますか", "会社が設立されたのは何年？"),
    ],
)
def test_customer_is_told_from_quiz_on_the_same_subject(customer: str, quiz: str) -> None:
    assert voice(customer) > 0.5 > voice(quiz)


def test_subject_has_no_part_in_it() -> None:
    assert voice("通帳はどこで作れますか") == voice("恐竜はどこで作れますか")
    assert read_turns(read_tokens("織田信長の妻")) == {"N の", "の", "の _"}


def test_no_words_say_nothing_but_the_intercept() -> None:
    assert voice("") == Voice(shipped_voice().intercept, {}).rate(frozenset())
    assert Voice(0.0, {}).rate(frozenset(["たい"])) == 0.5


def test_quiz_about_words_of_the_collection_is_less_likely_its_topic() -> None:
    first = Hit("a", 10.0, 0.5, 0.5, 0.5, 1.0, ())
    topic = shipped_calibration().topic
    chances = [
        topic.chance(read_signals([first, replace(first, entry_id="b")], 4, one)) for one in (0.1, 0.5, 0.9)
    ]
    assert chances == sorted(set(chances))
