"""Expressions of customers: exactly read or asked back, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.language.expressions import AskBack, Reading, Reason, read_expression
from benchmarks.expressions import WRITTEN, measure, read_cases

TODAY = date(2026, 11, 21)


def value(text: str, kind: str, today: date | None = TODAY) -> int | str | None:
    reading = read_expression(text, kind, today)
    return reading.value if isinstance(reading, Reading) else None


def reason(text: str, kind: str, today: date | None = TODAY) -> Reason | None:
    reading = read_expression(text, kind, today)
    return reading.reason if isinstance(reading, AskBack) else None


@pytest.mark.parametrize(
    "text",
    ["3,000,000", "さんびゃくまん", "ｻﾝﾋﾞｬｸﾏﾝｴﾝ", "金参百萬円也", "3OO万円", "3,000千円", "300 万円"],
)  # fmt: skip
def test_three_million_is_read_however_written(text: str) -> None:
    assert value(text, "amount") == 3_000_000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("500くらい", Reason.NO_UNIT),
        ("300〜500万円", Reason.RANGE),
        ("3、400万円", Reason.RANGE),
        ("五六百万", Reason.RANGE),
        ("数百万", Reason.VAGUE),
        ("300万円以上", Reason.VAGUE),
        ("月にひゃくまん", Reason.VAGUE),
        ("300万円と500万円", Reason.SEVERAL),
        ("300万円と200万円、合わせて600万円", Reason.CONTRADICTION),
        ("3万5万", Reason.IMPOSSIBLE),
        ("300万円ではない", Reason.NEGATED),
        ("3万ドル", Reason.FOREIGN),
        ("電話は0120123456", Reason.NO_UNIT),
    ],
)
def test_amounts_nobody_could_tell_are_asked_back(text: str, why: Reason) -> None:
    assert reason(text, "amount") == why


def test_a_correction_holds_and_an_unexplained_second_value_does_not() -> None:
    assert value("300万円、いや500万円で", "amount") == 5_000_000
    assert value("300万円から500万円に変更します", "amount") == 5_000_000
    assert reason("500万円。300万円と書いたのは間違い", "amount") == Reason.SEVERAL


def test_only_the_asked_kind_is_read_from_a_sentence_with_all_four() -> None:
    text = "来年3月末までに300万円を年3.5%で5年借りたい"
    found = [value(text, kind) for kind in ("amount", "date", "period", "rate")]
    assert found == [3_000_000, "2027-03-31", "P5Y", "0.035"]


def test_a_day_without_year_is_read_only_where_it_lies_on_one_side_of_today() -> None:
    assert reason("3月", "date") == Reason.NO_YEAR
    assert value("3月までに", "date") == "2027-03"
    march = read_expression("3月", "date", TODAY, towards="past")
    assert march == Reading("2026-03", "month")
    assert reason("来月末", "date", None) == Reason.NO_TODAY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026年2月30日", Reason.IMPOSSIBLE),
        ("2026年(令和7年)4月", Reason.CONTRADICTION),
        ("8年11月21日", Reason.NO_YEAR),
    ],
)
def test_impossible_and_contradictory_days_are_asked_back(text: str, why: Reason) -> None:
    assert reason(text, "date") == why


@settings(max_examples=40)
@given(st.text(max_size=60), st.sampled_from(("amount", "date", "period", "rate")))
def test_any_text_is_read_or_asked_back(text: str, kind: str) -> None:
    assert isinstance(read_expression(text, kind, TODAY), Reading | AskBack)


@settings(max_examples=40)
@given(st.integers(min_value=10_000, max_value=10**12))
def test_an_amount_in_digits_is_itself(yen: int) -> None:
    assert value(f"{yen:,}円", "amount") == value(f"{yen}円です", "amount") == yen


@settings(max_examples=40)
@given(st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_an_era_and_a_western_day_are_the_same(day: date) -> None:
    era = f"令和{day.year - 2018}年{day.month}月{day.day}日"
    assert value(era, "date") == value(f"{day:%Y/%m/%d}", "date") == day.isoformat()


@settings(max_examples=40)
@given(st.integers(1, 400))
def test_days_ahead_are_counted_from_today(count: int) -> None:
    assert value(f"{count}日後", "date") == (TODAY + timedelta(days=count)).isoformat()


@pytest.mark.parametrize("piece", ["3,", "さん", "一二", "1.", "万", "3年", "(令和", "3月か"])
def test_long_answers_are_read_in_time_that_grows_with_them(piece: str) -> None:
    assert reason(piece * 5000, "amount") == Reason.TOO_LONG
    for kind in ("amount", "date", "period", "rate"):
        read_expression((piece * 1000)[:1000], kind, TODAY)


def test_the_written_expressions_are_never_misread() -> None:
    figures = measure(read_cases(WRITTEN))
    assert figures["wrong"] == 0
    assert figures["unreadable_asked_back"] == 1
    assert {"n", "exact", "asked_back", "by_half"} <= set(figures)


def test_a_wrong_value_counts_as_wrong() -> None:
    case = {"id": "1", "text": "300万円", "kind": "amount", "value": 4_000_000, "unit": "JPY"}
    assert measure([case])["wrong"] == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("300－500万円", "amount"),
        ("325.000円", "amount"),
        ("3 2 5 0 0 0円", "amount"),
        ("1.200万円", "amount"),
        ("200万人民元", "amount"),
        ("30万人", "amount"),
        ("500万の半分", "amount"),
        ("来年早々", "date"),
        ("2027年の桜の頃", "date"),
        ("来月の15", "date"),
        ("1週間後の金曜", "date"),
        ("5月に生まれました", "date"),
        ("長くて5年", "period"),
        ("1年（13ヶ月）", "period"),
        ("五分五分", "rate"),
        ("月利1%", "rate"),
    ],
)
def test_what_was_once_misread_is_asked_back(text: str, kind: str) -> None:
    assert value(text, kind) is None


def test_words_that_hold_another_word_are_not_misread() -> None:
    assert value("さ来月", "date") == "2027-01"
    assert value("さんぜんよんひゃく八十万", "amount") == 34_800_000
    assert value("'85年4月1日", "date") == "1985-04-01"
