"""What command lines share: the site behind a command, and output for people or machines."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from typing import Annotated, Any

import orjson
import typer

from akashi.core.people import Actor, ActorKind
from akashi.platform.site import Site

EXIT_DONE, EXIT_FINDINGS, EXIT_INPUT, EXIT_FAULT = 0, 1, 2, 3

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]


def site_of(context: typer.Context) -> Site:
    """Return the installation the command works on; it is opened on first use."""
    open_site: Callable[[], Site] = context.find_root().obj
    return open_site()


def local_actor() -> Actor:
    """Return the actor of a command line: it can neither decide, accept, unmask nor change roles."""
    return Actor(f"local:{getpass.getuser()}", ActorKind.LOCAL, name=getpass.getuser())


def print_json(value: Any) -> None:
    """Print one JSON object, sorted, on standard output."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(value, option=options).decode())
