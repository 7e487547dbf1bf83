"""Abstention: does the confidence know when the first entry is not the answer?

`python -m benchmarks.abstention --beir DIR [--offcorpus FILE.jsonl] --json`, or `--sample` for the test split
of the sample institution's labelled queries, which adds its unanswerable and off-topic questions; so does a
folder whose queries.jsonl says the `kind` and `split` of each.

Questions are told from others by `akashi`'s shipped search and confidence alone; labels are read afterwards.
The half whose answers are taken away is drawn by groups of questions that share a relevant document, so that
nobody else's answer goes with them; `auroc_removed_by_question` draws single questions instead, and then many
questions of the other half lose their answer too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.confidence import NEAR, confidence, shipped_calibration
from akashi.domains.assistant.measure.index import Index, build_index
from benchmarks.figures import area_under_curve, calibration_error, precision_at
from benchmarks.retrieval import Collection, load_collection, read_lines
from benchmarks.sample_queries import read_sample

COVERAGES = (0.1, 0.2, 0.5)
CURVE = tuple(step / 20 for step in range(1, 21))
SEED = 2026
OTHERS = {"unanswerable": "unanswerable", "offtopic": "off_topic"}
"""The kinds of question that nothing answers, as a collection writes them and as figures are called."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """What was said to a question: how sure, and which entry came first."""

    value: float
    first: str


def tell(index: Index, texts: Mapping[str, str]) -> dict[str, Told]:
    """Return confidence and first entry for each question; nothing found is a confidence of 0."""
    told = {}
    for id_, text in texts.items():
        asked = leave_circumstances(index, text)
        hits = index.search(asked, NEAR)
        told[id_] = Told(confidence(asked, hits).value, hits[0].entry_id if hits else "")
    return told


def draw_groups(judged: Mapping[str, Iterable[str]], seed: int = SEED) -> set[str]:
    """Return a seeded half of the questions such that no relevant document is shared with the other half.

    >>> half = draw_groups({"a": ["1"], "b": ["1", "2"], "c": ["2"], "d": ["3"]})
    >>> half in ({"a", "b", "c"}, {"d"})
    True
    """
    owner: dict[str, str] = {}
    parent = {query: query for query in judged}

    def root(query: str) -> str:
        while parent[query] != query:
            parent[query] = parent[parent[query]]
            query = parent[query]
        return query

    for query, documents in judged.items():
        for document in documents:
            parent[root(query)] = root(owner.setdefault(document, query))
    groups: dict[str, list[str]] = {}
    for query in judged:
        groups.setdefault(root(query), []).append(query)
    names = sorted(groups)
    half: set[str] = set()
    for at in np.random.default_rng(seed).permutation(len(names)):
        if len(half) + len(groups[names[at]]) / 2 < len(judged) / 2 or not half:
            half.update(groups[names[at]])
    return half


def draw_questions(judged: Mapping[str, Iterable[str]], seed: int = SEED) -> set[str]:
    """Return a seeded half of the questions, one by one."""
    names = sorted(judged)
    chosen = np.random.default_rng(seed).permutation(len(names))[: len(names) // 2]
    return {names[at] for at in chosen}


def measure_removed(collection: Collection, index: Index, half: set[str]) -> float:
    """Return how well confidence tells questions with their answers from those without (``half``)."""
    gone = {document for query in half for document in collection.judgments[query]}
    rest = build_index([entry for entry in collection.entries if entry.id not in gone], index)
    told = tell(rest, collection.queries)
    kept = np.array([one.value for id_, one in told.items() if id_ not in half])
    return area_under_curve(kept, np.array([one.value for id_, one in told.items() if id_ in half]))


def measure_order(collection: Collection, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the confidence says of the first entries: precision at coverage, AUROC, calibration."""
    values = np.array([one.value for one in told.values()])
    right = np.array([one.first in collection.judgments[id_] for id_, one in told.items()])
    shares = precision_at(values, right, COVERAGES)
    curve = precision_at(values, right, CURVE)
    threshold = shipped_calibration().threshold
    shown = values >= threshold
    figures: dict[str, object] = {
        "precision_at_coverage": dict(zip(map(str, COVERAGES), shares, strict=True)),
        "ece": calibration_error(values, right),
        "curve": [list(point) for point in zip(CURVE, curve, strict=True)],
        "n_queries": len(values),
        "threshold": threshold,
        "answered": float(shown.mean()),
    }
    if right.any() and not right.all():
        figures["auroc_top1"] = area_under_curve(values[right], values[~right])
    if shown.any():
        figures["precision_answered"] = float(right[shown].mean())
    return figures


def measure(collection: Collection, others: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return every figure; ``others`` are questions without an answer here, by the name of their figure."""
    index = build_index(collection.entries)
    told = tell(index, collection.queries)
    figures = measure_order(collection, told)
    figures["auroc_removed"] = measure_removed(collection, index, draw_groups(collection.judgments))
    by_question = draw_questions(collection.judgments)
    figures["auroc_removed_by_question"] = measure_removed(collection, index, by_question)
    values = np.array([one.value for one in told.values()])
    for name, texts in others.items():
        low = np.array([one.value for one in tell(index, texts).values()])
        figures[f"auroc_{name}"] = area_under_curve(values, low)
        figures[f"answered_{name}"] = float((low >= shipped_calibration().threshold).mean())
    return figures


def read_test_split() -> tuple[Collection, dict[str, dict[str, str]]]:
    """Return the test split of the sample, and its questions that nothing answers."""
    entries, queries = read_sample()
    test = [one for one in queries if one.split == "test"]
    asked = {one.id: one for one in test if one.kind == "answerable" and one.judged}
    collection = Collection(
        entries,
        {id_: one.text for id_, one in asked.items()},
        {id_: one.judged for id_, one in asked.items()},
    )
    kinds = ("unanswerable", "off_topic")
    return collection, {kind: {one.id: one.text for one in test if one.kind == kind} for kind in kinds}


def read_others(folder: Path) -> dict[str, dict[str, str]]:
    """Return the questions of a BEIR folder that nothing in it answers, by the name of their figure.

    Only where its questions say their ``kind`` and ``split``; those of the split test.
    """
    others: dict[str, dict[str, str]] = {}
    for row in read_lines(folder / "queries.jsonl"):
        if row.get("split") == "test" and row.get("kind") in OTHERS:
            others.setdefault(OTHERS[row["kind"]], {})[row["_id"]] = row["text"]
    return others


def read_offcorpus(path: Path) -> dict[str, str]:
    """Return the questions of a file by id."""
    return {row["_id"]: row["text"] for row in read_lines(path)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--beir", type=Path)
    source.add_argument("--sample", action="store_true", help="the sample institution's test split")
    parser.add_argument("--offcorpus", type=Path)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.sample:
        collection, others = read_test_split()
    else:
        collection, others = load_collection(chosen.beir), read_others(chosen.beir)
    if chosen.offcorpus:
        others["offcorpus"] = read_offcorpus(chosen.offcorpus)
    figures = measure(collection, others)
    for name, value in figures.items():
        print(f"{name:28} {value}", file=sys.stderr)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
