"""Products are data: the shipped ones read, and a mistake in a file is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.domains.loans.model import Condition, Join, Relation, day_of
from akashi.domains.loans.register.products import list_products, parse_product

HEAD = """id = "small"
version = 1
audience = "business"
title = { ja = "小", en = "small" }
source = { title = "小の説明書", edition = "2026" }
consent = { ja = "使います", en = "used" }
"""


def an_item(name: str, kind: str, *more: str) -> str:
    wording = "{ ja = 'あ', en = 'a' }"
    keys = [f"{key} = {wording}" for key in ("label", "question", "help", "purpose")]
    return "\n".join(["[[item]]", f'id = "{name}"', f'kind = "{kind}"', *keys, 'clause = "1"', *more, ""])


def a_term(name: str, condition: str) -> str:
    wording = "{ ja = 'あ', en = 'a' }"
    return (
        f'[[term]]\nid = "{name}"\nlabel = {wording}\n'
        f'condition = {condition}\ntext = {wording}\nclause = "1"\n'
    )


def refusal(*tables: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_product((HEAD + "".join(tables)).encode(), "small.toml")
    return str(caught.value)


def test_three_shipped_products_are_read_and_cite_a_clause_for_everything() -> None:
    products = list_products()
    assert set(products) == {"working_capital", "equipment", "home_loan"}
    for product in products.values():
        clauses = [row.clause for row in product.items]
        clauses += [row.clause for row in product.documents] + [row.clause for row in product.terms]
        assert all(clauses)
        assert all(item.purpose["ja"] for item in product.items)


def test_a_sole_proprietor_shows_three_tax_returns_and_a_company_its_accounts() -> None:
    product = list_products()["working_capital"]
    papers = {one.id: one.copies for one in product.due_documents({"business_form": "sole_proprietor"})}
    assert papers["tax_returns"] == 3
    assert "articles" not in papers


def test_an_own_file_takes_the_place_of_a_shipped_product(tmp_path: Path) -> None:
    folder = tmp_path / "loans" / "products"
    folder.mkdir(parents=True)
    own = (HEAD + an_item("amount", "amount")).replace('"small"', '"equipment"', 1)
    (folder / "own.toml").write_text(own, encoding="utf-8")
    assert [item.id for item in list_products(tmp_path)["equipment"].items] == ["amount"]


@pytest.mark.parametrize(
    ("tables", "line", "said"),
    [
        ((an_item("a", "amount", "least = 5", "most = 3"),), 15, "no answer fits"),
        ((an_item("a", "amount"), an_item("a", "amount")), 16, "stands twice"),
        (
            (an_item("a", "yesno", "when = { item = 'b', is = true }"), an_item("b", "yesno")),
            15,
            "only later",
        ),
        (
            (an_item("a", "amount"), an_item("b", "text", "when = { item = 'a', is = true }")),
            23,
            "not written",
        ),
        (
            (an_item("a", "text"), an_item("b", "text", "when = { item = 'a', at_least = 'x' }")),
            23,
            "no order",
        ),
        ((an_item("a", "colour"),), 9, "no such kind"),
        ((an_item("a", "choice"),), 7, "lists its choices"),
        ((an_item("a", "amount", "colour = 1"),), 15, "Nobody knows"),
        ((an_item("a", "amount", "least = '3'"),), 15, "not written as amount"),
    ],
)
def test_a_wrong_definition_names_its_line(tables: tuple[str, ...], line: int, said: str) -> None:
    told = refusal(*tables)
    assert told.startswith(f"small.toml:{line}: ")
    assert said in told


def test_a_question_that_no_answers_reach_is_refused_also_through_a_chain() -> None:
    chain = (
        an_item("a", "amount", "most = 100"),
        an_item("b", "yesno", "when = { item = 'a', at_least = 50 }"),
        an_item("c", "text", "when = { all = [{ item = 'b', is = true }, { item = 'a', at_most = 49 }] }"),
    )
    assert "c can never be asked for" in refusal(*chain)
    reachable = HEAD + chain[0] + chain[1] + chain[2].replace("at_most = 49", "at_most = 50")
    assert len(parse_product(reachable.encode(), "small.toml").items) == 3


def test_terms_that_no_application_fulfils_together_are_refused() -> None:
    low = a_term("low", "{ item = 'a', at_most = 10 }")
    high = a_term("high", "{ item = 'a', at_least = 11 }")
    assert "high contradicts low" in refusal(an_item("a", "amount"), low, high)
    assert "No application can fulfil high" in refusal(an_item("a", "amount", "most = 10"), high)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_product_or_a_clear_refusal(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_product(content, "any.toml")


def test_conditions_are_unknown_until_the_values_say() -> None:
    big = Condition(Join.TEST, item="amount", relation=Relation.AT_LEAST, wanted=(10,))
    old = Condition(Join.TEST, item="since", relation=Relation.AT_MOST, wanted=("today-P20Y",))
    either = Condition(Join.ANY, (big, old))
    today = date(2026, 11, 21)
    assert either.holds({"amount": 1}, today) is None
    assert either.holds({"amount": 10}, today) is True
    assert [old.holds({"since": day}, today) for day in ("2006-11-21", "2006-11-22")] == [True, False]
    assert day_of("today-P1M", date(2026, 3, 31)) == "2026-02-28"
