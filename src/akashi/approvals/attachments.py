"""Files kept with a matter: minutes 議事録, committee papers, evidence. Bytes and SHA-256 in the database."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.deputies import deputy_hands
from akashi.approvals.matters import add_event
from akashi.approvals.measure import check_person, measure_state, open_steps
from akashi.approvals.model import Attachment, Event, EventKind, Hand, Matter
from akashi.approvals.store import attachment_table
from akashi.approvals.texts import clean_name
from akashi.core.errors import EvidenceError, ForbiddenError, InputError, NotFoundError
from akashi.core.people import Actor
from akashi.platform.ids import new_id

LIMIT_BYTES = 10 * 1024 * 1024
MOST_FILES = 20

_COLUMNS = [column for column in attachment_table.c if column.name != "content"]


def attach_file(
    connection: Connection,
    matter_id: str,
    name: str,
    content: bytes,
    actor: Actor,
    now: datetime,
    *,
    condition: str = "",
) -> Attachment:
    """Keep a file with a matter and return its entry; ``condition`` makes it evidence for that condition.

    For the drafter, whoever acted or may act on the matter now, and owners of its conditions.

    Raises: InputError: empty, larger than 10 MiB, or one file too many; ForbiddenError: not by this person.
    """
    check_person(actor)
    if not content:
        raise InputError("The file {name} is empty.", where="file", name=clean_name(name))
    if len(content) > LIMIT_BYTES:
        raise InputError("The file is larger than {limit} MiB.", where="file", limit=LIMIT_BYTES >> 20)
    matter = store.lock_matter(connection, matter_id)
    _check_part(connection, matter, actor, now)
    if len(list_attachments(connection, matter_id)) >= MOST_FILES:
        raise InputError("A matter keeps {limit} files at most.", where="file", limit=MOST_FILES)
    digest = hashlib.sha256(content).hexdigest()
    entry = Attachment(
        new_id("att"), matter_id, clean_name(name), len(content), digest, actor.id, now, condition
    )
    connection.execute(sa.insert(attachment_table).values(**_values(entry), content=content))
    event = Event(
        len(matter.events),
        EventKind.ATTACHED,
        actor.id,
        now,
        reason=entry.name,
        digest=digest,
        condition=condition,
    )
    add_event(connection, matter, event)
    return entry


def list_attachments(connection: Connection, matter_id: str) -> list[Attachment]:
    """Return the files of a matter, oldest first, without their bytes."""
    query = sa.select(*_COLUMNS).where(attachment_table.c.matter_id == matter_id)
    rows = connection.execute(query.order_by(attachment_table.c.at, attachment_table.c.id)).mappings()
    return [Attachment(**row) for row in rows]


def read_attachment(connection: Connection, matter_id: str, entry_id: str) -> tuple[Attachment, bytes]:
    """Return one file. Raises: NotFoundError; EvidenceError: its bytes are not those that were attached."""
    query = sa.select(attachment_table).where(
        attachment_table.c.id == entry_id, attachment_table.c.matter_id == matter_id
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such file.", where=entry_id)
    content = bytes(row["content"])
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise EvidenceError(f"The file {entry_id} is not what was attached: its SHA-256 differs.")
    return Attachment(**{name: value for name, value in row.items() if name != "content"}), content


def _check_part(connection: Connection, matter: Matter, actor: Actor, now: datetime) -> None:
    state = measure_state(matter.steps, matter.events)
    if actor.id in {person for person, _ in state.acted} | {item.owner_id for item in state.conditions}:
        return
    hands = [Hand(actor.id, actor.roles), *deputy_hands(connection, actor, now)]
    waiting = [matter.steps[index].roles for index in open_steps(matter.steps, state)]
    if not any(hand.roles & roles for hand in hands for roles in waiting):
        raise ForbiddenError("Only those who take part in this matter attach files.")


def _values(entry: Attachment) -> dict[str, object]:
    return {column.name: getattr(entry, column.name) for column in _COLUMNS}
