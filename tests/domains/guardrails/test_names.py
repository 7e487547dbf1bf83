"""Names where only what stands around them says so; places that are also surnames stay."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    """Return the names found in ``text``."""
    return [one.span.of(text) for one in find_personal(text) if one.kind.value == "person"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("内線412です。小林あてにお願いします。", "小林"),
        ("融資課の大西係長はいらっしゃいますか。", "大西"),
        ("昨日お話しした南ですけど、あの件です。", "南"),
        ("司法書士大西葵に委任しました。", "大西葵"),
        ("連帯保証人小野田実の印鑑証明です。", "小野田実"),
        ("（名義：パクレン）へ毎月送ります。", "パクレン"),
        ("たけのうちしょうたちゃんの口座です。", "たけのうちしょうた"),
        ("山口が伺います。", "山口"),
        ("名義は薬袋 千鶴です。", "薬袋 千鶴"),
        ("届け先の受取人は神楽坂です。", "神楽坂"),
        ("ご融資は安心院が担当いたします。", "安心院"),
        ("旧姓かとうから変わりました。", "かとう"),
        ("通帳が見つかりません。小此木", "小此木"),
        ("長曽我部様がお見えです。", "長曽我部"),
        ("南様へお返しします。", "南"),
        ("I am Clara Whitmore and I lost my card.", "Clara Whitmore"),
    ],
)
def test_a_name_is_known_by_what_stands_around_it(text: str, name: str) -> None:
    assert name in persons(text)


@pytest.mark.parametrize(
    "text",
    [
        "佐賀、長崎、宮崎の三県で同じ日に始めます。",
        "岡山の桃と長野のりんごが当たります。",
        "若松、長井、村山の各地区は停電の予定です。",
        "井上町は青磯支店の担当です。",
        "福島から山形へ移った店舗もあります。",
        "長野から岡崎に転勤しました。",
        "担当者が原本を確かめます。",
        "代表は長男です。大阪が対応します。",
        "デビットの利用分です。",
        "I am Shiomi Bank staff.",
    ],
)
def test_places_that_are_surnames_are_no_names(text: str) -> None:
    assert persons(text) == []
