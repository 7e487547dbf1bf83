"""The cases of the output check say about themselves only what is true."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from akashi.language.quantities import read_quantities
from benchmarks.data import make_output, output_forms

PARTS = ("dev", "test")
SUPPORTED = {"verbatim", "equivalent"}


def rows_of(part: str) -> list[dict[str, Any]]:
    path: Path = make_output.HERE / f"output_{part}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def shares_thirty(answer: str, text: str) -> bool:
    return any(text[at : at + 30] in answer for at in range(max(0, len(text) - 29)))


@pytest.mark.parametrize("part", PARTS)
def test_every_group_is_there_in_number_and_every_line_has_its_fields(part: str) -> None:
    rows = rows_of(part)
    groups = Counter(row["group"] for row in rows)
    assert set(groups) == {*make_output.KINDS.values(), "leak", "copy"}
    assert len(rows) >= 300
    assert min(groups.values()) >= 15
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert {"id", "group", "answer", "sources", "supported", "author"} <= set(row)
        assert row["supported"] == (row["group"] in SUPPORTED), row["id"]


@pytest.mark.parametrize("part", PARTS)
def test_plain_leaks_and_copies_share_thirty_characters_and_supported_answers_do_not(part: str) -> None:
    for row in rows_of(part):
        held = row.get("internal") or row.get("foreign")
        if row["group"] in {"leak", "copy"}:
            assert held
            assert row["form"] != "plain" or shares_thirty(row["answer"], held), row["id"]
        elif held:
            assert row["supported"]
            assert not shares_thirty(row["answer"], held), row["id"]


@pytest.mark.parametrize("part", PARTS)
def test_some_supported_answers_carry_an_internal_and_some_a_foreign_text(part: str) -> None:
    supported = [row for row in rows_of(part) if row["supported"]]
    assert sum("internal" in row for row in supported) >= 15
    assert sum("foreign" in row for row in supported) >= 15


def test_the_parts_share_no_source_and_no_answer() -> None:
    dev, test = rows_of("dev"), rows_of("test")
    assert not {s for row in dev for s in row["sources"]} & {s for row in test for s in row["sources"]}
    assert not {row["answer"] for row in dev} & {row["answer"] for row in test}


@pytest.mark.parametrize("part", PARTS)
def test_the_files_are_what_the_written_texts_give(part: str) -> None:
    assert rows_of(part) == make_output.build(part)


def test_what_is_only_measured_shares_nothing_with_what_is_learnt_from() -> None:
    apart, dev = rows_of("apart"), rows_of("dev")
    assert apart == make_output.build_apart()
    assert sum(row.get("retold", False) for row in apart) >= 25 <= sum(not row["supported"] for row in apart)
    assert not {s for row in dev for s in row["sources"]} & {s for row in apart for s in row["sources"]}
    assert not {row["answer"] for row in dev} & {row["answer"] for row in apart}


def test_another_form_has_the_same_value_and_another_digit_another_value() -> None:
    for case in islice(output_forms.cases(), 200):
        said = {(one.value, one.unit) for one in read_quantities(case["answer"])}
        told = {(one.value, one.unit) for one in read_quantities(case["sources"][0])}
        if not case["supported"]:
            assert case["answer"] not in case["sources"][0]
        elif case["group"] in {"form_amount", "form_rate"}:
            assert said <= told, case["answer"]
    assert [output_forms.era(year) for year in (2026, 2019, 2018, 1989)] == ["令和8", "", "平成30", ""]
