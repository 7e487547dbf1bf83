"""What may be done to a record: create, edit, retire, restore, undo. Nothing is ever deleted.

Each function works in the caller's transaction, keeps every version, and leaves a ledger entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.order import hold_ledger
from akashi.ledger.store import append
from akashi.register import store
from akashi.register.fields import CODE, parse_value, split_reference, write_value
from akashi.register.model import Deed, Entry, FieldType, Kind, State, Value, Values, find_kind

JOIN_CODE = "--"
JOIN_TITLE = " → "


@dataclass(frozen=True, slots=True)
class Step:
    """Who does something, when, in which transaction."""

    connection: Connection
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """The values of a record, and what is wrong with them: (field, error) pairs."""

    values: Values
    errors: tuple[tuple[str, InputError], ...]


def check_texts(kind: Kind, texts: Mapping[str, str]) -> Checked:
    """Return what the texts mean and everything that is wrong with them; missing fields are empty."""
    values: dict[str, Value] = {}
    errors: list[tuple[str, InputError]] = []
    for field in kind.fields:
        try:
            values[field.name] = parse_value(field, texts.get(field.name, ""))
        except InputError as error:
            errors.append((field.name, error))
    errors += _check_order(kind, values)
    return Checked(values, tuple(errors))


def _check_order(kind: Kind, values: Values) -> list[tuple[str, InputError]]:
    found: list[tuple[str, InputError]] = []
    for first, last in kind.order:
        start, end = values.get(first), values.get(last)
        if isinstance(start, str) and isinstance(end, str) and end < start:
            found.append((last, InputError("This date comes before the first one.", where=last)))
    return found


def make_code(kind: Kind, code: str, values: Values) -> str:
    """Return the code given, or the one that the kind makes from its fields.

    Raises: InputError: none was given, or it is not a code.
    """
    made = code.strip() or JOIN_CODE.join(str(values.get(name) or "") for name in kind.code)
    made = made.replace(":", ".") if not code.strip() else made
    if not CODE.fullmatch(made):
        raise InputError(
            "A code has letters, digits, hyphens, dots and low lines, at most 128.", where="code"
        )
    return made


def create_entry(step: Step, kind_name: str, code: str, values: Values, deed: Deed = Deed.CREATED) -> Entry:
    """Add a record and return it.

    Raises: InputError: a reference leads nowhere; ConflictError: the code is taken.
    """
    kind = find_kind(kind_name)
    hold_ledger(step.connection)
    made = make_code(kind, code, values)
    if store.has_entry(step.connection, kind.name, made):
        raise ConflictError("The code {code} is taken.", where="code", code=made)
    check_references(step.connection, kind, values)
    title = make_title(step.connection, kind, values)
    entry = Entry(kind.name, made, title, dict(values), 1, State.ACTIVE, step.now, step.actor.id)
    store.insert_entry(step.connection, entry)
    _keep(step, kind, entry, deed)
    return entry


def edit_entry(
    step: Step, kind_name: str, code: str, values: Values, version: int, deed: Deed = Deed.EDITED
) -> Entry:
    """Write new values over version ``version`` and return the record; equal values change nothing.

    Raises: ConflictError: somebody else has written a newer version; InputError: a reference leads nowhere.
    """
    kind = find_kind(kind_name)
    before = _open(step, kind_name, code, version)
    if not before.is_active:
        raise ConflictError("The record is retired.", where="version", next_step="Restore it first.")
    if dict(values) == dict(before.values):
        return before
    check_references(step.connection, kind, values)
    return _write(step, kind, replace(before, values=dict(values)), deed)


def retire_entry(step: Step, kind_name: str, code: str, version: int) -> Entry:
    """Take a record out of use. Raises: ConflictError: others in use refer to it, or it has changed."""
    before = _open(step, kind_name, code, version)
    _check_unused(step.connection, kind_name, code)
    return _change_state(step, before, State.RETIRED, Deed.RETIRED)


def _check_unused(connection: Connection, kind_name: str, code: str) -> None:
    referrers = store.list_referrers(connection, kind_name, code)
    if referrers:
        names = "、".join(one.title for one in referrers[:5])
        raise ConflictError(
            "{count} records in use refer to this one: {names}.",
            where="references",
            next_step="Change or retire them first.",
            count=len(referrers),
            names=names,
        )


def restore_entry(step: Step, kind_name: str, code: str, version: int) -> Entry:
    """Take a retired record into use again. Raises: ConflictError, InputError: a reference."""
    before = _open(step, kind_name, code, version)
    check_references(step.connection, find_kind(kind_name), before.values)
    return _change_state(step, before, State.ACTIVE, Deed.RESTORED)


def undo_change(step: Step, kind_name: str, code: str, version: int) -> Entry:
    """Put a record back to the version before ``version``; undoing a creation retires it.

    The undone version stays in the history, and undoing twice brings it back.
    """
    before = _open(step, kind_name, code, version)
    changes = store.list_changes(step.connection, kind_name, code)
    if len(changes) < 2:
        return retire_entry(step, kind_name, code, version)
    earlier = changes[1]
    if earlier.state is State.RETIRED and before.is_active:
        _check_unused(step.connection, kind_name, code)
    kind = find_kind(kind_name)
    if earlier.state is State.ACTIVE:
        check_references(step.connection, kind, earlier.values)
    return _write(step, kind, replace(before, values=earlier.values, state=earlier.state), Deed.UNDONE)


def check_references(connection: Connection, kind: Kind, values: Values) -> None:
    """Make sure that every reference leads to a record in use.

    Raises: InputError: one does not; its field is the ``where``.
    """
    for field, to_kind, to_code in list_links(kind, values):
        found = store.has_entry(connection, to_kind, to_code)
        if not found or not store.find_entry(connection, to_kind, to_code).is_active:
            raise InputError("There is no {code} in use.", where=field, code=to_code)


def list_links(kind: Kind, values: Values) -> Iterator[store.Link]:
    """Yield the references among the values."""
    for field in kind.fields:
        value = values.get(field.name)
        if field.type is FieldType.REF and isinstance(value, str):
            to_kind, to_code = split_reference(field, value)
            yield field.name, to_kind, to_code


def make_title(connection: Connection, kind: Kind, values: Values) -> str:
    """Return how people call the record; a reference is called as its record is."""
    links = {field: (to_kind, to_code) for field, to_kind, to_code in list_links(kind, values)}
    parts = []
    for name in kind.title:
        if name in links and store.has_entry(connection, *links[name]):
            parts.append(store.find_entry(connection, *links[name]).title)
        else:
            parts.append(write_value(kind.field(name), values.get(name)))
    return JOIN_TITLE.join(parts)


def _open(step: Step, kind_name: str, code: str, version: int) -> Entry:
    hold_ledger(step.connection)
    before = store.find_entry(step.connection, kind_name, code, lock=True)
    if before.version != version:
        raise ConflictError(
            "Somebody else has changed this record meanwhile.",
            where="version",
            next_step="Look at the present values and repeat your change.",
        )
    return before


def _change_state(step: Step, before: Entry, state: State, deed: Deed) -> Entry:
    if before.state is state:
        raise ConflictError("The record is in that state already.", where="version")
    return _write(step, find_kind(before.kind), replace(before, state=state), deed)


def _write(step: Step, kind: Kind, entry: Entry, deed: Deed) -> Entry:
    title = make_title(step.connection, kind, entry.values)
    written = replace(
        entry, title=title, version=entry.version + 1, updated_at=step.now, updated_by=step.actor.id
    )
    store.update_entry(step.connection, written)
    _keep(step, kind, written, deed)
    return written


def _keep(step: Step, kind: Kind, entry: Entry, deed: Deed) -> None:
    store.write_links(step.connection, entry.kind, entry.code, list_links(kind, entry.values))
    digest = store.insert_change(step.connection, entry, deed)
    _retitle(step.connection, entry)
    subject = f"{entry.kind}:{entry.code}"
    payload: dict[str, JsonValue] = {"version": entry.version, "digest": digest}
    append(step.connection, Record(f"register.{deed.value}", subject, step.actor.id, step.now, payload))


def _retitle(connection: Connection, entry: Entry) -> None:
    """Let the titles of records that are called after this one follow it."""
    for one in store.list_referrers(connection, entry.kind, entry.code):
        kind = find_kind(one.kind)
        title = make_title(connection, kind, one.values)
        if title != one.title:
            store.write_title(connection, one.kind, one.code, title)
