"""The life of a finding and its treatments, as a pure function of what happened and of now.

Nothing here is stored: an acceptance that runs out reopens its finding at that moment because
``derive_status`` says so, whether or not anybody was awake to write it down. Events that cannot
apply (a decision on an expired treatment, a completion without the evidence it needs) change nothing.

Our reading of the source documents: what a treatment covered, it covers to the end of its last Tokyo
day; whenever something that was in force ends, the finding is open again until somebody answers anew,
even if another treatment goes on. Source: FSA request of 2026-05-22, annex 2 (7), on remaining risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from akashi.core.events import (
    Completed,
    Decided,
    FindingEvent,
    Measured,
    Opened,
    Proposed,
    Regraded,
    Resumed,
    Signalled,
    Withdrawn,
)
from akashi.core.moments import end_of_day
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Mitigation,
    Remediation,
    Severity,
    Stop,
    Treatment,
)


class FindingState(StrEnum):
    """Where a finding stands. Only ``CLOSED`` is the end, and a failing measurement undoes even that."""

    OPEN = "open"
    IN_TREATMENT = "in_treatment"
    REMEDIATED = "remediated"
    MITIGATED = "mitigated"
    ACCEPTED = "accepted"
    STOPPED = "stopped"
    REOPENED = "reopened"
    CLOSED = "closed"


UNANSWERED = frozenset(
    {FindingState.OPEN, FindingState.REOPENED, FindingState.IN_TREATMENT, FindingState.REMEDIATED}
)
"""What counts as an open finding on tiles and lists: nothing in force holds the risk yet."""


class TreatmentState(StrEnum):
    """Where a treatment stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CARRIED_OUT = "carried_out"
    IN_FORCE = "in_force"
    VERIFIED = "verified"
    FAILED = "failed"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


PENDING = frozenset({TreatmentState.PROPOSED, TreatmentState.AGREED})
ONGOING = PENDING | {TreatmentState.CARRIED_OUT, TreatmentState.IN_FORCE}


class Reason(StrEnum):
    """Why a finding was opened again."""

    EXPIRED = "expired"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    RESUMED = "resumed"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class TreatmentStatus:
    """One treatment and where it stands since when. ``answers``: it came after the last reopening."""

    id: str
    treatment: Treatment
    state: TreatmentState
    since: datetime
    answers: bool = True
    decision: DecisionReference | None = None

    @property
    def is_ongoing(self) -> bool:
        """Return whether it has not come to any end."""
        return self.state in ONGOING

    @property
    def ends_at(self) -> datetime | None:
        """Return the exact moment at which it stops holding by itself, or None."""
        if isinstance(self.treatment, Mitigation | Acceptance):
            return end_of_day(self.treatment.expires_on)
        return None

    @property
    def due_at(self) -> datetime:
        """Return the first moment at which it is late."""
        return end_of_day(self.treatment.due_on)

    def is_past_due(self, now: datetime) -> bool:
        """Return whether it should have been carried out (or decided) by now and was not."""
        return self.state in PENDING and now >= self.due_at


@dataclass(frozen=True, slots=True)
class Reopening:
    """When and why a finding was opened again, and by the end of which treatment."""

    at: datetime
    reason: Reason
    treatment_id: str = ""


@dataclass(frozen=True, slots=True)
class FindingStatus:
    """Where a finding stands at one moment. ``closed_by`` is the evidence that closed it."""

    finding_id: str
    opened_at: datetime
    severity: Severity
    evidence: tuple[Evidence, ...] = ()
    treatments: tuple[TreatmentStatus, ...] = ()
    reopenings: tuple[Reopening, ...] = ()
    closed_at: datetime | None = None
    closed_by: Evidence | None = None
    is_reopened: bool = False

    @property
    def state(self) -> FindingState:
        """Return the strongest thing that can truthfully be said of the finding."""
        if self.closed_by is not None:
            return FindingState.CLOSED
        answers = [one for one in self.treatments if one.is_ongoing and one.answers]
        if answers:
            return min((_state_given_by(one) for one in answers), key=_STRONGEST_FIRST.index)
        return FindingState.REOPENED if self.is_reopened else FindingState.OPEN

    @property
    def is_unanswered(self) -> bool:
        """Return whether it counts as an open finding."""
        return self.state in UNANSWERED

    def treatment(self, treatment_id: str) -> TreatmentStatus | None:
        """Return one treatment by id, or None."""
        return next((one for one in self.treatments if one.id == treatment_id), None)

    def is_past_due(self, now: datetime) -> bool:
        """Return whether any treatment is late."""
        return any(one.is_past_due(now) for one in self.treatments)


_STRONGEST_FIRST = (
    FindingState.STOPPED,
    FindingState.ACCEPTED,
    FindingState.MITIGATED,
    FindingState.REMEDIATED,
    FindingState.IN_TREATMENT,
)
_IN_FORCE_AS = {
    Stop: FindingState.STOPPED,
    Acceptance: FindingState.ACCEPTED,
    Mitigation: FindingState.MITIGATED,
}


def derive_status(finding_id: str, events: Iterable[FindingEvent], now: datetime) -> FindingStatus:
    """Return where the finding stands at ``now``; later events and other findings' events do not count.

    Events may come in any order; they apply by (moment, sequence). A treatment that runs out at the
    same moment as an event has already run out when the event applies.

    Raises: LookupError: the finding had not been opened by ``now``.
    """
    mine = [event for event in events if event.finding_id == finding_id and event.at <= now]
    ordered = sorted(mine, key=lambda event: (event.at, event.sequence))
    start = next((place for place, event in enumerate(ordered) if isinstance(event, Opened)), None)
    if start is None:
        raise LookupError(f"no finding {finding_id} at {now.isoformat()}")
    status = _open(ordered[start])
    for event in ordered[start + 1 :]:
        status = _apply(_run_out(status, event.at), event)
    return _run_out(status, now)


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that time alone did: a treatment expired, or became late, at exactly ``at``."""

    finding_id: str
    treatment_id: str
    kind: str
    at: datetime


def list_turns(status: FindingStatus, now: datetime) -> tuple[Turn, ...]:
    """Return what time did to the treatments by ``now``, in order; for ``tick`` to record once each.

    ``kind`` is ``expired`` or ``past_due``.
    """
    turns = [
        Turn(status.finding_id, one.id, kind, at)
        for one in status.treatments
        for kind, at in _turns(one, now)
    ]
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.treatment_id, turn.kind)))


def next_turn(status: FindingStatus) -> datetime | None:
    """Return the next moment at which time alone changes this status, counted from the status itself."""
    moments = [one.ends_at for one in status.treatments if one.is_ongoing and one.ends_at]
    return min(moments, default=None)


def _turns(one: TreatmentStatus, now: datetime) -> Iterator[tuple[str, datetime]]:
    if one.is_past_due(now):
        yield "past_due", one.due_at
    if one.state is TreatmentState.EXPIRED:
        yield "expired", one.since


def _state_given_by(one: TreatmentStatus) -> FindingState:
    if one.state is TreatmentState.IN_FORCE:
        return _IN_FORCE_AS[type(one.treatment)]
    return FindingState.REMEDIATED if one.state is TreatmentState.CARRIED_OUT else FindingState.IN_TREATMENT


def _open(event: FindingEvent) -> FindingStatus:
    if not isinstance(event, Opened):
        raise TypeError("a finding begins by being opened")
    return FindingStatus(event.finding_id, event.at, event.severity, event.evidence)


def _apply(status: FindingStatus, event: FindingEvent) -> FindingStatus:
    match event:
        case Proposed():
            return _propose(status, event)
        case Measured():
            return _measure(status, event)
        case Regraded():
            return replace(status, severity=event.severity)
        case Decided() | Completed() | Signalled() | Withdrawn() | Resumed():
            one = status.treatment(event.treatment_id)
            return status if one is None or status.closed_by else _apply_to_treatment(status, one, event)
        case _:
            return status


def _propose(status: FindingStatus, event: Proposed) -> FindingStatus:
    if status.closed_by or status.treatment(event.treatment_id):
        return status
    new = TreatmentStatus(event.treatment_id, event.treatment, TreatmentState.PROPOSED, event.at)
    return _run_out(replace(status, treatments=(*status.treatments, new)), event.at)


def _apply_to_treatment(
    status: FindingStatus, one: TreatmentStatus, event: Decided | Completed | Signalled | Withdrawn | Resumed
) -> FindingStatus:
    if not one.is_ongoing:
        return status
    match event:
        case Decided():
            return _decide(status, one, event)
        case Completed():
            return _complete(status, one, event)
        case Signalled():
            return _hear(status, one, event)
        case Withdrawn():
            return _withdraw(status, one, event)
        case Resumed():
            return _resume(status, one, event)


def _decide(status: FindingStatus, one: TreatmentStatus, event: Decided) -> FindingStatus:
    if one.state is not TreatmentState.PROPOSED:
        return status
    if not event.approved:
        ended = replace(one, state=TreatmentState.REJECTED, since=event.at, decision=event.decision)
        return _put(status, ended)
    is_acceptance = isinstance(one.treatment, Acceptance)
    state = TreatmentState.IN_FORCE if is_acceptance else TreatmentState.AGREED
    return _put(status, replace(one, state=state, since=event.at, answers=True, decision=event.decision))


def _complete(status: FindingStatus, one: TreatmentStatus, event: Completed) -> FindingStatus:
    match one.treatment:
        case Acceptance():
            return status
        case Mitigation() if not _unseen(status, event.evidence):
            return status
        case Remediation():
            state = TreatmentState.CARRIED_OUT
        case _:
            state = TreatmentState.IN_FORCE
    done = _put(status, replace(one, state=state, since=event.at, answers=True))
    return replace(done, evidence=(*done.evidence, *_unseen(done, event.evidence)))


def _hear(status: FindingStatus, one: TreatmentStatus, event: Signalled) -> FindingStatus:
    if (
        not isinstance(one.treatment, Mitigation | Acceptance)
        or event.signal not in one.treatment.lapse_signals
    ):
        return status
    return _end(status, one, TreatmentState.LAPSED, Reason.LAPSED, event.at)


def _withdraw(status: FindingStatus, one: TreatmentStatus, event: Withdrawn) -> FindingStatus:
    if isinstance(one.treatment, Stop) and one.state is TreatmentState.IN_FORCE:
        return status
    return _end(status, one, TreatmentState.WITHDRAWN, Reason.WITHDRAWN, event.at)


def _resume(status: FindingStatus, one: TreatmentStatus, event: Resumed) -> FindingStatus:
    if not isinstance(one.treatment, Stop) or one.state is not TreatmentState.IN_FORCE:
        return status
    decided = replace(one, decision=event.decision)
    return _end(_put(status, decided), decided, TreatmentState.ENDED, Reason.RESUMED, event.at)


def _measure(status: FindingStatus, event: Measured) -> FindingStatus:
    """A measurement counts if its evidence is new and was taken after what it speaks about."""
    if not _unseen(status, (event.evidence,)) or event.evidence.taken_at < _last_change(status):
        return status
    seen = replace(status, evidence=(*status.evidence, event.evidence))
    if event.passed:
        return seen if status.closed_by or _is_masked(status) else _close(seen, event)
    if status.closed_by:
        undone = replace(seen, closed_at=None, closed_by=None)
        return _reopen(undone, Reopening(event.at, Reason.MEASURED))
    return _fail_remediations(seen, event.at)


def _fail_remediations(status: FindingStatus, at: datetime) -> FindingStatus:
    for one in status.treatments:
        if one.state is TreatmentState.CARRIED_OUT:
            status = _end(status, one, TreatmentState.FAILED, Reason.MEASURED, at)
    return status


def _is_masked(status: FindingStatus) -> bool:
    """Return whether a mitigation or a stop, and no repair, may be why the wrong was not seen again."""
    states = {(type(one.treatment), one.state) for one in status.treatments}
    if (Remediation, TreatmentState.CARRIED_OUT) in states:
        return False
    return bool(states & {(kind, TreatmentState.IN_FORCE) for kind in (Mitigation, Stop)})


def _close(status: FindingStatus, event: Measured) -> FindingStatus:
    ended = tuple(_finish(one, event.at) for one in status.treatments)
    return replace(status, treatments=ended, closed_at=event.at, closed_by=event.evidence, is_reopened=False)


def _finish(one: TreatmentStatus, at: datetime) -> TreatmentStatus:
    if not one.is_ongoing:
        return one
    was_carried_out = one.state is TreatmentState.CARRIED_OUT
    return replace(one, state=TreatmentState.VERIFIED if was_carried_out else TreatmentState.ENDED, since=at)


def _last_change(status: FindingStatus) -> datetime:
    """Return the moment before which a measurement is old news: the last evidence or completion."""
    done = [one.since for one in status.treatments if one.state is TreatmentState.CARRIED_OUT]
    return max([*done, *(one.taken_at for one in status.evidence)], default=status.opened_at)


def _unseen(status: FindingStatus, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    known = {one.digest for one in status.evidence}
    return tuple(one for one in evidence if one.digest not in known)


def _run_out(status: FindingStatus, now: datetime) -> FindingStatus:
    """Return ``status`` after everything that ran out by ``now`` has done so, earliest first."""
    while True:
        over = [
            (end, one.id, one)
            for one in status.treatments
            if one.is_ongoing and (end := one.ends_at) and end <= now
        ]
        if not over:
            return status
        end, _, one = min(over, key=lambda item: item[:2])
        status = _end(status, one, TreatmentState.EXPIRED, Reason.EXPIRED, max(end, one.since))


def _end(
    status: FindingStatus, one: TreatmentStatus, state: TreatmentState, reason: Reason, at: datetime
) -> FindingStatus:
    """Return ``status`` with the treatment at its end; the finding reopens if it was more than a plan."""
    ended = _put(status, replace(one, state=state, since=at))
    return ended if one.state in PENDING else _reopen(ended, Reopening(at, reason, one.id))


def _reopen(status: FindingStatus, reopening: Reopening) -> FindingStatus:
    silent = tuple(replace(one, answers=False) for one in status.treatments)
    return replace(status, treatments=silent, reopenings=(*status.reopenings, reopening), is_reopened=True)


def _put(status: FindingStatus, changed: TreatmentStatus) -> FindingStatus:
    treatments = tuple(changed if one.id == changed.id else one for one in status.treatments)
    return replace(status, treatments=treatments)
