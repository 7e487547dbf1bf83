"""What is remembered of words is what all their features say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.guardrails import name_evidence
from akashi.domains.guardrails.name_evidence import Evidence
from akashi.domains.guardrails.name_features import describe_words
from akashi.domains.guardrails.names import person_model, split_sentences
from akashi.language.words import Word, read_words

TEXT = (
    "山田太郎と申します。佐藤さんへ\n送ってください。ヤマダ タロウ（Taro Yamada）です。\n\n"
    "長野の山田太郎さんへ、髙橋様の口座から1,000円。Smith氏?"
)


def sentences() -> list[list[Word]]:
    """Return the sentences of a text with names, some words more than once."""
    return list(split_sentences(read_words(TEXT)))


def weights() -> dict[str, complex]:
    """Return a weight for four features of five of the text."""
    draw = random.Random(7)
    features = sorted(
        {one for words in sentences() for features in describe_words(words) for one in features}
    )
    return {one: complex(draw.gauss(0, 1), draw.gauss(0, 1)) for one in features if draw.random() < 0.8}


@pytest.mark.parametrize("most", [20_000, 3])
def test_what_is_remembered_adds_up_to_all_features(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_evidence, "_MOST", most)
    known = weights()
    evidence = Evidence(known)
    for _ in range(2):
        for words in sentences():
            told = [sum(known.get(one, 0j) for one in features) for features in describe_words(words)]
            assert evidence.weigh([evidence.see([word.form for word in words])]) == [pytest.approx(told)]


def test_sentences_weighed_together_say_what_each_says_alone() -> None:
    evidence = Evidence(weights())
    seen = [evidence.see([word.form for word in words]) for words in sentences()]
    assert evidence.weigh(seen) == [evidence.weigh([one])[0] for one in seen]


SAID = st.floats(-15, 12)


@given(st.lists(st.builds(complex, SAID, SAID), min_size=1, max_size=12))
def test_a_sentence_left_out_has_no_name_in_it(evidence: list[complex]) -> None:
    model = person_model()
    assert model.may_hold_name(evidence) or not any(model.label(evidence))


@pytest.mark.parametrize(
    ("said", "may"), [(-6 - 6j, False), (5 - 6j, False), (9 - 6j, True), (30 + 30j, True)]
)
def test_a_word_that_says_little_for_a_name_makes_none(said: complex, may: bool) -> None:
    assert person_model().may_hold_name([-9 - 9j, said, -9 - 9j]) is may


def test_a_sentence_ends_with_its_line_or_mark() -> None:
    ends = ["".join(word.surface for word in words)[-1] for words in sentences()]
    assert ends == ["。", "\n", "。", "。", "\n", "。", "?"]
