"""The sentences that answer, verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.spans import Interval
from akashi.domains.assistant.measure.excerpt import best_excerpt
from akashi.language.sentences import read_sentences

TEXT = (
    "この章は総則です。\n窓口は9時に開きます。通帳の再発行は窓口で承ります。手数料は1,100円です。"
    "印鑑の変更は書面によります。「届出印。」を押してください。\n住所の変更はアプリでもできます。"
)
WHOLE = Interval(0, len(TEXT))


@pytest.mark.parametrize(
    ("query", "limit", "excerpt"),
    [
        (
            "通帳の再発行の手数料は？",
            30,
            "通帳の再発行は窓口で承ります。手数料は1,100円です。",
        ),
        ("ハンコを変える", 16, "印鑑の変更は書面によります。"),
        ("引っ越して住所が変わった", 20, "住所の変更はアプリでもできます。"),
        ("相撲", 20, "この章は総則です。"),
    ],
)
def test_excerpt_is_the_sentences_that_answer(query: str, limit: int, excerpt: str) -> None:
    assert best_excerpt(query, TEXT, WHOLE, limit).of(TEXT) == excerpt


def test_passage_that_fits_is_returned_whole() -> None:
    assert best_excerpt("印鑑", TEXT, WHOLE) == WHOLE


def test_excerpt_stays_inside_the_given_span() -> None:
    span = Interval(TEXT.index("窓口は"), TEXT.index("印鑑の"))
    assert span.covers(best_excerpt("印鑑の変更", TEXT, span, 12))


def test_blank_span_is_returned_as_it_is() -> None:
    assert best_excerpt("印鑑", "   ", Interval(0, 3)) == Interval(0, 3)


@settings(deadline=None, max_examples=80)
@given(
    st.text("口座。通帳\n「」 印鑑", min_size=1, max_size=60),
    st.text("口座通帳印", max_size=6),
    st.integers(1, 30),
)
def test_excerpt_is_verbatim_inside_and_within_the_limit(text: str, query: str, limit: int) -> None:
    span = Interval(0, len(text))
    found = best_excerpt(query, text, span, limit)
    assert span.covers(found)
    longest = max((len(one) for one in read_sentences(text)), default=len(text))
    assert len(found) <= max(limit, longest)
