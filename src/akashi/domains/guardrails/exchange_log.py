"""The log of the proxy: what was asked of which model and what came of it, masked and sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import NotFoundError
from akashi.core.moments import tokyo_day
from akashi.domains.guardrails.callers import Caller
from akashi.domains.guardrails.exchange import Incoming, Outgoing
from akashi.domains.guardrails.store import exchange_table
from akashi.platform.ids import new_id
from akashi.platform.keys import Keys
from akashi.platform.site import Site

PURPOSE = "guardrails/exchange"
OPEN, STOPPED_IN, STOPPED_OUT, DONE, FAILED = "open", "stopped_in", "stopped_out", "done", "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the log. ``words`` are the masked messages and the masked reply; empty once deleted."""

    id: str
    day: date
    at: datetime
    use_case: str
    caller: str
    use_id: str
    model: str
    outcome: str
    tokens: int
    took_ms: int
    delete_on: date
    words: tuple[tuple[str, str], ...] = ()


def begin_exchange(
    connection: Connection, keys: Keys, caller: Caller, outgoing: Outgoing, keep_days: int, now: datetime
) -> str:
    """Log a request before anything goes out and return the exchange's id."""
    exchange_id = new_id("gex")
    row = {
        "id": exchange_id,
        "day": tokyo_day(now),
        "at": now,
        "use_case": caller.use_case,
        "caller": caller.id,
        "use_id": caller.use_id,
        "model": str(outgoing.talk.body["model"]),
        "outcome": OPEN if outgoing.goes_on else STOPPED_IN,
        "tokens": 0,
        "took_ms": 0,
        "delete_on": tokyo_day(now) + timedelta(days=keep_days),
        "sealed": _seal(keys, exchange_id, [(one["role"], one["content"]) for one in outgoing.messages]),
    }
    connection.execute(sa.insert(exchange_table).values(row))
    return exchange_id


def end_exchange(
    connection: Connection,
    keys: Keys,
    exchange_id: str,
    outcome: str,
    outgoing: Outgoing,
    reply: Incoming | None,
    tokens: int,
    took_ms: int,
) -> None:
    """Log how an exchange ended."""
    words = [(one["role"], one["content"]) for one in outgoing.messages]
    if reply is not None:
        words.append(("reply", reply.masked))
    values = {
        "outcome": outcome,
        "tokens": tokens,
        "took_ms": took_ms,
        "sealed": _seal(keys, exchange_id, words),
    }
    connection.execute(sa.update(exchange_table).where(exchange_table.c.id == exchange_id).values(values))


def read_exchange(connection: Connection, keys: Keys, exchange_id: str) -> Exchange:
    """Return one exchange with its masked words. Raises: NotFoundError."""
    row = (
        connection.execute(sa.select(exchange_table).where(exchange_table.c.id == exchange_id))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError("There is no such exchange.", where=exchange_id)
    words = _unseal(keys, exchange_id, row["sealed"])
    return _make(row, words)


def list_exchanges(
    connection: Connection, first: date, last: date, use_ids: Sequence[str] | None = None, most: int = 500
) -> list[Exchange]:
    """Return the newest exchanges of the days, without their words; of some applications, or of all."""
    table = exchange_table.c
    query = sa.select(exchange_table).where(table.day >= first, table.day <= last)
    if use_ids is not None:
        query = query.where(table.use_id.in_(list(use_ids)))
    rows = connection.execute(query.order_by(table.at.desc(), table.id).limit(most)).mappings()
    return [_make(row, ()) for row in rows]


def forget_words(site: Site, now: datetime) -> int:
    """Delete the words of exchanges whose time is over; the line stays. A duty, safe to repeat."""
    over = [exchange_table.c.delete_on < tokyo_day(now), exchange_table.c.sealed.is_not(None)]
    with site.database.write() as connection:
        return connection.execute(sa.update(exchange_table).where(*over).values(sealed=None)).rowcount


def _seal(keys: Keys, exchange_id: str, words: Sequence[tuple[str, str]]) -> bytes:
    return keys.seal(PURPOSE, orjson.dumps([list(one) for one in words]), exchange_id)


def _unseal(keys: Keys, exchange_id: str, sealed: bytes | None) -> tuple[tuple[str, str], ...]:
    if sealed is None:
        return ()
    return tuple(
        (role, text) for role, text in orjson.loads(keys.unseal(PURPOSE, bytes(sealed), exchange_id))
    )


def _make(row: Any, words: tuple[tuple[str, str], ...]) -> Exchange:
    return Exchange(**{name: row[name] for name in row if name != "sealed"}, words=words)
