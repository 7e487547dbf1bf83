"""The written corpus keeps the promises that its readers rely on."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.data import make_corpus

FILES = ("attacks.jsonl", "benign.jsonl")
FIELDS = {"id", "split", "family", "form", "language", "text", "template", "author", "setting"}


def rows_of(name: str) -> list[dict[str, Any]]:
    path: Path = make_corpus.CORPUS / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", FILES)
def test_every_line_has_the_promised_fields_and_no_other(name: str) -> None:
    for row in rows_of(name):
        assert set(row) - {"host"} == FIELDS, row["id"]
        assert all(isinstance(value, str) and value for value in row.values()), row["id"]
        assert row["split"] in {"train", "dev", "test"}
        assert row["language"] == "ja"


@pytest.mark.parametrize("name", FILES)
def test_no_mark_of_the_written_files_is_left_in_a_text(name: str) -> None:
    for row in rows_of(name):
        assert make_corpus.MARK not in row["text"], row["id"]
        assert not make_corpus.CODED.search(row["text"]), row["id"]
        assert not make_corpus.SLOT.search(row["text"]), row["id"]


def test_identifiers_are_unique_and_no_text_stands_twice() -> None:
    rows = rows_of(FILES[0]) + rows_of(FILES[1])
    assert not [key for key, count in Counter(row["id"] for row in rows).items() if count > 1]
    assert not [key for key, count in Counter(squeezed(row["text"]) for row in rows).items() if count > 1]


def test_a_template_gives_five_cases_at_most() -> None:
    for name in FILES:
        assert Counter(row["template"] for row in rows_of(name)).most_common(1)[0][1] <= 5
    hosts = Counter(row["host"] for row in rows_of("attacks.jsonl") if "host" in row)
    assert max(hosts.values(), default=0) <= 5


def test_a_template_and_a_host_stand_in_one_split_only() -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(FILES[0]) + rows_of(FILES[1]):
        for name in (row["template"], row.get("host", row["template"])):
            splits[name].add(row["split"])
    assert not [name for name, found in splits.items() if len(found) > 1]


def test_the_files_are_what_the_written_texts_give() -> None:
    assert tuple(rows_of(name) for name in FILES) == make_corpus.build()
