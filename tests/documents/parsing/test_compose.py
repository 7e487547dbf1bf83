"""Passages are short, verbatim, in order, and together say everything."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.core.spans import Interval
from akashi.documents.parsing import Limits
from akashi.documents.parsing.compose import compose, split_passage
from akashi.documents.parsing.draft import Source
from akashi.documents.parsing.readers import text

LINES = st.sampled_from(
    ["", "", "第１条（目的）", "第２条 本文が続きます。", "１．概要", "① 通帳", "② 印鑑", "■ 注意",
     "（個人）", "本文です。続きです。", "・項目", "a\tb", "c\td", "はじめに", "---", "# 見出し",
     "### 小見出し", "長い文" * 100, "長い文です。" * 150, "I. はじめに", "【新設】", "＜区分＞"]
)  # fmt: skip


def pieces(words: str, limit: int) -> list[str]:
    return [piece.of(words) for piece in split_passage(words, Interval(0, len(words)), limit)]


def test_long_text_is_cut_between_paragraphs_before_sentences() -> None:
    words = "一つ目の段落です。続き。\n\n二つ目の段落です。続き。"
    assert pieces(words, 20) == ["一つ目の段落です。続き。", "二つ目の段落です。続き。"]


def test_line_broken_inside_a_sentence_is_no_place_to_cut() -> None:
    words = "一つ目の文です。二つ目の文は途中\nで折れます。三つ目。"
    assert pieces(words, 20) == ["一つ目の文です。", "二つ目の文は途中\nで折れます。三つ目。"]


def test_text_without_any_boundary_is_cut_at_the_limit_but_not_inside_a_character() -> None:
    assert pieces("か\u3099" * 6, 5) == ["か\u3099" * 2] * 3


@settings(deadline=None)
@given(st.text(st.sampled_from("あい。、\n 　「」（①か\u3099x."), max_size=400), st.integers(1, 50))
def test_pieces_are_short_ordered_and_leave_out_only_white_space(words: str, limit: int) -> None:
    found = split_passage(words, Interval(0, len(words)), limit)
    assert all(0 < len(piece) <= limit for piece in found)
    edges = [0, *(edge for piece in found for edge in (piece.start, piece.end)), len(words)]
    assert edges == sorted(edges)
    assert "".join(piece.of(words) for piece in found).split() != [] or not words.strip()
    gaps = zip(edges[::2], edges[1::2], strict=True)
    assert not any(words[start:end].strip() for start, end in gaps)


@settings(deadline=None)
@given(st.lists(LINES, max_size=30))
def test_every_visible_character_is_in_a_passage_or_a_heading(lines: list[str]) -> None:
    words = "\n".join(lines)
    try:
        document = compose(text.read(words.encode(), Source("a.txt", Limits())), "text/plain")
    except InputError:
        assert not words.replace("-", "").strip()
        return
    spans = [passage.body for passage in document.passages]
    assert all(one.end <= two.start for one, two in pairwise(spans))
    said = " ".join(" ".join((*p.heading, p.body.of(words))) for p in document.passages)
    for line in lines:
        assert all(part in "".join(said.split()) for part in line.strip("#- ").split() if len(line) < 60)
