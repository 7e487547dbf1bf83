"""What the ledger shows of itself: a tile on the dashboard and its checks for the doctor."""

from __future__ import annotations

from datetime import timedelta

from akashi.core.display import Check, Health, Tile, Tone
from akashi.core.people import Actor
from akashi.ledger.store import last_checkpoint, last_verification, read_link, standing_fault
from akashi.ledger.verify import public_key_of, walk_recent
from akashi.platform.clock import tokyo_day
from akashi.platform.site import Site

LATE_AFTER = timedelta(days=8)
"""The whole chain is verified every week; our choice."""

STALE_AFTER = timedelta(days=2)
"""A daily duty that has not run for two days has failed; our choice."""


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return the day on which the whole chain last verified, or where it was changed."""
    with site.database.read() as connection:
        whole, faulty = last_verification(connection, whole=True), standing_fault(connection)
    if faulty and faulty.fault:
        return [Tile("Ledger changed at entry", faulty.fault.sequence, "/ledger", tone=Tone.ALERT)]
    if whole is None:
        return [Tile("Ledger never verified", "—", "/ledger", tone=Tone.NOTICE)]
    is_late = site.now() - whole.moment > LATE_AFTER
    day = tokyo_day(whole.moment).isoformat()
    return [Tile("Ledger verified", day, "/ledger", tone=Tone.NOTICE if is_late else Tone.CALM)]


def checks(site: Site) -> list[Check]:
    """Return whether the newest part of the chain verifies and whether it is signed regularly."""
    with site.database.read() as connection:
        walk = walk_recent(connection, public_key_of(site))
        newest, (sequence, _digest) = last_checkpoint(connection), read_link(connection)
        faulty = standing_fault(connection)
    fault = walk.fault or (faulty.fault if faulty else None)
    if fault:
        return [Check("ledger", Health.FAILED, str(fault), "Run: akashi ledger verify")]
    is_stale = newest is not None and site.now() - newest.moment > STALE_AFTER
    if sequence and (newest is None or (is_stale and newest.sequence < sequence)):
        detail = f"{sequence} entries; the newest are not covered by a checkpoint"
        step = "Let akashi tick run daily, or run: akashi ledger checkpoint"
        return [Check("ledger", Health.WARNING, detail, step)]
    return [Check("ledger", Health.OK, f"{sequence} entries; those after the last checkpoint verify")]
