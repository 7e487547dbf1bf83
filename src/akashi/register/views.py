"""What pages show of records: columns of a list, history of a record, circles of dependencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import Connection

from akashi.core.people import Role
from akashi.identity.store import list_people
from akashi.register import store
from akashi.register.forms import show_value
from akashi.register.graph import find_cycles
from akashi.register.model import Change, Deed, Entry, Field, FieldType, Kind, State, find_kind
from akashi.register.treat import list_links

DEED_TITLES = {
    Deed.CREATED: "Created",
    Deed.EDITED: "Changed",
    Deed.IMPORTED: "Imported",
    Deed.RETIRED: "Retired",
    Deed.RESTORED: "Taken into use again",
    Deed.UNDONE: "Last change undone",
}
LISTED_TYPES = frozenset(
    {FieldType.TEXT, FieldType.CHOICE, FieldType.REF, FieldType.BOOL, FieldType.DATE, FieldType.INTEGER}
)
LISTED_COLUMNS = 4
WRITERS = frozenset({Role.BUSINESS_OWNER, Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.SECURITY_OFFICER})
"""Who is offered buttons that change records; the role matrix decides."""
_SKIPPED = frozenset({"name_en", "kana"})

Titles = Mapping[tuple[str, str], str]


def record_path(entry: Entry) -> str:
    """Return the address of a record's page."""
    return f"/register/{entry.kind}/records/{quote(entry.code, safe='')}"


def list_columns(kind: Kind) -> tuple[Field, ...]:
    """Return the fields that a list shows beside the title."""
    shown = [
        field
        for field in kind.fields
        if field.type in LISTED_TYPES and field.name not in kind.title and field.name not in _SKIPPED
    ]
    return tuple(shown[:LISTED_COLUMNS])


def list_paths(kind: Kind, entry: Entry) -> dict[str, str]:
    """Return where each reference of a record leads, by field."""
    return {
        field: f"/register/{to_kind}/records/{quote(to_code, safe='')}"
        for field, to_kind, to_code in list_links(kind, entry.values)
    }


def list_history(
    kind: Kind, changes: Sequence[Change], titles: Titles, language: str
) -> list[dict[str, Any]]:
    """Return every version, newest first, with the fields in which it differs from the one before."""
    history = []
    for place, change in enumerate(changes):
        before = changes[place + 1].values if place + 1 < len(changes) else {}
        pairs = [
            (
                field.label,
                show_value(field, before, titles, language),
                show_value(field, change.values, titles, language),
            )
            for field in kind.fields
        ]
        differing = [pair for pair in pairs if pair[1] != pair[2]]
        history.append({"change": change, "title": DEED_TITLES[change.deed], "differing": differing})
    return history


def name_people(connection: Connection, language: str) -> dict[str, str]:
    """Return people's names by id."""
    return {person.id: person.label(language) for person in list_people(connection)}


def list_cycles(connection: Connection) -> tuple[tuple[str, ...], ...]:
    """Return the groups of records in use that depend on one another, by title."""
    titles = store.list_titles(connection)
    edges = list_edges(connection)
    groups = find_cycles((f"{a}:{b}", f"{c}:{d}") for (a, b), (c, d) in edges)
    return tuple(tuple(_title(titles, node) for node in group) for group in groups)


def list_edges(connection: Connection) -> tuple[tuple[tuple[str, str], tuple[str, str]], ...]:
    """Return the arrows among the records in use: (kind, code) depends on (kind, code)."""
    kind = find_kind("dependency")
    found = []
    for entry in store.list_entries(connection, "dependency", state=State.ACTIVE.value):
        ends = {field: (to_kind, to_code) for field, to_kind, to_code in list_links(kind, entry.values)}
        found.append((ends["source"], ends["target"]))
    return tuple(found)


def describe_entry(entry: Entry) -> dict[str, Any]:
    """Return one record for machines."""
    return {
        "kind": entry.kind,
        "code": entry.code,
        "title": entry.title,
        "state": entry.state.value,
        "version": entry.version,
        "updated_at": entry.updated_at.isoformat(),
        "values": dict(entry.values),
    }


def _title(titles: Titles, node: str) -> str:
    kind, _, code = node.partition(":")
    return titles.get((kind, code), code)
