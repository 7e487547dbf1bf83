"""The distance between a draft and what was sent, against the plain definition."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.edits import Verdict, edit_distance, judge_edit

TEXTS = st.text(alphabet="手数料は無料0。", max_size=14)


def plain_distance(one: str, other: str) -> int:
    """The textbook table, row by row."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for at, sign in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != sign))
    return row[-1]


@given(TEXTS, TEXTS)
def test_distance_is_the_textbook_distance(one: str, other: str) -> None:
    assert edit_distance(one, other) == plain_distance(one, other) == edit_distance(other, one)


def test_ten_thousand_characters_take_less_than_two_seconds() -> None:
    started = time.perf_counter()
    assert edit_distance("口座" * 5000, "預金" * 5000) == 10_000
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    ("draft", "sent", "verdict"),
    [
        ("無料です。\n窓口へ。", "無料です。\r\n窓口へ。 \r\n", Verdict.UNCHANGED),
        (
            "手数料は220円です。窓口へお越しください。",
            "手数料は330円です。窓口へお越しください。",
            Verdict.EDITED,
        ),
        ("手数料は220円です。", "お調べしますので少々お待ちいただけますでしょうか", Verdict.ANEW),
        ("", "お待ちください。", Verdict.ANEW),
    ],
)
def test_what_became_of_a_draft(draft: str, sent: str, verdict: Verdict) -> None:
    assert judge_edit(draft, sent)[0] is verdict
