"""What scorers share: their mark, and reading the fields of an expectation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.evaluation.model import Case, Judgment, ScorerMark, Trial, Verdict

PASSED = Judgment(Verdict.PASS)
_SHARED = ("../measure/texts.py", "../measure/outcomes.py", "../data/outcomes.toml", "fields.py")


def make_mark(name: str, version: str, file: str) -> ScorerMark:
    """Return the mark of a scorer: the digest is of its own file and of the forms and tables it uses."""
    own = Path(file)
    parts = [own.read_bytes()] + [(Path(__file__).parent / one).read_bytes() for one in _SHARED]
    return ScorerMark(name, version, digest_of(b"\0".join(parts)))


def failed(reason: str, detail: str = "") -> Judgment:
    """Return a failure with its reason (a message id) and what was seen."""
    return Judgment(Verdict.FAIL, reason, detail)


def unclear(reason: str, detail: str = "") -> Judgment:
    """Return that the rule cannot tell, and why."""
    return Judgment(Verdict.INCONCLUSIVE, reason, detail)


def only(trials: Sequence[Trial]) -> Trial:
    """Return the one trial of a unit that is no group."""
    if len(trials) != 1:
        raise ValueError("this scorer judges one case at a time")
    return trials[0]


def check_fields(case: Case, *allowed: str) -> None:
    """Raise InputError when the expectation has a field that its scorer does not know."""
    unknown = sorted(set(case.expectation.values) - set(allowed))
    if unknown:
        raise InputError(
            "The expectation {kind} has no field {field}.",
            where=case.id,
            kind=case.expectation.kind,
            field=unknown[0],
        )


def texts(case: Case, name: str, *, least: int = 0) -> tuple[str, ...]:
    """Return a field that lists texts. Raises: InputError: it does not, or lists too few."""
    found = case.expectation.values.get(name, [])
    if (
        not isinstance(found, list | tuple)
        or not all(isinstance(one, str) and one for one in found)
        or len(found) < least
    ):
        raise _wrong(case, name, "The field {field} must list texts.")
    return tuple(found)


def choices(case: Case, name: str) -> tuple[tuple[str, ...], ...]:
    """Return a field that lists lists of texts. Raises: InputError: it does not."""
    found = case.expectation.values.get(name, [])
    if not isinstance(found, list | tuple) or not all(
        isinstance(one, list | tuple) and one and all(isinstance(text, str) and text for text in one)
        for one in found
    ):
        raise _wrong(case, name, "The field {field} must list lists of texts.")
    return tuple(tuple(one) for one in found)


def number(case: Case, name: str, default: int) -> int:
    """Return a field that is a whole number. Raises: InputError: it is not, or is negative."""
    found = case.expectation.values.get(name, default)
    if isinstance(found, bool) or not isinstance(found, int) or found < 0:
        raise _wrong(case, name, "The field {field} must be a whole number.")
    return found


def text(case: Case, name: str) -> str:
    """Return a field that is a text, empty where it is left out. Raises: InputError: it is something else."""
    found = case.expectation.values.get(name, "")
    if not isinstance(found, str):
        raise _wrong(case, name, "The field {field} must be text.")
    return found


def require_group(case: Case) -> None:
    """Raise InputError when a case that is judged in a group has none."""
    if not text(case, "group"):
        raise _wrong(case, "group", "The field {field} is missing.")


def _wrong(case: Case, name: str, message: str) -> InputError:
    return InputError(message, where=case.id, field=name)
