"""Commands of the catalogue: look at requirements, and check that the cited texts are still the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.catalogue.load import load_catalogue, shipped_catalogue
from akashi.catalogue.measure import Edition, SourceCheck, check_sources
from akashi.catalogue.model import Catalogue
from akashi.catalogue.pages import describe_entry
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Requirements and their sources.")

SAID = {
    Edition.SAME: "the cited edition",
    Edition.CHANGED: "ANOTHER EDITION: read it and revise the requirements",
    Edition.MISSING: "not in this folder, not checked",
}


@app.command("list")
def list_entries(
    words: Annotated[str, typer.Option("--search", help="Only requirements with all these words.")] = "",
    source: Annotated[str, typer.Option(help="Only requirements of this source id.")] = "",
    json: JsonOption = False,
) -> None:
    """List the requirements."""
    found = shipped_catalogue().search(words, source)
    if json:
        print_json({"requirements": [describe_entry(entry) for entry in found]})
        return
    for entry in found:
        typer.echo(f"{entry.id:32} {entry.source.id} {entry.clause}\n    {entry.ja}")
    typer.echo(f"{len(found)} requirements")


@app.command("show")
def show_entry(
    entry_id: Annotated[str, typer.Argument(help="A requirement's id.")], json: JsonOption = False
) -> None:
    """Show one requirement."""
    entry = shipped_catalogue().find(entry_id)
    if json:
        print_json(describe_entry(entry))
        return
    reading = " (our reading)" if entry.our_reading else ""
    typer.echo(f"{entry.id}{reading}\n{entry.source.title_ja} [{entry.source.edition}] {entry.clause}")
    typer.echo(f"{entry.ja}\n{entry.en}\n証拠: {entry.evidence_ja}\nEvidence: {entry.evidence_en}")


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Requirement files; default: those shipped.")
    ] = None,
    seeds: Annotated[Path | None, typer.Option(help="Folder with the texts that are cited.")] = None,
    json: JsonOption = False,
) -> None:
    """Check requirement files, and the cited texts by digest; exit 1 when a text has changed."""
    catalogue = load_catalogue(files) if files else shipped_catalogue()
    checks = check_sources(catalogue, seeds) if seeds else ()
    if json:
        print_json(_describe_checks(catalogue, checks))
    else:
        _print_checks(catalogue, checks)
    if any(not one.is_good and one.edition is not Edition.MISSING for one in checks):
        raise typer.Exit(EXIT_FINDINGS)


def _describe_checks(catalogue: Catalogue, checks: tuple[SourceCheck, ...]) -> dict[str, object]:
    rows = [
        {
            "source": one.source.id,
            "edition": one.edition.value,
            "expected": one.source.sha256,
            "found": one.found_sha256,
            "lost": list(one.lost),
        }
        for one in checks
    ]
    return {"sources": len(catalogue.sources), "requirements": len(catalogue.entries), "checks": rows}


def _print_checks(catalogue: Catalogue, checks: tuple[SourceCheck, ...]) -> None:
    typer.echo(
        f"{len(catalogue.entries)} requirements from {len(catalogue.sources)} sources are well formed."
    )
    for one in checks:
        lost = f"; not found in the text: {', '.join(one.lost)}" if one.lost else ""
        typer.echo(f"{one.source.id}: {SAID[one.edition]}{lost}")
