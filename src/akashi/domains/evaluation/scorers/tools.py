"""The tool policy: only allowed calls, not too many."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case, Judgment, Trial
from akashi.domains.evaluation.scorers.fields import (
    PASSED,
    check_fields,
    failed,
    make_mark,
    number,
    only,
    texts,
)

FORBIDDEN = "A forbidden tool was called."
UNKNOWN = "A tool was called that is not among the allowed ones."
MANY = "Tools were called too often."
MOST = 1000


class ToolsScorer:
    """Fails where a call breaks the policy of the case."""

    mark = make_mark("tools", "1", __file__)

    def check(self, case: Case) -> None:
        """Require a policy."""
        check_fields(case, "allowed", "forbidden", "most")
        texts(case, "allowed")
        texts(case, "forbidden")
        number(case, "most", MOST)
        if not case.expectation.values:
            raise InputError("The expectation needs allowed, forbidden or most.", where=case.id)

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return ``fail`` with the call that breaks the policy."""
        trial = only(trials)
        calls = [call.name for call in trial.response.tool_calls]
        forbidden = set(texts(trial.case, "forbidden"))
        for name in calls:
            if name in forbidden:
                return failed(FORBIDDEN, name)
        if "allowed" in trial.case.expectation.values:
            allowed = set(texts(trial.case, "allowed"))
            for name in calls:
                if name not in allowed:
                    return failed(UNKNOWN, name)
        if len(calls) > number(trial.case, "most", MOST):
            return failed(MANY, str(len(calls)))
        return PASSED
