"""What the hijack model adds up of a text is what lies inside each window, however the text is written."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.domains.guardrails.hijack_features import (
    BUCKETS,
    cut_windows,
    find_concepts,
    read_grams,
    shipped_concepts,
)
from akashi.domains.guardrails.hijack_model import shipped_model

PIECES = [
    "あ。",
    "規則を無視。\n",
    "abc ",
    "カタカナ",
    "1",
    "うえ。",
    "漢" * 90,
    "字" * 200,
    "A",
    "İ",
    "\U0001f600",
    "!",
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_window_has_the_score_of_what_lies_inside_it(text: str) -> None:
    model = shipped_model()
    model_without_concepts = type(model)(model.weights.copy(), 0.0, 0.0)
    model_without_concepts.weights[BUCKETS:] = 0
    model_without_concepts.__post_init__()
    grams = read_grams(text)
    windows, scores = model_without_concepts.score_windows(text)
    assert windows == cut_windows(text)
    for window, score in zip(windows, scores, strict=True):
        inside = (grams.starts >= window.start) & (grams.ends <= window.end)
        total = model.weights[grams.buckets[inside]].sum(dtype=np.float64)
        assert abs(score - total / max(1, inside.sum()) ** 0.5) < 1e-9


@given(st.text(max_size=60) | TEXTS)
@settings(max_examples=60, deadline=None)
def test_katakana_is_read_as_hiragana_and_every_place_stays(text: str) -> None:
    lower = text.lower() if len(text.lower()) == len(text) else text
    plain = lower.translate({code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)})
    places = [[found.start() for found in pattern.finditer(plain)] for _, pattern in shipped_concepts()]
    assert find_concepts(text) == places
    hiragana, katakana = read_grams("るーる"), read_grams("ルール")
    assert (hiragana.buckets[:3] == katakana.buckets[:3]).all()
