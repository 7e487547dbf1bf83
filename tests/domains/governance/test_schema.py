"""The tables that the code means are the tables that migrations make."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from akashi.domains.governance.tables import metadata
from akashi.platform.database import Database


def _is_ours(_object: object, name: str | None, kind: str, *_: Any) -> bool:
    return kind != "table" or (name or "").startswith("governance_")


def test_migrations_make_the_tables_that_the_code_means(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, metadata) == []
