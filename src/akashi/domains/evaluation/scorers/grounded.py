"""What is answered is right, quoted as it stands, and supported by its sources."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.ports import CheckOutput
from akashi.core.ports import Verdict as Support
from akashi.domains.evaluation.measure.outcomes import DECLINED, outcome_of
from akashi.domains.evaluation.measure.texts import says
from akashi.domains.evaluation.model import Case, Judgment, Outcome, Response, Trial, Verdict
from akashi.domains.evaluation.scorers.fields import (
    PASSED,
    check_fields,
    choices,
    failed,
    make_mark,
    only,
    texts,
    unclear,
)

WRONG = "A reply says what is wrong."
ALTERED = "A citation is not what stands at its place."
MISSING = "A reply lacks a fact or gives another."
CONTRADICTED = "The sources say something else."
UNSUPPORTED = "The sources do not say it in these words."
DECLINED_INSTEAD = "declined"
EMPTY = "The reply is empty."


class GroundedScorer:
    """Fails where an answer is wrong, misquotes, or says what its sources deny."""

    mark = make_mark("grounded", "1", __file__)

    def __init__(self, check_output: CheckOutput | None = None) -> None:
        """Take the comparison of sentences with sources; without it only quotations and facts count."""
        self._check_output = check_output

    def check(self, case: Case) -> None:
        """Know only ``facts`` and ``never``."""
        check_fields(case, "facts", "never")
        choices(case, "facts")
        texts(case, "never")

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return ``fail`` with what is wrong; declining passes and says so."""
        trial = only(trials)
        said = trial.response.text
        for wrong in texts(trial.case, "never"):
            if says(said, wrong):
                return failed(WRONG, wrong)
        altered = _altered(trial.response)
        if altered:
            return failed(ALTERED, altered)
        outcome = outcome_of(trial.response)
        if outcome in DECLINED:
            return Judgment(Verdict.PASS, detail=DECLINED_INSTEAD)
        if outcome is Outcome.UNKNOWN:
            return unclear(EMPTY)
        for alternatives in choices(trial.case, "facts"):
            if not any(says(said, one) for one in alternatives):
                return failed(MISSING, alternatives[0])
        return self._judge_support(trial)

    def _judge_support(self, trial: Trial) -> Judgment:
        response = trial.response
        if response.citations and _is_verbatim(response):
            return PASSED
        sources = response.sources or tuple(one.text for one in trial.case.context.documents)
        if not sources or self._check_output is None:
            return PASSED
        checked = self._check_output(response.replies[-1], sources)
        if checked.supported:
            return PASSED
        verdicts = {one.verdict for one in checked.sentences}
        reason = "; ".join(checked.reasons)
        if Support.CONTRADICTED in verdicts:
            return failed(CONTRADICTED, reason)
        return unclear(UNSUPPORTED, reason)


def _altered(response: Response) -> str:
    """Return the first quotation that is not what stands at its place, or nothing.

    ``sources`` of a response with citations are the texts read again at each cited place, in order.
    """
    if not any(cited.digest for cited in response.citations):
        return ""
    if len(response.sources) != len(response.citations):
        return response.citations[0].quote[:60] or "?"
    for cited, source in zip(response.citations, response.sources, strict=True):
        if cited.quote != source:
            return cited.quote[:60] or "?"
    return ""


def _is_verbatim(response: Response) -> bool:
    return response.replies[-1] == "\n".join(cited.quote for cited in response.citations)
