"""One way of writing, and an exact way back."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from akashi.core.spans import Interval
from akashi.language.normalise import _AS_IS, _JOINERS, _NARROW, normalise

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
AWKWARD = st.text(
    st.sampled_from([*"かｶﾞﾟはﾊ①２Ａ㈱㍻ﷺé각가 　\n\r\t\x00ー-―−〜～0", "\u3099", "\u200b", "\u0301"])
    | st.sampled_from(["\ufe0f", "\U000e0100", "\ud800", "\u202e", "\u1161", "\u11a8", "ᄀ", "ﾡ", "\u0332"]),
    max_size=30,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＡＴＭ　１２３", "ATM 123"),
        ("ｶｰﾄﾞをﾅｸｼﾀ", "カードをナクシタ"),
        ("か\u3099き\u200bく", "がきく"),
        ("①②⑩❿", "121010"),
        ("٣٤５", "345"),
        ("０３ー１２３４―５６７８", "03-1234-5678"),
        ("サービス", "サービス"),
        ("9:00〜15:00～", "9:00~15:00~"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x1bc\u202ed\ufeff", "abcd"),
        ("葛\U000e0100飾", "葛飾"),
        ("\ud800", "\ufffd"),
        ("三千円", "三千円"),
        ("無\u0332視\u0332 cafe\u0301 1\ufe0f\u20e3 が\u0336", "無視 café 1 が"),
    ],
)
def test_one_way_of_writing(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_span_of_composed_character_covers_its_parts_in_the_original() -> None:
    original = "氏名：ｶﾞﾃﾞｨ ①"
    normal = normalise(original)
    assert normal.text == "氏名:ガディ 1"
    at = normal.text.index("デ")
    assert normal.to_original(Interval(at, at + 1)).of(original) == "ﾃﾞ"
    assert normal.to_original(Interval(0, len(normal.text))) == Interval(0, len(original))


def test_removed_character_belongs_to_a_span_only_when_it_lies_inside() -> None:
    normal = normalise("\u200ba\u200bb\u200b")
    assert normal.to_original(Interval(0, 2)) == Interval(1, 4)
    assert normal.to_original(Interval(0, 1)) == Interval(1, 2)


def test_interval_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after"):
        normalise("a").to_original(Interval(0, 2))


@given(ANY | AWKWARD)
@example("\ud800\udc00")
def test_any_string_is_normalised_once_and_for_all(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text
    assert once.text.encode("utf-8").decode("utf-8") == once.text


@given(ANY | AWKWARD)
def test_offsets_rise_and_stay_inside(text: str) -> None:
    normal = normalise(text)
    starts, ends = list(normal.starts), list(normal.ends)
    assert len(starts) == len(ends) == len(normal.text)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))


@given(ANY | AWKWARD)
def test_each_character_comes_from_exactly_the_place_it_names(text: str) -> None:
    normal = normalise(text)
    for at, place in enumerate(normal.offsets):
        assert normal.text[at] in normalise(place.of(text)).text or "-" in normal.text[at]


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Nd", "No", "Mn")), max_size=30))
def test_pieces_compose_like_the_whole(text: str) -> None:
    whole = unicodedata.normalize("NFKC", text)
    kept = normalise(text).text
    changed = set("‐‑‒–−〜ー―—─━-~") | {chr(code) for code in (0x2800, 0x115F, 0x1160, 0x3164)}
    assert [c for c in kept if c not in changed] == [c for c in normalise(whole).text if c not in changed]


def test_list_of_joining_starters_is_complete_for_this_unicode() -> None:
    seconds = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and not parts[0].startswith("<") and _is_composed(chr(code)):
            seconds.add(chr(int(parts[1], 16)))
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        first = unicodedata.normalize("NFKD", character)[:1]
        joins = unicodedata.combining(first) == 0 and first in seconds
        assert not joins or unicodedata.combining(character) or character in _JOINERS, hex(code)


def test_characters_that_are_read_in_runs_become_one_character_whatever_stands_beside_them() -> None:
    kana = re.findall(f"[{_AS_IS}]", "".join(map(chr, range(0x3100))))
    for code, read in _NARROW.items():
        one = chr(code)
        assert len(read) == 1
        assert normalise(f"{one}\u00a0").text == f"{read} "  # the long way, because of its neighbour
        for other in (*kana, *map(chr, _NARROW)):
            parts = (unicodedata.normalize("NFKC", part) for part in (other, one))
            assert unicodedata.normalize("NFKC", other + one) == "".join(parts)


def _is_composed(character: str) -> bool:
    return unicodedata.normalize("NFC", character) == character


@given(
    st.lists(
        st.sampled_from([*"山田ＡＴＭ０９０-ー1あｱ、\n　", "\u200b", "\u2060", "\u00ad"]), max_size=20
    ).map("".join)
)
def test_zero_width_characters_take_nothing_with_them(text: str) -> None:
    plain, places = "", list[int]()
    for at, one in enumerate(text):
        if one not in "\u200b\u2060\u00ad":
            plain, places = plain + one, [*places, at]
    normal = normalise(text)
    assert normal.text == normalise(plain).text
    assert list(normal.starts) == places
    assert list(normal.ends) == [at + 1 for at in places]
