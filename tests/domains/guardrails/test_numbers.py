"""Accounts, postal codes, passports and licences that are told by what stands beside them, not by a label."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.personal import find_personal


def found_of(kind: str, text: str) -> list[str]:
    """Return the spans of one kind."""
    return [one.span.of(text) for one in find_personal(text) if one.kind.value == kind]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("返金先はゆうちょの11830-30472561へ", ["11830", "30472561"]),
        ("給与の一覧 215 普 4410982", ["215", "4410982"]),
        ("照会は4410982(普通、215店)です", ["4410982", "215"]),
        ("口座は215支店の4410982", ["215", "4410982"]),
        ("4410982 普通 215 桜木支店へ", ["4410982", "215"]),
        ("口座:普通 4410-982、店:215", ["4410-982", "215"]),
        ("4410982(普)をやめます", ["4410982"]),
        ("前から4410982の通帳です", ["4410982"]),
        ("汐見の4410982に5万円振り込みました", ["4410982"]),
        ("積立4410982を解約します", ["4410982"]),
        ("引落は桜木215-4410982から", ["215", "4410982"]),
        ("口座番号は00731だけです", ["00731"]),
        ("支店=215 科目=普通 口番=4410982", ["215", "4410982"]),
        ("4410982の残高を知りたい", ["4410982"]),
        ("年金の受取は4410982でお願いします", ["4410982"]),
        ("ﾌﾂｳ 4410982 ﾅｷﾞｻｹｲｷ", ["4410982"]),
        ("受取人の口座215-4410982へ", ["215", "4410982"]),
        ("bank=0999 branch=215 type=1 acct=4410982", ["215", "4410982"]),
        ("口座番号は7桁とのこと。うちのは6桁で441098ですが0441098でよいですか", ["441098", "0441098"]),
    ],
)
def test_an_account_is_told_by_its_neighbours(text: str, spans: list[str]) -> None:
    assert found_of("bank_account", text) == spans


@pytest.mark.parametrize(
    "text",
    [
        "伝票4410982に振込の印がありません",
        "整理券215-4410982は引き落としの窓口へ",
        "全国215店で普通預金を扱います",
        "普通の紙215枚",
        "積立3000000を目指す",
        "案件4410982の残高証明",
    ],
)
def test_other_numbers_beside_money_words_are_no_accounts(text: str) -> None:
    assert found_of("bank_account", text) == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9800811仙台市青葉区一番町1-8-3", ["9800811"]),
        ("仙台市青葉区一番町1-8-3 980-0811", ["980-0811"]),
        ("仙台市青葉区一番町1-8-3 萩荘201、980-0811。", ["980-0811"]),
        ("980-0811仙台のままです", ["980-0811"]),
        ("宛先は980-0811です", ["980-0811"]),
        ("郵便番号が980-0811から983-0852に変わります", ["980-0811", "983-0852"]),
    ],
)
def test_a_postal_code_is_told_by_its_place(text: str, spans: list[str]) -> None:
    assert found_of("postal_code", text) == spans


@pytest.mark.parametrize(
    "text", ["商品980-0811の件", "汐見銀行 980-0811 広島支店の件", "人口1500000、札幌市"]
)
def test_seven_digits_elsewhere_are_no_postal_code(text: str) -> None:
    assert found_of("postal_code", text) == []


def test_an_address_ends_before_the_postal_code_after_it() -> None:
    text = "仙台市青葉区一番町1-8-3 980-0811"
    assert found_of("address", text) == ["仙台市青葉区一番町1-8-3"]


@pytest.mark.parametrize("home", ["那覇市古島2-4-8 メゾンてぃだ501", "練馬区光が丘3-5-7 第3ひばり荘1-A"])
def test_a_building_with_kana_in_its_name_is_part_of_the_address(home: str) -> None:
    assert found_of("address", f"{home}\n名前は変わりません") == [home]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("国外送金の書類にTR4310982と書きました", ["TR4310982"]),
        ("旅券番号:C4310982A", ["C4310982A"]),
        ("旅券番号 431098257", ["431098257"]),
        ("旅券 AB431098", ["AB431098"]),
        ("部品AB4310982の在庫", []),
        ("海外送金の受付番号AB4310982", []),
        ("旅券を見せた。エラーはAB431098", []),
    ],
)
def test_a_passport_is_told_by_its_shape_where_one_is_meant(text: str, spans: list[str]) -> None:
    assert found_of("passport", text) == spans


def test_a_number_sign_after_a_label_takes_the_labels_meaning() -> None:
    assert found_of("driver_licence", "免許 No.304512876690") == ["304512876690"]
    assert found_of("driver_licence", "免許の件、受付 No.304512876690") == []


@pytest.mark.parametrize("phone", ["045-312-4567(内線12)", "045-312-4567 内線 305", "045-312-4567 ext.7"])
def test_an_extension_belongs_to_its_telephone_number(phone: str) -> None:
    assert found_of("phone", f"勤め先は{phone}です") == [phone]


def test_a_card_of_fifteen_digits_may_be_parted_in_fours() -> None:
    assert found_of("card", "カード3796 5625 6310 534です") == ["3796 5625 6310 534"]


@pytest.mark.parametrize(
    ("kind", "text", "spans"),
    [
        ("my_number", "iDeCoの申込書に2117 6797 9011と書きました", ["2117 6797 9011"]),
        ("card", "カード不正検知メモ\n会員番号 4111111111111111", ["4111111111111111"]),
        ("corporate_number", "グループの口座です。販売会社 5260544931908 普通", ["5260544931908"]),
        ("corporate_number", "国税庁のサイトで出る番号は8617088976218です", ["8617088976218"]),
        ("postal_code", "郵便番号が700-0985と登録されていますが、700-0984です", ["700-0985", "700-0984"]),
    ],
)
def test_a_number_is_told_by_what_the_text_is_about(kind: str, text: str, spans: list[str]) -> None:
    assert found_of(kind, text) == spans
