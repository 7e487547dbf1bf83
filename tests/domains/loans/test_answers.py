"""One answer to one question: taken, left out or asked back; what a field shows is read as the same value."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from akashi.domains.loans.commands import app
from akashi.domains.loans.measure.answers import AskedBack, LeftOut, Taken, read_answer
from akashi.domains.loans.measure.filling import edit_text
from akashi.domains.loans.model import ItemKind, ItemValue
from akashi.domains.loans.register.products import FOLDER, list_products

TODAY = date(2026, 11, 21)
PRODUCTS = list_products()


def read(product: str, item: str, text: str) -> object:
    return read_answer(PRODUCTS[product].item(item), text, TODAY)


@pytest.mark.parametrize(
    ("item", "text", "value"),
    [
        ("business_form", "個人じゃなくて法人", "corporation"),
        ("business_form", "②", "sole_proprietor"),
        ("employees", "パート含めて12人", 12),
        ("employees", "家族だけです", 0),
        ("postal_code", "一〇〇の〇〇〇五", "100-0005"),
        ("phone", "+81 90-1234-5678", "09012345678"),
        ("email", "taro＠example．com です", "taro@example.com"),
        ("company_name", "うちは(株)しおかぜだべ", "(株)しおかぜ"),
        ("years_in_business", "創業12年", "P12Y"),
        ("needed_on", "年末まで", "2026-12-31"),
        ("amount", "さんびゃくまんえん", 3_000_000),
        ("has_debts", "おまへん", False),
        ("has_debts", "うん、あるで", True),
    ],
)
def test_an_answer_as_people_write_it_is_taken(item: str, text: str, value: ItemValue) -> None:
    assert read("working_capital", item, text) == Taken(value)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("business_form", "法人格はありません"),
        ("employees", "10名くらい"),
        ("has_debts", "車のローンがあります"),
        ("ordinary_profit", "赤字100万円"),
        ("business_form", "個仁事業主"),
    ],
)
def test_what_is_read_but_not_certain_is_confirmed_first(item: str, text: str) -> None:
    answer = read("working_capital", item, text)
    assert isinstance(answer, Taken)
    assert not answer.certain


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("business_form", "法人と個人の両方"),
        ("employees", "社員2人とパート3人"),
        ("postal_code", "100-0005か100-0006"),
        ("needed_on", "昨日"),
        ("needed_on", "2026年13月1日"),
        ("years_in_business", "5,6年"),
        ("has_debts", "ないわけではない"),
        ("amount", "0円"),
        ("address", "東京都"),
        ("applicant_name", "田中です。社長です"),
        ("applicant_name", "いいえ"),
        ("applicant_name", "名前は言いたくないです"),
        ("employees", "50万円です"),
        ("purpose_detail", "はい"),
    ],
)
def test_what_cannot_be_told_is_asked_back(item: str, text: str) -> None:
    assert isinstance(read("working_capital", item, text), AskedBack)


def test_a_price_without_tax_is_not_taken_for_the_price_that_was_asked() -> None:
    without = read("equipment", "equipment_price", "320万円（税抜き）")
    assert isinstance(without, AskedBack)
    assert without.wording == "unclear_tax"
    assert read("equipment", "annual_sales", "税抜きで4,800万円") == Taken(48_000_000)


def test_an_optional_item_is_left_out_and_an_unknown_one_put_off() -> None:
    assert read("working_capital", "email", "特にありません") == LeftOut()
    assert read("working_capital", "email", "メールは持っていません") == LeftOut()
    assert read("working_capital", "annual_sales", "わかりません") == LeftOut(is_unknown=True)
    assert read("working_capital", "trade_name", "いいえ") == LeftOut()
    assert read("working_capital", "applicant_name", "名前は後で言います") == LeftOut(is_unknown=True)
    assert read("home_loan", "rate_type", "わからない") == Taken("undecided")


AMOUNTS = st.integers(min_value=0, max_value=10**11)
PERIODS = st.tuples(st.integers(1, 39), st.integers(0, 11)).map(
    lambda p: f"P{p[0]}Y" + (f"{p[1]}M" if p[1] else "")
)
DAYS = st.integers(0, 3_000).map(lambda days: (TODAY + timedelta(days=days)).isoformat())


@settings(deadline=None, max_examples=80)
@given(AMOUNTS, PERIODS, DAYS, st.sampled_from(["ja", "en"]))
def test_what_a_field_shows_is_read_as_the_same_value(
    amount: int, period: str, day: str, language: str
) -> None:
    product = PRODUCTS["home_loan"]
    for item_id, value in (("own_funds", amount), ("present_remaining", period), ("needed_on", day)):
        item = product.item(item_id)
        assert read_answer(item, edit_text(item, value, language), TODAY) == Taken(value)


def test_every_choice_reads_as_itself_in_both_languages() -> None:
    for product in PRODUCTS.values():
        for item in product.items:
            for choice in item.choices:
                for word in (*choice.label.values(), *choice.names):
                    assert read_answer(item, word, TODAY) == Taken(choice.id), (item.id, word)
            if item.kind is ItemKind.YESNO:
                assert read_answer(item, "はい", TODAY) == Taken(True)


def test_the_command_names_the_line_of_a_wrong_product(tmp_path: Path) -> None:
    wrong = (
        (FOLDER / "equipment.toml")
        .read_text(encoding="utf-8")
        .replace('kind = "company"', 'kind = "firm"', 1)
    )
    path = tmp_path / "wrong.toml"
    path.write_text(wrong, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["check", str(FOLDER / "equipment.toml")]).exit_code == 0
    failed = runner.invoke(app, ["check", str(path)])
    assert "no such kind" in str(failed.exception)
    assert "wrong.toml:" in str(failed.exception)
