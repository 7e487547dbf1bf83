"""The messages with personal data have exact spans, right numbers and nothing in common between the parts."""

import csv
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.data import make_pii, pii_values

PARTS = ("dev", "test")
OTHERS = ("others_dev", "others_test", "others_nobody")
HIDDEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


def rows_of(part: str) -> list[dict[str, Any]]:
    path: Path = make_pii.HERE / f"pii_{part}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def digits(row: dict[str, Any], span: dict[str, Any]) -> str:
    text = row["text"][span["start"] : span["end"]]
    text = re.sub("[〇一二三四五六七八九]", lambda m: str(make_pii.KANJI.index(m.group())), text)
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def right(kind: str, number: str) -> bool:
    if kind == "card":
        return pii_values.luhn(number[:-1]) == number[-1]
    if kind == "my_number":
        return len(number) == 12 and pii_values.my_number_check(number[:-1]) == number[-1]
    if kind == "corporate_number":
        return len(number) == 13 and pii_values.corporate_check(number[1:]) == number[0]
    if kind == "driver_licence":
        return len(number) == 12 and pii_values.licence_check(number[:10]) == number[10]
    return True


@pytest.mark.parametrize("part", PARTS + OTHERS)
def test_spans_lie_in_the_text_in_order_and_begin_and_end_on_a_character_of_the_value(part: str) -> None:
    for row in rows_of(part):
        assert set(row) == {"id", "group", "text", "spans", "template", "author"}
        end = 0
        for span in row["spans"]:
            assert end <= span["start"] < span["end"] <= len(row["text"]), row["id"]
            end = span["end"]
            value = row["text"][span["start"] : end]
            assert value == value.strip()
            assert not HIDDEN.match(value[0] + value[-1]), row["id"]


@pytest.mark.parametrize("part", PARTS)
def test_all_types_and_ways_of_writing_are_there_in_number(part: str) -> None:
    rows = rows_of(part)
    types = Counter(span["type"] for row in rows for span in row["spans"])
    assert set(types) == set(make_pii.TYPES.values())
    assert min(types.values()) >= 15
    groups = Counter(row["group"] for row in rows)
    assert set(groups) == {*make_pii.WAYS, "plain", "names", "clean", "clean_places"}
    assert min(groups.values()) >= 24


@pytest.mark.parametrize("part", PARTS)
def test_check_digits_are_right(part: str) -> None:
    for row in rows_of(part):
        for span in row["spans"]:
            assert right(span["type"], digits(row, span)), (row["id"], span)


@pytest.mark.parametrize("part", PARTS + OTHERS)
def test_messages_without_personal_data_have_no_span_and_the_others_have_one(part: str) -> None:
    for row in rows_of(part):
        assert bool(row["spans"]) != row["group"].startswith("clean"), row["id"]


def test_the_parts_share_no_template_no_name_and_no_text() -> None:
    dev, test = rows_of("dev"), rows_of("test")
    for field in ("id", "template", "text"):
        assert not {row[field] for row in dev} & {row[field] for row in test}
    names = []
    for part in PARTS:
        with (pii_values.WRITTEN / f"names_{part}.csv").open(encoding="utf-8") as file:
            names.append({row["written"] for row in csv.DictReader(file)})
    assert not names[0] & names[1]
    assert Counter(row["template"] for row in dev + test).most_common(1)[0][1] <= 5


@pytest.mark.parametrize("part", PARTS)
def test_the_files_are_what_the_written_lines_give(part: str) -> None:
    assert rows_of(part) == make_pii.build(part)


def test_texts_with_nobody_in_them_are_what_was_written() -> None:
    rows = rows_of("others_nobody")
    assert rows == make_pii.build_others("nobody")
    assert Counter(row["author"] for row in rows) == {
        f"akashi-native-message-author-{one}": 170 for one in make_pii.OTHERS["nobody"]
    }


@pytest.mark.parametrize("part", ["dev", "test"])
def test_messages_whose_authors_marked_them_are_what_was_written(part: str) -> None:
    rows = rows_of(f"others_{part}")
    assert rows == make_pii.build_others(part)
    assert {row["group"] for row in rows} == {"plain", "names", "clean"}
    assert Counter(row["author"] for row in rows) == {
        f"akashi-native-message-author-{one}": 160 for one in make_pii.OTHERS[part]
    }


def test_what_is_only_measured_of_the_others_shares_no_text() -> None:
    known = {row["text"] for part in (*PARTS, "others_dev", "others_nobody") for row in rows_of(part)}
    assert not known & {row["text"] for row in rows_of("others_test")}
