"""An answer that says more than its value counts only after a yes: it may be meant for something else."""

from __future__ import annotations

import pytest

from akashi.domains.loans.measure.conversing import begin, say
from akashi.domains.loans.measure.plainness import is_plain
from akashi.domains.loans.measure.talks import Talk
from akashi.domains.loans.register.products import list_products
from tests.domains.loans.walking import EQUIPMENT, TODAY

PRODUCT = list_products()["equipment"]
BEFORE_AMOUNT = (
    "business_form",
    "company_name",
    "applicant_name",
    "postal_code",
    "address",
    "phone",
    "email",
    "industry",
    "years_in_business",
    "employees",
    "equipment",
    "equipment_reason",
    "supplier",
    "equipment_price",
    "own_funds",
)


@pytest.fixture(scope="module")
def talk() -> Talk:
    """A talk that asks for the amount wanted, just after own funds of 1.5 million yen were told."""
    now, _ = say(begin(PRODUCT, "ja", TODAY)[0], "同意します")
    for item in BEFORE_AMOUNT:
        now, _ = say(now, EQUIPMENT[item])
    assert now.item == "amount"
    return now


@pytest.mark.parametrize(
    "sentence",
    ["勘違いしてました180万円です", "よく考えたら180万円でした", "うそ、180万円", "頭金180万円",
     "ほんまは180万円じゃった", "妻に聞いたら180万円でした", "通帳見たら180万円あった",
     "先ほどは失礼しました。180万円になります", "oops 1,800,000 yen"],
)  # fmt: skip
def test_what_may_correct_the_last_answer_is_not_taken_for_the_next(talk: Talk, sentence: str) -> None:
    after, _ = say(talk, sentence)
    assert "amount" not in after.values


@pytest.mark.parametrize(
    "sentence",
    [
        "180万円",
        "えーと、180万円です",
        "180万円ほど借りたいです",
        "希望は180万円ですばい",
        "百八十万円でお願いします",
    ],
)
def test_a_plain_answer_is_plain(sentence: str) -> None:
    assert is_plain(PRODUCT.item("amount"), sentence)


def test_the_past_is_told_in_the_past() -> None:
    assert is_plain(PRODUCT.item("annual_sales"), "4,800万円でした")
    assert not is_plain(PRODUCT.item("amount"), "4,800万円でした")
