"""Patterns tried only where they can match find what they find everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.guardrails import name_introductions, name_rules, numbers
from akashi.domains.guardrails.matching import match_at, match_before_gaps

DIGITS_AND_SIGNS = st.lists(st.sampled_from("0123456789019-. ・/()\nの¥:円A普"), max_size=60).map("".join)
NAMES_AND_BLANKS = st.lists(
    st.sampled_from(
        ["山", "田", "太郎", "𠮷", " ", "  ", "様", "上様", "さん", "と申", "たろう", "タ", "A", "\n", "。"]
    ),
    max_size=24,
).map("".join)


def spans(found: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    return [one.span() for one in found]


@pytest.mark.parametrize(
    "pattern", [numbers._POSTAL, numbers._ACCOUNT, numbers._NINE, numbers._BRANCH_AND_NUMBER]
)
@given(text=DIGITS_AND_SIGNS)
def test_numbers_are_found_where_a_row_of_digits_begins(pattern: re.Pattern[str], text: str) -> None:
    assert spans(match_at(numbers.Rows(text).starts, pattern, text)) == spans(pattern.finditer(text))


@pytest.mark.parametrize("pattern", [numbers._CARD, numbers._TWELVE, numbers._THIRTEEN, numbers._FULL_CODE])
@given(text=DIGITS_AND_SIGNS)
def test_long_numbers_are_found_where_a_long_row_begins(pattern: re.Pattern[str], text: str) -> None:
    assert spans(match_at(numbers.Rows(text).long, pattern, text)) == spans(pattern.finditer(text))


@pytest.mark.parametrize("text", ["1234 5678 9012 3456", "0312345678と123-4567", "1 2 3 4 5 6 7 8 9 0 1 2"])
def test_every_finder_sees_rows_of_five_digits(text: str) -> None:
    assert numbers.Rows(text).starts[0] == 0


@given(text=NAMES_AND_BLANKS)
def test_names_before_blanks_are_found_as_everywhere(text: str) -> None:
    for room, gap in ((name_rules, "_KANJI_GAP"), (name_introductions, "_GAP")):
        pattern = room._SPACED
        found = match_before_gaps(getattr(room, gap), room._RUN_BEFORE, pattern, text)
        assert spans(found) == spans(pattern.finditer(text))


def test_a_run_of_five_kanji_before_a_blank_is_no_surname() -> None:
    gap, run, pattern = name_rules._KANJI_GAP, name_rules._RUN_BEFORE, name_rules._SPACED
    assert spans(match_before_gaps(gap, run, pattern, "山田太郎様 花子。山田 花子")) == [(9, 12)]
