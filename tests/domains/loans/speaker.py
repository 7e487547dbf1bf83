"""Says an application's sentences in a process of its own, to be killed by a test: URL HOME TOKEN FIRST."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from akashi.domains.loans.intake import say_in_application
from akashi.house import list_rooms
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.settings import Settings
from akashi.platform.site import Site
from tests.domains.loans.walking import WORKING

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""The moment at which the clock of the tests stands."""


def main(url: str, home: str, token: str, first: str) -> None:
    """Say every sentence from ``first`` on; each is told on standard output before it is said."""
    folder = Path(home)
    settings = Settings(folder, folder.parent / "master.key", url)
    site = Site(settings, Database(url), Keys(bytes(range(32))), list_rooms(), clock=lambda: NOW)
    for number, sentence in list(enumerate(WORKING.values()))[int(first) :]:
        print(number, flush=True)
        say_in_application(site, token, sentence, "ja")
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:5])
