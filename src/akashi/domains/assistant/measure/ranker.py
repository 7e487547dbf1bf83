"""The last order of the best entries: a few readable signals, weighed by a small linear ranker."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

DEPTH = 50
"""So many of the best entries of the fused streams are put in order again; deeper changed nothing on dev."""
SIGNALS = ("relative", "coverage", "breadth", "agreement", "attained", "spelled", "sounded")
_TIE = 1e-5
OTHER_PARTY = 0.75
"""What is left of the score of an entry that is about the other party: a company, or a person. Ours."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry found, by row and id, with its ``signals`` (the names of `SIGNALS`, each 0..1)."""

    row: int
    entry_id: str
    signals: Mapping[str, float]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranker:
    """The weight of each signal; a signal that is not named weighs nothing."""

    weights: Mapping[str, float]

    def rate(self, signals: Mapping[str, float]) -> float:
        """Return the weighted sum of the signals.

        >>> Ranker({"coverage": 2.0}).rate({"coverage": 0.5, "agreement": 1.0})
        1.0
        """
        return sum(weight * signals[name] for name, weight in self.weights.items())


@functools.cache
def shipped_ranker() -> Ranker:
    """Return the ranker in data/ranker.toml; its head says what it was fitted on."""
    raw = files("akashi.domains.assistant").joinpath("data/ranker.toml").read_text("utf-8")
    return Ranker(tomllib.loads(raw)["weights"])


def order_rows(candidates: Sequence[Candidate], ranker: Ranker) -> list[Candidate]:
    """Return ``candidates`` (best first by the fused streams) with their scores, best first.

    Only the first `DEPTH` change places; the others follow in their order, never above the last of those.
    """
    rated = [replace(one, score=_rate(one, ranker)) for one in candidates]
    head = sorted(rated[:DEPTH], key=lambda one: (-round(one.score / _TIE), one.entry_id))
    least = head[-1].score if head else 0.0
    tail = []
    for one in rated[DEPTH:]:
        least = min(least, one.score)
        tail.append(replace(one, score=least))
    return head + tail


def _rate(one: Candidate, ranker: Ranker) -> float:
    score = ranker.rate(one.signals)
    return score * OTHER_PARTY if one.signals.get("other_party") else score
