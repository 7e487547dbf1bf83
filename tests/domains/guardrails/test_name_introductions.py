"""Surnames that no list has, told by a given name, an introduction or a title."""

import pytest

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    return [one.span.of(text) for one in find_personal(text) if one.kind is Kind.PERSON]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("浜辺太郎と申します。", "浜辺太郎"),
        ("雲母　美咲と申します。口座の件です。", "雲母　美咲"),
        ("港 健 様より入電。折返し希望。", "港 健"),
        ("氏名は浜辺さくら、電話は後で。", "浜辺さくら"),
        ("浜辺健です。住所変更をお願いします。", "浜辺健"),
        ("契約者の東さくらが亡くなりました。", "東さくら"),
        ("福島の弟でございます。", "福島"),
    ],
)
def test_the_given_name_tells_what_the_word_before_it_is(text: str, name: str) -> None:
    assert persons(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "領収証 上様 金五百円也",
        "名義が違うのは承知です。",
        "汐見商事と申します。",
        "競合の名前は出さないでください。",
        "再発行希望です。",
        "手数料無料と申しておりました。",
        "お支払いは税込と申し込み書にあります。",
        "営業部 様",
        "福島の弟に送ります。",
    ],
)
def test_words_that_are_no_names_stay(text: str) -> None:
    assert persons(text) == []
