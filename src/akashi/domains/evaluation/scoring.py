"""Judging: a pure function from stored responses to verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.domains.evaluation.interfaces import Scorer
from akashi.domains.evaluation.model import Judgment, Trial, Verdict
from akashi.domains.evaluation.scorers import scorer_for


def judge_unit(trials: Sequence[Trial], scorers: dict[str, Scorer]) -> Judgment:
    """Return the verdict on one unit; where any of its replies is missing it is an error, never a pass."""
    for trial in trials:
        if trial.response.error:
            return Judgment(Verdict.ERROR, "No reply.", trial.response.error)
    return scorer_for(trials[0].case, scorers).judge(trials)
