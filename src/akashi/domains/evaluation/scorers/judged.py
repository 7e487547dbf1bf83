"""What only people, or a model asked several times, can judge."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case, Judgment, Trial
from akashi.domains.evaluation.scorers.fields import check_fields, make_mark, only, text, unclear

NOBODY = "No fixed rule can judge this; a person has to."


class JudgedScorer:
    """Never decides by itself: the verdict is inconclusive until a person or a judge has spoken."""

    mark = make_mark("judged", "1", __file__)

    def check(self, case: Case) -> None:
        """Require the criterion."""
        check_fields(case, "criterion")
        if not text(case, "criterion"):
            raise InputError("The field {field} is missing.", where=case.id, field="criterion")

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return ``inconclusive``."""
        return unclear(NOBODY, text(only(trials).case, "criterion")[:200])
