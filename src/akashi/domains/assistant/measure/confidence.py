"""How sure we may be that the first hit answers the question."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from akashi.domains.assistant.measure.advice import asks_advice
from akashi.domains.assistant.measure.index import Hit
from akashi.domains.assistant.measure.voice import measure_voice
from akashi.language.tokens import read_tokens

# Two entries that share this much are two wordings of one answer, not two candidates.
SAME_ANSWER = 0.6
NEAR = 10
"""So many hits say whether the collection is about the question at all."""
CERTAIN = 0.7
"""From this chance on the topic is the collection's, and only *right* orders the answers. Chosen on dev."""
LONG = 20
"""A question of so many content words has the length 1."""
STEEP = 6.0
"""How fast a candidate stops being a rival of the first hit as its score falls behind. Chosen on dev."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """``value`` 0..1: how likely the first hit answers; ``reasons`` are message ids, weakest part
    first; ``signals`` the measured parts, each 0..1."""

    value: float
    reasons: tuple[str, ...]
    signals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A chance from signals: the logistic function of their weighted sum."""

    intercept: float
    weights: Mapping[str, float]

    def chance(self, signals: Mapping[str, float]) -> float:
        """Return the chance, 0..1.

        >>> Logistic(-1.0, {"coverage": 2.0}).chance({"coverage": 0.5})
        0.5
        """
        line = self.intercept + sum(weight * signals[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(min(line, 50.0), -50.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """``topic``: does the collection speak of this at all; ``right``: if so, does the first hit answer.

    Confidence is the product of both, where a topic that is likely enough counts as certain. Below
    ``threshold`` a person answers.
    """

    right: Logistic
    topic: Logistic
    threshold: float

    def rate(self, signals: Mapping[str, float]) -> float:
        """Return the confidence, 0..1."""
        return self.right.chance(signals) * min(self.topic.chance(signals) / CERTAIN, 1.0)


# Below which value a signal is a reason to doubt, and what is said then.
REASONS = {
    "attained": (0.2, "The words of the question hardly occur in this answer."),
    "coverage": (0.5, "Important words of the question are not in this answer."),
    "agreement": (0.4, "The question of this answer says more than was asked."),
    "margin": (0.06, "Another, different answer fits almost as well."),
}

ADVICE = 0.5
"""What is left of the confidence when a forecast or advice is asked for: less than any threshold. Ours."""
ADVICE_REASON = "A forecast or advice is asked for; only a person may give it."
ECHO = 0.9
"""How sure we are of an entry that alone asks just what was asked. Ours."""
UNDONE = 0.5
"""What is left where something is to be changed, added, cancelled and the answer says nothing of it. Ours."""
UNDONE_REASON = "The answer found does not say how to do what was asked for."
PARTY = 0.5
"""What is left where a company asks and the answer is for persons, or the other way round. Ours."""
PARTY_REASON = "This answer is for companies where a person asks, or the other way round."


@functools.cache
def shipped_calibration() -> Calibration:
    """Return the calibration in data/confidence.toml; its head says what it was fitted on."""
    raw = files("akashi.domains.assistant").joinpath("data/confidence.toml").read_text("utf-8")
    table = tomllib.loads(raw)
    right, topic = (Logistic(table[name]["intercept"], table[name]["weights"]) for name in ("right", "topic"))
    return Calibration(right, topic, table["threshold"])


@functools.cache
def read_deeds() -> frozenset[str]:
    """Return the words of data/deeds.toml: what customers ask to have done."""
    raw = files("akashi.domains.assistant").joinpath("data/deeds.toml").read_text("utf-8")
    return frozenset(tomllib.loads(raw)["asked"])


def confidence(query: str, hits: Sequence[Hit], calibration: Calibration | None = None) -> Confidence:
    """Return how likely the first of ``hits`` (of `Index.search`, best first) answers ``query``.

    Give at least `NEAR` hits where there are so many. Without a hit, or without a content word in the
    question, the value is 0.
    """
    tokens = read_tokens(query)
    words = sum(token.content for token in tokens)
    if not words:
        return Confidence(0.0, ("The question has no word to search for.",), {})
    if not hits:
        return Confidence(0.0, ("No approved answer mentions any word of the question.",), {})
    chosen = calibration or shipped_calibration()
    signals = read_signals(hits, words, measure_voice(tokens))
    value = chosen.rate(signals)
    if _is_only_echo(hits):
        value = max(value, ECHO)
    is_other = bool(hits[0].other_party)
    weak = sorted(
        (signals[name] / least, reason) for name, (least, reason) in REASONS.items() if signals[name] < least
    )
    reasons = ((PARTY_REASON,) if is_other else ()) + tuple(reason for _, reason in weak)
    value = value * PARTY if is_other else value
    if not read_deeds().isdisjoint(hits[0].missing):
        value, reasons = value * UNDONE, (UNDONE_REASON, *reasons)
    if asks_advice(query):
        return Confidence(value * ADVICE, (ADVICE_REASON, *reasons), signals)
    return Confidence(value, reasons, signals)


def read_signals(hits: Sequence[Hit], words: int, voice: float = 0.5) -> dict[str, float]:
    """Return the parts of the confidence of the first of ``hits``, each 0..1.

    ``margin`` is the distance to the first hit that is not the same answer in other words, as a
    share of the first score; 1 without such a hit. ``lead`` is the first hit's share of a softmax over the
    scores of all `NEAR` that are another answer, and not one about another way of doing it than was asked:
    many close ones speak against it. ``around`` and ``echo`` are mean coverage and mean spelling of the first
    `NEAR` hits, ``kinship`` how much the next four share with the first (0 without); ``length`` grows with
    ``words``, the question's content words. ``voice`` is `measure_voice` of the question.
    """
    first, near = hits[0], hits[:NEAR]
    kin = [hit.likeness for hit in hits[1:5]] or [0.0]
    return {
        "attained": first.attained,
        "coverage": first.coverage,
        "agreement": first.agreement,
        "spelled": first.spelled,
        "sounded": first.sounded,
        "margin": _margin(hits),
        "known": first.known,
        "familiar": first.familiar,
        "fluency": first.fluency,
        "strange": first.strange,
        "nameless": first.nameless,
        "around": sum(hit.coverage for hit in near) / len(near),
        "echo": sum(hit.spelled for hit in near) / len(near),
        "kinship": sum(kin) / len(kin),
        "accord": first.accord,
        "absent": first.absent,
        "deed": first.deed,
        "unheard": first.unheard,
        "foreign": first.foreign,
        "lead": _lead(near),
        "length": min(math.log1p(words) / math.log1p(LONG), 1.0),
        "voice": voice,
    }


def _is_only_echo(hits: Sequence[Hit]) -> bool:
    """Return whether the first hit, and none that is another answer, asks just what was asked."""
    rivals = (hit for hit in hits[1:] if hit.likeness < SAME_ANSWER)
    return bool(hits[0].echo) and not any(hit.echo for hit in rivals)


def _lead(hits: Sequence[Hit]) -> float:
    first = hits[0]
    if first.score <= 0:
        return 1.0
    rivals = (hit for hit in hits[1:] if hit.likeness < SAME_ANSWER and not hit.other_way)
    others = (hit.score / first.score - 1 for hit in rivals)
    return 1 / (1 + sum(math.exp(min(STEEP * gap, 0.0)) for gap in others))


def _margin(hits: Sequence[Hit]) -> float:
    first = hits[0]
    other = next((hit for hit in hits[1:] if hit.likeness < SAME_ANSWER), None)
    if other is None or first.score <= 0:
        return 1.0
    return min(max((first.score - other.score) / first.score, 0.0), 1.0)
