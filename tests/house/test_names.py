"""Every name that a room exports can be loaded, and every package brings what it says."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import akashi
from akashi.house import list_rooms
from akashi.platform.database import Database, new_metadata
from akashi.platform.rooms import Room, load_name

HOOKS = ("front", "router", "commands", "tiles", "checks", "stop", "resume", "warm", "restored")


@pytest.mark.parametrize("room", list_rooms(), ids=lambda room: room.name)
def test_every_name_of_a_room_can_be_loaded(room: Room) -> None:
    names = [getattr(room, hook) for hook in HOOKS] + [duty.run for duty in room.duties]
    assert all(load_name(name) is not None for name in names if name)


def test_migrations_and_tables_agree(database: Database) -> None:
    whole = new_metadata()
    for table in list_tables():
        table.to_metadata(whole)
    with database.read() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": is_ours}), whole
        )
    assert differences == []


@cache
def list_tables() -> tuple[sa.Table, ...]:
    """Return every table that any module of the product describes, whichever of them other tests loaded."""
    found: dict[int, sa.MetaData] = {}
    for module in pkgutil.walk_packages(akashi.__path__, "akashi."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            values = vars(importlib.import_module(module.name)).values()
            found |= {id(value): value for value in values if isinstance(value, sa.MetaData)}
    return tuple(table for metadata in found.values() for table in metadata.tables.values())


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave Alembic's own table out."""
    return not (kind == "table" and name == "alembic_version")
