"""``tick``: writes down, once each, what time did to findings. The state itself never waits for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.core.events import Noted
from akashi.core.lifecycle import Turn, derive_status, list_turns
from akashi.findings import store
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site


def record_turns(site: Site, now: datetime) -> int:
    """Record expiries and missed due dates up to ``now``; return how many were new. Safe to repeat."""
    with site.database.read() as connection:
        waiting = store.list_turning(connection, now)
    return sum(_record_finding(site, finding_id, now) for finding_id in waiting)


def _record_finding(site: Site, finding_id: str, now: datetime) -> int:
    with site.database.write() as connection:
        store.load_finding(connection, finding_id, lock=True)
        events = store.list_events(connection, finding_id)
        turns = list_turns(derive_status(finding_id, events, now), now)
        new = [turn for turn in turns if _record_turn(connection, turn, now)]
        if new:
            store.write_phases(connection, finding_id, store.list_events(connection, finding_id))
        return len(new)


def _record_turn(connection: Connection, turn: Turn, now: datetime) -> bool:
    details: dict[str, object] = {"turn": turn.kind, "treatment_id": turn.treatment_id}
    event = Noted(turn.finding_id, turn.at, 0)
    if not store.insert_turn(connection, event, details, f"{turn.kind}:{turn.treatment_id}", now):
        return False
    payload = {"treatment": turn.treatment_id, "happened_at": turn.at.isoformat()}
    kind = f"findings.{turn.kind}"
    append(connection, Record(kind=kind, subject=turn.finding_id, actor="system", at=now, payload=payload))
    return True
