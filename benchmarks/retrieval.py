"""Retrieval: nDCG, recall, precision at 1, reciprocal rank and latency on a BEIR folder.

`python -m benchmarks.retrieval --beir DIR --json [--predictions FILE] [--peers] [--scale N]`
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.index import Entry, build_index
from akashi.language.tokens import read_tokens
from akashi.platform.rooms import load_name

DEPTH = 100
SHOWN = 10
PEERS = "benchmarks.retrieval_peers:PEERS"  # loaded on demand: what others make is not in the runtime set
Ranking = list[str]
Search = Callable[[str, int], Ranking]


@dataclass(frozen=True, slots=True)
class Collection:
    """A BEIR folder: entries, questions by id, relevant documents with their grade per question."""

    entries: list[Entry]
    queries: dict[str, str]
    judgments: dict[str, dict[str, int]]


def load_collection(folder: Path, split: str = "test") -> Collection:
    """Return the collection in ``folder`` with the judgments of a split; only judged questions are kept."""
    entries = [
        Entry(row["_id"], row.get("title") or "", row["text"]) for row in read_lines(folder / "corpus.jsonl")
    ]
    judgments: dict[str, dict[str, int]] = {}
    for line in (folder / f"qrels/{split}.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) >= 1:
            judgments.setdefault(query, {})[document] = int(grade)
    queries = {row["_id"]: row["text"] for row in read_lines(folder / "queries.jsonl")}
    return Collection(entries, {id_: queries[id_] for id_ in judgments}, judgments)


def read_lines(path: Path) -> Iterable[dict[str, str]]:
    """Yield the rows of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, filter(str.strip, file))


def measure_rankings(
    rankings: Mapping[str, Ranking], judgments: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Return the mean of each figure over the judged questions (linear gain, ideal cut at 10)."""
    figures = [measure_ranking(rankings.get(id_, []), judged) for id_, judged in judgments.items()]
    return {name: sum(one[name] for one in figures) / len(figures) for name in figures[0]}


def measure_ranking(ranking: Sequence[str], judged: Mapping[str, int]) -> dict[str, float]:
    """Return the figures of one question.

    >>> measure_ranking(["b", "a"], {"a": 1})["mrr"]
    0.5
    """
    gains = [judged.get(id_, 0) for id_ in ranking[:SHOWN]]
    ideal = _discounted(sorted(judged.values(), reverse=True)[:SHOWN])
    ranks = [rank for rank, id_ in enumerate(ranking, 1) if id_ in judged]
    return {
        "ndcg@10": _discounted(gains) / ideal,
        "recall@10": sum(gain > 0 for gain in gains) / len(judged),
        "p@1": float(bool(ranks) and ranks[0] == 1),
        "mrr": 1 / ranks[0] if ranks else 0.0,
    }


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def build_ours(entries: Sequence[Entry]) -> Search:
    """Return the product's search over ``entries``."""
    index = build_index(entries)
    return lambda query, k: [hit.entry_id for hit in index.search(leave_circumstances(index, query), k)]


def run_search(
    build: Callable[[Sequence[Entry]], Search], collection: Collection
) -> tuple[dict[str, float], dict[str, Ranking]]:
    """Return figures and rankings of one engine; latency is that of the ten results shown."""
    read_tokens("辞書を読み込む")
    started = time.perf_counter()
    search = build(collection.entries)
    index_s = time.perf_counter() - started
    search(next(iter(collection.queries.values())), SHOWN)
    times, rankings = [], {}
    for id_, query in collection.queries.items():
        started = time.perf_counter()
        search(query, SHOWN)
        times.append((time.perf_counter() - started) * 1000)
        rankings[id_] = _padded(search(query, DEPTH), collection.entries)
    figures = measure_rankings(rankings, collection.judgments)
    p50, p95 = np.percentile(times, [50, 95])
    figures |= {"n_queries": len(rankings), "index_s": index_s}
    return figures | {"query_ms_p50": float(p50), "query_ms_p95": float(p95)}, rankings


def _padded(ranking: Ranking, entries: Sequence[Entry]) -> Ranking:
    """Return at least ten ids: entries that were not found follow in the order of the corpus."""
    missing = SHOWN - len(ranking)
    if missing <= 0:
        return ranking
    found = set(ranking)
    return ranking + [entry.id for entry in entries if entry.id not in found][:missing]


def measure_scale(collection: Collection, chunks: int, queries: int = 500) -> dict[str, float]:
    """Return latency at ``chunks`` entries put together from sentences of the collection.

    Every synthetic entry keeps the question of one entry and takes its sentences, in a seeded
    order, from three; so words are as frequent as in the original.
    """
    random = np.random.default_rng(2026)
    sentences = [re.findall("[^。]+。?", entry.answer) for entry in collection.entries]
    entries = []
    for number in range(chunks):
        picked = random.integers(len(sentences), size=3)
        mixed = [sentence for one in picked for sentence in sentences[one][:2]]
        random.shuffle(mixed)
        question = collection.entries[picked[0]].question
        entries.append(Entry(f"{number:07}", question, "".join(mixed)))
    started = time.perf_counter()
    index = build_index(entries)
    index_s = time.perf_counter() - started
    changed = [*entries[:-1], Entry("changed", "新しい問い", "新しい答え")]
    started = time.perf_counter()
    build_index(changed, index)
    update_s = time.perf_counter() - started
    times = []
    for query in list(collection.queries.values())[:queries]:
        started = time.perf_counter()
        index.search(leave_circumstances(index, query), SHOWN)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    return {
        "chunks": chunks,
        "index_s": index_s,
        "update_s": update_s,
        "query_ms_p50": float(p50),
        "query_ms_p95": float(p95),
    }


def find_peers() -> dict[str, Callable[[Sequence[Entry]], Search]]:
    """Return the builders of other engines by name. Raises: SystemExit: their packages are not installed."""
    try:
        found: dict[str, Callable[[Sequence[Entry]], Search]] = load_name(PEERS)
    except ModuleNotFoundError as error:
        raise SystemExit(
            f"The package {error.name} is missing, --peers needs it. Run: make setup-bench"
        ) from error
    return found


def print_table(rows: Mapping[str, Mapping[str, float]]) -> None:
    """Print one line per engine on standard error."""
    names = ["p@1", "ndcg@10", "recall@10", "mrr", "index_s", "query_ms_p50", "query_ms_p95"]
    print(f"{'':32}" + "".join(f"{name:>14}" for name in names), file=sys.stderr)
    for engine, figures in rows.items():
        cells = "".join(f"{figures[name]:14.4f}" for name in names)
        print(f"{engine:32}{cells}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beir", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--peers", action="store_true", help="measure other engines beside ours")
    parser.add_argument("--scale", type=int, help="also measure latency at this many chunks")
    chosen = parser.parse_args(arguments)
    collection = load_collection(chosen.beir)
    ours, rankings = run_search(build_ours, collection)
    rows = {"akashi": ours}
    if chosen.peers:
        rows |= {name: run_search(build, collection)[0] for name, build in find_peers().items()}
    print_table(rows)
    report: dict[str, object] = dict(ours)
    if chosen.peers:
        report["peers"] = {name: row for name, row in rows.items() if name != "akashi"}
    if chosen.scale:
        report["scale"] = measure_scale(collection, chosen.scale)
        print(json.dumps(report["scale"]), file=sys.stderr)
    if chosen.predictions:
        lines = [json.dumps({"id": id_, "ranking": found}) for id_, found in rankings.items()]
        chosen.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if chosen.json:
        print(json.dumps(report, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
