"""Every kind of column survives the way through a line of JSON, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from akashi.platform.archive_rows import (
    DECODERS,
    ENCODERS,
    decode_row,
    encode_row,
    insert_rows,
    kind_of,
    select_rows,
)
from akashi.platform.database import Database, Moment

VALUES = st.tuples(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])) | st.none(),
    st.integers(-(2**63), 2**63 - 1) | st.none(),
    st.floats(allow_nan=False) | st.none(),
    st.booleans() | st.none(),
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)) | st.none(),  # noqa: DTZ001
    st.dates() | st.none(),
    st.binary() | st.none(),
    st.dictionaries(st.text("ab証"), st.integers() | st.text("ab証")),
    st.decimals(-(10**9), 10**9, places=2),
)


def make_table() -> sa.Table:
    """Return a table with one column of each kind."""
    return sa.Table(
        "every_kind",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text),
        sa.Column("whole", sa.BigInteger),
        sa.Column("real", sa.Float(53)),
        sa.Column("yes", sa.Boolean),
        sa.Column("moment", Moment),
        sa.Column("day", sa.Date),
        sa.Column("content", sa.LargeBinary),
        sa.Column("list", sa.JSON),
        sa.Column("exact", sa.Numeric(12, 2)),
    )


def read_lines(connection: sa.Connection) -> list[bytes]:
    """Return the lines of the table as a backup writes them."""
    table = sa.Table("every_kind", sa.MetaData(), autoload_with=connection)
    encoders = [ENCODERS[kind_of(column)] for column in table.columns]
    query = select_rows(table, connection.dialect.name)
    return [encode_row(row, encoders) for row in connection.execute(query)]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=20,
    deadline=None,
)
@given(st.lists(VALUES, max_size=5))
def test_rows_come_back_as_they_were(database: Database, rows: list[tuple[Any, ...]]) -> None:
    made = make_table()
    with database.write() as connection:
        made.drop(connection, checkfirst=True)
        made.create(connection)
        names = [column.name for column in made.columns]
        values = [dict(zip(names, (number, *row), strict=True)) for number, row in enumerate(rows)]
        if values:
            connection.execute(sa.insert(made), values)
        before, lines = connection.execute(sa.select(made).order_by(made.c.id)).all(), read_lines(connection)
        connection.execute(sa.delete(made))
        table = sa.Table("every_kind", sa.MetaData(), autoload_with=connection)
        decoders = [DECODERS[kind_of(column)] for column in table.columns]
        for line in lines:
            connection.execute(
                insert_rows(table, connection.dialect.name), [decode_row(line, names, decoders)]
            )
        assert connection.execute(sa.select(made).order_by(made.c.id)).all() == before
        assert read_lines(connection) == lines


def test_lines_are_the_same_on_both_databases(sqlite_database: Database, postgres_database: Database) -> None:
    row = (
        1,
        "証",
        2**53,
        0.1,
        True,
        datetime(2026, 4, 1, tzinfo=UTC),
        date(2026, 4, 1),
        b"\x00\xff",
        [1],
        Decimal("1.50"),
    )
    found = []
    for database in (sqlite_database, postgres_database):
        with database.write() as connection:
            make_table().create(connection)
            connection.execute(sa.insert(make_table()).values(row))
            found.append(read_lines(connection))
    assert found[0][0].replace(b'"1.5"', b'"1.50"') == found[1][0]
    assert found[1] == [
        b'[1,"\xe8\xa8\xbc",9007199254740992,0.1,true,"2026-04-01T00:00:00.000000Z","2026-04-01","AP8=","[1]","1.50"]\n'
    ]


def test_types_that_only_one_database_has_are_refused() -> None:
    with pytest.raises(TypeError, match="cannot be carried"):
        kind_of(sa.Column("span", sa.Interval))
    with pytest.raises(TypeError, match="without time zone"):
        kind_of(sa.Column("at", sa.dialects.postgresql.TIMESTAMP()))
