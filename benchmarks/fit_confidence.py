"""Fit the confidence on the dev queries of two collections and print data/confidence.toml.

`python -m benchmarks.fit_confidence --offcorpus QUERIES.jsonl [QUERIES.jsonl …] > confidence.toml`

Two logistics, multiplied. *topic* tells the bank's questions (answerable or not) from everything else:
the off-topic queries of dev, each `OFF_TOPIC` times, and every Nth question of QUERIES.jsonl that may
be learnt from (`fit_voice.is_learnt`; questions about the world; those of jsquad and jaquad_dev made the
shipped one), asked of both: the sample bank and the city office of `data/city_faq`. How much a question
sounds like a customer's is measured by voices fitted without it. *right* tells a right first hit from a
wrong one, over the bank's questions and the same with their answers taken out of the index. Weights that
must not have a sign are bounded. Nothing of the split `test` is read. Judged by leaving topics out, in
folds, on standard error.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize

from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.confidence import CERTAIN, NEAR, read_signals
from akashi.domains.assistant.measure.index import Entry, Index, build_index
from akashi.domains.assistant.measure.voice import read_turns
from akashi.language.tokens import read_tokens
from benchmarks.figures import area_under_curve, precision_at
from benchmarks.fit_voice import CITY, Turns, fit_voice, read_all, read_customers, read_world
from benchmarks.retrieval import load_collection, read_lines
from benchmarks.sample_queries import Labelled, read_sample

RIGHT = (
    "coverage",
    "lead",
    "kinship",
    "length",
    "accord",
    "absent",
    "deed",
)
TOPIC = (
    "coverage",
    "agreement",
    "spelled",
    "sounded",
    "known",
    "around",
    "kinship",
    "length",
    "fluency",
    "strange",
    "nameless",
    "foreign",
    "unheard",
    "voice",
)
# These may count against an answer: nouns that it lacks, a long question.
FREE = frozenset(["known", "length", "kinship", "strange", "nameless", "absent", "foreign", "unheard"])
FOLDS = 12
VOICES = 8
OFF_TOPIC = 8
"""There are few off-topic questions of customers, hundreds about the world. Chosen on dev."""
# A weak pull of the weights towards zero: there are few questions about the bank, more about the world.
RIDGE_RIGHT, RIDGE_TOPIC = 0.1, 0.01
Floats = NDArray[np.float64]
Signals = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of a first hit, whether it was right, and where the question came from."""

    collection: str
    topic: str
    kind: str
    signals: Signals
    is_right: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """A logistic over named signals."""

    names: tuple[str, ...]
    weights: Floats

    def chances(self, signals: Sequence[Signals]) -> Floats:
        """Return the chance of each, shape (signals,)."""
        return np.asarray(
            1 / (1 + np.exp(-(self.weights[0] + _table(signals, self.names) @ self.weights[1:])))
        )


def read_examples(offcorpus: Sequence[Path], every: int) -> list[Example]:
    """Return the dev examples of both collections, with every Nth question of ``offcorpus`` as off topic."""
    world = read_world(offcorpus)
    rate = rate_voices(read_all(read_customers()), read_all(world))
    examples = []
    for place, (name, (entries, queries)) in enumerate((("bank", read_sample()), ("city", read_city()))):
        index = build_index(entries)
        for query in (one for one in queries if one.split == "dev"):
            examples += _examples_of(name, query, query.kind, index, rate)
            if query.judged:
                rest = build_index([entry for entry in entries if entry.id not in query.judged], index)
                examples += _examples_of(name, query, "removed", rest, rate)
        for number, text in enumerate(world[2 * place :: every]):
            asked = Labelled(f"world{number % 7}-{number}", text, "world", "dev", {})
            examples += _examples_of(name, asked, "world", index, rate)
    return examples


def read_city() -> tuple[list[Entry], list[Labelled]]:
    """Return entries and dev queries of the city office; ten neighbours, as written, are a topic."""
    judged = load_collection(CITY, "dev").judgments
    rows = [row for row in read_lines(CITY / "queries.jsonl") if row["split"] == "dev"]
    queries = [
        Labelled(
            f"{number // 10}-{row['_id']}",
            row["text"],
            row["kind"].replace("offtopic", "off_topic"),
            "dev",
            judged.get(row["_id"], {}),
        )
        for number, row in enumerate(rows)
    ]
    return load_collection(CITY, "dev").entries, queries


def rate_voices(ours: Sequence[Turns], world: Sequence[Turns]) -> Callable[[Turns], float]:
    """Return what rates the turns of a question by a voice that was fitted without them."""

    def fold(turns: Turns) -> int:
        return zlib.crc32(" ".join(sorted(turns)).encode()) % VOICES

    voices = [
        fit_voice([one for one in ours if fold(one) != left], [one for one in world if fold(one) != left])
        for left in range(VOICES)
    ]
    return lambda turns: voices[fold(turns)].rate(turns)


def _examples_of(
    collection: str, query: Labelled, kind: str, index: Index, rate: Callable[[Turns], float]
) -> list[Example]:
    asked = leave_circumstances(index, query.text)
    hits = index.search(asked, NEAR)
    if not hits:
        return []
    tokens = read_tokens(asked)
    words = sum(token.content for token in tokens)
    is_right = kind != "removed" and hits[0].entry_id in query.judged
    return [
        Example(collection, query.topic, kind, read_signals(hits, words, rate(read_turns(tokens))), is_right)
    ]


def fit_logistic(signals: Sequence[Signals], names: tuple[str, ...], right: Floats, ridge: float) -> Fitted:
    """Return the ridge-penalised logistic with weights at least 0 for all signals but `FREE` (L-BFGS-B)."""
    inputs = np.c_[np.ones(len(signals)), _table(signals, names)]

    def loss(weights: Floats) -> tuple[float, Floats]:
        line = inputs @ weights
        chance = 1 / (1 + np.exp(-line))
        penalty = np.r_[0.0, weights[1:]]
        value = float(np.logaddexp(0, line).sum() - right @ line + ridge / 2 * penalty @ penalty)
        return value, inputs.T @ (chance - right) + ridge * penalty

    bounds = [(None, None), *((None, None) if name in FREE else (0.0, None) for name in names)]
    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds)
    return Fitted(names, np.asarray(found.x))


def _table(signals: Sequence[Signals], names: Sequence[str]) -> Floats:
    return np.array([[one[name] for name in names] for one in signals]).reshape(len(signals), len(names))


def fit_both(examples: Sequence[Example]) -> tuple[Fitted, Fitted]:
    """Return the logistics *right* and *topic* over examples."""
    ours = [one for one in examples if one.kind in ("answerable", "unanswerable", "removed")]
    right = fit_logistic(
        [one.signals for one in ours], RIGHT, _flags(ours, lambda one: one.is_right), RIDGE_RIGHT
    )
    asked = [one for one in ours if one.kind != "removed"]
    right = _shifted(right, [one.signals for one in asked], _flags(asked, lambda one: one.is_right))
    seen = [
        one
        for one in examples
        if one.kind != "removed"
        for _ in range(OFF_TOPIC if one.kind == "off_topic" else 1)
    ]
    on_topic = _flags(seen, lambda one: one.kind in ("answerable", "unanswerable"))
    return right, fit_logistic([one.signals for one in seen], TOPIC, on_topic, RIDGE_TOPIC)


def _shifted(fitted: Fitted, signals: Sequence[Signals], right: Floats) -> Fitted:
    """Return ``fitted`` with the intercept that gives these their own mean; removed answers lower it."""

    def gap(shift: float) -> float:
        moved = Fitted(fitted.names, np.r_[fitted.weights[0] + shift, fitted.weights[1:]])
        return float(moved.chances(signals).mean() - right.mean())

    return Fitted(fitted.names, np.r_[fitted.weights[0] + brentq(gap, -9.0, 9.0), fitted.weights[1:]])


def _flags(examples: Sequence[Example], says: Callable[[Example], bool]) -> Floats:
    return np.array([says(one) for one in examples], dtype=np.float64)


def judge_left_out(examples: Sequence[Example]) -> Floats:
    """Return for each example the confidence that a fit without its topic, and others, gives it."""
    topics = sorted({(one.collection, one.topic) for one in examples})
    folds = {topic: place % FOLDS for place, topic in enumerate(topics)}
    values = np.zeros(len(examples))
    for fold in range(FOLDS):
        inside = np.array([folds[one.collection, one.topic] == fold for one in examples])
        right, about = fit_both([one for one, left in zip(examples, inside, strict=True) if not left])
        signals = [one.signals for one, left in zip(examples, inside, strict=True) if left]
        values[inside] = right.chances(signals) * np.minimum(about.chances(signals) / CERTAIN, 1.0)
    return values


def choose_threshold(values: Floats, right: NDArray[np.bool_], precision: float) -> float:
    """Return the lowest confidence from which on at least ``precision`` of the answers are right.

    >>> choose_threshold(np.array([0.9, 0.8, 0.2]), np.array([True, True, False]), 0.9)
    0.8
    """
    order = np.argsort(-values, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= precision)
    return float(values[order][enough[-1]]) if len(enough) else 1.0


def print_judgment(examples: Sequence[Example], values: Floats, threshold: float) -> None:
    """Print on standard error what the confidence would have done with the topics left out."""
    kinds = np.array([one.kind for one in examples])
    right = np.array([one.is_right for one in examples])
    asked = kinds == "answerable"
    figure = area_under_curve(values[asked & right], values[asked & ~right])
    print(f"right against wrong first hits {figure:.3f}", file=sys.stderr)
    shares = precision_at(values[asked], right[asked], (0.1, 0.2, 0.5))
    print("precision at 10, 20, 50 %: " + " ".join(f"{share:.3f}" for share in shares), file=sys.stderr)
    for kind in dict.fromkeys(kinds.tolist()):
        chosen = kinds == kind
        shown = chosen & (values >= threshold)
        line = f"{kind}: {chosen.sum()}, answered {shown.sum()}, rightly {(shown & right).sum()}"
        if kind != "answerable":
            line += f", AUROC {area_under_curve(values[asked], values[chosen]):.3f}"
        print(line, file=sys.stderr)


def main() -> int:
    """Fit, judge and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offcorpus", type=Path, nargs="+", required=True)
    parser.add_argument("--every", type=int, default=5)
    parser.add_argument("--precision", type=float, default=0.8, help="of what is answered without a person")
    chosen = parser.parse_args()
    examples = read_examples(chosen.offcorpus, chosen.every)
    values = judge_left_out(examples)
    bank = np.array([one.kind in ("answerable", "unanswerable", "off_topic") for one in examples])
    is_right = np.array([one.is_right for one in examples])
    threshold = round(choose_threshold(values[bank], is_right[bank], chosen.precision), 2)
    for name in ("bank", "city"):
        print(f"-- {name}", file=sys.stderr)
        inside = [one.collection == name for one in examples]
        own = [one for one, chosen_one in zip(examples, inside, strict=True) if chosen_one]
        print_judgment(own, values[inside], threshold)
    counts = {
        kind: sum(one.kind == kind for one in examples) for kind in dict.fromkeys(e.kind for e in examples)
    }
    print("# Made by `python -m benchmarks.fit_confidence` from the labelled queries of a bank and of a city")
    print("# office, split dev:")
    print("# " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) + ".")
    print(f"# Threshold: {chosen.precision:.0%} of what is answered is right, topics left out in folds.")
    print("# Learnt in part from questions of JGLUE JSQuAD v1.3 and JaQuAD, see NOTICE.")
    print("# An institution sets its own on its own queries: `akashi assistant calibrate`.")
    print(f"threshold = {threshold}")
    for title, fitted in zip(("right", "topic"), fit_both(examples), strict=True):
        print(f"\n[{title}]\nintercept = {fitted.weights[0]:.3f}\n\n[{title}.weights]")
        for name, weight in zip(fitted.names, fitted.weights[1:], strict=True):
            print(f"{name} = {weight:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
