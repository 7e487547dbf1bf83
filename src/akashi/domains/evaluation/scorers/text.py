"""Plain wishes about the words of a reply, as other tools write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.evaluation.measure.texts import flatten, has_text
from akashi.domains.evaluation.model import Case, Judgment, Trial
from akashi.domains.evaluation.scorers.fields import (
    PASSED,
    check_fields,
    failed,
    make_mark,
    only,
    text,
    texts,
)
from akashi.platform.rooms import load_name

LACKS = "A reply lacks a text."
HOLDS = "A reply holds a text."
DIFFERS = "A reply is not the expected text."
PATTERN = "A reply does not follow the pattern."
LONGEST_PATTERN = 500


class TextScorer:
    """Fails where a reply is not as asked."""

    mark = make_mark("text", "1", __file__)

    def check(self, case: Case) -> None:
        """Require at least one wish; a pattern is read by RE2, whose time is linear."""
        check_fields(case, "all", "any", "none", "equals", "pattern")
        for name in ("all", "any", "none"):
            texts(case, name)
        text(case, "equals")
        pattern = text(case, "pattern")
        if not case.expectation.values or len(pattern) > LONGEST_PATTERN:
            raise InputError("The expectation needs a wish, and a pattern of usual length.", where=case.id)
        if pattern:
            _matches("", pattern, case.id)

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return ``fail`` with the first wish that is not met."""
        trial = only(trials)
        case, said = trial.case, trial.response.text
        flat = flatten(said)
        for wanted in texts(case, "all"):
            if not has_text(flat, wanted):
                return failed(LACKS, wanted)
        some = texts(case, "any")
        if some and not any(has_text(flat, one) for one in some):
            return failed(LACKS, some[0])
        for unwanted in texts(case, "none"):
            if has_text(flat, unwanted):
                return failed(HOLDS, unwanted)
        exact, pattern = text(case, "equals"), text(case, "pattern")
        if exact and flatten(exact) != flat:
            return failed(DIFFERS, exact)
        if pattern and not _matches(said, pattern, case.id):
            return failed(PATTERN, pattern)
        return PASSED


def _matches(said: str, pattern: str, where: str) -> bool:
    database: Any = load_name("duckdb:connect")()
    try:
        row = database.execute("select regexp_matches(?, ?)", [said, pattern]).fetchone()
    except load_name("duckdb:Error") as error:
        raise InputError("The pattern {pattern} cannot be read.", where=where, pattern=pattern) from error
    finally:
        database.close()
    return bool(row and row[0])
