"""The officer's work in the database: assessments, edits, papers as handed in, notes. All words sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.conversations.sealing import Lock, get_lock
from akashi.core.errors import NotFoundError
from akashi.core.thread import digest_of
from akashi.domains.loans.desk_tables import (
    assessment_table,
    edit_table,
    note_table,
    paper_table,
    upload_table,
)
from akashi.domains.loans.measure.edits import Edit
from akashi.domains.loans.measure.grounds import Author
from akashi.domains.loans.model import Origin, Value
from akashi.domains.loans.store import find_outline
from akashi.domains.loans.tables import application_table
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper as it was handed in."""

    revision: int
    at: datetime
    actor: str
    matter: str
    digest: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """Minutes, a call note, or the draft of a mail, with what was made of it."""

    id: str
    kind: str
    at: datetime
    actor: str
    content: Mapping[str, Any] = field(repr=False)


def add_assessment(
    connection: Connection, keys: Keys, application_id: str, value: Value, actor: str, now: datetime
) -> None:
    """Keep what the officer entered for an item, in place of what he entered before."""
    lock = _lock(connection, keys, application_id)
    number = _next(connection, assessment_table, assessment_table.c.number, application_id)
    told = {
        "value": value.value,
        "said": value.said,
        "origin": value.origin.value,
        "reference": value.reference,
    }
    connection.execute(
        sa.insert(assessment_table).values(
            application_id=application_id,
            number=number,
            item=value.item,
            at=now,
            actor=actor,
            sealed=lock.close(told, _assessment_place(application_id, number, value.item)),
        )
    )


def list_assessments(connection: Connection, keys: Keys, application_id: str) -> tuple[Value, ...]:
    """Return everything the officers entered, oldest first; the newest of an item counts."""
    lock = _lock(connection, keys, application_id)
    query = sa.select(assessment_table).where(assessment_table.c.application_id == application_id)
    found = []
    for row in connection.execute(query.order_by(assessment_table.c.number)).mappings():
        told = lock.open(bytes(row["sealed"]), _assessment_place(application_id, row["number"], row["item"]))
        found.append(
            Value(
                row["item"],
                told["value"],
                told["said"],
                Origin(told["origin"]),
                told["reference"],
                row["at"],
                confirmed=True,
            )
        )
    return tuple(found)


def add_edit(connection: Connection, keys: Keys, application_id: str, edit: Edit) -> int:
    """Keep one change of the draft and return its number (that of ``edit`` is not looked at)."""
    lock = _lock(connection, keys, application_id)
    number = _next(connection, edit_table, edit_table.c.number, application_id)
    told = {
        "text": edit.text,
        "basis": edit.basis,
        "base": edit.base,
        "name": edit.name,
        "author": edit.author.value,
    }
    connection.execute(
        sa.insert(edit_table).values(
            application_id=application_id,
            number=number,
            sentence=edit.sentence,
            at=edit.at,
            actor=edit.actor,
            sealed=lock.close(told, _edit_place(application_id, number, edit.sentence)),
        )
    )
    return number


def list_edits(connection: Connection, keys: Keys, application_id: str) -> tuple[Edit, ...]:
    """Return every change of the draft, oldest first."""
    lock = _lock(connection, keys, application_id)
    query = sa.select(edit_table).where(edit_table.c.application_id == application_id)
    found = []
    for row in connection.execute(query.order_by(edit_table.c.number)).mappings():
        told = lock.open(bytes(row["sealed"]), _edit_place(application_id, row["number"], row["sentence"]))
        found.append(
            Edit(
                row["number"],
                row["sentence"],
                told["text"],
                told["basis"],
                told["base"],
                row["actor"],
                told["name"],
                row["at"],
                Author(told["author"]),
            )
        )
    return tuple(found)


def add_paper(
    connection: Connection,
    keys: Keys,
    application_id: str,
    content: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> int:
    """Keep a paper as it is handed in and return its revision, counted from 1."""
    lock = _lock(connection, keys, application_id)
    revision = _next(connection, paper_table, paper_table.c.revision, application_id)
    connection.execute(
        sa.insert(paper_table).values(
            application_id=application_id,
            revision=revision,
            at=now,
            actor=actor,
            matter_id="",
            digest=digest_of(canonical_json({"application": application_id, "revision": revision})),
            sealed=lock.close(content, f"loan/{application_id}/paper/{revision}"),
        )
    )
    return revision


def set_paper(
    connection: Connection, application_id: str, revision: int, *, matter: str, digest: str
) -> None:
    """Keep on which matter a paper goes its way, and the digest that is decided."""
    table = paper_table.c
    where = sa.and_(table.application_id == application_id, table.revision == revision)
    connection.execute(sa.update(paper_table).where(where).values(matter_id=matter, digest=digest))


def find_paper(connection: Connection, keys: Keys, application_id: str) -> Kept | None:
    """Return the paper that was handed in last, or None."""
    table = paper_table.c
    query = sa.select(paper_table).where(table.application_id == application_id)
    row = connection.execute(query.order_by(table.revision.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    lock = _lock(connection, keys, application_id)
    content = lock.open(bytes(row["sealed"]), f"loan/{application_id}/paper/{row['revision']}")
    return Kept(row["revision"], row["at"], row["actor"], row["matter_id"], row["digest"], content)


def find_matter(connection: Connection, application_id: str) -> str:
    """Return the newest matter on which a paper of this application goes, or an empty text."""
    table = paper_table.c
    query = sa.select(table.matter_id).where(table.application_id == application_id, table.matter_id != "")
    return str(connection.execute(query.order_by(table.revision.desc()).limit(1)).scalar() or "")


def present_digest(connection: Connection, application_id: str) -> str:
    """Return the digest of everything a paper is drafted from, without opening any of it.

    Every change of the application, of what the officer entered or edited, and every upload counts up a
    number that is in it: approvals refuse to go on when it is no longer what was handed in.
    """
    counted = {
        "application": application_id,
        "changes": connection.execute(
            sa.select(application_table.c.events).where(application_table.c.id == application_id)
        ).scalar(),
        "assessments": _last(connection, assessment_table, assessment_table.c.number, application_id),
        "edits": _last(connection, edit_table, edit_table.c.number, application_id),
        "papers": _last(connection, paper_table, paper_table.c.revision, application_id),
        "uploads": sorted(
            str(one)
            for one in connection.execute(
                sa.select(upload_table.c.id).where(
                    upload_table.c.application_id == application_id, upload_table.c.removed_at.is_(None)
                )
            ).scalars()
        ),
    }
    return digest_of(canonical_json(counted))


def add_note(
    connection: Connection,
    keys: Keys,
    application_id: str,
    kind: str,
    content: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> str:
    """Keep a note and return its id."""
    note_id = new_id("lnt")
    lock = _lock(connection, keys, application_id)
    connection.execute(
        sa.insert(note_table).values(
            id=note_id,
            application_id=application_id,
            kind=kind,
            at=now,
            actor=actor,
            sealed=lock.close(content, f"loan/note/{note_id}/{kind}"),
        )
    )
    return note_id


def list_notes(connection: Connection, keys: Keys, application_id: str) -> tuple[Note, ...]:
    """Return the notes of an application, newest first."""
    lock = _lock(connection, keys, application_id)
    table = note_table.c
    query = sa.select(note_table).where(table.application_id == application_id)
    return tuple(
        Note(
            row["id"],
            row["kind"],
            row["at"],
            row["actor"],
            lock.open(bytes(row["sealed"]), f"loan/note/{row['id']}/{row['kind']}"),
        )
        for row in connection.execute(query.order_by(table.at.desc(), table.id)).mappings()
    )


def find_note(connection: Connection, keys: Keys, application_id: str, note_id: str) -> Note:
    """Return one note. Raises: NotFoundError."""
    for note in list_notes(connection, keys, application_id):
        if note.id == note_id:
            return note
    raise NotFoundError("There is no such note.")


def _next(connection: Connection, table: sa.Table, column: sa.Column[Any], application_id: str) -> int:
    find_outline(connection, application_id, lock=True)
    return _last(connection, table, column, application_id) + 1


def _last(connection: Connection, table: sa.Table, column: sa.Column[Any], application_id: str) -> int:
    query = sa.select(sa.func.max(column)).where(table.c.application_id == application_id)
    return int(connection.execute(query).scalar() or 0)


def _lock(connection: Connection, keys: Keys, application_id: str) -> Lock:
    return get_lock(connection, keys, find_outline(connection, application_id).conversation)


def _assessment_place(application_id: str, number: int, item: str) -> str:
    return f"loan/{application_id}/assessment/{number}/{item}"


def _edit_place(application_id: str, number: int, sentence: str) -> str:
    return f"loan/{application_id}/edit/{number}/{sentence}"
