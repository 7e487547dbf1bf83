"""Hijack detection: which texts the shipped threshold rejects, by group, and how well scores rank.

`python -m benchmarks.injection --cases FILE.jsonl --json [--predictions FILE]`
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata

from akashi.domains.guardrails.hijack import screen_hijack
from akashi.domains.guardrails.hijack_kinds import TextKind
from akashi.domains.guardrails.hijack_model import shipped_model


def measure_auroc(scores: Sequence[float], labels: Sequence[int]) -> float | None:
    """Return the share of pairs in which the attack has the higher score (ties count half).

    >>> measure_auroc([2.0, 1.0, 0.0], [1, 0, 0])
    1.0
    """
    attacks = int(sum(labels))
    harmless = len(labels) - attacks
    if not attacks or not harmless:
        return None
    ranks = rankdata(scores)
    total = float(sum(rank for rank, label in zip(ranks, labels, strict=True) if label))
    return (total - attacks * (attacks + 1) / 2) / (attacks * harmless)


def measure_injection(cases: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the figures of the contract and one prediction per case."""
    screen_hijack("こんにちは。")
    groups: dict[str, dict[str, int]] = {}
    times, predictions, labels = [], [], []
    for case in cases:
        started = time.perf_counter()
        found = screen_hijack(case["text"])
        times.append((time.perf_counter() - started) * 1000)
        predictions.append({"id": case["id"], "flagged": found.flagged, "score": found.score})
        group = groups.setdefault(case["group"], {"n": 0, "flagged": 0})
        group["n"] += 1
        group["flagged"] += found.flagged
        labels.append(int(case["label"]))
    model = shipped_model()
    figures: dict[str, Any] = {
        "groups": groups,
        "threshold": model.threshold,
        "threshold_papers": model.threshold_of(TextKind.PAPER),
    }
    auroc = measure_auroc([one["score"] for one in predictions], labels)
    if auroc is not None:
        figures["auroc"] = auroc
    if times:
        figures["ms_p50"], figures["ms_p99"] = map(float, np.percentile(times, [50, 99]))
    return figures, predictions


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    chosen = parser.parse_args(arguments)
    with chosen.cases.open(encoding="utf-8") as file:
        figures, predictions = measure_injection(json.loads(line) for line in file if line.strip())
    for name, group in sorted(figures["groups"].items()):
        print(
            f"{name:36}{group['n']:8}{group['flagged']:8}{group['flagged'] / group['n']:8.3f}",
            file=sys.stderr,
        )
    if chosen.predictions:
        lines = [json.dumps(one) + "\n" for one in predictions]
        chosen.predictions.write_text("".join(lines), encoding="utf-8")
    if chosen.json:
        print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
