"""Every name that a room exports can be loaded, and every package brings what it says."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from akashi.house import list_rooms
from akashi.platform.database import Database, new_metadata
from akashi.platform.meta import metadata as platform_metadata
from akashi.platform.rooms import Room, load_name

HOOKS = ("front", "router", "commands", "tiles", "checks", "stop", "resume", "warm", "restored")


@pytest.mark.parametrize("room", list_rooms(), ids=lambda room: room.name)
def test_every_name_of_a_room_can_be_loaded(room: Room) -> None:
    names = [getattr(room, hook) for hook in HOOKS] + [duty.run for duty in room.duties]
    assert all(load_name(name) is not None for name in names if name)


PLATFORM_TABLES = ("akashi.platform.endpoint_use:metadata",)
"""Modules beside ``meta`` that add tables to the platform's metadata when they are loaded."""


def test_migrations_and_tables_agree(database: Database) -> None:
    assert all(load_name(name) is platform_metadata for name in PLATFORM_TABLES)
    whole = new_metadata()
    for table in platform_metadata.tables.values():
        table.to_metadata(whole)
    for room in list_rooms():
        for table in tables_of(room):
            table.to_metadata(whole)
    with database.read() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": is_ours}), whole
        )
    assert differences == []


def tables_of(room: Room) -> list[sa.Table]:
    """Return the tables of a room: those of the metadata in its store or tables module."""
    for module in ("tables", "store"):
        try:
            found: sa.MetaData = load_name(f"{room.package}.{module}:metadata")
        except (ModuleNotFoundError, AttributeError):
            continue
        return list(found.tables.values())
    return []


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave Alembic's own table out."""
    return not (kind == "table" and name == "alembic_version")
