"""The command ``akashi``: parses, calls one function, shows, and turns errors into exit codes."""

from __future__ import annotations

import gc
import logging
import os
import sys
from types import TracebackType
from typing import Annotated

import typer

from akashi import __version__
from akashi.cli.lazy import HouseGroup
from akashi.core.errors import AkashiError, EvidenceError, InputError
from akashi.house import lend_ports, list_rooms
from akashi.platform.rooms import call_name

EXIT_FINDINGS, EXIT_INPUT, EXIT_FAULT = 1, 2, 3
# Loading modules makes objects by the hundred thousand and no garbage: Python's 700 costs a fifth of a start.
NEW_OBJECTS_BEFORE_COLLECTION = 50_000

log = logging.getLogger("akashi")

app = typer.Typer(
    cls=HouseGroup,
    name="akashi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def show_version(wanted: bool) -> None:
    """Print the version and stop, before any command is looked for."""
    if wanted:
        typer.echo(f"akashi {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=show_version, is_eager=True),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more on standard error.")] = False,
) -> None:
    """Akashi (証): prove that a bank's generative AI is safe, and withstand its attackers."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    context.obj = SiteOpener()


class SiteOpener:
    """Opens the installation when a command first asks for it, and once only."""

    def __init__(self) -> None:
        self._site: object = None

    def __call__(self) -> object:
        """Return the installation. Raises: SetupError: it does not exist yet."""
        if self._site is None:
            settings = call_name("akashi.platform.settings:read_settings")
            ports = lend_ports(settings.home)
            self._site = call_name("akashi.platform.site:open_site", settings, list_rooms(), ports)
        return self._site


def run() -> None:
    """Run the command line: exit 0 done, 1 findings, 2 bad input, 3 our fault."""
    gc.set_threshold(NEW_OBJECTS_BEFORE_COLLECTION)
    sys.excepthook = report_fault
    sys.exit(run_with_codes())


def report_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that an unforeseen error is ours, with its trace for the log, and end with exit code 3."""
    log.error("unforeseen error", exc_info=(kind, error, trace))
    typer.echo(f"Something went wrong on our side ({kind.__name__}: {error}).", err=True)
    raise SystemExit(EXIT_FAULT)


def run_with_codes() -> int:
    """Run the command line and return its exit code."""
    try:
        app(standalone_mode=True)
    except SystemExit as exit_:
        return int(exit_.code or 0) if not isinstance(exit_.code, str) else EXIT_FAULT
    except InputError as error:
        return _say(str(error), EXIT_INPUT)
    except EvidenceError as error:
        return _say(str(error), EXIT_FINDINGS)
    except AkashiError as error:
        return _say(str(error), EXIT_INPUT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return 0


def _say(sentence: str, code: int) -> int:
    typer.echo(sentence, err=True)
    return code
