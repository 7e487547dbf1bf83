"""``demo``: the sample bank from nothing to served pages, with three questions answered on the way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Annotated

import typer

from akashi.cli.serve import print_addresses, serve_site
from akashi.core.errors import InputError
from akashi.house import lend_ports, list_rooms
from akashi.platform.installation import is_sample, prepare_installation
from akashi.platform.meta import read_meta
from akashi.platform.rooms import call_name
from akashi.platform.settings import read_settings
from akashi.platform.site import Site, open_site
from akashi.sample import SEEDED

app = typer.Typer(add_completion=False)
_SET_UP = "akashi.cli.sample:set_up"
_ANSWER = "akashi.cli.sample:answer_samples"


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Serve the pages beside the three questions.")] = True,
) -> None:
    """Set up the sample bank if it is not there, answer three questions, and serve until Ctrl-C."""
    site = open_sample()
    if not serve:
        call_name(_ANSWER, site)
        return
    with ExitStack() as stack:

        def answer_beside(_: Site) -> None:
            stack.callback(_answer_beside(site))

        serve_site(site, opened=answer_beside)


def _answer_beside(site: Site) -> Callable[[], None]:
    """Answer the three questions in a process of their own, so that the pages need not wait for them.

    Prints below the answers where the pages are. Returns what ends the process.
    """
    answers = subprocess.Popen([sys.executable, "-m", "akashi", "demo", "--no-serve"])

    def greet() -> None:
        if answers.wait() >= 0:
            print_addresses(site)

    def end() -> None:
        answers.terminate()
        answers.wait()

    threading.Thread(target=greet, daemon=True).start()
    return end


def open_sample() -> Site:
    """Return the sample installation, made on first use; what was added to it since is kept.

    Raises: InputError: the home holds a real institution.
    """
    settings = read_settings()
    prepare_installation(settings, list_rooms(), sample=True)
    site = open_site(settings, list_rooms(), lend_ports(settings.home))
    if not is_sample(site.database):
        raise InputError(
            "The database {label} is not the sample bank; nothing was changed.",
            where="AKASHI_HOME",
            next_step="Choose another folder, for example: AKASHI_HOME=/tmp/shiomi make run",
            label=site.database.label,
        )
    with site.database.read() as connection:
        is_seeded = read_meta(connection, SEEDED) is not None
    if not is_seeded:
        call_name(_SET_UP, site)
    return site
