"""From votes of a model and judgments of people to one verdict: pure functions.

A model never decides: where only it has spoken the unit stays inconclusive, which a tolerance counts as
failed. One person decides where the model does not say the opposite; where they differ, or people differ
among themselves, more people judge until most agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from akashi.domains.evaluation.model import LEAST_CONTROLS, Judgment, Verdict

LEAST_VOTES = 3
DECIDED = frozenset({Verdict.PASS, Verdict.FAIL})

NOBODY = "No fixed rule can judge this; a person has to."
MODEL_PASSED = "Only a model has judged it: passed. A person has to confirm it."
MODEL_FAILED = "Only a model has judged it: failed. A person has to confirm it."
FLIPPED = "The votes of the model contradict each other; a person has to judge."
DIFFER = "The judgments differ; another person has to judge."
UNSURE = "A person could not tell; another person has to judge."
BY_PEOPLE = "Judged by people."
_MODEL_SAID = {Verdict.PASS: MODEL_PASSED, Verdict.FAIL: MODEL_FAILED, Verdict.INCONCLUSIVE: FLIPPED}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one person judged of one unit, when, and why; a later word of the same person replaces it."""

    person: str
    verdict: Verdict
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opinions:
    """Everything said of one unit. ``model``: None not asked, ``inconclusive`` its votes differ."""

    model: Verdict | None = None
    people: tuple[Spoken, ...] = ()


def decide_votes(votes: Sequence[Verdict], needed: int) -> Verdict | None:
    """Return what a model says by its votes: only if all agree; None while votes are missing.

    >>> decide_votes([Verdict.PASS] * 3, 3).value, decide_votes([Verdict.PASS, Verdict.FAIL], 2).value
    ('pass', 'inconclusive')
    """
    if len(votes) < needed:
        return None
    said = set(votes)
    return votes[0] if len(said) == 1 and votes[0] in DECIDED else Verdict.INCONCLUSIVE


def settle(opinions: Opinions) -> Judgment:
    """Return the verdict on a unit from everything that was said of it."""
    latest = {one.person: one for one in opinions.people}
    counts = {verdict: sum(one.verdict is verdict for one in latest.values()) for verdict in DECIDED}
    passed, failed = counts[Verdict.PASS], counts[Verdict.FAIL]
    names = ", ".join(sorted(latest))
    if not passed and not failed:
        said = UNSURE if latest else _MODEL_SAID[opinions.model] if opinions.model else NOBODY
        return Judgment(Verdict.INCONCLUSIVE, said)
    verdict = Verdict.PASS if passed > failed else Verdict.FAIL
    if passed == failed or (passed + failed == 1 and opinions.model in DECIDED - {verdict}):
        return Judgment(Verdict.INCONCLUSIVE, DIFFER, names)
    return Judgment(verdict, BY_PEOPLE, names)


@dataclass(frozen=True, slots=True)
class Tried:
    """How a model did on replies whose verdict is known: only unanimous votes count as decided."""

    positives: int
    caught: int
    negatives: int
    cleared: int
    wrong: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Return whether it never decided wrongly, and decided at least half of each side. Ours."""
        enough = min(self.positives, self.negatives) >= LEAST_CONTROLS
        half = 2 * self.caught >= self.positives and 2 * self.cleared >= self.negatives
        return enough and half and not self.wrong


def try_model(expected: Mapping[str, Verdict], said: Mapping[str, Verdict]) -> Tried:
    """Return how a model did, given the known verdicts and its own by the name of the control."""
    bad = [name for name, verdict in expected.items() if verdict is Verdict.FAIL]
    good = [name for name, verdict in expected.items() if verdict is Verdict.PASS]
    wrong = tuple(
        name for name, verdict in expected.items() if said.get(name) in DECIDED and said[name] is not verdict
    )
    return Tried(len(bad), _right(bad, expected, said), len(good), _right(good, expected, said), wrong)


def _right(names: Iterable[str], expected: Mapping[str, Verdict], said: Mapping[str, Verdict]) -> int:
    return sum(said.get(name) is expected[name] for name in names)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the model said what people settled, among the units on which both decided."""

    both: int
    same: int


def measure_agreement(units: Iterable[Opinions]) -> Agreement:
    """Return how often model and people agree. The model's word is not part of what people settle here."""
    both = same = 0
    for one in units:
        people = settle(Opinions(None, one.people)).verdict
        if people in DECIDED and one.model in DECIDED:
            both, same = both + 1, same + (people is one.model)
    return Agreement(both, same)
