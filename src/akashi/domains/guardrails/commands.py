"""``akashi guard``: look at a text, mask it, unmask what one masked oneself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.guardrails.commands_hijack import app as fit_app
from akashi.domains.guardrails.local_vault import OWN, open_sealed, seal_vault
from akashi.domains.guardrails.masking import unmask
from akashi.domains.guardrails.proxy_commands import app as proxy_app
from akashi.domains.guardrails.screening import LONGEST, screen_text
from akashi.domains.guardrails.views import describe, describe_span
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json, site_of

app = typer.Typer(no_args_is_help=True)
app.add_typer(fit_app)
app.add_typer(proxy_app)

TextFile = Annotated[
    Path | None, typer.Argument(help="A text file in UTF-8; standard input without one.", dir_okay=False)
]
VaultFile = Annotated[Path, typer.Option("--vault", help="The sealed file that undoes the masking.")]


@app.callback()
def guard() -> None:
    """Find personal data and hijacking in a text before a model sees it."""


@app.command()
def check(path: TextFile = None, json: JsonOption = False) -> None:
    """Say what is in a text and whether it may go on; exit 1 when something was found."""
    text = read_text(path)
    verdict = screen_text(text)
    if json:
        print_json(describe(verdict))
    else:
        for one in verdict.masked.found:
            typer.echo(f"{one.span.start}-{one.span.end}  {one.kind.value}  {one.reason}")
        if verdict.refused:
            span = verdict.hijack.span
            typer.echo(f"{span.start}-{span.end}  hijack  {verdict.hijack.reason}")
    if verdict.masked.found or verdict.refused:
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def mask(context: typer.Context, vault: VaultFile, path: TextFile = None, json: JsonOption = False) -> None:
    """Print a text with placeholders; what they stand for goes sealed into the vault file."""
    site = site_of(context)
    text = read_text(path)
    known = open_sealed(site.keys, read_vault(vault), OWN) if vault.exists() else None
    verdict = screen_text(text, known)
    write_vault(vault, seal_vault(site.keys, verdict.masked.vault, OWN))
    if json:
        spans = [describe_span(one) for one in verdict.masked.found]
        print_json({"text": verdict.masked.text, "spans": spans, "refused": verdict.refused})
    else:
        typer.echo(verdict.masked.text, nl=False)


@app.command("restore", hidden=True)
@app.command("unmask")
def unmask_own(
    context: typer.Context, vault: VaultFile, path: TextFile = None, json: JsonOption = False
) -> None:
    """Print a text as it was before it was masked with this vault file of one's own.

    Conversations of customers cannot be unmasked here: their vaults never leave the database.
    """
    text = unmask(read_text(path), open_sealed(site_of(context).keys, read_vault(vault), OWN))
    if json:
        print_json({"text": text})
    else:
        typer.echo(text, nl=False)


def read_text(path: Path | None) -> str:
    """Return the text of a file or of standard input. Raises: InputError: too long or not UTF-8."""
    name = path.name if path else "stdin"
    try:
        raw = (path.open("rb") if path else sys.stdin.buffer).read(4 * LONGEST + 1)
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The file {name} cannot be read.", where=name, next_step="Save it as UTF-8.", name=name
        ) from error


def read_vault(path: Path) -> str:
    """Return the sealed vault in a file. Raises: InputError: it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("The file {name} cannot be read.", where=path.name, name=path.name) from error


def write_vault(path: Path, sealed: str) -> None:
    """Write a sealed vault that only its owner may read."""
    path.touch(mode=0o600, exist_ok=True)
    path.write_text(sealed + "\n", encoding="ascii")
