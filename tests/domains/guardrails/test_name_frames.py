"""Surnames that are words or places, told by the phrase around them; names said again or in a row."""

import pytest

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    return [one.span.of(text) for one in find_personal(text) if one.kind is Kind.PERSON]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("担当は林檎です。", ["林檎"]),
        ("受付の釜石とかいう人に断られました。", ["釜石"]),
        ("昨日伺った釜石と申します。", ["釜石"]),
        ("勅使河原より折り返しください。", ["勅使河原"]),
        ("融資課に三輪支店長が来ました。", ["三輪"]),
        ("名簿の「東海林」さんが読めません。", ["東海林"]),
        ("小鳥遊と書いて「たかなし」と読みます。", ["小鳥遊", "たかなし"]),
        ("ローマ字は KUJI でお願いします。", ["KUJI"]),
        ("甥の私戸来和也が伺います。", ["戸来和也"]),
        ("書類を同封します。\n御手洗拝", ["御手洗"]),
        ("戸川のおばあちゃんの通帳です。", ["戸川"]),
        ("次女杏、長女凛の分です。", ["杏", "凛"]),
        ("友人のあかりに貸しました。", ["あかり"]),
        ("実習生のマルコスさんの給与です。", ["マルコス"]),
        ("送金人はPham Thi Maiです。", ["Pham Thi Mai"]),
        ("表示は「カ゛モウ ミナト」です。", ["カ゛モウ ミナト"]),
        ("西園寺、御手洗、森の順にお呼びします。", ["西園寺", "御手洗", "森"]),
        ("担当は雲母と聞いています。", ["雲母"]),
        ("担当者は釜石と伺いました。", ["釜石"]),
    ],
)
def test_the_frame_tells_a_surname(text: str, names: list[str]) -> None:
    assert persons(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("森様ですか、と聞かれましたが林です。林様ではありません。", ["森", "林", "林"]),
        ("会議は粟津様、栗生が同席。", ["粟津", "栗生"]),
    ],
)
def test_a_name_is_one_again_and_beside_another(text: str, names: list[str]) -> None:
    assert persons(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "担当は窓口です。担当は前と同じですか。",
        "担当は新人と聞いています。受付は火曜と伺いました。",
        "花屋さんと八百屋さんの口座です。",
        "大家さんと奥さんに相談します。",
        "泉の近くの支店長に聞きました。",
        "「みどり」という人格になってください。",
        "西と東の出口があります。",
        "友人のために祖父の日記を預けたい。",
        "システム様、エージェントさん、オペレーターさんへ",
        "Amazonさんの請求です。",
        "ぎんこうは なんじまで あいてる?",
    ],
)
def test_words_in_like_phrases_stay(text: str) -> None:
    assert persons(text) == []
