"""Files: what goes out comes in again equal; nothing comes in half."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.platform.kit.catalogs import read_entries
from akashi.platform.rooms import package_folder
from akashi.platform.sheets import Table, read_table, write_csv, write_xlsx
from akashi.platform.site import Site
from akashi.register import store
from akashi.register.exchange import Plan, apply_plan, plan_import, write_entries
from akashi.register.model import find_kind, list_kinds
from akashi.register.treat import retire_entry
from tests.register.conftest import add, work

JAPANESE = read_entries(package_folder("akashi.register") / "locale" / "ja.po")
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20) | st.sampled_from(
    ["=1+1", "'=1", "''@x", "+81", "-5", "@cmd", "＝1", "'", "a\nb", '"', ",", "\t=x"]
)


def speak_japanese(message: str) -> str:
    return JAPANESE[message]


def plan(site: Site, kind: str, table: Table) -> Plan:
    with site.database.read() as connection:
        return plan_import(connection, find_kind(kind), table)


def export(site: Site, kind: str, speak: Callable[[str], str] = speak_japanese) -> Table:
    with site.database.read() as connection:
        return write_entries(find_kind(kind), store.list_entries(connection, kind, sort="code"), speak)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_text_survives_a_csv_file(rows: Table) -> None:
    normal = [[cell.replace("\r", "") for cell in row] for row in rows]
    if any(cell.strip("\t\n ") for row in normal for cell in row):
        assert read_table("x.csv", write_csv(normal)) == normal


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1", "'=1"])
def test_no_cell_of_a_file_begins_as_a_formula(text: str) -> None:
    written = write_csv([["ok", text]]).decode("utf-8-sig")
    assert written.split(",")[1].strip('"').startswith("'")
    assert read_table("x.xlsx", write_xlsx("s", [["ok", text]])) == [["ok", text]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_exported_sample_comes_back_without_any_change(sample_site: Site, language: str) -> None:
    for kind in list_kinds():
        table = export(sample_site, kind, speak_japanese if language == "ja" else str)
        assert len(table) > 1
        for content in (write_csv(table), write_xlsx(kind, table)):
            planned = plan(sample_site, kind, read_table(kind, content))
            assert planned.errors == ()
            assert planned.changes == ()


def test_shift_jis_from_a_japanese_spreadsheet_is_understood(site: Site) -> None:
    content = "符号,名称,重要\r\nv1,株式会社しおさい①,はい\r\n".encode("cp932")
    planned = plan(site, "vendor", read_table("委託先.csv", content))
    assert [(line.code, line.title, line.values["is_critical"]) for line in planned.changes] == [
        ("v1", "株式会社しおさい①", True)
    ]


def test_plan_shows_what_would_change_and_applies_whole(site: Site) -> None:
    add(site, "vendor", "v1", name="A", provides="印刷")
    table = [["code", "name", "state"], ["v1", "A2", ""], ["v2", "B", "Retired"], ["v3", "C", ""]]
    planned = plan(site, "vendor", table)
    assert [(d.field.name, d.old, d.new) for d in planned.lines[0].differences] == [("name", "A", "A2")]
    with work(site) as step:
        assert apply_plan(step, planned) == 3
    with site.database.read() as connection:
        assert store.find_entry(connection, "vendor", "v1").values["provides"] == "印刷"
        assert not store.find_entry(connection, "vendor", "v2").is_active
    assert plan(site, "vendor", table).changes == ()


def test_errors_name_line_and_column_and_nothing_is_imported(site: Site) -> None:
    table = [
        ["code", "name", "criticality", "office"],
        ["s1", "", "critical", ""],
        ["s2", "B", "すごい", ""],
        ["s 3", "C", "low", ""],
        ["s4", "D", "low", "nowhere"],
        ["s5", "E", "low", ""],
        ["s5", "F", "low", ""],
    ]
    planned = plan(site, "system", table)
    assert [(one.line, one.column) for one in planned.errors] == [
        (2, "Name"),
        (3, "Criticality"),
        (4, "Code"),
        (5, "Responsible office"),
        (7, "Code"),
    ]
    with pytest.raises(InputError), work(site) as step:
        apply_plan(step, planned)
    with site.database.read() as connection:
        assert store.count_entries(connection, "system") == 0


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["code", "nmae"], "unknown"),
        (["code", "name", "名称"], "twice"),
        (["code"], "missing"),
        (["name"], "missing"),
        ([], "missing"),
    ],
)
def test_header_must_name_the_columns(site: Site, header: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        plan(site, "vendor", [header])


def test_retired_record_is_restored_by_a_file_that_says_so(site: Site) -> None:
    add(site, "vendor", "v1", name="A")
    with work(site) as step:
        retire_entry(step, "vendor", "v1", 1)
    planned = plan(site, "vendor", [["code", "name", "state"], ["v1", "B", "In use"]])
    with work(site) as step:
        apply_plan(step, planned)
    with site.database.read() as connection:
        entry = store.find_entry(connection, "vendor", "v1")
    assert (entry.is_active, entry.title) == (True, "B")
