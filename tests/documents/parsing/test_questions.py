"""Tables of questions and answers: CSV and XLSX, good, careless and hostile."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from akashi.documents.model import ParsedDocument
from akashi.documents.parsing import Limits, parse_bytes

from .files import child_seconds, make_xlsx, refuse, rezip

ROWS = [["分類", "質問", "回答"], ["振込", "いくらですか", "110円です。"], ["", "いつですか", "平日です。"]]
ROWS_LATER = '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c></row>'
WIDE = '<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def pairs(document: ParsedDocument) -> list[tuple[tuple[str, ...], str, str]]:
    return [
        (p.heading, p.question.of(document.text), p.body.of(document.text))
        for p in document.passages
        if p.question is not None
    ]


def notes(document: ParsedDocument) -> list[str]:
    return [str(warning) for warning in document.warnings]


EXPECTED = [(("振込",), "いくらですか", "110円です。"), ((), "いつですか", "平日です。")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_gives_one_passage_for_each_pair(delimiter: str) -> None:
    content = "\n".join(delimiter.join(row) for row in ROWS).encode()
    assert pairs(parse_bytes("faq.csv", content)) == EXPECTED


def test_xlsx_gives_the_same_passages_as_csv() -> None:
    assert pairs(parse_bytes("faq.xlsx", make_xlsx(ROWS))) == EXPECTED


@pytest.mark.parametrize(
    "header", ["question,answer", "Q,A", "問,答", "Ｑ,Ａ", "ご質問,ご回答", " 質問文 ,回答文"]
)
def test_headers_in_both_languages_are_known(header: str) -> None:
    assert pairs(parse_bytes("faq.csv", f"{header}\n何,これ\n".encode())) == [((), "何", "これ")]


def test_title_above_the_header_is_passed_over() -> None:
    content = "よくある質問\n令和8年4月1日,,\n,,\n質問,回答\n何,これ\n".encode("cp932")
    assert pairs(parse_bytes("faq.csv", content)) == [((), "何", "これ")]


def test_missing_column_names_file_line_and_the_columns_found() -> None:
    assert str(refuse("faq.csv", "質問,こたえ\n何,これ\n".encode())) == (
        "faq.csv:1: The columns for question and answer were not found; the columns are: 質問, こたえ."
        " Name one column 質問 (question) and one 回答 (answer)."
    )
    error = refuse("faq.xlsx", make_xlsx([["番号", "内容"], [1, "これ"]]))
    assert (error.where, error.values["columns"]) == ("faq.xlsx [よくある質問]:1", "番号, 内容")


def test_row_without_answer_is_left_out_and_said_so() -> None:
    document = parse_bytes("faq.csv", "質問,回答\n何,\nいつ,今日\nどこ\n".encode())
    assert pairs(document) == [((), "いつ", "今日")]
    assert notes(document) == ["2 rows without question or answer were left out; first: faq.csv:2."]


def test_formula_is_kept_as_text_and_said_so() -> None:
    content = '質問,回答\n何,"=HYPERLINK(""http://x"",""y"")"\n幾ら,-100\n印,- 一つ\n'.encode()
    document = parse_bytes("faq.csv", content)
    assert pairs(document)[0][2] == '=HYPERLINK("http://x","y")'
    assert notes(document) == ["1 rows hold what looks like a formula; it is kept as text; first: faq.csv:2."]


def test_answer_of_several_lines_and_quotes_stays_verbatim() -> None:
    document = parse_bytes("faq.csv", '質問,回答\n何,"一行目\r\n二行目 ""引用"" です"\n'.encode())
    assert pairs(document) == [((), "何", '一行目\n二行目 "引用" です')]


@pytest.mark.parametrize("broken", ['質問,回答\n何,"閉じない\n', '質問,回答\n何,"a"b\n'])
def test_broken_quotes_are_refused_with_their_line(broken: str) -> None:
    error = refuse("faq.csv", broken.encode())
    assert error.where == "faq.csv:2"
    assert "not valid CSV" in str(error)


def test_endless_row_is_refused_in_time() -> None:
    started = child_seconds()
    error = refuse("faq.csv", b'question,answer\n"' + b"x" * 49_000_000)
    assert "not valid CSV" in str(error)
    assert child_seconds() - started < 5.0


def test_more_rows_than_the_limit_are_refused() -> None:
    content = ("質問,回答\n" + "何,これ\n" * 100).encode()
    error = refuse("faq.csv", content, Limits(rows=50))
    assert error.where == "faq.csv:51"


def test_hidden_sheet_formulas_and_numbers_are_reported() -> None:
    workbook = load_workbook(io.BytesIO(make_xlsx([["質問", "回答"], ["何", 1.5], ["幾ら", "=1+1"]])))
    secret = workbook.create_sheet("秘密")
    secret.append(["質問", "回答"])
    secret.sheet_state = "hidden"
    packed = io.BytesIO()
    workbook.save(packed)
    document = parse_bytes("faq.xlsx", packed.getvalue())
    assert pairs(document) == [((), "何", "1.5")]
    assert notes(document) == [
        "The workbook holds formulas; their last stored results were read.",
        "Numbers and dates were read without the format in which they are shown.",
        "1 rows without question or answer were left out; first: faq.xlsx [よくある質問]:3.",
        "The hidden sheet 秘密 was left out.",
    ]


def test_sheet_without_the_columns_is_left_out_if_another_has_them() -> None:
    workbook = load_workbook(io.BytesIO(make_xlsx(ROWS)))
    workbook.create_sheet("表紙").append(["汐見銀行"])
    packed = io.BytesIO()
    workbook.save(packed)
    document = parse_bytes("faq.xlsx", packed.getvalue())
    assert pairs(document) == EXPECTED
    assert notes(document) == ["The sheet 表紙 has no columns for question and answer and was left out."]


def test_sheet_with_more_rows_than_the_limit_is_refused() -> None:
    content = make_xlsx([["質問", "回答"], *([["何", "これ"]] * 100)])
    assert "more than 50 rows" in str(refuse("faq.xlsx", content, Limits(rows=50)))
    assert len(pairs(parse_bytes("faq.xlsx", content, limits=Limits(rows=101)))) == 100


@pytest.mark.full
def test_sheet_with_a_million_rows_is_refused_in_time() -> None:
    cell = '<c r="A{0}" t="inlineStr"><is><t>question {1}</t></is></c>'
    rows = (f'<row r="{n}">{cell.format(n, n * 7919)}</row>' for n in range(1, 1_048_577))
    part = f"{SHEET}{''.join(rows)}</sheetData></worksheet>".encode()
    content = rezip(make_xlsx(ROWS), {"xl/worksheets/sheet1.xml": part})
    started = child_seconds()
    assert "more than 100000 rows" in str(refuse("faq.xlsx", content))
    assert child_seconds() - started < 20.0


@pytest.mark.parametrize("rows", [WIDE, ROWS_LATER, WIDE + ROWS_LATER, WIDE * 1000])
def test_sheet_that_reaches_the_last_row_or_column_is_refused_in_time(rows: str) -> None:
    part = f"{SHEET}{rows}</sheetData></worksheet>".encode()
    content = rezip(make_xlsx(ROWS), {"xl/worksheets/sheet1.xml": part})
    started = child_seconds()
    refuse("faq.xlsx", content)
    assert child_seconds() - started < 10.0
