"""Names of persons in running text: exact spans, and what is covered.

`python -m benchmarks.names --ner FILE.jsonl --json [--predictions FILE]`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.pii import run_ours
from benchmarks.spans import Message, Span, count_names, read_messages, write_predictions


def read_ner(path: Path) -> list[Message]:
    """Return the sentences of a file; the label 人名 of stockmark counts as ``person``."""
    return [
        one._replace(spans=tuple(Span(s.start, s.end, "person") for s in one.spans if s.type in _PERSON))
        for one in read_messages(path)
    ]


_PERSON = {"person", "人名"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ner", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    chosen = parser.parse_args(arguments)
    messages = read_ner(chosen.ner)
    predictions, times = run_ours(messages)
    persons = {id_: [one for one in found if one.type == "person"] for id_, found in predictions.items()}
    figures = count_names(messages, persons) | {"ms_p50": float(np.percentile(times, 50))}
    print(figures, file=sys.stderr)
    if chosen.predictions:
        write_predictions(chosen.predictions, persons)
    if chosen.json:
        print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
