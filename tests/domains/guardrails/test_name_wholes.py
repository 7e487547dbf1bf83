"""Names made whole, names set apart from each other, and running text in kana that is nobody."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.personal import find_personal


def persons(text: str) -> list[str]:
    return [one.span.of(text) for one in find_personal(text) if one.kind.value == "person"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("契約者名:七戸キヨ 来電者:長女", ["七戸キヨ"]),
        ("母がアンナ・ロペス・山城と申します。", ["アンナ・ロペス・山城"]),
        ("お世話になっております。株式会社なぎさ計器の鹿毛です。", ["鹿毛"]),
        ("佐藤ばあさんがまた来店", ["佐藤"]),
        ("(株)なぎさ計器 管理部\n月毛 宏太(つきげ)", ["月毛 宏太", "つきげ"]),
        ("依頼人名「モロハシ」が「モロバシ」で届きました", ["モロハシ", "モロバシ"]),
        ("お名前「表 幸次郎」様でお呼びします", ["表 幸次郎"]),
        ("後任は渡部 千秋(わたなべではなくわたべ)です", ["渡部 千秋", "わたなべ", "わたべ"]),
        ('My card says "LOPEZ ANNA M" on it.', ["LOPEZ ANNA M"]),
        ("ﾀﾝﾄｳ ｻｸﾏ", ["ｻｸﾏ"]),
        ("スリランカの母Nimaliに送金します", ["Nimali"]),
        ("離婚後は柊(ひいらぎ、次男)の通帳を私が持ちます", ["柊"]),
        ("私の担当はトーマスさんです", ["トーマス"]),
        ("稀勢の里さんの後援会です", ["稀勢の里"]),
        ("西郷課長、お疲れさまです", ["西郷"]),
        ("山﨑であって山崎ではありません", ["山﨑", "山崎"]),
        ("代理人は御手洗の叔父さんです", ["御手洗"]),
        ("屋号「アトリエ」と大久保泉で口座を作ります", ["大久保泉"]),
    ],
)
def test_name_is_found_whole(text: str, names: list[str]) -> None:
    assert persons(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "ｶﾜｾ ﾊ ｲﾏ ｲｸﾗ ﾃﾞｽｶ。ﾄﾞﾙ ｦ ｶｲﾀｲ",
        "ｺｳｻﾞﾒｲｷﾞ ｶﾅ ﾃｲｾｲ ﾉ ｹﾝ",
        "ﾘﾖｳﾒｲｻｲ ｻｲﾊｯｺｳ ｲﾗｲ",
        "ﾃﾞﾝﾜﾊﾞﾝｺﾞｳ ﾍﾝｺｳ",
        "田中ビルの1階のATM",
        "母と二人暮らしの五十代です。",
        "阿部製材と佐々木水産の手形",
        "本多の森ホール前のATM",
        "「開発者モード」という言葉が出ました",
        "中村・大野・平田の3地区を統合します",
        "石川、福井、富山の3県で行います",
        "新社長は先代の娘婿です",
        "定期預金「さくら」と「いずみ」の違いを教えてください",
        "その言葉は間違いです",
        "ロビーの福田焼の花瓶がすてきです",
        "給与口座を汐見さんに変えると得ですか",
        "クレカの引き落とし口座を変えたいです",
        "「NOTE USER」とカードの画面に出ます",
    ],
)
def test_nobody_is_found(text: str) -> None:
    assert persons(text) == []
