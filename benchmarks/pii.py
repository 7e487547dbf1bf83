"""Personal data in messages: what is fully masked, by way of writing and by type, and how fast.

`python -m benchmarks.pii --messages FILE.jsonl --json [--predictions FILE] [--peer]`
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from akashi.domains.guardrails.personal import find_personal
from benchmarks.spans import Message, Span, count_pii, read_messages, read_spans, write_predictions

ROOT = Path(__file__).parents[1]
PEER_PYTHON = ROOT / ".peers/bin/python"
Timed = tuple[dict[str, Sequence[Span]], list[float]]


def run_ours(messages: Sequence[Message]) -> Timed:
    """Return our spans and the milliseconds of each message, warm."""
    for message in messages[:20]:
        find_personal(message.text)
    predictions: dict[str, Sequence[Span]] = {}
    times = []
    for message in messages:
        started = time.perf_counter()
        found = find_personal(message.text)
        times.append((time.perf_counter() - started) * 1000)
        predictions[message.id] = [Span(one.span.start, one.span.end, one.kind.value) for one in found]
    return predictions, times


def run_peer(messages: Sequence[Message]) -> Timed:
    """Return the peer's spans and times, measured in its own environment.

    Raises: FileNotFoundError: `python scripts/setup.py peer` has not been run.
    """
    lines = "".join(json.dumps({"id": one.id, "text": one.text}) + "\n" for one in messages)
    command = [str(PEER_PYTHON), str(ROOT / "benchmarks/peer.py")]
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"id"')]
    return {row["id"]: read_spans(row) for row in rows}, [row["ms"] for row in rows]


def measure(messages: Sequence[Message], run: Callable[[Sequence[Message]], Timed]) -> dict[str, Any]:
    """Return the figures of the contract for one engine, its predictions under ``predictions``."""
    predictions, times = run(messages)
    seconds = sum(times) / 1000
    p50, p99 = map(float, np.percentile(times, [50, 99]))
    return {
        **count_pii(messages, predictions),
        "ms_p50": p50,
        "ms_p99": p99,
        "chars_per_s": sum(len(one.text) for one in messages) / seconds,
        "predictions": predictions,
    }


def print_table(figures: dict[str, Any]) -> None:
    """Print a line per group and per type on standard error."""
    for part in ("groups", "types"):
        for name, row in sorted(figures[part].items()):
            share = f"{row['fully_masked'] / row['n_spans']:.3f}" if row["n_spans"] else "-"
            extra = (
                f" spurious {row['spurious']}, flagged {row['flagged_messages']}" if part == "groups" else ""
            )
            print(f"{name:20}{row['fully_masked']:6}/{row['n_spans']:<6}{share}{extra}", file=sys.stderr)
    print(f"p50 {figures['ms_p50']:.2f} ms, p99 {figures['ms_p99']:.2f} ms", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--peer", action="store_true", help="measure Presidio with GiNZA beside us")
    chosen = parser.parse_args(arguments)
    messages = read_messages(chosen.messages)
    ours = measure(messages, run_ours)
    print_table(ours)
    predictions = ours.pop("predictions")
    if chosen.predictions:
        write_predictions(chosen.predictions, predictions)
    if chosen.peer:
        ours["peer"] = measure(messages, run_peer)
        print_table(ours["peer"])
        ours["peer"].pop("predictions")
    if chosen.json:
        print(json.dumps(ours, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
