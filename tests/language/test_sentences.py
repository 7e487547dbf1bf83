"""Where sentences end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.language.sentences import read_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("通帳です。印鑑です。", ["通帳です。", "印鑑です。"]),
        ("本当ですか？！はい", ["本当ですか？！", "はい"]),
        ("「承りました。」と言う。次", ["「承りました。」と言う。", "次"]),
        ("手数料（税込。別途。）です。", ["手数料（税込。別途。）です。"]),
        ("開いたまま（閉じない。次の文", ["開いたまま（閉じない。", "次の文"]),
        ("一行目\n\n　二行目。", ["一行目", "二行目。"]),
        ("年0.5%です。We open at 9. Closed on Sunday.", None),
        ("", []),
    ],
)
def test_sentences_of_a_text(text: str, sentences: list[str] | None) -> None:
    found = [span.of(text) for span in read_sentences(text)]
    expected = ["年0.5%です。", "We open at 9. Closed on Sunday."] if sentences is None else sentences
    assert found == expected


def test_long_quotation_is_split_like_other_text() -> None:
    text = "「" + "長い引用です。" * 60 + "」"
    assert len(read_sentences(text)) == 60


@given(st.text("あ。！？「」（）() \n.a", max_size=60))
def test_every_visible_character_lies_in_exactly_one_sentence(text: str) -> None:
    covered = [at for span in read_sentences(text) for at in range(span.start, span.end)]
    assert len(covered) == len(set(covered))
    assert {at for at, c in enumerate(text) if not c.isspace()} <= set(covered)


@pytest.mark.parametrize("text", ["（" * 100_000, "（）" * 50_000, "。" * 100_000, "あ。" * 50_000])
def test_long_input_takes_linear_time(text: str) -> None:
    started = time.process_time()
    read_sentences(text)
    assert time.process_time() - started < 3
