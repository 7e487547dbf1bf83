"""What conversations show elsewhere: tiles of the dashboard, checks of the doctor."""

from __future__ import annotations

import sqlalchemy as sa

from akashi.conversations.listing import count_waiting
from akashi.conversations.sealing import get_lock
from akashi.conversations.store import key_table, list_tombstones, tombstone_table
from akashi.conversations.tombstones import read_tombstones, tombstone_file
from akashi.core.display import Check, Health, Tile, Tone
from akashi.core.errors import EvidenceError
from akashi.core.people import Actor, Role
from akashi.platform.site import Site

WATCHERS = frozenset(
    {Role.OPERATOR, Role.PRIVACY_OFFICER, Role.COMPLIANCE_OFFICER, Role.EXECUTIVE, Role.AUDITOR}
)


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return how many conversations wait for a person, to those whom it concerns."""
    if not actor.roles & WATCHERS:
        return []
    with site.database.read() as connection:
        waiting, at_once = count_waiting(connection)
    tone = Tone.ALERT if at_once else Tone.NOTICE if waiting else Tone.CALM
    return [Tile("Wait for a person", waiting, "/conversations?state=waiting", "conversations", tone)]


def checks(site: Site) -> list[Check]:
    """Return whether the master key opens the newest conversation and the tombstones are whole."""
    return [_check_key(site), _check_tombstones(site)]


def _check_key(site: Site) -> Check:
    name = "conversations: master key"
    with site.database.read() as connection:
        newest = connection.execute(sa.select(key_table.c.conversation_id).limit(1)).scalar()
        if newest is None:
            return Check(name, Health.OK, "No conversation yet.")
        try:
            get_lock(connection, site.keys, newest)
        except EvidenceError as error:
            return Check(name, Health.FAILED, str(error), "Put back the master key of this database.")
    return Check(name, Health.OK, "The master key opens the conversations.")


def _check_tombstones(site: Site) -> Check:
    name = "conversations: tombstones"
    path = tombstone_file(site.settings)
    graveyard = read_tombstones(path, site.keys)
    with site.database.read() as connection:
        kept = list_tombstones(connection)
        unclear = list_tombstones(connection, tombstone_table.c.is_purged.is_(False))
    in_file = {stone.conversation_id for stone in graveyard.tombstones}
    missing = [stone for stone in kept if stone.conversation_id not in in_file]
    if graveyard.bad_lines:
        detail = f"{path}: {len(graveyard.bad_lines)} lines were not written under this master key."
        return Check(name, Health.FAILED, detail, "Put back the file that belongs to this master key.")
    if missing:
        detail = f"{path} lacks {len(missing)} tombstones that the database has."
        return Check(name, Health.WARNING, detail, "akashi conversations tombstones sync")
    if unclear:
        detail = f"{len(unclear)} erasures have not been purged from the database's own files yet."
        return Check(name, Health.WARNING, detail, "akashi tick")
    return Check(name, Health.OK, f"{len(kept)} tombstones, all beside the master key too.")
