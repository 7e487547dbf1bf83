"""Kinds and their fields, read from ``data/kinds.toml``; records and their changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from akashi.core.errors import NotFoundError
from akashi.platform.rooms import package_folder

Value = str | int | float | bool | None
Values = Mapping[str, Value]


class FieldType(StrEnum):
    """What a field holds; each is parsed and written in ``fields``."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    BOOL = "bool"
    INTEGER = "integer"
    RATE = "rate"
    DATE = "date"
    REF = "ref"
    HOURS = "hours"
    EXCEPTIONS = "exceptions"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind; ``label``, ``help``, ``unit`` and the choices' titles are message ids."""

    name: str
    type: FieldType
    label: str
    help: str = ""
    unit: str = ""
    required: bool = False
    choices: Mapping[str, str] | None = None
    refers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record. ``subject`` is the word by which findings speak of it, if they may."""

    name: str
    label: str
    one: str
    lead: str
    title: tuple[str, ...]
    fields: tuple[Field, ...]
    code: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    subject: str = ""

    def field(self, name: str) -> Field:
        """Return one field. Raises: KeyError: there is none."""
        return {field.name: field for field in self.fields}[name]


class State(StrEnum):
    """Whether a record is in use; nothing is ever deleted."""

    ACTIVE = "active"
    RETIRED = "retired"


class Deed(StrEnum):
    """What a change was."""

    CREATED = "created"
    EDITED = "edited"
    IMPORTED = "imported"
    RETIRED = "retired"
    RESTORED = "restored"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it stands. ``code`` is its name among its kind, for ever."""

    kind: str
    code: str
    title: str
    values: Values
    version: int
    state: State
    updated_at: datetime
    updated_by: str

    @property
    def is_active(self) -> bool:
        """Return whether it is in use."""
        return self.state is State.ACTIVE


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a record: what was done, by whom, and the values from then on."""

    version: int
    deed: Deed
    values: Values
    state: State
    actor: str
    at: datetime


@cache
def list_kinds() -> Mapping[str, Kind]:
    """Return every kind by name, in the order of the file."""
    path = package_folder("akashi.register") / "data" / "kinds.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _read_kind(name, table) for name, table in tables.items()}


def find_kind(name: str) -> Kind:
    """Return one kind. Raises: NotFoundError: the register does not keep such records."""
    kinds = list_kinds()
    if name not in kinds:
        raise NotFoundError("The register keeps no {kind}.", where="register", kind=name)
    return kinds[name]


def _read_kind(name: str, table: Mapping[str, Any]) -> Kind:
    fields = tuple(_read_field(row) for row in table["field"])
    plain = {key: table[key] for key in ("label", "one", "lead")}
    return Kind(
        name=name,
        title=tuple(table["title"]),
        fields=fields,
        code=tuple(table.get("code", ())),
        order=tuple((first, last) for first, last in table.get("order", ())),
        subject=table.get("subject", ""),
        **plain,
    )


def _read_field(row: Mapping[str, Any]) -> Field:
    return Field(**{**row, "type": FieldType(row["type"]), "refers": tuple(row.get("refers", ()))})
