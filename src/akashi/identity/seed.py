"""People of the sample institution, with roles that already count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError
from akashi.core.people import SYSTEM, Role
from akashi.identity.administrators import FOUNDED, administrator_ids
from akashi.identity.demo import SAMPLE
from akashi.identity.model import conflicting_role
from akashi.identity.people import PersonData, insert_person
from akashi.identity.records import note
from akashi.identity.roles import insert_grant
from akashi.identity.store import find_person
from akashi.platform.meta import read_meta, write_meta


def seed_people(connection: Connection, people: Iterable[Mapping[str, Any]], now: datetime) -> int:
    """Write the sample institution's people with confirmed roles; return how many were new.

    Each mapping holds ``id``, ``name``, ``kana``, ``romaji``, ``office`` and ``roles`` (a list), and may
    hold ``mail``. Whoever is there already stays as he is. The database must be marked as sample first,
    because these roles were agreed by nobody.

    Raises: ConflictError: the database is not marked as sample, or roles must not be combined.
    """
    if read_meta(connection, SAMPLE) != "yes":
        raise ConflictError("Sample people belong only into a database marked as sample.")
    made = sum(_seed_person(connection, entry, now) for entry in people)
    if read_meta(connection, FOUNDED) is None and len(administrator_ids(connection, now)) >= 2:
        write_meta(connection, FOUNDED, now.isoformat())
        note(connection, "founded", "identity", SYSTEM.id, now)
    return made


def _seed_person(connection: Connection, entry: Mapping[str, Any], now: datetime) -> bool:
    person_id = str(entry["id"])
    if find_person(connection, person_id) is not None:
        return False
    roles = [Role(word) for word in entry["roles"]]
    for role in roles:
        if (other := conflicting_role(role, roles)) is not None:
            raise ConflictError(
                "{role} must not be combined with {other}.",
                where=person_id,
                role=role.value,
                other=other.value,
            )
    fields = {name: str(entry.get(name, "")) for name in ("name", "kana", "romaji", "mail", "office")}
    insert_person(connection, SYSTEM.id, PersonData(**fields), now, person_id)
    for role in roles:
        insert_grant(connection, SYSTEM.id, person_id, role, now, now, None, SYSTEM.id)
    return True
