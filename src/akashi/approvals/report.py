"""What approvals show elsewhere: tiles of the dashboard, values for machines."""

from __future__ import annotations

from typing import Any

from akashi.approvals.model import Matter, State
from akashi.approvals.tasks import list_due, list_waiting
from akashi.core.display import Tile, Tone
from akashi.core.people import Actor
from akashi.platform.site import Site


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return how many matters wait for the reader, and how many conditions are overdue."""
    now = site.now()
    with site.database.read() as connection:
        waiting = list_waiting(connection, actor, now)
        overdue = [item for item in list_due(connection, now) if item.is_overdue]
    is_late = any(task.is_late for task in waiting)
    tone = Tone.ALERT if is_late else Tone.NOTICE if waiting else Tone.CALM
    return [
        Tile("My approval tasks", len(waiting), "/approvals", "matters", tone),
        Tile(
            "Overdue conditions",
            len(overdue),
            "/approvals/conditions",
            "conditions",
            Tone.ALERT if overdue else Tone.CALM,
        ),
    ]


def tell_matter(matter: Matter, state: State) -> dict[str, Any]:
    """Return a matter as values for machines."""
    subject = matter.draft.subject
    return {
        "id": matter.id,
        "title": matter.draft.title,
        "kind": matter.draft.kind,
        "risk": matter.draft.risk.value,
        "phase": state.phase.value,
        "number": state.number or None,
        "drafter": matter.drafter_id,
        "opened_at": matter.opened_at,
        "decided_at": state.decided_at,
        "approve_by": matter.approve_by,
        "round": state.round,
        "subject": {"room": subject.room, "id": subject.id, "digest": subject.digest},
        "open_conditions": len(state.conditions) - len(state.fulfilled),
    }
