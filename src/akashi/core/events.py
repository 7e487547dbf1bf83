"""What can happen to a finding, as values. Their order is (moment, sequence); see ``lifecycle``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from akashi.core.thread import DecisionReference, Evidence, Severity, Treatment


@dataclass(frozen=True, slots=True)
class _Event:
    """Common to all: which finding, when, and the order among events of the same moment."""

    finding_id: str
    at: datetime
    sequence: int


@dataclass(frozen=True, slots=True)
class Opened(_Event):
    """A measurement found something wrong for the first time."""

    severity: Severity
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured(_Event):
    """The subject was measured again: ``passed`` says whether the wrong is gone."""

    passed: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Proposed(_Event):
    """Somebody proposed a treatment."""

    treatment_id: str
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class Decided(_Event):
    """A route decided on a treatment. Nothing is accepted without this."""

    treatment_id: str
    decision: DecisionReference
    approved: bool


@dataclass(frozen=True, slots=True)
class Completed(_Event):
    """The owner reports a treatment as carried out; a mitigation needs evidence that it is in place."""

    treatment_id: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Signalled(_Event):
    """One of the signals on which a treatment lapses was reported."""

    treatment_id: str
    signal: str


@dataclass(frozen=True, slots=True)
class Withdrawn(_Event):
    """A treatment was taken back."""

    treatment_id: str


@dataclass(frozen=True, slots=True)
class Resumed(_Event):
    """What was stopped runs again, by decision."""

    treatment_id: str
    decision: DecisionReference


@dataclass(frozen=True, slots=True)
class Regraded(_Event):
    """The severity was changed."""

    severity: Severity


@dataclass(frozen=True, slots=True)
class Noted(_Event):
    """Somebody wrote a note, or the clock's verdict was recorded; the state does not change."""

    note: str = ""


FindingEvent = (
    Opened | Measured | Proposed | Decided | Completed | Signalled | Withdrawn | Resumed | Regraded | Noted
)
