"""The institution's labelled questions: what it wants to keep an eye on whenever a document changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.assistant.model import MAX_QUESTION
from akashi.domains.assistant.store import metadata
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.database import Moment
from akashi.platform.sheets import read_table

MOST_QUERIES = 5000

query_table = sa.Table(
    "assistant_query",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
)
"""Questions written by the institution, never by customers; ``id`` is the digest of the text."""


def parse_queries(name: str, content: bytes) -> list[str]:
    """Return the questions of a CSV or XLSX file with the column ``text``, each once, in order.

    Raises: InputError: no such column, an empty or too long question, or too many; names the row.
    """
    head, *rows = read_table(name, content)
    if "text" not in head:
        raise InputError("The file has no column called text.", where=name, next_step="Name it text.")
    column = head.index("text")
    found: dict[str, None] = {}
    for number, row in enumerate(rows, 2):
        text = row[column].strip() if column < len(row) else ""
        if not any(row):
            continue
        if not text or len(text) > MAX_QUESTION:
            raise InputError("Row {row} holds no question that can be asked.", where=name, row=number)
        found.setdefault(text)
    if len(found) > MOST_QUERIES:
        raise InputError("At most {most} questions can be kept.", where=name, most=MOST_QUERIES)
    return list(found)


def set_queries(connection: Connection, texts: Iterable[str], actor_id: str, now: datetime) -> int:
    """Replace the institution's questions and return how many there are now."""
    kept = {digest_of(text.encode()): text for text in texts}
    rows = [
        {"id": key, "place": place, "text": text, "added_at": now}
        for place, (key, text) in enumerate(kept.items())
    ]
    connection.execute(sa.delete(query_table))
    if rows:
        connection.execute(sa.insert(query_table), rows)
    payload: dict[str, JsonValue] = {"count": len(kept), "digest": digest_of(canonical_json(list(kept)))}
    append(connection, Record("assistant.queries_set", "assistant", actor_id, now, payload))
    return len(rows)


def list_queries(connection: Connection, most: int = MOST_QUERIES) -> list[str]:
    """Return the institution's questions in their order; above ``most`` evenly chosen ones."""
    query = sa.select(query_table.c.text).order_by(query_table.c.place)
    texts = [str(row.text) for row in connection.execute(query)]
    if len(texts) <= most:
        return texts
    return [texts[place * len(texts) // most] for place in range(most)]
