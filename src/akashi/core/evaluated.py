"""What a room that decides on an AI use case learns from the room that tests it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class EvaluatedSuite:
    """What one suite of a run showed. ``upper`` is the one-sided 95 % bound, everything unscored failed."""

    name: str
    title_ja: str
    title_en: str
    risk: str
    n: int
    failed: int
    unscored: int
    errors: int
    rate: float
    upper: float
    accepted: float
    templates: int

    @property
    def is_kept(self) -> bool:
        """Return whether the bound is within what is accepted."""
        return self.upper <= self.accepted


@dataclass(frozen=True, slots=True)
class EvaluatedRun:
    """A run: what exactly was tested, whether it counts, and what it showed.

    ``is_valid`` is False while it runs, when it was stopped, and when a control failed. ``digest`` is of its
    replies and verdicts; ``target_digest`` of mode, model, prompt, corpus and guards.
    """

    id: str
    title: str
    target: str
    mode: str
    target_digest: str
    is_valid: bool
    ended_at: datetime | None
    digest: str
    actor: str
    suites: tuple[EvaluatedSuite, ...]


class ReadRuns(Protocol):
    """Return the runs about a use case, newest first."""

    def __call__(self, connection: Any, use_case: str) -> Sequence[EvaluatedRun]: ...


class PresentTarget(Protocol):
    """Return mode and digest of what a target's name stands for now; None when that cannot be known."""

    def __call__(self, site: Any, target: str) -> tuple[str, str] | None: ...


@dataclass(frozen=True, slots=True)
class Evaluations:
    """The tests of AI use cases, for whoever decides on them."""

    read: ReadRuns
    present: PresentTarget
