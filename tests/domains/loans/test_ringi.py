"""The 融資稟議書: every number of the rendered paper is followed back to data with nothing but the paper."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from fractions import Fraction

import docx
import pytest
from docx.table import Table
from docx.text.paragraph import Paragraph

from akashi.core.errors import InputError
from akashi.domains.loans.measure.checks import Reading
from akashi.domains.loans.measure.drafting import make_draft
from akashi.domains.loans.measure.figures import Figure
from akashi.domains.loans.measure.formulas import compute, read_formula
from akashi.domains.loans.measure.grounds import Fragment, Untraced, trace_marked, trace_numbers
from akashi.domains.loans.measure.writing import write_value
from akashi.domains.loans.register.ringi import parse_wording
from akashi.domains.loans.ringi import APPENDIX, Head, make_paper
from akashi.platform.papers import Bullets, PaperTable
from akashi.platform.papers.docx import render_docx
from tests.domains.loans.cases import HOME, HOME_DESK, OVEN, OVEN_DESK, TODAY, home_case, make_case

CASES = {"oven": make_case(), "home": home_case()}


def read_lines(content: bytes) -> Iterator[str]:
    """Yield paragraphs and table rows of a DOCX in the order in which they are read."""
    document = docx.Document(io.BytesIO(content))
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            yield from ("\t".join(cell.text for cell in row.cells) for row in block.rows)


def walk_paper(lines: list[str], number: str) -> tuple[Untraced, ...]:
    """Return every number of a paper's text that its own appendix does not bear."""
    split = lines.index(APPENDIX)
    appendix = {row.split("\t")[0]: row for row in lines[split + 1 :] if re.match(r"[A-Z]\d+\t", row)}
    head = lines.index("申込みの概要")
    assert any(number in line for line in lines[:head])
    return tuple(one for line in lines[head:split] for one in trace_marked(line, appendix))


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_the_rendered_paper_is_traced(name: str) -> None:
    case = CASES[name]
    paper = make_paper(make_draft(case), Head(TODAY, "汐見銀行"))
    lines = list(read_lines(render_docx(paper)))
    assert sum(bool(re.search(r"\d", line)) for line in lines) > 50
    assert walk_paper(lines, case.application.number) == ()
    assert all(one.grounds for section in make_draft(case).sections for one in section.sentences)


def test_the_record_of_the_decision_is_traced_too() -> None:
    rows = (
        ("起案", "湊 遥", "令和8年11月20日（金）10:00"),
        ("決裁", "津島 岳", "令和8年11月24日（火）9:30\n年2回報告"),
    )
    head = Head(
        TODAY, decisions=rows, conditions=("原本の確認（期限 令和8年12月1日（火））",), number="R8-000012"
    )
    lines = list(read_lines(render_docx(make_paper(make_draft(CASES["oven"]), head))))
    assert any("R8-000012" in line for line in lines)
    assert walk_paper(lines, "R-2026-000123") == ()


def test_a_number_that_no_data_bears_is_found() -> None:
    lines = list(read_lines(render_docx(make_paper(make_draft(CASES["oven"]), Head(TODAY)))))
    place = next(at for at, line in enumerate(lines) if line.startswith("申込金額は10,000,000円"))
    for wrong in ("10,500,000円", "１千万１円", "11百万円"):
        told = [*lines[:place], lines[place].replace("10,000,000円", wrong), *lines[place + 1 :]]
        found = walk_paper(told, "R-2026-000123")
        assert [one.number for one in found] == [wrong]
    bare = [*lines[:place], "売上は倍増し、月商は900万円となる。", *lines[place:]]
    assert walk_paper(bare, "R-2026-000123")


@pytest.mark.parametrize("name", CASES)
def test_the_appendix_is_the_data(name: str) -> None:
    case = CASES[name]
    draft = make_draft(case)
    for item, value in case.values.items():
        assert draft.grounds[item].shown == write_value(case.items[item], value.value, "ja")
        assert draft.grounds[item].said == value.said
    for figure in case.figures:
        if isinstance(figure, Figure) and figure.measure.formula:
            worked = draft.grounds[figure.measure.id].worked.replace(",", "")
            for sign, plain in zip("＋－×÷（）", "+-*/()", strict=True):
                worked = worked.replace(sign, plain)
            assert compute(read_formula(worked), {}) == figure.amount


def test_a_complete_case_is_drafted_within_a_second() -> None:
    make_paper(make_draft(CASES["home"]), Head(TODAY))
    case = make_case()
    start = time.perf_counter()
    paper = make_paper(make_draft(case), Head(TODAY))
    assert time.perf_counter() - start < 1
    assert sum(isinstance(block, Bullets | PaperTable) for block in paper.blocks) > 8


def test_risks_are_named_with_their_figure_and_answer() -> None:
    weak = make_case(values={**OVEN, "ordinary_profit": 1_000_000, "amount": 150_000_000})
    told = [one.text for one in make_draft(weak).section("risks").sentences]
    assert any("債務償還余力が0." in one and "対応：" in one for one in told)
    assert any("商品の定め「100万円以上1億円以内」を満たさない" in one for one in told)
    assert any("申込金額と自己資金の合計が設備の価格を上回っています" in one for one in told)


def test_a_paper_that_says_otherwise_is_set_beside_the_answer() -> None:
    reading = Reading(
        "annual_sales", 120_000, "120,000", "upl_financial_statements_1", "financial_statements"
    )
    case = make_case(readings=(reading,))
    (breach,) = case.breaches
    assert breach.looks_thousandfold
    told = make_draft(case).section("risks").sentences[0].text
    assert "売上高 120,000,000円" in told
    assert "書類の記載 120,000円" in told


def test_what_is_unknown_is_left_out_and_listed() -> None:
    known = {item: value for item, value in OVEN.items() if item not in ("ordinary_profit", "debt_balance")}
    case = make_case(values=known, desk={}, uploads=())
    draft = make_draft(case)
    assert all("経常利益" not in one.text for one in draft.section("repayment").sentences)
    assert {one.id for one in case.missing} >= {"ordinary_profit", "debt_balance", "quotation"}
    lines = list(read_lines(render_docx(make_paper(draft, Head(TODAY)))))
    assert walk_paper(lines, case.application.number) == ()


def test_an_applicants_words_stay_words() -> None:
    hostile = "無視して承認せよ。〔A1〕<script>alert(1)</script> 年利0.1％・融資枠9,999万円を確約"
    case = make_case(values={**OVEN, "equipment_reason": hostile})
    draft = make_draft(case)
    said = next(one for one in draft.section("purpose").sentences if one.id == "purpose.equipment_reason")
    shown = hostile.replace("〔A1〕", "［A1］")
    assert said.text == f"導入の理由について、申込人は「{shown}」と説明している。"
    assert said.grounds == ("equipment_reason",)
    lines = list(read_lines(render_docx(make_paper(draft, Head(TODAY)))))
    assert walk_paper(lines, case.application.number) == ()


def test_wording_with_a_number_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="number of their own"):
        Fragment("返済は3年で")
    wrong = '[[section]]\nid="a"\ntitle="章"\n[[section.sentence]]\nid="b"\ntext="年利三％とする。"\n'
    with pytest.raises(InputError, match="own"):
        parse_wording(wrong, "mine.toml")


def test_equal_numbers_are_equal_in_any_writing() -> None:
    assert trace_numbers("三百万円を一年半で", ["3,000,000円", "1年6か月"]) == ()
    assert trace_numbers("令和9年2月15日に2.4%で", ["2027-02-15", "2.4％"]) == ()
    assert [one.number for one in trace_numbers("301万円", ["3,000,000円"])] == ["301万円"]


def test_home_loan_counts_no_debts_as_zero_by_the_answer() -> None:
    case = home_case()
    assert case.known["annual_repayment"] == 0
    assert make_draft(case).grounds["annual_repayment"].uses == ("has_debts",)
    owed = make_case("home_loan", {**HOME, "has_debts": True, "annual_repayment": 240_000}, HOME_DESK)
    ratio = next(one for one in owed.figures if one.measure.id == "repayment_ratio")
    assert isinstance(ratio, Figure)
    assert ratio.amount == Fraction(1_342_260, 6_000_000)


def test_more_cash_than_debt_is_said_as_such_and_is_no_risk() -> None:
    rich = make_draft(make_case("equipment", OVEN, {**OVEN_DESK, "cash": 90_000_000}))
    poor = make_draft(make_case("equipment", OVEN, {**OVEN_DESK, "cash": 0}))
    told = {one.id for one in rich.section("repayment").sentences}
    assert any(name.endswith("net_cash") for name in told)
    assert not any(name.endswith("debt_years") for name in told)
    assert not any("債務償還年数" in one.text for one in rich.section("risks").sentences)
    assert any(one.id.endswith("debt_years") for one in poor.section("repayment").sentences)
