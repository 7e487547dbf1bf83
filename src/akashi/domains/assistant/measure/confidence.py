"""How sure we may be that the first hit answers the question."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from akashi.domains.assistant.measure.index import Hit
from akashi.language.tokens import read_tokens

# Two entries that share this much are two wordings of one answer, not two candidates.
SAME_ANSWER = 0.6


@dataclass(frozen=True, slots=True)
class Confidence:
    """``value`` 0..1: how likely the first hit answers; ``reasons`` are message ids, weakest part
    first; ``signals`` the measured parts, each 0..1."""

    value: float
    reasons: tuple[str, ...]
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic over the signals and the value below which a person answers."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float


# Below which value a signal is a reason to doubt, and what is said then.
REASONS = {
    "attained": (0.2, "The words of the question hardly occur in this answer."),
    "coverage": (0.5, "Important words of the question are not in this answer."),
    "agreement": (0.4, "The question of this answer says more than was asked."),
    "margin": (0.12, "Another, different answer fits almost as well."),
}


@functools.cache
def shipped_calibration() -> Calibration:
    """Return the calibration in data/confidence.toml; its head says what it was fitted on."""
    raw = files("akashi.domains.assistant").joinpath("data/confidence.toml").read_text("utf-8")
    table = tomllib.loads(raw)
    return Calibration(table["intercept"], table["weights"], table["threshold"])


def confidence(query: str, hits: Sequence[Hit], calibration: Calibration | None = None) -> Confidence:
    """Return how likely the first of ``hits`` (of `Index.search`, best first) answers ``query``.

    Without a hit, or without a content word in the question, the value is 0.
    """
    if not any(token.content for token in read_tokens(query)):
        return Confidence(0.0, ("The question has no word to search for.",), {})
    if not hits:
        return Confidence(0.0, ("No approved answer mentions any word of the question.",), {})
    chosen = calibration or shipped_calibration()
    signals = read_signals(hits)
    line = chosen.intercept + sum(chosen.weights[name] * signals[name] for name in chosen.weights)
    value = 1 / (1 + math.exp(-line))
    weak = sorted(
        (signals[name] / least, reason) for name, (least, reason) in REASONS.items() if signals[name] < least
    )
    return Confidence(value, tuple(reason for _, reason in weak), signals)


def read_signals(hits: Sequence[Hit]) -> dict[str, float]:
    """Return the parts of the confidence of the first of ``hits``, each 0..1.

    ``margin`` is the distance to the first hit that is not the same answer in other words, as a
    share of the first score; 1 without such a hit.
    """
    first = hits[0]
    other = next((hit for hit in hits[1:] if hit.likeness < SAME_ANSWER), None)
    margin = 1.0
    if other is not None and first.score > 0:
        margin = min(max((first.score - other.score) / first.score, 0.0), 1.0)
    return {
        "attained": first.attained,
        "coverage": first.coverage,
        "agreement": first.agreement,
        "margin": margin,
    }
