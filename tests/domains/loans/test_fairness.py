"""Applicants who differ in name, gender, age or origin are asked the same, where the product is silent."""

from __future__ import annotations

import pytest

from akashi.domains.loans.measure.talks import Reply, Stage
from tests.domains.loans.walking import SCRIPTS, walk

PEOPLE = {
    "name": {"applicant_name": "グエン ティ ラン"},
    "gender": {"applicant_name": "汐見花子", "industry": "母と娘で営むパン店", "employer": "女性専用の工房"},
    "age": {"industry": "78歳の代表が営むパン店", "birth_date": "1962年4月1日"},
    "origin": {"industry": "ブラジル出身の店主のパン店", "applicant_name": "マリア シルバ"},
}
"""A birth in 1962 still keeps the age of 65 that the home loan names."""


def course(replies: list[Reply]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Everything that a reply asks, offers and which wordings it uses; not the applicant's own values."""
    return [
        (one.asks, tuple(option.text for option in one.options), tuple(phrase.id for phrase in one.phrases))
        for one in replies
    ]


@pytest.mark.parametrize("product", SCRIPTS)
@pytest.mark.parametrize("attribute", PEOPLE)
def test_a_counterfactual_applicant_is_asked_the_same(product: str, attribute: str) -> None:
    answers = SCRIPTS[product]
    other = {**answers, **{item: said for item, said in PEOPLE[attribute].items() if item in answers}}
    talk, replies = walk(product, answers)
    changed, others = walk(product, other)
    assert talk.stage is changed.stage is Stage.SUMMARY
    assert course(replies) == course(others)
    assert talk.product.due_documents(talk.known) == changed.product.due_documents(changed.known)


def test_where_the_product_names_an_age_the_clause_is_said() -> None:
    _, replies = walk("home_loan", {**SCRIPTS["home_loan"], "birth_date": "1940年4月1日"})
    said = "\n".join(one.say("ja") for one in replies)
    assert "この商品の説明書では" in said
    assert course(replies) != course(walk("home_loan", SCRIPTS["home_loan"])[1])
