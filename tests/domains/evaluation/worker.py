"""Goes on with a run in a process of its own, so that a test can kill it: URL HOME HOST RUN."""

from __future__ import annotations

import sys
from pathlib import Path

from akashi.core.people import SYSTEM
from akashi.domains.evaluation.running import continue_run
from akashi.house import list_rooms
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.settings import Settings
from akashi.platform.site import Site


def main(url: str, home: str, host: str, run: str) -> None:
    """Go on with the run until it is finished or somebody kills this process."""
    folder = Path(home)
    settings = Settings(folder, folder.parent / "master.key", url, allowed_hosts=(host,))
    site = Site(settings, Database(url), Keys(bytes(range(32))), list_rooms())
    print("ready", flush=True)
    continue_run(site, run, SYSTEM)


if __name__ == "__main__":
    main(*sys.argv[1:5])
