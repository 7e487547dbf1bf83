"""What differs is weighed: other words may be shown, other numbers, names and additions may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.ports import Verdict
from akashi.domains.guardrails.output import check_output
from akashi.domains.guardrails.output_index import index_units
from akashi.domains.guardrails.output_parity import compare_parity
from akashi.domains.guardrails.output_signs import CERTAIN, Sign, add_up, shipped_weights, weigh
from akashi.domains.guardrails.output_units import read_units
from akashi.domains.guardrails.output_words import has_unit, rephrase, shipped_words

LIMITS = (
    "特約に加入できるのは、借入時の年齢が満50歳以下の方です。送金1件の上限は200万円です。"
    "書類は発行から6か月以内のものに限ります。窓口の営業は平日の午前9時から午後3時までです。"
    "海外送金の手数料は、窓口が1件7,500円、アプリが1件3,000円です。"
    "利用料は年13,200円で、カードの発行手数料は1枚1,100円です。"
)


@pytest.mark.parametrize(
    ("answer", "is_shown"),
    [
        ("51歳以上の方は、特約に加入できません。", True),
        ("51歳以上の方は、特約に加入できます。", False),
        ("49歳以上の方は、特約に加入できません。", False),
        ("一度に250万円を送金することはできません。", True),
        ("一度に250万円を送金できます。", False),
        ("発行から8か月たった書類は使えません。", True),
        ("海外送金の手数料は、アプリの方が窓口より4,500円安くなります。", True),
        ("海外送金の手数料は、アプリの方が窓口より3,500円安くなります。", False),
        ("海外送金の手数料は、窓口の方がアプリより4,500円安くなります。", False),
        ("カードを2枚発行すると、手数料は2,200円です。", True),
        ("カードを2枚発行すると、手数料は3,200円です。", False),
        ("窓口は土曜日には営業していません。", True),
        ("窓口は土曜日にも営業しています。", False),
    ],
)
def test_what_follows_from_a_limit_or_is_reckoned_right_is_shown(answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [LIMITS])
    assert checked.supported is is_shown, checked.reasons


SCHOOL = (
    "教育ローンは、お子さまの入学金や授業料のほか、下宿費用にもお使いいただけます。"
    "在学中は利息のみのお支払いにもできます。解約は本人に限り、青葉支店の窓口で承ります。"
)


@pytest.mark.parametrize(
    "answer",
    [
        "教育ローンのお金は、入学金や授業料だけでなく下宿代にも使えます。",
        "在学している間は利息だけを支払うこともできます。",
        "解約できるのは本人のみです。",
    ],
)
def test_other_words_for_the_same_are_shown(answer: str) -> None:
    checked = check_output(answer, [SCHOOL])
    assert checked.supported, checked.reasons


@pytest.mark.parametrize(
    "answer",
    [
        "教育ローンを申し込むと、抽選で商品券が当たります。",
        "返済が遅れると、学校へ連絡が行きます。",
        "解約は本人に限り、若葉支店の窓口で承ります。",
        "解約は代理人に限り、青葉支店の窓口で承ります。",
        "解約は本人に限り、青葉支店のATMで承ります。",
        "在学中は元金のみのお支払いにもできます。",
    ],
)
def test_an_addition_and_a_thing_of_the_same_class_are_not_shown(answer: str) -> None:
    checked = check_output(answer, [SCHOOL])
    assert not checked.supported
    assert checked.reasons


REWORDED = (
    "実際に適用する利率は、お申込み時ではなく、お借入日の利率です。固定期間中に変動金利型へ変えることはできません。"
    "お届け印をなくされた場合でも、ご本人と確認できればお引出しいただけます。保険料は当行が負担します。"
    "暗証番号を続けて3回間違えると、カードの利用を停止します。事前審査の結果は、2営業日から3営業日でお知らせします。"
    "本審査は、おおむね1週間です。投資信託は預金ではなく、元本の保証はありません。届出は任意です。"
    "抹消登記はお客さまで行っていただきます。マイナンバーの届出がない口座からは送金できません。"
)


@pytest.mark.parametrize(
    ("answer", "is_shown"),
    [
        ("適用されるのは、申し込んだ時点ではなく、お借入日の利率です。", True),
        ("実際に適用する利率は、お借入日ではなく、お申込み時の利率です。", False),
        ("固定期間中は変動金利型への変更はできません。", True),
        ("固定期間中は変動金利型への変更ができます。", False),
        ("届出印がなくても、ご本人だと確認できれば引き出せます。", True),
        ("お届け印をなくされた場合は、ご本人と確認できてもお引出しいただけません。", False),
        ("保険料について、お客さまのご負担はありません。", True),
        ("保険料はお客さまが負担します。", False),
        ("連続して3回暗証番号を誤ると、カードが使えなくなります。", True),
        ("暗証番号を続けて3回間違えても、カードの利用は停止されません。", False),
        ("事前審査の結果は、2〜3営業日でお伝えします。", True),
        ("本審査の結果は、2営業日から3営業日でお知らせします。", False),
        ("投資信託は元本が保証された商品ではありません。", True),
        ("投資信託は元本が保証されています。", False),
        ("届け出るかどうかは自由です。", True),
        ("届出が必要です。", False),
        ("抹消登記は、お客さまご自身で行います。", True),
        ("抹消登記は当行が行います。", False),
        ("送金するには、口座にマイナンバーを届け出ておく必要があります。", True),
        ("マイナンバーの届出がない口座からも送金できます。", False),
    ],
)
def test_yes_and_no_may_be_said_another_way_and_not_turned(answer: str, is_shown: bool) -> None:
    checked = check_output(answer, [REWORDED])
    assert checked.supported is is_shown, checked.reasons


@pytest.mark.parametrize(
    ("claim", "source", "is_turned"),
    [
        ("手数料は無料で、通帳は要りません。", "手数料はかからず、通帳は不要です。", False),
        ("手数料は無料で、通帳が要ります。", "手数料はかからず、通帳は不要です。", True),
        ("窓口が休みの日でも、ATMは使えます。", "ATMは窓口の休業中もご利用いただけます。", False),
        ("窓口が休みの日は、ATMも使えません。", "ATMは窓口の休業中もご利用いただけます。", True),
        ("受付は17時で終わります。", "受付は17時までです。", False),
    ],
)
def test_clauses_are_compared_in_whether_they_deny(claim: str, source: str, is_turned: bool) -> None:
    (one,), (other,) = read_units(claim), read_units(source)
    assert compare_parity(one.units, other.units).anywhere is is_turned


def test_groups_of_words_that_share_a_word_are_one() -> None:
    words = shipped_words()
    assert words.same["返済"] == words.same["戻す"] == words.same["返却"]
    assert all(head not in words.same for head in words.same.values())


def test_what_is_only_not_found_is_unverified_and_no_contradiction() -> None:
    (told,) = check_output("駐車場には屋根があり、雨の日も濡れません。", [SCHOOL]).sentences
    assert told.verdict is Verdict.UNVERIFIED


def test_no_weight_speaks_for_a_sentence_and_a_certain_sign_is_enough() -> None:
    weights = shipped_weights()
    assert set(weights.signs) == set(Sign) - CERTAIN
    assert min(weights.signs.values()) >= 0 < weights.limit
    assert all(weigh(add_up([sign]), weights) > weights.limit for sign in CERTAIN)


@given(st.text(alphabet="ア預入金支店を払う払える盗む盗難の手数料は無料5円かつ、", max_size=40), st.data())
def test_the_index_finds_what_comparing_finds(text: str, data: st.DataObject) -> None:
    units = [unit for one in read_units(text) for unit in one.units]
    if units:
        wanted = data.draw(st.sampled_from(units))
        rest = [unit for unit in units if unit is not wanted]
        assert index_units(rest).has(wanted) == has_unit(rest, wanted)


def test_phrases_are_read_as_the_words_they_stand_for() -> None:
    assert rephrase("もう一度、次の日に") == "再度、翌日に"


def test_end_that_turns_no_into_yes_is_not_weighed_away_by_new_words() -> None:
    source = (
        "カードと通帳の切替えに手数料はかからず、口座番号も変わりません。"
        "新しいカードは、おおむね10日で郵送します。"
    )
    assert not check_output("口座番号は新しい番号に変わります。", [source]).supported
    assert check_output("口座番号は変わりません。", [source]).supported
