"""Who a customer is changes nothing unless an approved text that fits speaks of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.circumstances import MASKED, Kind, find_circumstances, hide_masks
from akashi.domains.assistant.measure.index import Entry, build_index

INDEX = build_index(
    [
        Entry("lost", "通帳を紛失したとき", "お電話ください。再発行には本人確認書類が要ります。"),
        Entry("open", "口座を作りたい", "本人確認書類と印鑑をお持ちください。"),
        Entry("child", "未成年の子どもの口座を作りたい", "親権者の方がお申し込みください。"),
        Entry("student", "学生でもカードローンを借りられますか", "学生の方はお借りになれません。"),
        Entry("loan", "カードローンを借りたい", "満20歳以上で収入のある方がお申し込みになれます。"),
        Entry(
            "limit", "ATMの振込を止められた", "70歳以上でATMの振込を使っていない方は、ATMから振り込めません。"
        ),
        Entry("aoiso", "青磯支店の営業時間", "青磯支店は9時から15時まで開いています。"),
        Entry("hours", "支店の営業時間", "支店は9時から15時まで開いています。"),
        Entry("heir", "家族が亡くなったときの手続き", "戸籍謄本をお持ちください。"),
        Entry("foreign", "外国人でも口座を作れますか", "在留カードをお持ちください。"),
    ]
)


def rest(text: str) -> str:
    return "".join(leave_circumstances(INDEX, text).split())


@pytest.mark.parametrize(
    "said",
    [
        "佐伯と申します。",
        "デ・ラ・クルスといいます。",
        "柏木 涼子です。",
        "31歳です。",
        "六十代の男性です。",
        "会社員の女性ですが、",
        "私は専業主夫です。",
        "名前は柏木です。",
        "横浜市鶴見区に住んでいます。",
        "出身は長崎です。",
        "田舎に住んでいますが、",
        "[PERSON-1-bcdfgh]です。",
    ],
)
def test_introduction_is_left_out(said: str) -> None:
    assert rest(said + "通帳をなくしました。") == "通帳をなくしました。"


@pytest.mark.parametrize(
    "text",
    [
        "未成年ですが口座を作れますか",
        "外国人ですが口座を作れますか",
        "学生ですがカードローンを借りられますか",
        "72歳です。ATMの振込を止められました",
        "青磯支店の営業時間は",
        "父が亡くなりました。手続きは",
        "妻の口座から引き出したい",
        "カードローンです。借りたい",
        "25歳の会社員です。",
        "成年後見人ですが、口座を作れますか",
    ],
)
def test_what_an_entry_speaks_of_and_what_is_asked_stay(text: str) -> None:
    assert rest(text) == text


def test_same_word_bears_on_one_question_and_not_on_another() -> None:
    assert rest("学生です。通帳を紛失しました。") == "通帳を紛失しました。"
    assert rest("千鳥支店の営業時間は") == "支店の営業時間は"


def test_age_or_gender_of_a_relative_falls_away_and_the_relative_stays() -> None:
    assert rest("80歳の祖母が通帳をなくしました") == "祖母が通帳をなくしました"
    assert rest("若い女性の担当者から聞きました") == "担当者から聞きました"


def test_masks_are_no_words() -> None:
    text = hide_masks("[PERSON-1B-bcdfgh]の電話は[PHONE-2-bcdfgh]、口座は[ACCOUNT] ")
    assert text == MASKED + "の 、口座は[ACCOUNT] "
    assert rest("通帳をなくした。連絡先の電話番号は[PHONE-2-bcdfgh]です").strip() == "通帳をなくした。"
    assert rest("[PERSON-1-bcdfgh]の通帳をなくした") == "の通帳をなくした"


def test_kinds_are_told_apart() -> None:
    found = find_circumstances("佐伯と申します。40代です。女性です。長野県に住んでいます。漁師です。")
    assert [one.kind for one in found] == [Kind.NAME, Kind.AGE, Kind.GENDER, Kind.PLACE, Kind.ROLE]


@given(
    st.text(
        alphabet="佐藤です。25歳の女性が、東京に住んでいます か?と申しはから[]PERSON-1\ue000", max_size=60
    )
)
def test_any_text_keeps_its_other_letters_in_order(text: str) -> None:
    found = find_circumstances(text)
    spans = [one.span for one in found]
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(one.span.covers(one.told) for one in found)
    leave_circumstances(INDEX, text)
