"""Ratios, comparisons, terms and days told in another way than the source tells them."""

from __future__ import annotations

import pytest

from akashi.domains.guardrails.output import check_output

_FEES = "送金の手数料は、店頭が600円、端末が300円です。"


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("端末の手数料は、店頭の半額の300円です。", _FEES),
        ("端末の手数料は、店頭の2分の1の300円です。", _FEES),
        ("店頭の手数料は、端末の2倍の600円です。", _FEES),
        ("講座は4分の3時間です。", "講座は45分間です。"),
        ("講座は90秒です。", "講座は1分半です。"),
        ("点検は22時から7時間停止します。", "点検は午後10時から翌朝5時まで停止します。"),
        ("2025年3月末の残高は30億円でした。", "令和6年度末の残高は30億円でした。"),
        ("学生の友の会の会費は、年に換算すると6万円です。", "学生の友の会の会費は月5,000円です。"),
        ("西店の点検は2024年5月20日でした。", "東店の点検は2024年5月9日、西店の点検は同月20日でした。"),
    ],
)
def test_quantity_reckoned_from_the_source_is_shown(answer: str, source: str) -> None:
    assert check_output(answer, [source]).supported


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("店頭の手数料は、端末の半額の300円です。", _FEES),
        ("端末の手数料は、店頭の3分の1の300円です。", _FEES),
        ("講座は4分の1時間です。", "講座は45分間です。"),
        ("点検は22時から8時間停止します。", "点検は午後10時から翌朝5時まで停止します。"),
        ("2024年3月末の残高は30億円でした。", "令和6年度末の残高は30億円でした。"),
        ("学生の友の会の会費は、年に換算すると5万円です。", "学生の友の会の会費は月5,000円です。"),
        ("手数料は、端末のほうが店頭より高いです。", _FEES),
        ("手数料は、店頭のほうが端末より安いです。", _FEES),
        ("島田氏は森氏より先に入社しました。", "森氏は2001年4月、島田氏は2010年4月の入社です。"),
    ],
)
def test_wrong_ratio_term_or_comparison_is_held_back(answer: str, source: str) -> None:
    assert not check_output(answer, [source]).supported


def test_right_comparison_is_shown() -> None:
    assert check_output("手数料は、店頭のほうが端末より高いです。", [_FEES]).supported


_INSURED = "上乗せ利率は、がん保障付（年0.1％）、疾病保障付（年0.2％）、ワイド団信（年0.3％）です。"
_GUARANTEE = "保証料率は、区分1が年1.90%、区分2が年1.15%です。担保を提供する場合は年0.10%割り引きます。"
_PLAN = "金利上乗せ型:円預金の金利を年3.00%とします。投信の割合が70%以上の場合は年5.00%です。"


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("上乗せ利率は、がん保障付（年0.1％）、疾病保障付（年0.1％）、ワイド団信（年0.3％）です。", _INSURED),
        ("がん保障付の上乗せ利率は年0.2％です。", _INSURED),
        ("保証料率は、区分1が年1.80%、区分2が年1.15%です。", _GUARANTEE),
        ("投信の割合が70%以上の場合は年8.00%です。", _PLAN),
    ],
)
def test_rate_that_only_other_rates_make_is_held_back(answer: str, source: str) -> None:
    assert not check_output(answer, [source]).supported


def test_rate_after_the_reduction_that_the_answer_speaks_of_is_shown() -> None:
    assert check_output("担保を提供する場合、区分1の保証料率は年1.80%です。", [_GUARANTEE]).supported
