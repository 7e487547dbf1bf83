"""Words are the short units of the dictionary, however they were looked up."""

from __future__ import annotations

import pytest
from sudachipy import Dictionary

from akashi.language.words import read_words

TEXTS = (
    "国家公務員の山田花子が選挙管理委員会へ行く。",
    "東京都庁前のコンピューターセンター、03-1234-5678、1億2,300万円。",
    "医薬品安全管理責任者 佐々木さん\nABCカード ﾞ",
    "すごーーーい! 𠮷田様の預金口座番号",
)


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_what_the_dictionary_divides_by_itself(text: str) -> None:
    short = Dictionary().tokenizer("A").tokenize(text)
    for _ in range(2):  # looked up, then remembered
        found = [(word.start, word.end, word.surface, word.tag, word.known) for word in read_words(text)]
        assert found == [
            (
                one.begin(),
                one.end(),
                one.surface(),
                "-".join(level for level in one.part_of_speech()[:4] if level != "*"),
                not one.is_oov(),
            )
            for one in short
        ]


def test_a_long_word_becomes_several_words() -> None:
    assert [word.surface for word in read_words("選挙管理委員会")] == ["選挙", "管理", "委員", "会"]
