"""The migration makes exactly the tables that the queries expect."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from akashi.identity.store import metadata
from akashi.platform.database import Database


def test_migration_and_tables_agree(database: Database) -> None:
    names = set(metadata.tables)
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in names}
        )
        assert compare_metadata(context, metadata) == []
