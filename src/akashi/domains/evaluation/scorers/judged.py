"""What only people can judge; a model asked several times sorts for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.evaluation.judging.opinions import Opinions, settle
from akashi.domains.evaluation.model import Case, Judgment, ScorerMark, Trial, Verdict
from akashi.domains.evaluation.scorers.fields import check_fields, make_mark, only, text

OWN = make_mark("judged", "2", __file__)
_NOTHING = Opinions()


class JudgedScorer:
    """Says what people settled, by the opinions kept of a run; ``judge`` is the digest of the model asked.

    Without opinions, or with those of a model alone, the verdict is inconclusive.
    """

    def __init__(self, opinions: Mapping[str, Opinions] | None = None, judge: str = "") -> None:
        self._opinions = opinions or {}
        digest = digest_of(f"{OWN.digest}|{judge}".encode()) if judge else OWN.digest
        self.mark = ScorerMark(OWN.name, OWN.version, digest)

    def check(self, case: Case) -> None:
        """Require the criterion."""
        check_fields(case, "criterion")
        if not text(case, "criterion"):
            raise InputError("The field {field} is missing.", where=case.id, field="criterion")

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return what people settled, else ``inconclusive`` with the criterion beside."""
        case = only(trials).case
        found = settle(self._opinions.get(case.unit, _NOTHING))
        if found.verdict is Verdict.INCONCLUSIVE and not found.detail:
            return Judgment(found.verdict, found.reason, text(case, "criterion")[:200])
        return found
