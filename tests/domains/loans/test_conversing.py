"""The conversation as a pure engine: what is understood, read back, corrected, and never said."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.domains.loans.measure import conversing
from akashi.domains.loans.measure.talks import Reply, Stage, Talk
from akashi.domains.loans.measure.wording import list_wordings
from akashi.domains.loans.model import Product
from akashi.domains.loans.register.products import list_products

TODAY = date(2026, 11, 21)
OPENING = (
    "はい",
    "個人です",
    "ないです",
    "山田太郎と申します",
    "000-0001",
    "汐見市浜町1-1",
    "03-1234-5678",
    "なし",
)
BUSINESS = ("パン屋です", "12年です", "3人", "仕入れです", "年末の小麦粉の仕入れ")
MONEY = ("3年", "来月末", "3,600万円", "90万円", "わからない", "450万円", "200万円", "150万円", "あらへん")


def run(product: str, *sentences: str, language: str = "ja") -> tuple[Talk, Reply]:
    talk, reply = conversing.begin(list_products()[product], language, TODAY)
    for sentence in sentences:
        talk, reply = conversing.say(talk, sentence)
    return talk, reply


def asked_amount(*more: str) -> tuple[Talk, Reply]:
    return run("working_capital", *OPENING, *BUSINESS, *more)


def test_nothing_is_asked_before_the_purpose_is_told_and_agreed_to() -> None:
    talk, reply = run("home_loan", "新築です")
    assert talk.stage is Stage.CONSENT
    assert not talk.values
    assert "ご融資の可否の検討" in reply.say("ja")
    assert run("home_loan", "いいえ")[0].stage is Stage.CONSENT


def test_a_whole_application_is_collected_in_one_sentence_an_item() -> None:
    talk, reply = asked_amount("300万円", *MONEY)
    assert talk.stage is Stage.SUMMARY
    assert talk.is_complete
    assert talk.known["amount"] == 3_000_000
    assert talk.known["needed_on"] == "2026-12-31"
    assert "300万円" in reply.say("ja")
    required = sum(item.required for item in talk.due)
    assert talk.turns / required <= 1.3
    assert conversing.say(talk, "はい")[0].stage is Stage.READY


@pytest.mark.parametrize(
    ("said", "amount"),
    [("やっぱり500万", 5_000_000), ("金額は500万円に変更", 5_000_000), ("違う、500万円です", 5_000_000)],
)
def test_an_amount_is_corrected_while_the_period_is_asked(said: str, amount: int) -> None:
    talk, reply = asked_amount("300万円", said)
    assert talk.known["amount"] == amount
    assert talk.item == "term"
    assert [value.value for value in talk.earlier] == [3_000_000]
    assert "5,000,000円" in reply.say("ja")


@pytest.mark.parametrize(
    "said",
    [
        "いや、500万円の間違いやった",
        "すみません、500万円でした",
        "金額は300万円じゃなくて500万円です",
        "300万円から500万円に変更してください",
        "ちゃうわ、500万やった",
    ],
)
def test_corrections_in_many_words_are_understood_or_asked_about_but_never_passed_over(said: str) -> None:
    talk, reply = asked_amount("300万円", said)
    if talk.stage is Stage.CONFIRMING:
        talk, reply = conversing.say(talk, "はい")
    assert talk.known["amount"] == 5_000_000
    talk, reply = asked_amount("300万円", "さっきのは間違えました")
    assert "ご希望の金額" in reply.say("ja")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("高橋誠だがね", "高橋誠"),
        ("代表の山田太郎と申します", "山田太郎"),
        ("山田太郎（やまだたろう）です", "山田太郎"),
    ],
)
def test_a_name_is_kept_without_what_is_said_around_it(said: str, name: str) -> None:
    assert run("working_capital", *OPENING[:3], said)[0].known["applicant_name"] == name


def test_a_correction_that_could_be_the_answer_is_confirmed_first() -> None:
    talk, _ = asked_amount("300万円", "3年", "来月末", "3,600万円", "やっぱり4,000万円")
    assert talk.stage is Stage.CONFIRMING
    assert talk.known["annual_sales"] == 36_000_000
    assert conversing.say(talk, "はい")[0].known["annual_sales"] == 40_000_000
    kept, _ = conversing.say(talk, "いいえ")
    assert kept.known["annual_sales"] == 36_000_000
    assert kept.item == "ordinary_profit"


def test_changing_the_form_of_business_removes_what_is_not_needed_any_more() -> None:
    talk, reply = run("working_capital", "はい", "法人", "株式会社しおかぜ製パン", "個人じゃなくて")
    assert talk.known["business_form"] == "corporation"
    talk, reply = run(
        "working_capital", "はい", "法人", "株式会社しおかぜ製パン", "事業の形態は個人事業主です"
    )
    assert talk.stage is Stage.CONFIRMING or "company_name" not in talk.known
    if talk.stage is Stage.CONFIRMING:
        talk, reply = conversing.say(talk, "はい")
    assert "company_name" not in talk.values
    assert "会社名は不要" in reply.say("ja")


def test_a_loss_and_an_approximate_amount_count_only_after_a_yes() -> None:
    talk, _ = asked_amount("300万円くらい")
    assert talk.stage is Stage.CONFIRMING
    assert "amount" not in talk.known
    assert conversing.say(talk, "せやで")[0].known["amount"] == 3_000_000
    assert "amount" not in conversing.say(talk, "ちゃう")[0].known


@pytest.mark.parametrize("said", ["300", "300万円から500万円", "数百万円", "1万ドル", "300万円か500万円"])
def test_what_is_not_clear_is_asked_back_and_never_guessed(said: str) -> None:
    talk, reply = asked_amount(said)
    assert "amount" not in talk.values
    assert talk.pending is None
    assert reply.asks == "amount"


def test_a_question_in_between_goes_to_the_assistant_and_the_thread_goes_on() -> None:
    talk, reply = asked_amount("金利は年何パーセントですか？")
    assert reply.question == "金利は年何パーセントですか？"
    assert reply.asks == "amount"
    assert conversing.say(talk, "300万円")[0].known["amount"] == 3_000_000


def test_a_person_is_one_sentence_away_but_a_description_may_speak_of_one() -> None:
    assert asked_amount("担当者と話したいです")[1].wants_person
    talk, reply = run("working_capital", *OPENING, *BUSINESS[:4], "担当者と相談して決めた材料の購入")
    assert not reply.wants_person
    assert talk.known["purpose_detail"] == "担当者と相談して決めた材料の購入"


def test_a_greeting_or_a_wait_is_no_answer() -> None:
    for said in ("こんにちは", "よろしくお願いします", "ちょっと待ってください"):
        talk, reply = run("working_capital", *OPENING[:3], said)
        assert reply.asks == "applicant_name"
        assert "applicant_name" not in talk.values
    talk, _ = asked_amount("300万円必要なんですけど")
    assert talk.known.get("amount") == 3_000_000 or talk.stage is Stage.CONFIRMING


def test_why_a_question_is_asked_names_purpose_clause_and_the_answer_that_led_to_it() -> None:
    _, reply = run("working_capital", "はい", "法人です", "なぜ聞くのですか")
    told = reply.say("ja")
    assert "お申込みになる方を確かめるため" in told
    assert "4 必要な書類" in told
    assert "「事業の形態」に「法人」とお答えになったため" in told


def test_an_amount_outside_the_products_condition_is_kept_and_said_so() -> None:
    talk, reply = asked_amount("2億円")
    assert talk.known["amount"] == 200_000_000
    assert "100万円以上1億円以内" in reply.say("ja")


def test_withdrawing_asks_once_and_then_takes_nothing_more() -> None:
    talk, _ = asked_amount("申し込みをやめます")
    assert talk.stage is Stage.WITHDRAWING
    assert conversing.say(talk, "いいえ")[0].item == "amount"
    gone, _ = conversing.say(talk, "はい")
    assert conversing.say(gone, "300万円")[0].values == gone.values


def test_english_is_spoken_too() -> None:
    talk, reply = run("home_loan", "yes", "buying", "yes", "Hanako Yamada", "1 April 1985", language="en")
    assert talk.known["birth_date"] == "1985-04-01"
    assert "1 April 1985" in reply.say("en")
    assert not re.search("[ぁ-んァ-ン]", reply.say("en"))


def test_a_postal_code_gives_the_town_and_the_whole_address_is_confirmed() -> None:
    opening = ("はい", "新築です", "はい", "山田花子", "昭和60年4月1日")
    talk, reply = run("home_loan", *opening, "100-0005")
    assert "東京都千代田区丸の内" in reply.say("ja")
    talk, reply = conversing.say(talk, "1-2-3")
    assert talk.stage is Stage.CONFIRMING
    assert conversing.say(talk, "はい")[0].known["address"] == "東京都千代田区丸の内1-2-3"
    whole, _ = run("home_loan", *opening, "100-0005", "汐見県汐見市浜町1-1")
    assert whole.known["address"] == "汐見県汐見市浜町1-1"


PROMISES = re.compile(
    r"承認され|審査に通|必ず|確実に|保証します|お貸しします|ご融資します|ご融資できます|借りられます|お借入れできます|"
    r"上限は|限度額は|金利は[^、]*[0-9]|年利|[0-9]+％|%|大丈夫です|問題ありません|"
    r"will be approved|guarantee|you can borrow|we will lend|interest (?:rate )?(?:is|of|will)|limit is",
    re.IGNORECASE,
)


def test_no_wording_promises_an_approval_a_rate_or_a_limit() -> None:
    for name, words in list_wordings().items():
        for language, text in words.items():
            assert not PROMISES.search(text), (name, language)
    assert PROMISES.search("金利は2.8％です") is not None
    assert PROMISES.search("You can borrow 3 million yen") is not None


def own_words(product: Product, talk: Talk) -> list[str]:
    """Return every text that may fill a brace: the product's wordings."""
    rows = [*product.items, *product.documents, *product.terms]
    return [str(row) for row in rows] + [str(talk.values)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*OPENING, *BUSINESS, *MONEY, "300万円", "やっぱり1,000万円", "必ず貸して"])
        | st.text(max_size=30),
        max_size=25,
    )
)
def test_any_sentences_leave_a_talk_whose_reply_is_made_of_wordings(sentences: list[str]) -> None:
    talk, reply = conversing.begin(list_products()["equipment"], "ja", TODAY)
    for sentence in sentences:
        talk, reply = conversing.say(talk, sentence)
        assert {phrase.id for phrase in reply.phrases} <= set(list_wordings())
        assert reply.say("ja")
        assert all(value.confirmed for value in talk.values.values())
        assert {item.id for item in talk.due} >= set(talk.values)
