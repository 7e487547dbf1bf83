"""``akashi guard``: look at a text, mask it, unmask what one masked oneself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.guardrails.commands_hijack import app as fit_app
from akashi.domains.guardrails.guards import DEFAULT, FOLDER, guard_folder, open_guards, rule_text
from akashi.domains.guardrails.local_vault import (
    OWN,
    hold_file,
    open_sealed,
    read_file,
    seal_vault,
    write_file,
)
from akashi.domains.guardrails.masking import unmask
from akashi.domains.guardrails.proxy_commands import app as proxy_app
from akashi.domains.guardrails.screening import LONGEST
from akashi.domains.guardrails.views import describe_ruling, describe_span
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json, site_of
from akashi.platform.settings import read_settings

app = typer.Typer(no_args_is_help=True)
app.add_typer(fit_app)
app.add_typer(proxy_app)

TextFile = Annotated[
    Path | None, typer.Argument(help="A text file in UTF-8; standard input without one.", dir_okay=False)
]
UseCase = Annotated[
    str, typer.Option("--use-case", help="Whose policy holds; the default one where it has none.")
]
VaultFile = Annotated[Path, typer.Option("--vault", help="The sealed file that undoes the masking.")]


@app.callback()
def guard() -> None:
    """Find personal data and hijacking in a text before a model sees it."""


@app.command()
def check(path: TextFile = None, use_case: UseCase = DEFAULT, json: JsonOption = False) -> None:
    """Say what is in a text and whether it may go on; exit 1 when something was found."""
    text = read_text(path)
    ruling = rule_text(open_guards(read_settings().home / FOLDER), use_case, text)
    if json:
        print_json(describe_ruling(ruling))
    else:
        for one in ruling.found:
            typer.echo(f"{one.span.start}-{one.span.end}  {one.kind.value}  {one.reason}")
        if ruling.hijack.flagged:
            span = ruling.hijack.span
            typer.echo(f"{span.start}-{span.end}  hijack  {ruling.hijack.reason}")
        if not ruling.goes_on:
            typer.echo(f"{ruling.treatment}: " + " ".join(ruling.reasons))
    if ruling.found or ruling.hijack.flagged:
        raise typer.Exit(EXIT_FINDINGS)


@app.command()
def mask(
    context: typer.Context,
    vault: VaultFile,
    path: TextFile = None,
    use_case: UseCase = DEFAULT,
    json: JsonOption = False,
) -> None:
    """Print a text with placeholders; what they stand for goes sealed into the vault file."""
    site = site_of(context)
    text = read_text(path)
    with hold_file(vault):
        known = open_sealed(site.keys, read_file(vault), OWN) if vault.exists() else None
        ruling = rule_text(open_guards(guard_folder(site)), use_case, text, known)
        write_file(vault, seal_vault(site.keys, ruling.masked.vault, OWN))
    if json:
        spans = [describe_span(one) for one in ruling.masked.found]
        print_json({"text": ruling.masked.text, "spans": spans, "refused": not ruling.goes_on})
    else:
        typer.echo(ruling.masked.text, nl=False)


@app.command("restore", hidden=True)
@app.command("unmask")
def unmask_own(
    context: typer.Context, vault: VaultFile, path: TextFile = None, json: JsonOption = False
) -> None:
    """Print a text as it was before it was masked with this vault file of one's own.

    Conversations of customers cannot be unmasked here: their vaults never leave the database.
    """
    text = unmask(read_text(path), open_sealed(site_of(context).keys, read_file(vault), OWN))
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
