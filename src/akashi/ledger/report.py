"""What the ledger shows of itself: a tile on the dashboard and its checks for the doctor."""

from __future__ import annotations

from datetime import timedelta

from akashi.core.display import Check, Health, Tile, Tone
from akashi.core.people import Actor
from akashi.ledger.store import last_checkpoint, last_verification, read_link
from akashi.ledger.verify import public_key_of, walk_recent
from akashi.platform.clock import TOKYO
from akashi.platform.site import Site

STALE_AFTER = timedelta(days=2)
"""A daily duty that has not run for two days has failed; our choice."""


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return the last verification: its day, calm when the chain was whole."""
    with site.database.read() as connection:
        newest = last_verification(connection)
    if newest is None:
        return [Tile("Ledger never verified", "—", "/ledger", tone=Tone.NOTICE)]
    if newest.fault:
        return [Tile("Ledger changed at entry", newest.fault.sequence, "/ledger", tone=Tone.ALERT)]
    day = newest.moment.astimezone(TOKYO).date().isoformat()
    return [Tile("Ledger verified", day, "/ledger")]


def checks(site: Site) -> list[Check]:
    """Return whether the newest part of the chain verifies and whether it is signed regularly."""
    with site.database.read() as connection:
        walk = walk_recent(connection, public_key_of(site))
        newest, (sequence, _digest) = last_checkpoint(connection), read_link(connection)
    if walk.fault:
        return [Check("ledger", Health.FAILED, str(walk.fault), "Run: akashi ledger verify")]
    is_stale = newest is not None and site.now() - newest.moment > STALE_AFTER
    if sequence and (newest is None or (is_stale and newest.sequence < sequence)):
        detail = f"{sequence} entries; the newest are not covered by a checkpoint"
        step = "Let akashi tick run daily, or run: akashi ledger checkpoint"
        return [Check("ledger", Health.WARNING, detail, step)]
    return [Check("ledger", Health.OK, f"{sequence} entries; those after the last checkpoint verify")]
