"""Fit the logistic of the confidence on the sample institution and print data/confidence.toml.

`python -m benchmarks.fit_confidence [--threshold 0.4] > src/akashi/domains/assistant/data/confidence.toml`

Three kinds of questions teach it: those with an approved answer (right or wrong first hit), the same
with that answer taken out of the index (never right), and those that nobody answered (never right).
What it learns is judged by leaving one question out at a time, on standard error.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from akashi.documents.parsing.sandbox import parse_bytes
from akashi.domains.assistant.measure.confidence import read_signals
from akashi.domains.assistant.measure.index import Entry, build_index

SIGNALS = ("attained", "coverage", "agreement", "margin")
# A weak pull of the weights towards zero: there are few questions.
RIDGE = 0.3
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of a first hit, whether it was right, and where the question came from."""

    question: str
    kind: str
    signals: tuple[float, ...]
    is_right: bool


def read_entries(day: date) -> list[Entry]:
    """Return what customers of the sample institution may be answered on ``day``; ids are the
    question, or document key and heading, as questions.toml names them."""
    data = files("akashi.sample").joinpath("data")
    entries: dict[str, Entry] = {}
    for row in tomllib.loads(data.joinpath("manifest.toml").read_text("utf-8"))["document"]:
        if row["audience"] != "customers" or row["state"] != "approved":
            continue
        if not row["effective_from"] <= day <= row.get("effective_to", date.max):
            continue
        source = data.joinpath(row["file"])
        if row["file"].endswith(".csv"):
            for line in csv.DictReader(source.read_text("utf-8-sig").splitlines()):
                entries[line["question"]] = Entry(line["question"], line["question"], line["answer"])
        else:
            for entry in _read_passages(row["key"], row["file"], source.read_bytes()):
                entries.setdefault(entry.id, entry)
    return list(entries.values())


def _read_passages(key: str, name: str, content: bytes) -> list[Entry]:
    document = parse_bytes(name.rsplit("/", 1)[-1], content)
    return [
        Entry(
            f"{key}#{passage.heading[-1] if passage.heading else ''}#{number}",
            " ＞ ".join(passage.heading),
            passage.body.of(document.text),
        )
        for number, passage in enumerate(document.passages)
    ]


def read_examples() -> list[Example]:
    """Return the examples of the sample institution's questions."""
    raw = files("akashi.sample").joinpath("data/questions.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(raw)
    entries = read_entries(table["as_of"])
    index = build_index(entries)
    examples = []
    for row in (*table["demo"], *table["sanity"]):
        wanted = [one if isinstance(one, str) else f"{one[0]}#{one[1]}#" for one in row["expects"]]
        right = {entry.id for entry in entries if _is_wanted(entry.id, wanted)}
        cases = [(row["kind"], index)]
        if right:
            rest = [entry for entry in entries if entry.id not in right]
            cases.append(("removed", build_index(rest, index)))
        for kind, searched in cases:
            hits = searched.search(row["question"], 10)
            if hits:
                signals = read_signals(hits)
                values = tuple(signals[name] for name in SIGNALS)
                is_right = hits[0].entry_id in right
                examples.append(Example(row["question"], kind, values, is_right))
    return examples


def _is_wanted(id_: str, wanted: Sequence[str]) -> bool:
    return any(id_ == one or (one.endswith("#") and id_.startswith(one)) for one in wanted)


def fit_logistic(signals: Floats, right: Floats) -> Floats:
    """Return intercept and weights of the ridge-penalised logistic (Newton's method)."""
    inputs = np.c_[np.ones(len(signals)), signals]
    penalty = np.diag([0.0] + [RIDGE] * signals.shape[1])
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (chance - right) + penalty @ weights
        curvature = (inputs.T * (chance * (1 - chance))) @ inputs + penalty
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


def judge_left_out(examples: Sequence[Example]) -> Floats:
    """Return for each example the chance that a fit without its question gives it."""
    signals = np.array([one.signals for one in examples])
    right = np.array([one.is_right for one in examples], dtype=np.float64)
    chances = np.zeros(len(examples))
    for question in {one.question for one in examples}:
        out = np.array([one.question == question for one in examples])
        weights = fit_logistic(signals[~out], right[~out])
        chances[out] = 1 / (1 + np.exp(-(weights[0] + signals[out] @ weights[1:])))
    return chances


def area_under_curve(high: Floats, low: Floats) -> float:
    """Return how often a value of ``high`` exceeds one of ``low``; ties count half."""
    above = (high[:, None] > low[None, :]) + 0.5 * (high[:, None] == low[None, :])
    return float(above.mean())


def print_judgment(examples: Sequence[Example], chances: Floats, threshold: float) -> None:
    """Print what confidence and threshold would have done with the left-out questions."""
    right = np.array([one.is_right for one in examples])
    kinds = np.array([one.kind for one in examples])
    print(
        f"right against all others: AUROC {area_under_curve(chances[right], chances[~right]):.3f}",
        file=sys.stderr,
    )
    for kind in dict.fromkeys(kinds.tolist()):
        chosen = kinds == kind
        passed = chosen & (chances >= threshold)
        line = f"{kind}: {chosen.sum()} questions, {(chosen & right).sum()} right first hits; "
        line += f"{passed.sum()} answered at {threshold}, {(passed & right).sum()} rightly"
        if kind != "answerable":
            line += f"; AUROC {area_under_curve(chances[right], chances[chosen]):.3f}"
        print(line, file=sys.stderr)


def main() -> int:
    """Fit, judge and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threshold", type=float, default=0.4)
    threshold = parser.parse_args().threshold
    examples = read_examples()
    print_judgment(examples, judge_left_out(examples), threshold)
    weights = fit_logistic(
        np.array([one.signals for one in examples]),
        np.array([one.is_right for one in examples], dtype=np.float64),
    )
    print("# Made by `python -m benchmarks.fit_confidence` from the sample institution's own corpus and")
    print(f"# questions: {len(examples)} examples, {sum(one.is_right for one in examples)} right.")
    print("# Few and written with the corpus: calibrate on your own labelled questions before going live.")
    print(f"intercept = {weights[0]:.3f}\nthreshold = {threshold}\n\n[weights]")
    for name, weight in zip(SIGNALS, weights[1:], strict=True):
        print(f"{name} = {weight:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
