"""A room's hook after a restore, for tests that watch it being called."""

from __future__ import annotations

import time

from akashi.platform.meta import write_meta
from akashi.platform.site import Site


def note_restore(site: Site) -> None:
    """Leave a note in the restored database."""
    with site.database.write() as connection:
        write_meta(connection, "test.restored", "yes")


def never_return(site: Site) -> None:
    """Wait for the end, so that a test can bring it about."""
    print("waiting", flush=True)
    time.sleep(600)
