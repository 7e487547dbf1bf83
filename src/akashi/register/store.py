"""Tables and queries of the register: records as they stand, every version of them, who refers to whom."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import NotFoundError
from akashi.core.thread import digest_of
from akashi.platform.database import Moment, new_metadata
from akashi.platform.ids import new_id
from akashi.register.model import Change, Deed, Entry, State

UPLOAD_HOURS = 2

metadata = new_metadata()

record_table = sa.Table(
    "register_record",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(128), primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
    sa.Column("updated_by", sa.String(128), nullable=False),
)

change_table = sa.Table(
    "register_change",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(128), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("deed", sa.String(16), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
)

link_table = sa.Table(
    "register_link",
    metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("code", sa.String(128), primary_key=True),
    sa.Column("field", sa.String(64), primary_key=True),
    sa.Column("to_kind", sa.String(32), nullable=False),
    sa.Column("to_code", sa.String(128), nullable=False),
    sa.Index("ix_register_link_to", "to_kind", "to_code"),
)

upload_table = sa.Table(
    "register_upload",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
)

Link = tuple[str, str, str]
"""Field, kind and code of a reference."""


def find_entry(connection: Connection, kind: str, code: str, *, lock: bool = False) -> Entry:
    """Return one record; ``lock`` keeps other writers off it until the transaction ends.

    Raises: NotFoundError: there is none.
    """
    query = sa.select(record_table).where(record_table.c.kind == kind, record_table.c.code == code)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("There is no record {code}.", where=kind, code=code)
    return _read_entry(row)


def has_entry(connection: Connection, kind: str, code: str) -> bool:
    """Return whether the record exists, retired or not."""
    query = sa.select(record_table.c.code).where(record_table.c.kind == kind, record_table.c.code == code)
    return connection.execute(query).scalar_one_or_none() is not None


def list_entries(
    connection: Connection,
    kind: str,
    *,
    text: str = "",
    state: str = "",
    sort: str = "title",
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[Entry, ...]:
    """Return the records of one kind whose words contain ``text``, sorted."""
    column = record_table.c[sort]
    query = sa.select(record_table).where(*_conditions(kind, text, state))
    query = query.order_by(column.desc() if descending else column, record_table.c.code)
    rows = connection.execute(query.limit(limit).offset(offset)).mappings()
    return tuple(_read_entry(row) for row in rows)


def count_entries(connection: Connection, kind: str, *, text: str = "", state: str = "") -> int:
    """Return how many records ``list_entries`` would return without a limit."""
    query = sa.select(sa.func.count()).select_from(record_table).where(*_conditions(kind, text, state))
    return int(connection.execute(query).scalar_one())


def list_titles(connection: Connection, kinds: Iterable[str] | None = None) -> dict[tuple[str, str], str]:
    """Return the titles of all records by kind and code."""
    query = sa.select(record_table.c.kind, record_table.c.code, record_table.c.title)
    if kinds is not None:
        query = query.where(record_table.c.kind.in_(sorted(kinds)))
    return {(kind, code): title for kind, code, title in connection.execute(query)}


def list_changes(connection: Connection, kind: str, code: str) -> tuple[Change, ...]:
    """Return every version of a record, newest first."""
    query = sa.select(change_table).where(change_table.c.kind == kind, change_table.c.code == code)
    rows = connection.execute(query.order_by(change_table.c.version.desc())).mappings()
    return tuple(_read_change(row) for row in rows)


def list_referrers(connection: Connection, kind: str, code: str) -> tuple[Entry, ...]:
    """Return the active records that refer to this one."""
    joined = record_table.join(
        link_table,
        sa.and_(link_table.c.kind == record_table.c.kind, link_table.c.code == record_table.c.code),
    )
    query = (
        sa.select(record_table)
        .select_from(joined)
        .where(link_table.c.to_kind == kind, link_table.c.to_code == code)
        .where(record_table.c.state == State.ACTIVE.value)
        .distinct()
        .order_by(record_table.c.kind, record_table.c.title)
    )
    return tuple(_read_entry(row) for row in connection.execute(query).mappings())


def insert_entry(connection: Connection, entry: Entry) -> None:
    """Add a record. The caller has made sure that its code is free."""
    connection.execute(sa.insert(record_table).values(_entry_values(entry)))


def update_entry(connection: Connection, entry: Entry) -> None:
    """Write a record's new version. The caller holds its lock."""
    same = sa.and_(record_table.c.kind == entry.kind, record_table.c.code == entry.code)
    connection.execute(sa.update(record_table).where(same).values(_entry_values(entry)))


def write_title(connection: Connection, kind: str, code: str, title: str) -> None:
    """Write a title that follows from another record's; not a change of its own."""
    same = sa.and_(record_table.c.kind == kind, record_table.c.code == code)
    connection.execute(sa.update(record_table).where(same).values(title=title))


def insert_change(connection: Connection, entry: Entry, deed: Deed) -> str:
    """Keep the record's present version for ever; return its salted digest for the ledger."""
    salt, content = secrets.token_hex(16), _write_content(entry)
    values = {
        "kind": entry.kind,
        "code": entry.code,
        "version": entry.version,
        "deed": deed.value,
        "content": content,
        "state": entry.state.value,
        "actor": entry.updated_by,
        "at": entry.updated_at,
        "salt": salt,
    }
    connection.execute(sa.insert(change_table).values(values))
    return digest_of((salt + content).encode())


def write_links(connection: Connection, kind: str, code: str, links: Iterable[Link]) -> None:
    """Replace the references of a record."""
    same = sa.and_(link_table.c.kind == kind, link_table.c.code == code)
    connection.execute(sa.delete(link_table).where(same))
    rows = [
        {"kind": kind, "code": code, "field": field, "to_kind": to_kind, "to_code": to_code}
        for field, to_kind, to_code in links
    ]
    if rows:
        connection.execute(sa.insert(link_table), rows)


def keep_upload(
    connection: Connection, kind: str, name: str, content: bytes, actor_id: str, now: datetime
) -> str:
    """Keep an uploaded file until its import is confirmed; old ones go. Return its id."""
    too_old = now - timedelta(hours=UPLOAD_HOURS)
    connection.execute(sa.delete(upload_table).where(upload_table.c.at < too_old))
    upload_id = new_id("upl")
    values = {"id": upload_id, "kind": kind, "name": name, "content": content, "actor": actor_id, "at": now}
    connection.execute(sa.insert(upload_table).values(values))
    return upload_id


def find_upload(connection: Connection, upload_id: str, kind: str, actor_id: str) -> tuple[str, bytes]:
    """Return name and content of a file that this very actor uploaded.

    Raises: NotFoundError: there is none, or no longer.
    """
    query = sa.select(upload_table.c.name, upload_table.c.content).where(
        upload_table.c.id == upload_id, upload_table.c.kind == kind, upload_table.c.actor == actor_id
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError(
            "The uploaded file is no longer here.", where="file", next_step="Upload it again."
        )
    return str(row.name), bytes(row.content)


def drop_upload(connection: Connection, upload_id: str) -> None:
    """Forget an uploaded file."""
    connection.execute(sa.delete(upload_table).where(upload_table.c.id == upload_id))


def _conditions(kind: str, text: str, state: str) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [record_table.c.kind == kind]
    if state:
        conditions.append(record_table.c.state == state)
    for word in text.split():
        columns = (record_table.c.title, record_table.c.code, record_table.c.content)
        conditions.append(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return conditions


def _entry_values(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "code": entry.code,
        "title": entry.title,
        "content": _write_content(entry),
        "version": entry.version,
        "state": entry.state.value,
        "updated_at": entry.updated_at,
        "updated_by": entry.updated_by,
    }


def _write_content(entry: Entry) -> str:
    return orjson.dumps(dict(entry.values), option=orjson.OPT_SORT_KEYS).decode()


def _read_entry(row: RowMapping) -> Entry:
    return Entry(
        row["kind"],
        row["code"],
        row["title"],
        orjson.loads(row["content"]),
        row["version"],
        State(row["state"]),
        row["updated_at"],
        row["updated_by"],
    )


def _read_change(row: RowMapping) -> Change:
    return Change(
        row["version"],
        Deed(row["deed"]),
        orjson.loads(row["content"]),
        State(row["state"]),
        row["actor"],
        row["at"],
    )
