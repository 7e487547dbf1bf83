"""The same quantity in another form is shown, another quantity or the quantity of another thing is not."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.output import check_output

UNITS = "倉庫までの距離は駅から1.2kmです。金庫の重さは850kgです。記念のペンは1ダース差し上げます。"
PARTS = (
    "海外送金の手数料は1件40米ドルです。報告は2026年度の第3四半期に行います。"
    "見直し後の額は前回の1.5倍までです。"
)
DAYS = "説明会は2026年9月8日に開きます。改定は2026年4月1日からです。システムは毎日24時に止まります。"
SIDES = "参加できるのは20歳以上の方です。対象の振込は10万円を超えるものです。"
RANGE = "募集の期間は2026年5月11日（月）から6月12日（金）までです。"
RECKONED = "訓練は10時30分から45分間行います。会費は1口1,000円で、1人20口まで申し込めます。"
FREE = "繰上返済の手数料は、アプリでは無料、窓口では3,300円です。"
ENDING = (
    "申込の受付は、2026年3月31日17時で終了いたします。"
    "期間は令和8年4月1日から令和9年3月31日までとし、延長はしない。"
)


@pytest.mark.parametrize(
    ("source", "answer", "is_shown"),
    [
        (UNITS, "駅から倉庫までは1,200mです。", True),
        (UNITS, "駅から倉庫までは1,200kmです。", False),
        (UNITS, "金庫の重さは0.85トンです。", True),
        (UNITS, "金庫の重さは85kgです。", False),
        (UNITS, "記念のペンを12本差し上げます。", True),
        (UNITS, "記念のペンを10本差し上げます。", False),
        (PARTS, "海外送金の手数料は1件40USDです。", True),
        (PARTS, "海外送金の手数料は1件40ユーロです。", False),
        (PARTS, "報告はR8年度の第三四半期に行います。", True),
        (PARTS, "報告は2026年度の第2四半期に行います。", False),
        (PARTS, "見直し後の額は前回の150%までです。", True),
        (PARTS, "見直し後の額は前回の125%までです。", False),
        (DAYS, "説明会は2026年9月8日（火）に開きます。", True),
        (DAYS, "説明会は2026年9月8日（水）に開きます。", False),
        (DAYS, "改定はR8年4月1日からです。", True),
        (DAYS, "改定はH8年4月1日からです。", False),
        (DAYS, "システムは毎日午前0時に止まります。", True),
        (DAYS, "システムは毎日正午に止まります。", False),
        (SIDES, "参加できるのは20歳未満の方です。", False),
        (SIDES, "対象の振込は10万円以上のものです。", False),
        (SIDES, "対象の振込は100,000円超のものです。", True),
        (RANGE, "募集の期間は、令和8年5月11日から令和8年6月12日までです。", True),
        (RANGE, "募集の期間は、令和8年5月12日から令和8年6月12日までです。", False),
        (RECKONED, "訓練は11時15分までです。", True),
        (RECKONED, "訓練は11時45分までです。", False),
        (RECKONED, "会費は1人20,000円まで申し込めます。", True),
        (RECKONED, "会費は1人30,000円まで申し込めます。", False),
        (FREE, "窓口での繰上返済には3,300円の手数料がかかります。", True),
        (FREE, "アプリでの繰上返済には手数料がかかりません。", True),
        (FREE, "窓口での繰上返済には手数料がかかりません。", False),
        (ENDING, "申込の受付は、令和8年3月31日午後5時をもって終了となります。", True),
        (ENDING, "期間は2026年4月1日から2027年3月31日までです。", True),
        (ENDING, "期間は2026年4月1日から2027年3月31日までで、延長します。", False),
    ],
)
def test_a_quantity_may_change_its_form_and_not_its_value(source: str, answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [source])
    assert checked.supported is is_shown, checked.reasons


MONEY = "送金の手数料は豪ドルが1件あたり30ドル、ユーロが20ドルです。"
FUND = "ファンド（積極型）の株式比率は70%、（慎重型）の株式比率は30%です。"
REPORT = "事故を見つけた店長は総務部へ知らせます。窓口は浜手から山手へ移ります。"
DUTIES = "幹事は北浜銀行、受託者は南浜信託が務めます。"
RISES = "住宅ローンの金利は年1.0%です。給与振込で0.10%、カードのご契約で0.25%を引き下げます。"


@pytest.mark.parametrize(
    ("source", "answer", "is_shown"),
    [
        (MONEY, "送金の手数料はユーロが1件あたり30ドルです。", False),
        (FUND, "ファンド（慎重型）の株式比率は70%です。", False),
        (FUND, "ファンド（慎重型）の株式比率は3割です。", True),
        (REPORT, "事故を見つけた総務部は店長へ知らせます。", False),
        (REPORT, "窓口は山手から浜手へ移ります。", False),
        (REPORT, "浜手から山手へ窓口が移ります。", True),
        (DUTIES, "幹事は南浜信託、受託者は北浜銀行が務めます。", False),
        (DUTIES, "受託者は南浜信託、幹事は北浜銀行が務めます。", True),
        (RISES, "住宅ローンの引き下げは0.35%です。", False),
    ],
)
def test_two_things_may_not_change_places(source: str, answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [source])
    assert checked.supported is is_shown, checked.reasons


LOAN = "学資ローン「はばたき」の保証料は不要です。ご利用の上限は300万円、期間は10年です。"
ASKED = "Q：カードをなくしたときは、どこへ電話しますか。A：受付デスクへお電話ください。"


@pytest.mark.parametrize(
    ("source", "answer", "is_shown"),
    [
        (LOAN, "学資ローン「はばたき」の期間は120か月です。", True),
        (LOAN, "学資ローン「はばたき」の期間は12か月です。", False),
        (ASKED, "カードをなくしたときは、受付デスクへお電話ください。", True),
        (ASKED, "カードをなくしたときは、青葉支店へお電話ください。", False),
    ],
)
def test_what_a_text_still_speaks_of_need_not_be_said_again(source: str, answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [source])
    assert checked.supported is is_shown, checked.reasons


LEFT_OUT = (
    "カードは満15歳以上（中学生を除く）のお客さまが申し込めます。港町支店では米ドルとユーロのみ取り扱います。"
)
NOT_TAKEN = "事務手数料は融資額の1%とする。ただし借換えの場合は徴収しない。"


@pytest.mark.parametrize(
    ("source", "answer", "is_shown"),
    [
        (LEFT_OUT, "カードは中学生も申し込めます。", False),
        (LEFT_OUT, "カードは、中学生を除く満15歳以上のお客さまが申し込めます。", True),
        (LEFT_OUT, "港町支店では、米ドルとユーロ以外の通貨も取り扱います。", False),
        (LEFT_OUT, "港町支店で取り扱うのは米ドルとユーロだけです。", True),
        (NOT_TAKEN, "借換えの場合、手数料はかかりません。", True),
        (NOT_TAKEN, "借換えの場合も手数料を徴収します。", False),
    ],
)
def test_what_is_left_out_is_not_taken_in(source: str, answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [source])
    assert checked.supported is is_shown, checked.reasons
