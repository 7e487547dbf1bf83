"""Output checks: which answers would not be shown, by group, and how long the check takes.

`python -m benchmarks.output --cases FILE.jsonl --json [--predictions FILE]`
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

from akashi.core.ports import Checked
from akashi.domains.guardrails.held_texts import HeldTexts, Owner
from akashi.domains.guardrails.output import check_output


def check_case(case: dict[str, Any]) -> Checked:
    """Return the verdict on one case; texts that may not go out are held as in service."""
    held = HeldTexts()
    for field, owner in (("internal", Owner.INTERNAL), ("foreign", Owner.FOREIGN)):
        if case.get(field):
            held.add_text(case[field], owner)
    return check_output(case["answer"], case["sources"], held=held)


def measure_output(cases: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the figures of the contract and one prediction per case."""
    check_output("金利は年0.2%です。", ["金利は年0.2%です。"])
    groups: dict[str, dict[str, int]] = {}
    times, predictions = [], []
    for case in cases:
        started = time.perf_counter()
        checked = check_case(case)
        times.append((time.perf_counter() - started) * 1000)
        group = groups.setdefault(case["group"], {"n": 0, "not_shown": 0})
        group["n"] += 1
        group["not_shown"] += not checked.supported
        predictions.append({"id": case["id"], "shown": checked.supported, "reasons": list(checked.reasons)})
    figures: dict[str, Any] = {"groups": groups}
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
        figures, predictions = measure_output(json.loads(line) for line in file if line.strip())
    for name, group in sorted(figures["groups"].items()):
        share = group["not_shown"] / group["n"]
        print(f"{name:32}{group['n']:8}{group['not_shown']:8}{share:8.3f}", file=sys.stderr)
    if chosen.predictions:
        lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in predictions]
        chosen.predictions.write_text("".join(lines), encoding="utf-8")
    if chosen.json:
        print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
