"""Expressions: amounts, dates, periods and rates as customers write them: exact, asked back, or wrong.

`python -m benchmarks.expressions [--cases FILE.jsonl] --json`. Without a file: 2,000 generated expressions
and those written by hand, which also stand apart by half (`dev` was looked at, `test` was not).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from akashi.language.expressions import Reading, read_expression
from akashi.language.quantities import duration_parts
from benchmarks.expression_cases import draw_cases

WRITTEN = Path(__file__).parent / "data/expressions/written.jsonl"


def is_exact(kind: str, expected: object, unit: object, reading: Reading) -> bool:
    """Return whether a reading is the value: equal durations and equal decimals are.

    >>> is_exact("period", "P18M", "duration", Reading("P1Y6M", "duration"))
    True
    """
    if expected is None or reading.unit != unit:
        return False
    if kind == "period":
        return duration_parts(str(expected)) == duration_parts(str(reading.value)) is not None
    if kind == "rate":
        return Decimal(str(expected)) == Decimal(str(reading.value))
    return expected == reading.value


def judge(case: dict[str, Any]) -> tuple[str, float]:
    """Return exact, asked_back or wrong, and the milliseconds it took."""
    today = date.fromisoformat(case["today"]) if case.get("today") else None
    begun = time.perf_counter()
    reading = read_expression(case["text"], case["kind"], today)
    spent = (time.perf_counter() - begun) * 1000
    if not isinstance(reading, Reading):
        return "asked_back", spent
    right = is_exact(case["kind"], case["value"], case["unit"], reading)
    return "exact" if right else "wrong", spent


def summarise(judged: Sequence[tuple[dict[str, Any], str]]) -> dict[str, float | int]:
    """Return the rates of all, and apart for those that have a value (readable) and those that have none."""
    figures: dict[str, float | int] = {"n": len(judged)}
    for verdict in ("exact", "asked_back", "wrong"):
        figures[verdict] = sum(said == verdict for _, said in judged) / max(1, len(judged))
    readable = [said for case, said in judged if case["value"] is not None]
    figures["n_readable"] = len(readable)
    if readable:
        figures["readable_exact"] = readable.count("exact") / len(readable)
        figures["readable_wrong"] = readable.count("wrong") / len(readable)
    if len(readable) < len(judged):
        unreadable = [said for case, said in judged if case["value"] is None]
        figures["unreadable_asked_back"] = unreadable.count("asked_back") / len(unreadable)
    return figures


def read_cases(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file of the contract."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(cases: Iterable[dict[str, Any]], *, show: bool = False) -> dict[str, object]:
    """Return the figures of ``cases``, by kind and by group."""
    rows, spent = [], []
    for case in cases:
        said, took = judge(case)
        rows.append((case, said))
        spent.append(took)
        if show and said != "exact" and not (said == "asked_back" and case["value"] is None):
            print(said, case["id"], case["kind"], case["text"], case["value"], file=sys.stderr)
    figures: dict[str, object] = {**summarise(rows)}
    for field in ("kind", "half"):
        names = sorted({str(case[field]) for case, _ in rows if case.get(field)})
        figures[f"by_{field}"] = {
            name: summarise([row for row in rows if row[0].get(field) == name]) for name in names
        }
    figures["ms_p50"], figures["ms_p99"] = (float(value) for value in np.percentile(spent, (50, 99)))
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path)
    parser.add_argument(
        "--show", action="store_true", help="print what is not exact, but never of the test half"
    )
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.cases:
        cases = read_cases(chosen.cases)
    else:
        generated = [{**asdict(case), "half": "generated"} for case in draw_cases()]
        cases = [*generated, *read_cases(WRITTEN)]
    if chosen.show:
        cases = [case for case in cases if case.get("half") != "test"]
    figures = measure(cases, show=chosen.show)
    for name, value in figures.items():
        print(f"{name:24} {value}", file=sys.stderr)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
