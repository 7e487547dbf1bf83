"""Fit the voice, customers against a quiz about the world, and print data/share_alike/voice.toml.

`python -m benchmarks.fit_voice --world QUERIES.jsonl [QUERIES.jsonl …] > voice.toml`

Customers: the dev queries of the sample bank and of the city office (`data/city_faq`), whatever became of
them, and what customers write in the harmless half of the hijack corpus (split train, one of a template, by
the authors whose texts were there when voice and confidence were fitted together).
The world: of each file the questions of every other article (`is_learnt`); the rest is for reporting. Turns
that fewer than `LEAST` texts hold are left out, and weights that hardly count. Both sides weigh the same.
Nothing of a split `test` is read.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from akashi.domains.assistant.measure.voice import Voice, read_turns
from akashi.language.tokens import read_tokens
from benchmarks.figures import area_under_curve
from benchmarks.retrieval import read_lines
from benchmarks.sample_queries import read_sample

CITY = Path(__file__).parent / "data/city_faq"
LEAST, RIDGE, SLIGHT = 8, 3.0, 0.1
AUTHORS = frozenset(["akashi-native-test-author", *(f"akashi-native-author-{n}" for n in range(2, 9))])
Floats = NDArray[np.float64]
Turns = frozenset[str]


def is_learnt(id_: str) -> bool:
    """Return whether a question about the world may be learnt from: those of every other article.

    The article is the first number of the id.

    >>> is_learnt("de-004-00-001"), is_learnt("a10337p0q0")
    (True, False)
    """
    found = re.search(r"\d+", id_)
    return found is not None and int(found[0]) % 2 == 0


def read_customers() -> list[str]:
    """Return what customers write, dev and train sides only, each text once."""
    sample = [one.text for one in read_sample()[1] if one.split == "dev"]
    city = [row["text"] for row in read_lines(CITY / "queries.jsonl") if row["split"] == "dev"]
    harmless = files("akashi.domains.guardrails").joinpath("corpus/benign.jsonl")
    chat: dict[str, str] = {}
    for row in read_lines(Path(str(harmless))):
        if (row["setting"], row["split"]) == ("customer_chat", "train") and row["author"] in AUTHORS:
            chat.setdefault(row["template"], row["text"])
    return list(dict.fromkeys([*sample, *city, *chat.values()]))


def read_world(paths: Iterable[Path]) -> list[str]:
    """Return the questions about the world that may be learnt from."""
    return [row["text"] for path in paths for row in read_lines(path) if is_learnt(row["_id"])]


def fit_voice(ours: Sequence[Turns], world: Sequence[Turns]) -> Voice:
    """Return the ridge-penalised logistic that tells the turns of customers from those of the world."""
    counts = Counter(turn for turns in (*ours, *world) for turn in turns)
    names = sorted(turn for turn, count in counts.items() if count >= LEAST)
    table = _table([*ours, *world], names)
    is_ours = np.r_[np.ones(len(ours)), np.zeros(len(world))]
    shares = np.r_[np.full(len(ours), 0.5 / len(ours)), np.full(len(world), 0.5 / len(world))] * 2 * len(ours)

    def loss(weights: Floats) -> tuple[float, Floats]:
        line = table @ weights[1:] + weights[0]
        gaps = shares * (1 / (1 + np.exp(-line)) - is_ours)
        value = float(
            shares @ (np.logaddexp(0, line) - is_ours * line) + RIDGE / 2 * weights[1:] @ weights[1:]
        )
        return value, np.r_[gaps.sum(), table.T @ gaps + RIDGE * weights[1:]]

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    weights = {name: round(float(one), 2) for name, one in zip(names, found[1:], strict=True)}
    return Voice(
        round(float(found[0]), 3), {name: one for name, one in weights.items() if abs(one) >= SLIGHT}
    )


def _table(texts: Sequence[Turns], names: Sequence[str]) -> csr_matrix:
    place = {name: at for at, name in enumerate(names)}
    cells = [(row, place[turn]) for row, turns in enumerate(texts) for turn in sorted(turns) if turn in place]
    rows, columns = np.array(cells).T
    return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(texts), len(names)))


def read_all(texts: Iterable[str]) -> list[Turns]:
    """Return the turns of each text."""
    return [read_turns(read_tokens(text)) for text in texts]


def main() -> int:
    """Fit, judge and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, nargs="+", required=True)
    chosen = parser.parse_args()
    ours, world = read_all(read_customers()), read_all(read_world(chosen.world))
    voice = fit_voice(ours, world)
    high = np.array([voice.rate(one) for one in ours])
    for path in chosen.world:
        rest = read_all(row["text"] for row in read_lines(path) if not is_learnt(row["_id"]))
        low = np.array([voice.rate(one) for one in rest])
        figure = area_under_curve(high, low)
        print(f"{path}: {len(rest)} questions not learnt from, AUROC {figure:.4f}", file=sys.stderr)
    print("# Made by `python -m benchmarks.fit_voice` from the turns of speech (no content words) of")
    print(f"# {len(ours)} texts of customers, all ours, and {len(world)} questions about the world:")
    print("# JGLUE JSQuAD v1.3 (Yahoo Japan Corporation and Waseda University, CC BY-SA 4.0), JaQuAD")
    print("# (Skelter Labs, So et al. 2022, CC BY-SA 3.0). This one file is licensed under CC BY-SA 4.0;")
    print("# no text of theirs is in it.")
    print(f"intercept = {voice.intercept}\n\n[weights]")
    for name, weight in sorted(voice.weights.items(), key=lambda one: one[1]):
        print(f'"{name}" = {weight}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
