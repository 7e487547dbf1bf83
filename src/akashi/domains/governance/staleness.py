"""Which live use cases are no longer what was decided: looked up once a tick, said on every page of staff."""

from __future__ import annotations

from datetime import datetime

import orjson

from akashi.core.display import Notice
from akashi.domains.governance import store
from akashi.domains.governance.measure import is_stale, measure_phase, subject_digest
from akashi.domains.governance.model import Phase
from akashi.domains.governance.treat import find_present
from akashi.platform.kit import mark
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.site import Site

KEPT = "governance_stale"
STALE = mark("This AI use case is live, but no longer what was decided:")


def watch_decisions(site: Site, now: datetime) -> int:
    """Keep which live use cases are stale; return 1 when that changed.

    What stands behind a target is slow to learn, so pages read what the last tick found.
    """
    with site.database.read() as connection:
        events = store.events_by_use_case(connection)
        known = read_meta(connection, KEPT)
        live = [
            one
            for one in store.list_use_cases(connection)
            if measure_phase(events.get(one.code, ()), has_run=False) is Phase.LIVE
        ]
    stale = [
        [one.code, one.title, one.label("en")]
        for one in live
        if is_stale(events[one.code], subject_digest(one, find_present(site, one.code)))
    ]
    found = orjson.dumps(stale).decode()
    if found == (known or "[]"):
        return 0
    with site.database.write() as connection:
        write_meta(connection, KEPT, found)
    return 1


def list_notices(site: Site) -> list[Notice]:
    """Return a notice for each live use case whose decision is stale, as of the last tick."""
    with site.database.read() as connection:
        kept = read_meta(connection, KEPT)
    return [
        Notice(STALE, title, f"/governance/{code}", *english)
        for code, title, *english in orjson.loads(kept or "[]")
    ]
