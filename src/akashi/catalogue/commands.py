"""Commands of the catalogue: look at requirements, and check that the cited texts are still the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.catalogue.coverage import count_words
from akashi.catalogue.describe import describe_entry
from akashi.catalogue.load import load_catalogue, shipped_catalogue
from akashi.catalogue.measure import (
    MOST_BYTES,
    Copied,
    Edition,
    SourceCheck,
    check_sources,
    check_text,
    find_copies,
)
from akashi.catalogue.model import Catalogue
from akashi.catalogue.register import RuleFile, import_rule
from akashi.catalogue.report import read_coverage
from akashi.catalogue.treat import Step
from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of

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
        list[Path] | None,
        typer.Argument(help="Texts to recognise by digest, or requirement files (.toml) to check."),
    ] = None,
    seeds: Annotated[Path | None, typer.Option(help="Folder with the texts that are cited.")] = None,
    json: JsonOption = False,
) -> None:
    """Recognise the cited editions by digest; exit 1 for another edition or for words that are copied."""
    own = [path for path in files or [] if path.suffix == ".toml"]
    texts = [path for path in files or [] if path.suffix != ".toml"]
    catalogue = load_catalogue(own) if own else shipped_catalogue()
    checks = list(check_sources(catalogue, seeds)) if seeds else []
    unknown = []
    for path in texts:
        found = check_text(catalogue, path.name, _read_bytes(path))
        checks += [found] if found else []
        unknown += [] if found else [path.name]
    copies = find_copies(catalogue, seeds) if seeds else ()
    if json:
        print_json(_describe_checks(catalogue, checks, unknown, copies))
    else:
        _print_checks(catalogue, checks, unknown, copies)
    if unknown or copies or any(not one.is_good and one.edition is not Edition.MISSING for one in checks):
        raise typer.Exit(EXIT_FINDINGS)


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="XLSX, CSV, DOCX or another document of the institution.")],
    code: Annotated[str, typer.Option(help="Short name, the same for every edition.")],
    title: Annotated[str, typer.Option(help="Title of the rule.")],
    edition: Annotated[str, typer.Option(help="Such as its date.")],
    issuer: Annotated[str, typer.Option(help="Who issued it.")] = "",
    json: JsonOption = False,
) -> None:
    """Import an edition of a rule of the institution."""
    site = site_of(context)
    handed = RuleFile(code, title, edition, issuer or title, file.name, _read_bytes(file))
    with site.database.write() as connection:
        done = import_rule(Step(connection, local_actor(), site.now()), handed, site.ports.read_headings)
    counts = {"added": len(done.added), "changed": len(done.changed), "removed": len(done.removed)}
    if json:
        print_json({"rule": done.rule.id, "code": code, "clauses": done.count, **counts})
        return
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    typer.echo(f"{title} [{edition}]: {done.count} clauses; {said}")


@app.command("coverage")
def show_coverage(
    context: typer.Context,
    standing: Annotated[str, typer.Option(help="not_met, met, recorded or nothing.")] = "",
    json: JsonOption = False,
) -> None:
    """Show which requirement is evidenced by what, since when, and which by nothing."""
    covered, failures = read_coverage(site_of(context))
    found = [one for one in covered if not standing or one.word == standing]
    if json:
        rows = [
            {"id": one.entry.id, "standing": one.word, "since": one.since.isoformat() if one.since else None}
            for one in found
        ]
        print_json({"counts": count_words(covered), "failures": list(failures), "requirements": rows})
        return
    for one in found:
        since = tokyo_day(one.since).isoformat() if one.since else "-"
        typer.echo(f"{one.entry.id:34} {one.word:9} {since:10} {one.entry.source.id} {one.entry.clause}")
    typer.echo(", ".join(f"{count} {word}" for word, count in count_words(covered).items()))
    for title in failures:
        typer.echo(f"could not say what it holds: {title}", err=True)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            "The file cannot be opened: {reason}.", where=path.name, reason=error.strerror
        ) from error
    if len(content) > MOST_BYTES:
        raise InputError(
            "The file is larger than {most} megabytes.", where=path.name, most=MOST_BYTES // 1024**2
        )
    return content


def _describe_checks(
    catalogue: Catalogue, checks: list[SourceCheck], unknown: list[str], copies: tuple[Copied, ...]
) -> dict[str, object]:
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
    return {
        "sources": len(catalogue.sources),
        "requirements": len(catalogue.entries),
        "checks": rows,
        "unknown": unknown,
        "copies": [{"requirement": one.entry_id, "field": one.field, "run": one.run} for one in copies],
    }


def _print_checks(
    catalogue: Catalogue, checks: list[SourceCheck], unknown: list[str], copies: tuple[Copied, ...]
) -> None:
    typer.echo(
        f"{len(catalogue.entries)} requirements from {len(catalogue.sources)} sources are well formed."
    )
    for one in checks:
        lost = f"; not found in the text: {', '.join(one.lost)}" if one.lost else ""
        typer.echo(f"{one.source.id}: {SAID[one.edition]}{lost}")
    for name in unknown:
        typer.echo(f"{name}: no source that the catalogue cites")
    for copied in copies:
        typer.echo(f"{copied.entry_id}: {copied.field} repeats the source: {copied.run}")
