"""What a room that decides on an AI use case learns from the room that tests it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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
class Published:
    """What another institution needs to repeat a run: the very cases, and what judged and was judged.

    ``suites`` are JSON lines by name; ``record`` is JSON values: plan, scorers, controls, digests.
    """

    suites: Mapping[str, bytes]
    record: Mapping[str, Any]


class PublishRun(Protocol):
    """Return a run for publication. Raises: NotFoundError."""

    def __call__(self, connection: Any, run: str) -> Published: ...


class RepeatRun(Protocol):
    """Put suites (files by name) to a target of this installation to the end; return the run's id.

    ``accepted`` is the share of failures accepted, by suite. Raises: InputError: a suite or the target
    cannot be used.
    """

    def __call__(
        self,
        site: Any,
        actor: Any,
        *,
        title: str,
        use_case: str,
        target: str,
        suites: Mapping[str, Path],
        accepted: Mapping[str, float],
    ) -> str: ...


class FindRun(Protocol):
    """Return the newest whole, valid run of exactly this mode and target digest, or None."""

    def __call__(self, connection: Any, mode: str, target_digest: str) -> EvaluatedRun | None: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a person chooses before playing a customer (a loan product, say), and what is said first.

    ``titles`` by language; ``opening`` is empty where the customer speaks first.
    """

    code: str
    titles: Mapping[str, str]
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What a target said to each sentence of somebody who plays a customer; nothing of it is kept.

    ``outcomes`` are answered, clarify, hand_over or refused; a reply is empty where only that is to be said.
    """

    mode: str
    target_digest: str
    replies: tuple[str, ...]
    outcomes: tuple[str, ...]


class ListSettings(Protocol):
    """Return what can be played on a target by staff; empty where only its own pages can."""

    def __call__(self, site: Any, target: str, language: str) -> Sequence[Setting]: ...


class PlayTarget(Protocol):
    """Put a customer's sentences to a target, from the first one. Raises: InputError: it cannot be played."""

    def __call__(
        self, site: Any, target: str, setting: str, language: str, sentences: Sequence[str]
    ) -> Played: ...


@dataclass(frozen=True, slots=True)
class Evaluations:
    """The tests of AI use cases, for whoever decides on them."""

    read: ReadRuns
    present: PresentTarget
    publish: PublishRun
    repeat: RepeatRun
    find: FindRun | None = None
    settings: ListSettings | None = None
    play: PlayTarget | None = None
