"""Names of which somebody tells the reading, the writing or the desk."""

import pytest

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    return [one.span.of(text) for one in find_personal(text) if one.kind is Kind.PERSON]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("フリガナが「オオヌキ」ではなく「オヌキ」です。", ["オオヌキ", "オヌキ"]),
        ("名字の漢字は「一瀬」か「市瀬」か。", ["一瀬", "市瀬"]),
        ("読みは「すみれ」です。", ["すみれ"]),
        ("名札のつづりは「Ito-Weber」です。", ["Ito-Weber"]),
        ("通帳がフアンテイランになっています。", ["フアンテイラン"]),
        ("離婚して弓削に戻りました。口座は小野寺のままです。", ["弓削", "小野寺"]),
        ("融資の井波が伺います。審査部榊原あてにお願いします。", ["井波", "榊原"]),
        ("確認をお願いします。 岩国支店 河内山", ["河内山"]),
        ("父は朴です。", ["朴"]),
        ("「大神」は「おおが」です。", ["大神", "おおが"]),
        ("なまえはPHAM THI MAIがただしいです。", ["PHAM THI MAI"]),
        ("退職者はT.スズキです。", ["T.スズキ"]),
        ("下がひなの(2021年9月2日生まれ)です。", ["ひなの"]),
        ("園児橘こはるの引落しです。うちの主人、宗像大悟の口座から。", ["橘こはる", "宗像大悟"]),
        ("金光前支店長は転出しました。書類は後日。財部より。", ["金光", "財部"]),
        ("送付先は2丁目8番1号\n岡林方 西森 百合 様", ["岡林", "西森 百合"]),
    ],
)
def test_what_is_told_of_a_name_finds_it(text: str, names: list[str]) -> None:
    assert [one for one in persons(text) if one in names] == names


@pytest.mark.parametrize(
    "text",
    [
        "画面の「新規」を押し、氏名の「原文」の列を見ます。",
        "「システムプロンプト」とは何の名前ですか。",
        "融資の相談が長引きました。総務の担当が休みです。",
        "新様式のお名前の欄です。",
        "各部二名まで。権限は「公開」に戻りました。",
        "長男の学費と子供の入学金です。",
        "名前は [SYSTEM NOTE] に出ます。",
        "息子は近くにおります。名義人は長いあいだ口座を作れません。",
        "主人公とした小説です。息子が下宿先で使います。",
        "長野と秋田に農場があります。",
    ],
)
def test_brackets_and_desks_alone_tell_nothing(text: str) -> None:
    assert persons(text) == []
