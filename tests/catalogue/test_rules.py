"""The institution's own rules: read from tables and documents, kept by edition."""

from __future__ import annotations

import io

import docx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from akashi.catalogue import store
from akashi.catalogue.model import Kind
from akashi.catalogue.register import Imported, RuleFile, import_rule, read_clauses, read_numerals
from akashi.catalogue.treat import Step, whole_catalogue
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import SYSTEM
from akashi.documents.headings import read_headings
from akashi.platform.database import Database
from akashi.platform.sheets import write_xlsx
from akashi.platform.site import Site

ROWS = [
    ["条項", "見出し", "本文", "確認方法", "証拠"],
    ["第1条", "目的", "この規程は生成AIの利用を定める。", "文書", "規程集"],
    ["第2条の2", "入力の禁止", "顧客の個人情報を入力しない。", "自動測定", "検査結果"],
]


def hand_in(content: bytes, name: str = "rule.xlsx", edition: str = "2026-04-01") -> RuleFile:
    return RuleFile("genai", "生成AI利用規程", edition, "汐見銀行", name, content)


def bring_in(site: Site, handed: RuleFile) -> Imported:
    with site.database.write() as connection:
        return import_rule(Step(connection, SYSTEM, site.now()), handed, read_headings)


def make_document(*paragraphs: tuple[str, str]) -> bytes:
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_migration_makes_exactly_these_tables(database: Database) -> None:
    with database.read() as connection:
        names = set(store.metadata.tables)
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parents: kind != "table" or name in names}
        )
        assert compare_metadata(context, store.metadata) == []


def test_table_becomes_clauses_with_lasting_ids() -> None:
    clauses = read_clauses(hand_in(write_xlsx("規程", ROWS)), None)
    assert [one.entry_id for one in clauses] == ["own-genai_1", "own-genai_2-2"]
    assert clauses[1].kind is Kind.AUTOMATIC
    assert clauses[1].evidence == "検査結果"


def test_document_is_read_by_its_headings() -> None:
    content = make_document(
        ("Heading 1", "第一章　総則"),
        ("Heading 2", "第一条（目的）"),
        ("Normal", "この規程は生成AIの利用を定める。"),
        ("Heading 2", "第十二条の二（入力の禁止）"),
        ("Normal", "顧客の個人情報を入力しない。"),
    )
    clauses = read_clauses(hand_in(content, "rule.docx"), read_headings)
    assert [one.entry_id for one in clauses] == ["own-genai_1", "own-genai_12-2"]
    assert clauses[1].text == "顧客の個人情報を入力しない。"


def test_titles_may_stand_above_the_header() -> None:
    rows = [["生成AI利用規程"], ["令和8年4月1日"], [], *ROWS]
    assert len(read_clauses(hand_in(write_xlsx("規程", rows)), None)) == 2


def test_ids_of_rules_with_like_codes_never_meet() -> None:
    one = RuleFile("a-1", "甲", "1", "当行", "r.csv", "条項,本文\n第2条,守る\n".encode())
    two = RuleFile("a", "乙", "1", "当行", "r.csv", "条項,本文\n第1条の2,守る\n".encode())
    assert read_clauses(one, None)[0].entry_id != read_clauses(two, None)[0].entry_id


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["名前", "住所"], ["甲", "乙"]], "lacks the columns"),
        ([ROWS[0]], "No clause was found"),
        ([ROWS[0], ["第1条", "目的", "", "勘", ""]], "no way of showing"),
    ],
)
def test_table_that_is_no_rule_is_refused(rows: list[list[str]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_clauses(hand_in(write_xlsx("規程", rows)), None)


def test_damaged_and_unreadable_files_are_refused() -> None:
    with pytest.raises(InputError):
        read_clauses(hand_in(b"PK\x03\x04 broken"), None)
    with pytest.raises(InputError):
        read_clauses(hand_in(b"PK\x03\x04 broken", "rule.docx"), read_headings)


def test_new_edition_says_what_changed_and_keeps_the_old(site: Site) -> None:
    first = bring_in(site, hand_in(write_xlsx("規程", ROWS)))
    rows = [ROWS[0], [*ROWS[1][:2], "目的を改めた。", *ROWS[1][3:]], ["第3条", "教育", "毎年行う。", "", ""]]
    second = bring_in(site, hand_in(write_xlsx("規程", rows), edition="2026-10-01"))
    assert (len(first.added), first.before) == (2, None)
    assert [one.entry_id for one in second.changed] == ["own-genai_1"]
    assert [one.entry_id for one in second.added] == ["own-genai_3"]
    assert [one.entry_id for one in second.removed] == ["own-genai_2-2"]
    with site.database.read() as connection:
        assert [one.edition for one in store.list_rules(connection, "genai")] == ["2026-10-01", "2026-04-01"]
        found = whole_catalogue(connection).search(source="own-genai")
    assert [entry.id for entry in found] == ["own-genai_1", "own-genai_3"]


def test_the_same_file_twice_is_a_conflict(site: Site) -> None:
    handed = hand_in(write_xlsx("規程", ROWS))
    bring_in(site, handed)
    with pytest.raises(ConflictError):
        bring_in(site, handed)


@given(st.integers(1, 399), st.integers(1, 19))
def test_kanji_numerals_are_digits(article: int, branch: int) -> None:
    assert read_numerals(f"第{write_kanji(article)}条の{write_kanji(branch)}") == f"第{article}条の{branch}"


def write_kanji(number: int) -> str:
    digits = "〇一二三四五六七八九"
    parts = []
    for size, name in ((100, "百"), (10, "十")):
        count, number = divmod(number, size)
        parts.append(("" if count == 1 else digits[count]) + name if count else "")
    return "".join(parts) + (digits[number] if number else "")
