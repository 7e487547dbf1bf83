"""The labelled customer queries keep their promises: quotas, split, targets, distance from the corpus."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import akashi.sample

DATA = Path(akashi.sample.__file__).parent / "data"
FOLDER = DATA / "queries"
AS_OF: date = tomllib.loads((DATA / "questions.toml").read_text(encoding="utf-8"))["as_of"]
KINDS = {"answerable", "unanswerable", "off_topic"}
STYLES = {
    *("plain", "typo", "dialect", "half", "keywords", "polite"),
    *("rambling", "several", "kana", "voice", "number"),
}
NEAR = 0.25


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _answers_customers(entry: dict[str, Any]) -> bool:
    in_force = entry["effective_from"] <= AS_OF <= entry.get("effective_to", date.max)
    return bool(entry["state"] == "approved" and entry["audience"] == "customers" and in_force)


def _targets_of(entry: dict[str, Any]) -> set[str]:
    key, path = entry["key"], DATA / entry["file"]
    if entry["kind"] == "faq":
        return {f"faq:{key}#{row['question']}" for row in _rows(path)}
    pattern = r"<h[1-6]>(.*?)</h[1-6]>" if path.suffix == ".html" else r"(?m)^#+ (.+)$"
    return {f"doc:{key}#{heading}" for heading in re.findall(pattern, path.read_text(encoding="utf-8"))}


MANIFEST = tomllib.loads((DATA / "manifest.toml").read_text(encoding="utf-8"))["document"]
TARGETS = set().union(*(_targets_of(entry) for entry in MANIFEST if _answers_customers(entry)))
QUERIES = _rows(FOLDER / "queries.csv")
JUDGMENTS = _rows(FOLDER / "judgments.csv")
BY_ID = {row["id"]: row for row in QUERIES}
JUDGED: dict[str, list[tuple[str, str]]] = defaultdict(list)
for _row in JUDGMENTS:
    JUDGED[_row["query_id"]].append((_row["target"], _row["grade"]))


def _document(target: str) -> str:
    return target.split(":", 1)[1].split("#", 1)[0]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _trigrams(text: str) -> set[str]:
    plain = _plain(text)
    return {plain[start : start + 3] for start in range(len(plain) - 2)}


def _overlap(one: str, other: str) -> float:
    """Return how much of the shorter text's character trigrams stand in the other one, 0..1."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _readme_share() -> float:
    found = re.search(r"(\d+\.\d)\s?% of the answerable", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    return float(found[1]) / 100


def test_every_row_uses_the_agreed_words_and_a_unique_id() -> None:
    assert len(BY_ID) == len(QUERIES)
    assert {row["kind"] for row in QUERIES} == KINDS
    assert {row["style"] for row in QUERIES} == STYLES
    assert {row["split"] for row in QUERIES} == {"dev", "test"}


def test_counts_and_quotas_hold() -> None:
    share = {kind: count / len(QUERIES) for kind, count in Counter(row["kind"] for row in QUERIES).items()}
    assert len(QUERIES) >= 560
    assert 0.68 <= share["answerable"] <= 0.73
    assert 0.25 <= share["unanswerable"] <= 0.28
    assert 0.03 <= share["off_topic"] <= 0.05


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_kind_and_style_is_present_in_both_halves(split: str) -> None:
    rows = [row for row in QUERIES if row["split"] == split]
    assert 0.45 <= len(rows) / len(QUERIES) <= 0.55
    assert {row["kind"] for row in rows} == KINDS
    assert min(Counter(row["style"] for row in rows)[style] for style in STYLES) >= 10


def test_one_style_does_not_make_up_half_of_the_queries() -> None:
    assert max(Counter(row["style"] for row in QUERIES).values()) < len(QUERIES) / 2


def test_no_query_is_written_twice() -> None:
    assert len({_plain(row["text"]) for row in QUERIES}) == len(QUERIES)


def test_no_query_repeats_a_question_or_a_heading_of_the_corpus() -> None:
    corpus = {_plain(target.split("#", 1)[1]) for target in TARGETS}
    assert not [row["id"] for row in QUERIES if _plain(row["text"]) in corpus]


def test_no_query_repeats_a_demonstration_question() -> None:
    shown = tomllib.loads((DATA / "questions.toml").read_text(encoding="utf-8"))
    taken = {_plain(row["question"]) for row in [*shown["demo"], *shown["sanity"]]}
    assert not [row["id"] for row in QUERIES if _plain(row["text"]) in taken]


def test_exactly_the_answerable_queries_are_judged() -> None:
    assert set(JUDGED) == {row["id"] for row in QUERIES if row["kind"] == "answerable"}
    assert len({(row["query_id"], row["target"]) for row in JUDGMENTS}) == len(JUDGMENTS)


def test_every_target_exists_for_customers_on_the_day() -> None:
    assert not [row for row in JUDGMENTS if row["target"] not in TARGETS]


def test_a_target_of_a_later_version_or_for_staff_would_be_noticed() -> None:
    assert "doc:call_center_manual#第2章 電話での本人確認" not in TARGETS
    assert "doc:disaster_support#2026年10月1日の改定点" in TARGETS
    assert "doc:deposit_campaign#商品の内容" not in TARGETS


def test_the_first_target_of_a_query_answers_it_fully() -> None:
    assert {row["grade"] for row in JUDGMENTS} == {"1", "2"}
    assert not [query for query, targets in JUDGED.items() if targets[0][1] != "2"]


def test_queries_of_several_parts_have_several_targets() -> None:
    several = [row["id"] for row in QUERIES if row["style"] == "several" and row["kind"] == "answerable"]
    assert several
    assert all(len(JUDGED[query]) >= 2 for query in several)


def test_every_question_of_the_corpus_is_asked() -> None:
    best = {targets[0][0] for targets in JUDGED.values()}
    assert not {target for target in TARGETS if target.startswith("faq:")} - best


def test_a_document_is_judged_in_one_half_only() -> None:
    halves: dict[str, set[str]] = defaultdict(set)
    for query, targets in JUDGED.items():
        halves[_document(targets[0][0])].add(BY_ID[query]["split"])
    assert not {document: found for document, found in halves.items() if len(found) > 1}


def test_a_topic_with_its_unanswerable_queries_is_in_one_half_only() -> None:
    halves: dict[str, set[str]] = defaultdict(set)
    for row in QUERIES:
        halves[row["id"].rsplit("-", 1)[0]].add(row["split"])
    assert {topic for topic, found in halves.items() if len(found) > 1} == {"off_topic"}


def test_at_most_five_queries_share_a_template() -> None:
    used = Counter(row["template"] for row in QUERIES if row["template"])
    assert used
    assert max(used.values()) <= 5


def test_queries_that_resemble_each_other_name_their_template() -> None:
    grams = [(row, _trigrams(row["text"])) for row in QUERIES]
    alike = [
        (one["id"], other["id"])
        for (one, first), (other, second) in combinations(grams, 2)
        if len(first & second) > NEAR * len(first | second) and not one["template"] == other["template"] != ""
    ]
    assert not alike


def test_most_queries_are_far_from_the_words_of_their_best_target() -> None:
    overlaps = [_overlap(BY_ID[query]["text"], t[0][0].split("#", 1)[1]) for query, t in JUDGED.items()]
    share = sum(overlap <= NEAR for overlap in overlaps) / len(overlaps)
    assert share >= 0.8
    assert share == pytest.approx(_readme_share(), abs=0.0006)


def test_the_distance_measure_sees_a_copied_question() -> None:
    question = next(target for target in sorted(TARGETS) if target.startswith("faq:")).split("#", 1)[1]
    assert _overlap(f"すみません、{question}", question) == 1.0
    assert _overlap("あしたの天気は", "口座を解約するには") == 0.0


def test_the_readme_states_the_counts_of_the_files() -> None:
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    for kind in sorted(KINDS):
        counts = [
            sum(row["kind"] == kind and row["split"] == split for row in QUERIES) for split in ("dev", "test")
        ]
        assert f"| {kind} | {counts[0]} | {counts[1]} | {sum(counts)} |" in told
    for style, count in Counter(row["style"] for row in QUERIES).items():
        assert re.search(rf"\| {style} \| \d+ \| \d+ \| {count} \|", told)
