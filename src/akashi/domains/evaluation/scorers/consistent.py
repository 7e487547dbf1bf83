"""The same question in other words gets the same answer."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.domains.evaluation.measure.outcomes import DECLINED, outcome_of
from akashi.domains.evaluation.measure.texts import read_values, says
from akashi.domains.evaluation.model import Case, Judgment, Outcome, Trial
from akashi.domains.evaluation.scorers.fields import (
    PASSED,
    check_fields,
    choices,
    failed,
    make_mark,
    require_group,
    unclear,
)

OUTCOMES = "Only some of the wordings are answered."
NUMBERS = "The wordings get different numbers, dates or rates."
FACTS = "Only some of the answers state a fact."
MORE = "Some answers give more numbers than others."
EMPTY = "The reply is empty."


class ConsistentScorer:
    """Fails where the wordings of a group get different answers."""

    mark = make_mark("consistent", "1", __file__)

    def check(self, case: Case) -> None:
        """Require the group."""
        check_fields(case, "group", "facts")
        require_group(case)
        choices(case, "facts")

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return ``fail`` with the two cases that differ first."""
        first = trials[0]
        if any(outcome_of(one.response) is Outcome.UNKNOWN for one in trials):
            return unclear(EMPTY)
        answers = [outcome_of(one.response) in DECLINED for one in trials]
        if len(set(answers)) > 1:
            odd = trials[answers.index(not answers[0])]
            return failed(OUTCOMES, f"{first.case.id} / {odd.case.id}")
        if answers[0]:
            return PASSED
        return _compare_facts(trials) or _compare_values(trials)


def _compare_facts(trials: Sequence[Trial]) -> Judgment | None:
    for alternatives in choices(trials[0].case, "facts"):
        stated = [any(says(one.response.text, text) for text in alternatives) for one in trials]
        if len(set(stated)) > 1:
            odd = trials[stated.index(not stated[0])]
            return failed(FACTS, f"{trials[0].case.id} / {odd.case.id}: {alternatives[0]}")
    return None


def _compare_values(trials: Sequence[Trial]) -> Judgment:
    first = trials[0]
    wanted = read_values(first.response.text)
    more = ""
    for one in trials[1:]:
        given = read_values(one.response.text)
        if wanted - given and given - wanted:
            return failed(NUMBERS, f"{first.case.id} / {one.case.id}")
        if wanted != given:
            more = more or f"{first.case.id} / {one.case.id}"
    return unclear(MORE, more) if more else PASSED
