"""Regional endings become common ones; what a question is about stays."""

from __future__ import annotations

import pytest

from akashi.language.dialects import read_common


@pytest.mark.parametrize(
    ("said", "common"),
    [
        ("カードなくしてしもた、どげんしたらよか", "カードをなくしてしまった、どうしたらいい"),
        ("利息はなんぼですか", "利息はいくらですか"),
        ("暗証番号教えてけろ", "暗証番号教えてください"),
        ("払えへん。待ってくんろ", "払えない。待ってください"),
        ("カードの再発行なんぼなん", "カードの再発行はいくらですか"),
        ("通帳無くした", "通帳をなくした"),
        ("印鑑いるんやろか", "印鑑いるんでしょうか"),
    ],
)
def test_dialect_is_read_in_the_common_form(said: str, common: str) -> None:
    assert read_common(said) == common


@pytest.mark.parametrize(
    "text",
    [
        "振り込みたい。",
        "借りたいのですが",
        "なんぼでも",
        "出金いくらでも",
        "戸籍をなくした",
        "親を亡くした",
        "借りられないかと思う",
        "へんさいの期日",
        "よかったです",
        "やけどの保険",
        "たいへん",
    ],
)
def test_common_words_stay(text: str) -> None:
    assert read_common(text) == text
