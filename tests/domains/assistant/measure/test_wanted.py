"""An excerpt answers only a question whose kind of thing it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.wanted import lacks_answer

FREE = "不良の場合の再発行に手数料はかかりません。"
LACKING = [
    ("作り直しはいくらですか", "窓口でお申し込みください。"),
    ("作り直しはいくらですか", "手数料一覧に定める再発行手数料をいただきます。" + FREE),
    ("金利は何％？", "業況により個別に決めます。"),
    ("返済は最長で何年ですか", "据置きは最長12か月です。"),
    ("何ヶ月以内のものですか", "印鑑証明書をお持ちください。"),
    ("何歳から作れますか", "窓口でお申し込みください。"),
    ("どうして振り込めないのでしょう", "ATMの振込は1件10万円までです。"),
    ("手数料はかかりますか", "窓口でお申し込みください。"),
    ("いくらかかりますか", "窓口でお申し込みください。"),
    ("手数料はいつ引かれますか", "手数料は1件165円です。"),
    ("どこに言えばいいですか", "原則として求めません。"),
    ("保証している会社はどこですか", "保証会社の審査があります。"),
    ("毎月いくら返しますか", "500万円以内、10年以内です。"),
    ("保証料は年いくらかかりますか", "保証料は5,000円です。"),
    ("今日の為替レートは", "円と外貨の両替を承ります。"),
    ("支店の電話番号は？", "平日9:00から15:00まで営業します。"),
    ("何を用意すればいいですか", "翌営業日に完了します。"),
]
SAYING = [
    ("作り直しはいくらですか", "再発行手数料は1,100円です。"),
    ("作り直しはいくらですか", FREE),
    ("金利は何％？", "年2.8％です。"),
    ("返済は最長で何年ですか", "最長40年です。"),
    ("何ヶ月以内のものですか", "発行後6か月以内のものです。"),
    ("何ヶ月以内のものですか", "発行後1年以内のものです。"),
    ("何日かかりますか", "即日お渡しします。"),
    ("何時間も待ちました", "ご予約ください。"),
    ("どうして振り込めないのでしょう", "詐欺を防ぐため、70歳以上の方の振込を制限しています。"),
    ("どうしても今日欲しい", "窓口でお申し込みください。"),
    ("通帳をなくした", "お電話ください。"),
    ("手数料はかかりますか", "手数料はかかりません。"),
    ("いつ届きますか", "2年目以降は10月下旬に郵送します。"),
    ("いつでも使えますか", "印鑑が必要です。"),
    ("何日かかりますか", "5営業日かかります。"),
    ("どこに言えばいいですか", "お取引店へお申し出ください。"),
    ("大学はどこにありましたか", "パリにありました。"),
    ("保証している会社はどこですか", "しおみ保証株式会社です。"),
    ("毎月いくら返しますか", "毎月5万円です。"),
    ("保証料は年いくらかかりますか", "年間5,000円です。"),
    ("今日の為替レートは", "毎営業日10時ごろ店頭に表示します。"),
    ("支店の電話番号は？", "0120-000-410です。"),
    ("何を用意すればいいですか", "届出印と通帳です。"),
    ("期日が来月の手形なんですが", "お預かりします。"),
]


@pytest.mark.parametrize(("question", "excerpt"), LACKING)
def test_excerpt_without_the_kind_asked_for_is_no_answer(question: str, excerpt: str) -> None:
    assert lacks_answer(question, excerpt)


@pytest.mark.parametrize(("question", "excerpt"), SAYING)
def test_excerpt_with_the_kind_asked_for_may_be_one(question: str, excerpt: str) -> None:
    assert not lacks_answer(question, excerpt)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_asked(question: str, excerpt: str) -> None:
    assert lacks_answer(question, excerpt) in (True, False)
