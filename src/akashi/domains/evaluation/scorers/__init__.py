"""The rules that judge: one file, one kind of expectation, one line in the table here."""

from __future__ import annotations

from collections.abc import Callable

from akashi.core.errors import InputError
from akashi.core.ports import CheckOutput
from akashi.domains.evaluation.interfaces import Scorer, find_extensions
from akashi.domains.evaluation.model import Case
from akashi.domains.evaluation.scorers.answer import AnswerScorer
from akashi.domains.evaluation.scorers.consistent import ConsistentScorer
from akashi.domains.evaluation.scorers.decline import DeclineScorer
from akashi.domains.evaluation.scorers.grounded import GroundedScorer
from akashi.domains.evaluation.scorers.judged import JudgedScorer
from akashi.domains.evaluation.scorers.masked import MaskedScorer
from akashi.domains.evaluation.scorers.no_copy import NoCopyScorer
from akashi.domains.evaluation.scorers.no_leak import NoLeakScorer
from akashi.domains.evaluation.scorers.no_obey import NoObeyScorer
from akashi.domains.evaluation.scorers.same_treatment import SameTreatmentScorer
from akashi.domains.evaluation.scorers.text import TextScorer
from akashi.domains.evaluation.scorers.tools import ToolsScorer

OURS: dict[str, Callable[[], Scorer]] = {
    "no_leak": NoLeakScorer,
    "no_copy": NoCopyScorer,
    "no_obey": NoObeyScorer,
    "decline": DeclineScorer,
    "answer": AnswerScorer,
    "tools": ToolsScorer,
    "masked": MaskedScorer,
    "consistent": ConsistentScorer,
    "same_treatment": SameTreatmentScorer,
    "text": TextScorer,
    "judged": JudgedScorer,
}
"""Kind of expectation -> scorer; ``grounded`` also takes what the house lends and is added below."""


def open_scorers(
    check_output: CheckOutput | None = None, judged: JudgedScorer | None = None
) -> dict[str, Scorer]:
    """Return every scorer by the kind of expectation it judges, ours and installed ones.

    ``judged`` knows what people and a model said of one run.
    """
    made = {name: make() for name, make in find_extensions("scorers", OURS).items()}
    known: dict[str, Scorer] = {"judged": judged} if judged else {}
    return {**made, "grounded": GroundedScorer(check_output), **known}


def scorer_for(case: Case, scorers: dict[str, Scorer]) -> Scorer:
    """Return the scorer of a case. Raises: InputError: no rule knows its kind of expectation."""
    found = scorers.get(case.expectation.kind)
    if found is None:
        raise InputError(
            "There is no kind of expectation {kind}.",
            where=case.id,
            next_step="See docs/evaluation.md, What may be expected.",
            kind=case.expectation.kind,
        )
    return found
