"""The second collection of the assistant: every label points at something, and the splits are kept apart."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.abstention import read_others
from benchmarks.retrieval import load_collection, read_lines

FOLDER = Path(__file__).parents[2] / "benchmarks/data/city_faq"
QUERIES = {row["_id"]: row for row in read_lines(FOLDER / "queries.jsonl")}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_answerable_question_of_a_split_has_a_label_and_no_other_has(split: str) -> None:
    entries = {row["_id"] for row in read_lines(FOLDER / "corpus.jsonl")}
    lines = (FOLDER / f"qrels/{split}.tsv").read_text("utf-8").splitlines()[1:]
    labels = [line.split("\t") for line in lines]
    asked = {id_ for id_, row in QUERIES.items() if (row["kind"], row["split"]) == ("answerable", split)}
    assert {query for query, _, _ in labels} == asked
    assert {document for _, document, _ in labels} <= entries
    assert {grade for _, _, grade in labels} == {"1", "2"}


def test_the_benchmark_asks_the_questions_of_the_split_test() -> None:
    asked = {
        **load_collection(FOLDER).queries,
        **{k: v for one in read_others(FOLDER).values() for k, v in one.items()},
    }
    assert {QUERIES[id_]["split"] for id_ in asked} == {"test"}
    counts = Counter(row["split"] for row in QUERIES.values())
    assert (len(asked), counts["dev"]) == (counts["test"], 356)
    assert {name: len(texts) for name, texts in read_others(FOLDER).items()} == {
        "unanswerable": 85,
        "off_topic": 38,
    }
