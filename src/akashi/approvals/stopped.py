"""What is kept of a deliberate stop, and whether one is in force: all that the first page needs of stops."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.platform.database import Moment


def stop_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns of a room's table of stops; at most one of them is not resumed."""
    return (
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("stopped_at", Moment, nullable=False),
        sa.Column("stopped_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("matter_id", sa.Text, nullable=False),
        sa.Column("resumed_at", Moment),
    )


def find_stop(connection: Connection, table: sa.Table) -> sa.RowMapping | None:
    """Return the stop in force of a room's table, or None."""
    query = sa.select(table).where(table.c.resumed_at.is_(None))
    return connection.execute(query).mappings().first()
