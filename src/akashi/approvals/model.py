"""What is decided, by whom, on which way: routes, the authority table, matters and their events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from akashi.core.people import Role


class StepKind(StrEnum):
    """What happens on one step of a route. Source: DESIGN, "How a bank decides"."""

    DRAFT = "draft"
    CIRCULATION = "circulation"
    CONCURRENCE = "concurrence"
    DECISION = "decision"


class Risk(StrEnum):
    """How much can go wrong, as the authority table sizes it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Phase(StrEnum):
    """What a matter waits for, or how it ended."""

    CIRCULATION = "circulation"
    CONCURRENCE = "concurrence"
    DECISION = "decision"
    RETURNED = "returned"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


WAITING = frozenset({Phase.CIRCULATION, Phase.CONCURRENCE, Phase.DECISION})
UNDECIDED = WAITING | {Phase.RETURNED}


class Action(StrEnum):
    """What a person may do with a matter."""

    CIRCULATE = "circulate"
    CONCUR = "concur"
    DECIDE = "decide"
    RETURN = "return"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"


class EventKind(StrEnum):
    """What happened to a matter."""

    OPENED = "opened"
    CIRCULATED = "circulated"
    CONCURRED = "concurred"
    DECIDED = "decided"
    RETURNED = "returned"
    RESUBMITTED = "resubmitted"
    WITHDRAWN = "withdrawn"
    ATTACHED = "attached"
    FULFILLED = "fulfilled"
    CONDITION_OVERDUE = "condition_overdue"
    APPROVAL_OVERDUE = "approval_overdue"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route: one person who holds one of ``roles``.

    Steps of the same kind that follow each other form a stage and may be done in any order.
    The roles of the decision step come from the authority table.
    """

    kind: StepKind
    roles: frozenset[Role] = frozenset()
    title: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A way through the house, from 起案 to 決裁."""

    id: str
    title: str
    steps: tuple[Step, ...]
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """One line of the authority table 職務権限表: who decides this kind of matter at this size of risk.

    ``emergency`` names the roles that may act first and ask afterwards (事後承認); empty for most kinds,
    always empty for a resumption.
    """

    kind: str
    risk: Risk
    decider: Role
    route_id: str
    title: str = ""
    title_en: str = ""
    emergency: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a matter decides about: the owning room, its record and the SHA-256 of exactly what is decided."""

    room: str
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a drafter hands in.

    ``kind`` and ``risk`` are looked up in the authority table. ``link`` leads to the owning room's page
    or difference view. ``callback`` names ``(connection, outcome: Outcome) -> None``, run in the deciding
    transaction; ``digest_of`` names ``(connection, subject_id: str) -> str``, the subject's present digest.
    Both are ``module:name`` references into a room.
    """

    title: str
    kind: str
    risk: Risk
    subject: Subject
    summary: str = ""
    link: str = ""
    callback: str = ""
    digest_of: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a conditional approval 条件付承認 demands, from whom and until which Tokyo day (inclusive)."""

    id: str
    text: str
    owner_id: str
    due: date


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; a matter is the sum of its events.

    ``for_id`` is the person a deputy acted for. ``digest`` is the subject's on opening, resubmission and
    decision, and the file's on attaching. ``condition`` is the id of the condition that was fulfilled or
    became overdue.
    """

    sequence: int
    kind: EventKind
    actor_id: str
    at: datetime
    for_id: str = ""
    step: int | None = None
    reason: str = ""
    digest: str = ""
    number: str = ""
    condition: str = ""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is decided or waits for it, with everything that happened to it, oldest first.

    ``steps`` is a copy of the route on the day of opening, the decision step filled from the authority
    table; later changes of the tables do not touch it. ``approve_by`` is the due day of an approval
    after the fact, else None.
    """

    id: str
    draft: Draft
    route_id: str
    steps: tuple[Step, ...]
    drafter_id: str
    opened_at: datetime
    events: tuple[Event, ...]
    approve_by: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a matter stands after its events.

    ``done`` holds the steps done in this round; ``acted`` pairs (person, step) over all rounds, both for
    the acting person and for whom a deputy acted; ``fulfilled`` and ``overdue`` hold condition ids.
    """

    phase: Phase
    digest: str
    drafter_id: str
    round: int = 1
    done: frozenset[int] = frozenset({0})
    acted: frozenset[tuple[str, int]] = frozenset()
    number: str = ""
    decided_at: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    fulfilled: frozenset[str] = frozenset()
    marked_overdue: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand signs: the acting person, whom he acts for (empty: himself), and the roles that count."""

    actor_id: str
    roles: frozenset[Role]
    for_id: str = ""

    @property
    def persons(self) -> tuple[str, ...]:
        """Return everybody this hand stands for."""
        return (self.actor_id, self.for_id) if self.for_id else (self.actor_id,)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the owning room learns, in the same transaction: the matter after ``event``."""

    matter: Matter
    state: State
    event: Event


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept with a matter; its bytes are read separately."""

    id: str
    matter_id: str
    name: str
    size_bytes: int
    sha256: str
    added_by: str
    at: datetime
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Deputy:
    """A registered deputy 代理: acts for the principal from the first to the last Tokyo day, inclusive."""

    id: str
    principal_id: str
    deputy_id: str
    first_day: date
    last_day: date
    registered_by: str
    registered_at: datetime
    ended_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Return whether the deputy may act on ``day``."""
        return self.ended_at is None and self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Tables:
    """Routes and authority table together, as an institution ships them."""

    routes: tuple[Route, ...] = field(default=())
    authority: tuple[Authority, ...] = field(default=())
