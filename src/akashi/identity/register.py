"""People as CSV, in and out. Roles go out for the reader; they never come in by file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.core.people import Actor
from akashi.identity.people import PersonData, change_person, create_person
from akashi.identity.report import PersonView
from akashi.identity.store import find_person, lock_person

COLUMNS = ("id", "name", "kana", "romaji", "mail", "office")
INFORMATION = ("state", "roles", "passkey")
MOST_BYTES = 5_000_000
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a file; an empty id means a new person."""

    line: int
    id: str
    data: PersonData


@dataclass(frozen=True, slots=True)
class Imported:
    """How many persons a file brought and corrected."""

    created: int
    changed: int
    same: int


def write_people(views: Sequence[PersonView]) -> str:
    """Return everybody as CSV with a byte order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *INFORMATION])
    for view in views:
        person = view.person
        known = [getattr(person, name) for name in COLUMNS]
        roles = " ".join(role.value for role in view.roles)
        writer.writerow([*known, person.state.value, roles, view.passkey_state.name.lower()])
    return "\ufeff" + out.getvalue()


def read_people(content: bytes, name: str) -> list[PersonRow]:
    """Return the lines of a CSV file in UTF-8 or Shift_JIS; columns may stand in any order.

    ``name`` is required; ``id, kana, romaji, mail, office`` may be missing. What ``state``, ``roles``
    and ``passkey`` say is not read: access is never given by a file.

    Raises: InputError: names file and line, and what to do.
    """
    if len(content) > MOST_BYTES:
        raise InputError("The file is larger than {limit} MB.", where=name, limit=MOST_BYTES // 1_000_000)
    reader = csv.DictReader(io.StringIO(_decode(content, name), newline=""), strict=True)
    header = [(column or "").strip() for column in _read_header(reader, name)]
    reader.fieldnames = header
    if "name" not in header:
        raise InputError(
            "The column {column} is missing.",
            where=f"{name}:1",
            next_step="The first line must hold the column names; export the list to see them.",
            column="name",
        )
    unknown = sorted(set(header) - {*COLUMNS, *INFORMATION})
    if unknown:
        raise InputError("Unknown column: {column}.", where=f"{name}:1", column=", ".join(unknown))
    rows = list(_read_rows(reader, name))
    if not rows:
        raise InputError("The file holds no persons.", where=name, next_step="Choose another file.")
    return rows


def import_people(
    connection: Connection, actor: Actor, rows: Sequence[PersonRow], name: str, now: datetime
) -> Imported:
    """Create and correct persons, all or nothing; nobody is removed.

    Raises: InputError: an id is not known; ForbiddenError: not a confirmed administrator.
    """
    for person_id in sorted({row.id for row in rows if row.id}):
        if find_person(connection, person_id) is not None:
            lock_person(connection, person_id)
    counts = {"created": 0, "changed": 0, "same": 0}
    for row in rows:
        if not row.id:
            create_person(connection, actor, row.data, now)
            counts["created"] += 1
            continue
        before = find_person(connection, row.id)
        if before is None:
            raise InputError(
                "No person has the id {id}.",
                where=f"{name}:{row.line}",
                next_step="Leave the id empty for a new person.",
                id=row.id,
            )
        after = change_person(connection, actor, row.id, row.data, now)
        counts["same" if before == after else "changed"] += 1
    return Imported(**counts)


def _decode(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        "The file is neither UTF-8 nor Shift_JIS text.", where=name, next_step="Save it as CSV in UTF-8."
    )


def _read_header(reader: csv.DictReader[str], name: str) -> Sequence[str]:
    try:
        header = reader.fieldnames
    except csv.Error as error:
        raise InputError("The line is not CSV.", where=f"{name}:1") from error
    if not header:
        raise InputError("The file is empty.", where=name, next_step="Choose another file.")
    return header


def _read_rows(reader: csv.DictReader[str], name: str) -> Iterator[PersonRow]:
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise InputError("The line is not CSV.", where=f"{name}:{begins}") from error
        if values is None:
            return
        if reader.line_num > MOST_ROWS:
            raise InputError("The file has more than {limit} lines.", where=name, limit=MOST_ROWS)
        yield _read_row(values, name, reader.line_num)


def _read_row(values: Mapping[str | None, object], name: str, line: int) -> PersonRow:
    if None in values:
        raise InputError("The line has more fields than the first line.", where=f"{name}:{line}")
    known = {column: str(values.get(column) or "") for column in COLUMNS}
    person_id = known.pop("id").strip()
    try:
        return PersonRow(line, person_id, PersonData(**known).checked())
    except InputError as error:
        where = f"{name}:{line}: {error.where}"
        raise InputError(error.message, where=where, next_step=error.next_step, **error.values) from error
