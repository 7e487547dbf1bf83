"""Addresses to the last room, and the numbers that stand beside them."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.addresses import _cities
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.places import known_places

ADDRESSES = [
    "盛岡市東松園16番地6市営住宅3棟507号室",
    "名張市赤目町檀25-21 レジデンスみなも A-305",
    "福岡市博多区博多駅前3-2-1 日本生命博多駅前ビル9階",
    "京都市中京区寺町通御池上る上本能寺前町488",
    "札幌市北区北二十四条西5丁目1-12 シャトレ北24 803号",
    "東京都千代田区神田小川町三丁目八番地二　神田ＮＳビル三階",
    "大阪府豊中市新千里東町1丁目4-2 さくら荘201",
    "三重県伊勢市宇治館町1番地 コーポ五十鈴 弐〇五",
    "堺市堺区大浜北町3丁2-9",
    "熊本市中央区水前寺6丁目41-5-2F",
    "沖縄県浦添市内間3-14-8 2階",
    "東京都台東区東上野3-36-11 ABビル5F-C",
    "大分県別府市石垣東7丁目3-12 ケアホーム鶴の里",
    "青森県南津軽郡藤崎町大字水木字古館5ノ3",
    "長野県飯山市大字飯山字上町1211 JA倉庫2階",
    "ｱｷﾀｹﾝ ﾕｻﾞﾜｼ ﾔﾅｷﾞﾏﾁ 2-1-39",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_covered_to_its_room(address: str) -> None:
    text = f"今の住まいは{address}です。来月から変わります。"
    spans = [one.span for one in find_personal(text) if one.kind.value == "address"]
    covered = {at for span in spans for at in range(span.start, span.end)}
    start = text.index(address)
    assert covered.issuperset(range(start, start + len(address)))
    assert max(covered) <= start + len(address)


@pytest.mark.parametrize(
    "text",
    ["東京都は1-2月に調査します。", "札幌市で3日間、大通公園1丁目から", "青葉区の12人と3名", "千葉県1位の店"],
)
def test_a_place_with_a_count_is_no_address(text: str) -> None:
    assert [
        one for one in find_personal(text) if one.kind.value == "address" and "日" in one.span.of(text)
    ] == []


def test_branch_and_account_side_by_side_are_both_covered() -> None:
    text = "口座001 5556638、カード紛失、中川支店1939156"
    found = {one.span.of(text) for one in find_personal(text) if one.kind.value == "bank_account"}
    assert {"001", "5556638", "1939156"} <= found


def test_a_label_of_the_next_number_is_not_that_of_the_last_one() -> None:
    text = "口座 1234567 カード番号 4539 1488 0343 6467"
    kinds = {one.span.of(text): one.kind.value for one in find_personal(text)}
    assert kinds["1234567"] == "bank_account"


def test_chain_of_place_names_is_read_four_names_deep() -> None:
    assert _cities("東京都" * 50, 0, known_places()) == 4 * len("東京都")
    whole = "福岡県福岡市中央区"
    assert _cities(whole, 0, known_places()) == len(whole)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("秋田県横手市増田町増田字七日町128です。", "秋田県横手市増田町増田字七日町128"),
        ("福島県いわき市平字梅本21", "福島県いわき市平字梅本21"),
        ("岩手県九戸郡洋野町種市第23地割27番地の土地", "岩手県九戸郡洋野町種市第23地割27番地"),
        ("千葉市美浜区ひび野2-6-1 幕張タワー A棟1203に届けて", "千葉市美浜区ひび野2-6-1 幕張タワー A棟1203"),
        ("本籍は弘前市大字石川字大仏12番地のままです", "弘前市大字石川字大仏12番地"),
        ("長崎県五島市岐宿町川原556番地ロ、メール", "長崎県五島市岐宿町川原556番地ロ"),
        ("北海道河西郡芽室町東芽室南1線12番地です", "北海道河西郡芽室町東芽室南1線12番地"),
        ("石川県白山市鶴来本町4丁目ヌ72で", "石川県白山市鶴来本町4丁目ヌ72"),
        ("茨城県つくば市天久保3-15-2 平砂宿舎6号棟318", "茨城県つくば市天久保3-15-2 平砂宿舎6号棟318"),
        ("住所 茨城県つくば市竹園2-8-11 竹園荘1103\n携帯", "茨城県つくば市竹園2-8-11 竹園荘1103"),
    ],
)
def test_small_places_with_numerals_and_towers_end_where_they_end(text: str, address: str) -> None:
    found = [one.span.of(text) for one in find_personal(text) if one.kind is Kind.ADDRESS]
    assert found == [address]


def test_an_address_in_kana_ends_with_its_numbers() -> None:
    text = "ｱﾃｻｷ ﾌｸｵｶｼ ﾁｭｳｵｳｸ ﾃﾝｼﾞﾝ 2ﾁｮｳﾒ 3-4 ﾆ ｵﾅｶﾞｲｼﾏｽ"
    assert [one.span.of(text) for one in find_personal(text)] == ["ﾌｸｵｶｼ ﾁｭｳｵｳｸ ﾃﾝｼﾞﾝ 2ﾁｮｳﾒ 3-4"]


def test_a_telephone_number_may_follow_an_address_after_a_comma() -> None:
    text = "大阪府岸和田市土生町2丁目9-33,072-000-3162"
    assert [one.span.of(text) for one in find_personal(text)] == text.split(",")
