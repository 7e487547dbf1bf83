"""Rows as lines of JSON that mean the same on SQLite and PostgreSQL.

Bytes are base64, moments and days ISO 8601, exact numbers text. JSON columns are kept as the text that
the database holds.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from akashi.platform.database import Moment

Change: TypeAlias = Callable[[Any], Any] | None
"""How a value is changed on its way; None leaves it as it is."""


class Kind(StrEnum):
    """What a column holds, whatever the database calls it."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    MOMENT = "moment"
    DAY = "day"
    BYTES = "bytes"
    JSON = "json"
    EXACT = "exact"


_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (sa.JSON, Kind.JSON),
    (sa.Boolean, Kind.BOOLEAN),
    (sa.LargeBinary, Kind.BYTES),
    (sa.DateTime, Kind.MOMENT),
    (sa.Date, Kind.DAY),
    (sa.Float, Kind.FLOAT),
    (sa.Integer, Kind.INTEGER),
    (sa.Numeric, Kind.EXACT),
    (sa.String, Kind.TEXT),
)

_READ_AS: Mapping[Kind, sa.types.TypeEngine[Any]] = {
    Kind.TEXT: sa.Text(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.FLOAT: sa.Double(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.MOMENT: Moment(),
    Kind.DAY: sa.Date(),
    Kind.BYTES: sa.LargeBinary(),
}


def kind_of(column: sa.Column[Any]) -> Kind:
    """Return what a reflected column holds.

    Raises: TypeError: a type that does not exist on both databases, or a moment without its time zone.

    >>> kind_of(sa.Column("content", sa.LargeBinary))
    <Kind.BYTES: 'bytes'>
    """
    if isinstance(column.type, postgresql.TIMESTAMP) and not column.type.timezone:
        raise TypeError(f"{column}: a moment without time zone cannot be carried to another database")
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"{column}: columns of type {column.type} cannot be carried to another database")


def select_rows(table: sa.Table, dialect: str) -> sa.Select[Any]:
    """Return the query of all rows in an order that both databases share."""
    keys = list(table.primary_key.columns) or list(table.columns)
    order = [
        column.collate("C") if dialect == "postgresql" and kind_of(column) is Kind.TEXT else column
        for column in keys
    ]
    return sa.select(*(_readable(column, dialect) for column in table.columns)).order_by(*order)


def _readable(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    kind = kind_of(column)
    if kind in _READ_AS and not isinstance(column.type, sa.Enum):
        return sa.type_coerce(column, _READ_AS[kind])
    return sa.cast(column, sa.Text) if dialect == "postgresql" else sa.type_coerce(column, sa.types.NULLTYPE)


def insert_rows(table: sa.Table, dialect: str) -> sa.Insert:
    """Return the statement that writes decoded rows, given as mappings by column name."""
    return sa.insert(table).values({column.name: _writable(column, dialect) for column in table.columns})


def _writable(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    kind = kind_of(column)
    if kind in _READ_AS and not isinstance(column.type, sa.Enum):
        return sa.bindparam(column.name, type_=_READ_AS[kind])
    plain = sa.bindparam(column.name, type_=sa.Text())
    return sa.cast(plain, column.type) if dialect == "postgresql" else plain


def encode_row(row: Sequence[Any], encoders: Sequence[Change]) -> bytes:
    """Return one line: a JSON array of the values, with None for NULL."""
    return (
        orjson.dumps(
            [
                value if value is None or encode is None else encode(value)
                for value, encode in zip(row, encoders, strict=True)
            ]
        )
        + b"\n"
    )


def decode_row(
    line: bytes, names: Sequence[str], decoders: Sequence[Callable[[Any], Any] | None]
) -> dict[str, Any]:
    """Return the values of a line by column name. Raises: ValueError or TypeError: not such a line."""
    values = orjson.loads(line)
    return {
        name: value if value is None or decode is None else decode(value)
        for name, value, decode in zip(names, values, decoders, strict=True)
    }


def _write_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text column holds {type(value).__name__}")
    return value


def _write_integer(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"whole-number column holds {type(value).__name__}")
    return value


def _write_float(value: float) -> float | str:
    return value if value - value == 0 else str(value)


def _write_moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _read_bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


ENCODERS: Mapping[Kind, Change] = {
    Kind.TEXT: _write_text,
    Kind.INTEGER: _write_integer,
    Kind.FLOAT: _write_float,
    Kind.BOOLEAN: bool,
    Kind.MOMENT: _write_moment,
    Kind.DAY: date.isoformat,
    Kind.BYTES: _write_bytes,
    Kind.JSON: _write_text,
    Kind.EXACT: str,
}

DECODERS: Mapping[Kind, Change] = {
    Kind.TEXT: None,
    Kind.INTEGER: None,
    Kind.FLOAT: float,
    Kind.BOOLEAN: None,
    Kind.MOMENT: datetime.fromisoformat,
    Kind.DAY: date.fromisoformat,
    Kind.BYTES: _read_bytes,
    Kind.JSON: None,
    Kind.EXACT: None,
}
