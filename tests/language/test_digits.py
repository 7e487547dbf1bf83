"""Numbers stand as plain digits however they were written, and each leads back to where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.spans import Interval
from akashi.language.digits import plain_digits
from akashi.language.normalise import normalise


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("〇九〇ー一二三四ー五六七八", "090-1234-5678"),
        ("〇九〇の一二三四の五六七八", "090-1234-5678"),
        ("0 9 0 1 2 3 4 5 6 7 8", "09012345678"),
        ("0\n9\n0\n1\n2\n3\n4", "0901234"),
        ("0-9-0-1-2-3-4-5-6-7-8", "09012345678"),
        ("0・9・0-1・2・3・4", "090-1234"),
        ("零九零壱弐参肆", "0901234"),
        ("090一1234一5678", "090-1234-5678"),
        ("1960.4.6", "1960.4.6"),
        ("5.4.1", "5.4.1"),
        ("福島一郎", "福島一郎"),
        ("五十嵐", "五十嵐"),
    ],
)
def test_digits_in_every_way_of_writing(written: str, plain: str) -> None:
    assert plain_digits(normalise(written).text).text == plain


@given(st.text(alphabet="0123456789〇一二三九 -・の\nあ", max_size=60))
def test_the_view_leads_back_to_the_text(text: str) -> None:
    view = plain_digits(text)
    assert len(view.text) <= len(text)
    for at in range(len(view.text)):
        place = view.to_source(Interval(at, at + 1))
        assert 0 <= place.start < place.end <= len(text)
