"""Whether the stored events are still those that the ledger has witnessed, reasons included."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals import store
from akashi.approvals.matters import commitment
from akashi.core.display import Check, Health
from akashi.ledger.model import Entry
from akashi.ledger.store import entry_table
from akashi.platform.site import Site

CHECK = "approvals: events"


def find_changed(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield matter and sequence of every event that is changed, missing or unknown to the ledger."""
    witnessed = _read_commitments(connection)
    for matter in store.list_matters(connection):
        salts = store.read_salts(connection, matter.id)
        for event in matter.events:
            place = (matter.id, event.sequence)
            if witnessed.pop(place, "") != commitment(event, salts[event.sequence]):
                yield place
    yield from sorted(witnessed)


def checks(site: Site) -> list[Check]:
    """Return whether every event of every matter is what the ledger has witnessed."""
    with site.database.read() as connection:
        changed = list(find_changed(connection))
    if not changed:
        return [Check(CHECK, Health.OK, "Every event is what the ledger has witnessed.")]
    matter, sequence = changed[0]
    detail = f"{len(changed)} events differ from the ledger, the first is {sequence} of {matter}."
    return [Check(CHECK, Health.FAILED, detail, "Compare with a backup: akashi restore")]


def _read_commitments(connection: Connection) -> dict[tuple[str, int], str]:
    query = sa.select(entry_table).where(
        entry_table.c.kind.like("approvals.%"), entry_table.c.subject.like("mat\\_%", escape="\\")
    )
    found = {}
    for row in connection.execute(query).mappings():
        values = Entry(**row).values
        found[(row["subject"], int(str(values["sequence"])))] = str(values["commitment"])
    return found
