"""Use cases and their life: events, the phase that follows from them, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Tier(StrEnum):
    """How much harm is possible, by the visible table of ``data/tiers.csv``; worst first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Phase(StrEnum):
    """Where a use case stands, from 起案 to 終了."""

    DRAFTED = "drafted"
    EVALUATED = "evaluated"
    VALIDATED = "validated"
    TRIAL = "trial"
    ASKED = "asked"
    LIVE = "live"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Deed(StrEnum):
    """What happened to a use case."""

    SIGNED = "signed"
    VALIDATED = "validated"
    OBJECTED = "objected"
    TRIAL_STARTED = "trial_started"
    TRIAL_ENDED = "trial_ended"
    ASKED = "asked"
    RETURNED = "returned"
    WENT_LIVE = "went_live"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case as the register keeps it; ``values`` are the fields of its kind."""

    code: str
    title: str
    version: int
    is_active: bool
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return one field as text; empty when nothing is there."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def label(self, language: str) -> str:
        """Return the name as readers of ``language`` expect it."""
        return (self.text("name_en") if language == "en" else "") or self.title


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``subject_digest`` is what exactly it was said of."""

    sequence: int
    deed: Deed
    actor: str
    at: datetime
    subject_digest: str
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gate:
    """Something that must hold before a use case goes live; messages are ids with what fills them."""

    name: str
    title: str
    is_open: bool
    told: str
    values: Mapping[str, object] = field(default_factory=dict)
    path: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One output judged by staff during the trial 実務適合性; ``seconds_saved`` against doing it by hand.

    ``output`` is the keyed digest of what was judged; the same output counts once. Empty: seen elsewhere.
    """

    use_case: str
    day: str
    verdict: str
    seconds_saved: int
    note: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """What a trial showed: samples, how many needed correction or were useless, seconds saved in all."""

    samples: int
    corrected: int
    useless: int
    seconds_saved: int

    @property
    def correction_rate(self) -> float:
        """Return the share that could not be used as it stood; 0 without samples."""
        return (self.corrected + self.useless) / self.samples if self.samples else 0.0


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure of one month, planned and actual; ``actual`` None until it is known."""

    use_case: str
    name: str
    month: str
    plan: float
    actual: float | None = None
    unit: str = ""
