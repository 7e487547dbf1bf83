"""Uploads in the database: the file, the pictures of its pages and what it proposes, all sealed."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.sealing import Lock, get_lock
from akashi.core.errors import ConflictError, NotFoundError
from akashi.domains.loans.desk_tables import page_table, proposal_table, upload_table
from akashi.domains.loans.measure.proposing import Proposal
from akashi.domains.loans.store import find_outline
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys

OPEN, CONFIRMED, REFUSED = "open", "confirmed", "refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """A paper that was handed in; ``warnings`` are message ids of what could not be read."""

    id: str
    application: str
    document: str
    at: datetime
    actor: str
    media_type: str
    size_bytes: int
    pages: int
    is_scanned: bool
    name: str = field(repr=False)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with what became of it: open, confirmed or refused."""

    id: str
    upload: str
    document: str
    state: str
    decided_by: str
    decided_at: datetime | None
    proposal: Proposal = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What was received, before it has an id."""

    document: str
    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)
    pictures: tuple[bytes, ...] = field(repr=False)
    proposals: tuple[Proposal, ...] = field(repr=False)
    warnings: tuple[str, ...]
    is_scanned: bool


def insert_upload(
    connection: Connection, keys: Keys, application_id: str, new: NewUpload, actor: str, now: datetime
) -> str:
    """Keep an upload with its pages and proposals and return its id. Raises: ConflictError: erased."""
    lock = _lock(connection, keys, application_id)
    upload_id = new_id("upl")
    told = {"name": new.name, "warnings": list(new.warnings)}
    content = {"content": base64.b64encode(new.content).decode()}
    connection.execute(
        sa.insert(upload_table).values(
            id=upload_id,
            application_id=application_id,
            document=new.document,
            at=now,
            actor=actor,
            media_type=new.media_type,
            size_bytes=len(new.content),
            pages=max(1, len(new.pictures)),
            is_scanned=new.is_scanned,
            removed_at=None,
            sealed=lock.close(told, f"loan/upload/{upload_id}"),
            sealed_file=lock.close(content, f"loan/upload/{upload_id}/file"),
        )
    )
    for number, picture in enumerate(new.pictures, 1):
        page = {"picture": base64.b64encode(picture).decode()}
        sealed = lock.close(page, f"loan/upload/{upload_id}/page/{number}")
        connection.execute(sa.insert(page_table).values(upload_id=upload_id, number=number, sealed=sealed))
    for proposal in new.proposals:
        _insert_proposal(connection, lock, application_id, upload_id, proposal)
    return upload_id


def _insert_proposal(
    connection: Connection, lock: Lock, application_id: str, upload_id: str, proposal: Proposal
) -> None:
    proposal_id = new_id("prp")
    told = {
        "value": proposal.value,
        "said": proposal.said,
        "area": list(proposal.area),
        "unit": proposal.unit,
    }
    connection.execute(
        sa.insert(proposal_table).values(
            id=proposal_id,
            upload_id=upload_id,
            application_id=application_id,
            item=proposal.item,
            page=proposal.page,
            state=OPEN,
            decided_by="",
            decided_at=None,
            sealed=lock.close(told, f"loan/proposal/{proposal_id}/{proposal.item}"),
        )
    )


def list_uploads(connection: Connection, keys: Keys, application_id: str) -> tuple[Upload, ...]:
    """Return the uploads of an application that were not removed, oldest first."""
    lock = _lock(connection, keys, application_id)
    table = upload_table.c
    columns = [column for column in table if column.name != "sealed_file"]
    query = sa.select(*columns).where(table.application_id == application_id, table.removed_at.is_(None))
    rows = connection.execute(query.order_by(table.at, table.id)).mappings()
    return tuple(_upload(lock, row) for row in rows)


def _upload(lock: Lock, row: Mapping[Any, Any]) -> Upload:
    told = lock.open(bytes(row["sealed"]), f"loan/upload/{row['id']}")
    return Upload(
        row["id"],
        row["application_id"],
        row["document"],
        row["at"],
        row["actor"],
        row["media_type"],
        row["size_bytes"],
        row["pages"],
        row["is_scanned"],
        told["name"],
        tuple(told["warnings"]),
    )


def read_picture(
    connection: Connection, keys: Keys, application_id: str, upload_id: str, number: int
) -> bytes:
    """Return the picture of a page (PNG). Raises: NotFoundError: it is not one of this application."""
    table = page_table.c
    query = (
        sa.select(table.sealed)
        .join(upload_table, upload_table.c.id == table.upload_id)
        .where(table.upload_id == upload_id, table.number == number)
        .where(upload_table.c.application_id == application_id, upload_table.c.removed_at.is_(None))
    )
    sealed = connection.execute(query).scalar()
    if sealed is None:
        raise NotFoundError("There is no such page.")
    lock = _lock(connection, keys, application_id)
    page = lock.open(bytes(sealed), f"loan/upload/{upload_id}/page/{number}")
    return base64.b64decode(page["picture"])


def read_file(
    connection: Connection, keys: Keys, application_id: str, upload_id: str
) -> tuple[Upload, bytes]:
    """Return an upload with its bytes as they were handed in. Raises: NotFoundError."""
    found = {one.id: one for one in list_uploads(connection, keys, application_id)}.get(upload_id)
    if found is None:
        raise NotFoundError("There is no such file.")
    query = sa.select(upload_table.c.sealed_file).where(upload_table.c.id == upload_id)
    sealed = connection.execute(query).scalar_one()
    kept = _lock(connection, keys, application_id).open(bytes(sealed), f"loan/upload/{upload_id}/file")
    return found, base64.b64decode(kept["content"])


def remove_upload(connection: Connection, application_id: str, upload_id: str, now: datetime) -> None:
    """Take an upload out of use and destroy its bytes. Raises: NotFoundError: there is none to remove."""
    table = upload_table.c
    where = sa.and_(table.id == upload_id, table.application_id == application_id, table.removed_at.is_(None))
    done = connection.execute(sa.update(upload_table).where(where).values(removed_at=now, sealed_file=b""))
    if not done.rowcount:
        raise NotFoundError("There is no such file.")
    connection.execute(sa.delete(page_table).where(page_table.c.upload_id == upload_id))
    connection.execute(sa.delete(proposal_table).where(proposal_table.c.upload_id == upload_id))


def list_proposals(connection: Connection, keys: Keys, application_id: str) -> tuple[Proposed, ...]:
    """Return what the papers propose, by upload and page."""
    lock = _lock(connection, keys, application_id)
    table = proposal_table.c
    query = (
        sa.select(proposal_table, upload_table.c.document)
        .join(upload_table, upload_table.c.id == table.upload_id)
        .where(table.application_id == application_id)
        .order_by(upload_table.c.at, table.page, table.id)
    )
    return tuple(_proposed(lock, row) for row in connection.execute(query).mappings())


def _proposed(lock: Lock, row: Mapping[Any, Any]) -> Proposed:
    told = lock.open(bytes(row["sealed"]), f"loan/proposal/{row['id']}/{row['item']}")
    left, top, right, bottom = (float(side) for side in told["area"])
    proposal = Proposal(
        row["item"], told["value"], told["said"], row["page"], (left, top, right, bottom), told["unit"]
    )
    return Proposed(
        row["id"],
        row["upload_id"],
        row["document"],
        row["state"],
        row["decided_by"],
        row["decided_at"],
        proposal,
    )


def decide_proposal(
    connection: Connection, application_id: str, proposal_id: str, state: str, actor: str, now: datetime
) -> None:
    """Keep what a person said of a proposal. Raises: ConflictError: it has been decided already."""
    table = proposal_table.c
    where = sa.and_(table.id == proposal_id, table.application_id == application_id, table.state == OPEN)
    values = {"state": state, "decided_by": actor, "decided_at": now}
    if not connection.execute(sa.update(proposal_table).where(where).values(**values)).rowcount:
        raise ConflictError("This has been decided already.", next_step="Open the page again.")


def count_uploads(connection: Connection, application_ids: Sequence[str]) -> dict[str, int]:
    """Return how many uploads each application has, without opening any."""
    table = upload_table.c
    query = (
        sa.select(table.application_id, sa.func.count())
        .where(table.application_id.in_(application_ids), table.removed_at.is_(None))
        .group_by(table.application_id)
    )
    return {application: int(count) for application, count in connection.execute(query)}


def _lock(connection: Connection, keys: Keys, application_id: str) -> Lock:
    return get_lock(connection, keys, find_outline(connection, application_id).conversation)
