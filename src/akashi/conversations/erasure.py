"""Erasure: destroy the key, overwrite the bodies, leave a tombstone here and beside the master key.

Order: (1) in one transaction the retention and hold are checked, the key destroyed, the bodies overwritten;
(2) before it commits, the tombstone is on disk beside the master key; (3) commit; (4) the database's own
leftovers are purged. A process that dies after (2) has decided: the next duty or restore repeats the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.model import ErasureReason, Tombstone
from akashi.conversations.purge import purge_leftovers
from akashi.conversations.retention import (
    check_confirmed,
    check_erasable,
    list_periods,
    past_period,
)
from akashi.conversations.store import (
    conversation_table,
    feedback_table,
    find_conversation,
    handover_table,
    hold_table,
    key_table,
    list_tombstones,
    lock_conversation,
    message_table,
    note_table,
    tombstone_table,
)
from akashi.conversations.tombstones import (
    append_tombstones,
    make_tombstone,
    read_tombstones,
    require_whole,
    tombstone_file,
)
from akashi.core.errors import ConflictError
from akashi.core.people import SYSTEM, Actor, Role
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

ERASERS = frozenset({Role.PRIVACY_OFFICER})
BATCH = 200


def erase_conversation(
    site: Site, conversation_id: str, reason: ErasureReason, actor: Actor, now: datetime
) -> Tombstone:
    """Erase one conversation for good and return its tombstone.

    Raises: ConflictError: under legal hold, still to be kept (says until when), or erased already;
    ForbiddenError: not the personal-data officer.
    """
    check_confirmed(actor, ERASERS, "Only the personal-data officer erases conversations.")
    stone = _erase(site, conversation_id, reason, actor.id, now)
    purge(site)
    return stone


def erase_due(site: Site, now: datetime) -> int:
    """Erase what is past its retention and not held, finish what was interrupted; return how many."""
    finished = apply_tombstones(site, _file_tombstones(site))
    erased = sum(_erase_if_due(site, conversation_id, now) for conversation_id in _list_due(site, now))
    purge(site)
    return finished + erased


def restored(site: Site) -> None:
    """Re-apply every tombstone after a restore: an older backup brings no erased conversation back.

    Tombstones that only the database knows are written to the file, so that both hold all of them.

    Raises: EvidenceError: lines of the file are not ours; the others have been applied.
    """
    path = tombstone_file(site.settings)
    graveyard = read_tombstones(path, site.keys)
    apply_tombstones(site, graveyard.tombstones)
    known = {stone.conversation_id for stone in graveyard.tombstones}
    with site.database.read() as connection:
        missing = [stone for stone in list_tombstones(connection) if stone.conversation_id not in known]
    append_tombstones(path, missing)
    purge(site)
    require_whole(graveyard, path)


def import_tombstones(site: Site, path: Path) -> int:
    """Apply and keep the tombstones of another machine's file; return how many were new here.

    Raises: EvidenceError: lines that this master key did not write; the others have been applied.
    """
    graveyard = read_tombstones(path, site.keys)
    own = tombstone_file(site.settings)
    known = {stone.conversation_id for stone in read_tombstones(own, site.keys).tombstones}
    new = [stone for stone in graveyard.tombstones if stone.conversation_id not in known]
    append_tombstones(own, new)
    apply_tombstones(site, new)
    purge(site)
    require_whole(graveyard, path)
    return len(new)


def apply_tombstones(site: Site, stones: Iterable[Tombstone]) -> int:
    """Erase again whatever is here although a tombstone stands for it; return how many conversations."""
    with site.database.read() as connection:
        known = {stone.conversation_id for stone in list_tombstones(connection)}
        alive = set(connection.execute(sa.select(key_table.c.conversation_id)).scalars())
    applied = 0
    for stone in stones:
        if stone.conversation_id in known and stone.conversation_id not in alive:
            continue
        with site.database.write() as connection:
            applied += _bury(connection, stone, "conversations.erasure_reapplied")
    return applied


def purge(site: Site) -> bool:
    """Clear what the database itself still holds of erased rows; return whether all is clear now."""
    with site.database.read() as connection:
        unclear = list_tombstones(connection, tombstone_table.c.is_purged.is_(False))
    if not unclear:
        return True
    if not purge_leftovers(site.database):
        return False
    ids = [stone.conversation_id for stone in unclear]
    with site.database.write() as connection:
        for start in range(0, len(ids), BATCH):
            chosen = tombstone_table.c.conversation_id.in_(ids[start : start + BATCH])
            connection.execute(sa.update(tombstone_table).where(chosen).values(is_purged=True))
    return True


def _erase_if_due(site: Site, conversation_id: str, now: datetime) -> int:
    try:
        _erase(site, conversation_id, ErasureReason.RETENTION_OVER, SYSTEM.id, now)
    except ConflictError:
        return 0
    return 1


def _erase(
    site: Site, conversation_id: str, reason: ErasureReason, erased_by: str, now: datetime
) -> Tombstone:
    with site.database.write() as connection:
        conversation = lock_conversation(connection, conversation_id)
        if conversation.erased_at is not None:
            raise ConflictError("This conversation has been erased.", where=conversation_id)
        check_erasable(connection, conversation, now)
        stone = make_tombstone(site.keys, conversation_id, now, reason, erased_by)
        _bury(connection, stone, "conversations.erased")
        append_tombstones(tombstone_file(site.settings), [stone])
    return stone


def _bury(connection: Connection, stone: Tombstone, kind: str) -> int:
    """Destroy one conversation's key and texts, keep the tombstone; return 1 if it was here."""
    conversation_id = stone.conversation_id
    if find_conversation(connection, conversation_id) is not None:
        lock_conversation(connection, conversation_id)
        _destroy(connection, conversation_id)
        connection.execute(
            sa.update(conversation_table)
            .where(conversation_table.c.id == conversation_id)
            .values(erased_at=stone.erased_at, token_hash=None)
        )
    connection.execute(sa.delete(tombstone_table).where(tombstone_table.c.conversation_id == conversation_id))
    connection.execute(
        sa.insert(tombstone_table).values(
            conversation_id=conversation_id,
            erased_at=stone.erased_at,
            reason=stone.reason.value,
            erased_by=stone.erased_by,
            digest=stone.digest,
            is_purged=False,
        )
    )
    payload = {"reason": stone.reason.value, "tombstone": stone.digest}
    append(connection, Record(kind, conversation_id, stone.erased_by, stone.erased_at, payload))
    return 1


def _destroy(connection: Connection, conversation_id: str) -> None:
    key = key_table.c.conversation_id == conversation_id
    size = connection.execute(sa.select(sa.func.length(key_table.c.sealed_key)).where(key)).scalar() or 0
    connection.execute(sa.update(key_table).where(key).values(sealed_key=secrets.token_bytes(size)))
    connection.execute(sa.delete(key_table).where(key))
    for table, column in (
        (message_table, "sealed"),
        (feedback_table, "sealed_reason"),
        (handover_table, "sealed_note"),
        (hold_table, "sealed_reason"),
        (note_table, "sealed"),
    ):
        chosen = table.c.conversation_id == conversation_id
        connection.execute(sa.update(table).where(chosen).values({column: b""}))


def _list_due(site: Site, now: datetime) -> list[str]:
    with site.database.read() as connection:
        queries = past_period(connection, list_periods(connection), now)
        return [str(one) for query in queries for (one,) in connection.execute(query.limit(BATCH))]


def _file_tombstones(site: Site) -> tuple[Tombstone, ...]:
    return read_tombstones(tombstone_file(site.settings), site.keys).tombstones
