"""A finding's future if nothing happens: a few phases, so that a list at any moment is one query.

State is derived from events and now. Between two events it changes only when a treatment runs out, so
the whole function of time can be written down at each event, exactly; no clock has to tick for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from akashi.core.events import FindingEvent
from akashi.core.lifecycle import (
    PENDING,
    FindingState,
    FindingStatus,
    TreatmentState,
    TreatmentStatus,
    derive_status,
    next_turn,
)
from akashi.core.thread import Acceptance, Mitigation, Treatment
from akashi.findings.model import Phase

_HOLDING = frozenset({FindingState.ACCEPTED, FindingState.MITIGATED, FindingState.STOPPED})


def list_phases(finding_id: str, events: Sequence[FindingEvent]) -> tuple[Phase, ...]:
    """Return the phases from the last event on, in order; the last one has no end.

    The first begins at the opening, so that a list never misses a finding over a clock's few
    milliseconds; what was true before the last event is asked of ``derive_status``.
    """
    moment = max(event.at for event in events)
    status = derive_status(finding_id, events, moment)
    begins, phases = status.opened_at, []
    while True:
        turn = next_turn(status)
        phases.append(_describe(status, begins, turn))
        if turn is None:
            return tuple(phases)
        begins, status = turn, derive_status(finding_id, events, turn)


def _describe(status: FindingStatus, begins: datetime, until: datetime | None) -> Phase:
    state = status.state
    shown = _leading(status)
    pending = [one for one in status.treatments if one.state in PENDING]
    soonest = min(pending, key=lambda one: one.treatment.due_on, default=None)
    return Phase(
        begins,
        until,
        state,
        status.severity,
        owner=shown.treatment.owner if shown else "",
        due_on=soonest.treatment.due_on if soonest else None,
        due_at=soonest.due_at if soonest else None,
        ends_on=_expiry(shown.treatment) if shown and state in _HOLDING else None,
    )


def _leading(status: FindingStatus) -> TreatmentStatus | None:
    """Return the treatment whose owner answers for the finding now: in force first, else the newest."""
    ongoing = [one for one in status.treatments if one.is_ongoing]
    holding = [one for one in ongoing if one.state is TreatmentState.IN_FORCE]
    return next(reversed(holding or ongoing), None)


def _expiry(treatment: Treatment) -> date | None:
    return treatment.expires_on if isinstance(treatment, Mitigation | Acceptance) else None
