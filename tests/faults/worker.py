"""Adds, approves and asks without end, and says each id as soon as it is committed.

Started by the tests as ``python worker.py DATABASE_URL HOME NAME``; killed by them at any moment.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from akashi.core.people import SYSTEM  # noqa: E402
from akashi.core.thread import Audience  # noqa: E402
from akashi.documents.register import Described, add_file  # noqa: E402
from akashi.documents.treat import submit_version  # noqa: E402
from akashi.domains.assistant.talk import ask_in_conversation  # noqa: E402
from akashi.house import list_rooms  # noqa: E402
from akashi.platform.database import Database  # noqa: E402
from akashi.platform.keys import Keys  # noqa: E402
from akashi.platform.settings import Settings  # noqa: E402
from akashi.platform.site import Site  # noqa: E402
from akashi.sample.seed import list_actors, walk_route  # noqa: E402


def main(url: str, home: str, name: str) -> None:
    """Work until somebody ends this process."""
    settings = Settings(Path(home), Path(home) / "master.key", url)
    site = Site(settings, Database(url), Keys(bytes(range(32))), list_rooms())
    actors = list_actors()
    say("ready", "")
    for number in itertools.count():
        text = f"# 案内 {name}-{number}\n\n{name}番の{number}号の手続きは窓口で承ります。\n"
        key = f"{name}-{number}"
        added = add_file(site, f"{key}.md", text.encode(), Described(Audience.CUSTOMERS), SYSTEM)
        say("added", added.version.id)
        with site.database.write() as connection:
            matter = submit_version(connection, added.version.id, actors["isobe_mio"], site.now())
            walk_route(connection, matter, actors, site.now())
        say("approved", added.version.id)
        say("asked", ask_in_conversation(site, "", f"{name}番の{number}号の手続き", "ja"))


def say(what: str, value: str) -> None:
    """Tell the test what has been committed."""
    sys.stdout.write(f"{what} {value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
