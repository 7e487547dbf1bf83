"""A process that asks in the generative mode and waits to be killed while the model is writing."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

from akashi.domains.assistant.generating_talk import ask_in_mode
from akashi.house import list_rooms
from akashi.platform.database import Database
from akashi.platform.keys import Keys
from akashi.platform.settings import Settings
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.endpoint.generative import GUARDS, MARRIED
from tests.endpoint.peer import Peer, with_endpoint


def main() -> None:
    """Ask, say that the model is writing, and wait."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    database = Database(f"sqlite:///{home / 'akashi.db'}")
    settings = Settings(home, home.parent / "master.key", str(database.url))
    site = Site(settings, database, Keys(bytes(range(32))), list_rooms(), clock=FrozenClock())
    living = replace(with_endpoint(site, Peer(port), total_seconds=30, idle_seconds=20), ports=GUARDS)
    asked = ask_in_mode(living, "", MARRIED, "ja")
    assert asked.run is not None
    asked.run.sentences.get(timeout=20)
    print(asked.token, flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
