"""Asks, claims, answers, passes on and closes without end, and says each step as soon as it is committed.

Started by the tests as ``python console_worker.py DATABASE_URL HOME NAME``; killed by them at any moment.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from akashi.conversations.cases import Ending, Target, find_open_case, recall_case  # noqa: E402
from akashi.conversations.talk import find_by_token  # noqa: E402
from akashi.domains.assistant.console import (  # noqa: E402
    Composed,
    finish_case,
    open_case,
    pass_on,
    send_reply,
)
from akashi.domains.assistant.talk import ask_for_person, ask_in_conversation  # noqa: E402
from akashi.house import list_rooms  # noqa: E402
from akashi.platform.database import Database  # noqa: E402
from akashi.platform.keys import Keys  # noqa: E402
from akashi.platform.settings import Settings  # noqa: E402
from akashi.platform.site import Site  # noqa: E402
from akashi.sample.seed import list_actors  # noqa: E402


def main(url: str, home: str, name: str) -> None:
    """Work until somebody ends this process."""
    settings = Settings(Path(home), Path(home) / "master.key", url)
    site = Site(settings, Database(url), Keys(bytes(range(32))), list_rooms())
    actors = list_actors()
    first, second = actors["isobe_mio"], actors["hamada_sota"]
    say("ready", "")
    for number in itertools.count():
        token = ask_in_conversation(site, "", f"{name}の{number}番目のご相談", "ja")
        say("asked", token)
        ask_for_person(site, token, "ja")
        with site.database.read() as connection:
            case = find_open_case(connection, find_by_token(connection, token).id)
        if case is None:
            raise RuntimeError("the case is gone")
        open_case(site, case.id, first)
        say("claimed", case.id)
        sent = send_reply(site, case.id, first, Composed(f"{number}番目のお答え"))
        say("sent", f"{case.id} {sent.message}")
        target = Target(second.id) if number % 2 else Target(office="loan_department")
        pass_on(site, case.id, first, target, f"{number}の件", "引き継ぎました。")
        say("transferred", case.id)
        if target.office:
            with site.database.write() as connection:
                recall_case(connection, case.id, second, site.now())
            say("recalled", case.id)
            open_case(site, case.id, second)
        finish_case(site, case.id, second, Ending("solved"), "終わりました。")
        say("closed", case.id)


def say(what: str, value: str) -> None:
    """Tell the test what has been committed."""
    sys.stdout.write(f"{what} {value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
