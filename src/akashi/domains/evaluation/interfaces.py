"""The three interfaces by which others extend the evaluation, found by entry points.

A package names its classes under ``akashi.evaluation.targets``, ``.scorers`` or ``.transforms``; ours stand
in the tables of ``targets``, ``scorers`` and ``transforms``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any, Protocol

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case, Judgment, Response, ScorerMark, TargetMark, Trial


class Target(Protocol):
    """Something that answers customers."""

    mark: TargetMark

    async def answer(self, case: Case) -> Response:
        """Return what the target says to a case. Raises: RetryError: it may be tried again."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Scorer(Protocol):
    """Judges stored responses: a pure function, so that judging again needs no calls."""

    mark: ScorerMark

    def check(self, case: Case) -> None:
        """Raise InputError where the expectation of a case is not one this scorer understands."""
        ...

    def judge(self, trials: Sequence[Trial]) -> Judgment:
        """Return the verdict on one unit: one trial, or all trials of a group in the order of the file."""
        ...


class Transform(Protocol):
    """Turns a case into others that ask the same in another form."""

    name: str

    def apply(self, case: Case) -> Iterable[Case]:
        """Yield the changed cases; each has an id of its own and the template of the original."""
        ...


class RetryError(Exception):
    """A call failed in a way that may pass: ``after`` seconds were asked for, 0 when nothing was said."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        self.reason = reason
        self.after = after
        super().__init__(reason)


def find_extensions(kind: str, ours: Mapping[str, Any]) -> dict[str, Any]:
    """Return ours and the installed others of one kind (targets, scorers, transforms) by name.

    Raises: InputError: another package takes one of our names.
    """
    found = dict(ours)
    for point in entry_points(group=f"akashi.evaluation.{kind}"):
        if point.name in ours:
            raise InputError(
                "The installed package {name} takes a name of our own.", where=kind, name=point.name
            )
        found[point.name] = point.load()
    return found
