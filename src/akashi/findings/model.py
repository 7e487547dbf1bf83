"""What the room keeps and shows: findings with their ids, rows of the list, entries of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from akashi.core.events import FindingEvent
from akashi.core.lifecycle import FindingState
from akashi.core.moments import tokyo_day
from akashi.core.thread import Finding, Severity, digest_of


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding as the store knows it."""

    id: str
    finding: Finding
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """What ``open_finding`` did: ``is_new`` is false when the same finding was known already."""

    finding_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event with what only the store knows about it."""

    event: FindingEvent
    kind: str
    actor: str
    recorded_at: datetime
    details: dict[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, as it stands at the asked moment."""

    id: str
    room: str
    subject: str
    requirement_id: str
    title: str
    severity: Severity
    state: FindingState
    owner: str
    due_on: date | None
    ends_on: date | None
    is_past_due: bool
    opened_at: datetime

    @property
    def opened_on(self) -> date:
        """Return the Tokyo day on which it was opened."""
        return tokyo_day(self.opened_at)


class Due(StrEnum):
    """What the list may be narrowed to by date."""

    PAST = "past"
    SOON = "soon"
    EXPIRING = "expiring"


UNANSWERED_WORD = "unanswered"
"""The state filter that stands for every finding that nothing in force holds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty means everything. ``subject`` is written ``kind:id``."""

    room: str = ""
    severity: Severity | None = None
    state: str = ""
    owner: str = ""
    due: Due | None = None
    text: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """What is true of a finding from ``from_at`` until ``until_at`` if nothing else happens."""

    from_at: datetime
    until_at: datetime | None
    state: FindingState
    severity: Severity
    owner: str
    due_on: date | None
    due_at: datetime | None
    ends_on: date | None


def key_of(finding: Finding) -> str:
    """Return the digest under which the same finding is recognised again.

    Source, subject, requirement and fingerprint make the identity; severity and wording do not.
    """
    parts = (finding.room, finding.source, str(finding.subject), finding.requirement_id, finding.fingerprint)
    return digest_of("\x1f".join(parts).encode("utf-8", "surrogatepass"))
