"""The parts of the programme as they are kept; what is taken out stays in the table."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import NotFoundError
from akashi.domains.governance.programme.model import Item, ItemKind
from akashi.domains.governance.tables import programme_table


def insert_item(connection: Connection, item: Item) -> None:
    """Keep a part."""
    values = {"id": item.id, "kind": item.kind.value, "title": item.title, "values": dict(item.values)}
    connection.execute(
        sa.insert(programme_table).values({**values, "actor": item.actor, "at": item.at, "removed_at": None})
    )


def change_item(connection: Connection, item_id: str, values: dict[str, str]) -> None:
    """Keep other values of a part."""
    same = programme_table.c.id == item_id
    connection.execute(sa.update(programme_table).where(same).values({"values": values}))


def remove_item(connection: Connection, item_id: str, now: datetime) -> None:
    """Take a part out; it stays in the table."""
    same = programme_table.c.id == item_id
    connection.execute(sa.update(programme_table).where(same).values(removed_at=now))


def load_item(connection: Connection, item_id: str) -> Item:
    """Return a part that was not taken out. Raises: NotFoundError: there is none."""
    found = next(
        (one for items in list_items(connection).values() for one in items if one.id == item_id), None
    )
    if found is None:
        raise NotFoundError("There is no such part of the programme.", where="item")
    return found


def list_items(connection: Connection) -> dict[ItemKind, tuple[Item, ...]]:
    """Return the parts by kind, milestones by their day, the others in the order in which they were added."""
    table = programme_table.c
    query = sa.select(programme_table).where(table.removed_at.is_(None)).order_by(table.at, table.id)
    found: defaultdict[ItemKind, list[Item]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        kind = ItemKind(row["kind"])
        found[kind].append(Item(row["id"], kind, row["title"], row["values"], row["actor"], row["at"]))
    found[ItemKind.MILESTONE].sort(key=lambda one: one.values.get("due_on", ""))
    return {kind: tuple(found[kind]) for kind in ItemKind}
