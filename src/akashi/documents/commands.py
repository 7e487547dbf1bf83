"""``akashi documents``: add files as drafts, list and show them. Approving is for persons on the pages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.model import Version
from akashi.documents.register import Described, Outcome, add_paths
from akashi.documents.store import list_documents, list_versions, read_text
from akashi.platform.commands import EXIT_INPUT, JsonOption, local_actor, print_json, site_of

app = typer.Typer(no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Text, Markdown, HTML, CSV, XLSX, PDF, DOCX, PPTX.")],
    audience: Annotated[Audience, typer.Option(help="Who may read it.")] = Audience.STAFF,
    key: Annotated[str, typer.Option(help="Short name; taken from the file when empty.")] = "",
    title: Annotated[str, typer.Option(help="Title; taken from the file when empty.")] = "",
    effective_from: Annotated[str, typer.Option(help="First day, YYYY-MM-DD; today when empty.")] = "",
    effective_to: Annotated[str, typer.Option(help="Last day, YYYY-MM-DD; open when empty.")] = "",
    json: JsonOption = False,
) -> None:
    """Add files as draft versions; the same bytes again change nothing."""
    if (key or title) and len(paths) > 1:
        raise InputError("One key or title cannot name several files.", next_step="Add the files one by one.")
    described = Described(
        audience,
        key=key,
        title=title,
        effective_from=_read_day(effective_from, "--effective-from"),
        effective_to=_read_day(effective_to, "--effective-to"),
    )
    site = site_of(context)
    with Progress(console=Console(stderr=True), disable=json, transient=True) as progress:
        task = progress.add_task("", total=len(paths))
        outcomes = []
        for outcome in add_paths(
            site, paths, described, local_actor(), lambda name: progress.update(task, description=name)
        ):
            outcomes.append(outcome)
            progress.advance(task)
    _show_outcomes(outcomes, as_json=json)
    if any(outcome.error for outcome in outcomes):
        raise typer.Exit(EXIT_INPUT)


@app.command(name="list")
def list_(context: typer.Context, json: JsonOption = False) -> None:
    """List documents with their versions; a star marks what is answered from today."""
    site = site_of(context)
    with site.database.read() as connection:
        documents = list_documents(connection)
        versions = list_versions(connection)
        current = list_answerable(connection, Audience.STAFF, tokyo_day(site.now()))
    if json:
        facts = [
            {"key": document.key, "title": document.title, "audience": document.audience, "versions": [
                {**_describe(version), "answered_from": version.id in current}
                for version in versions if version.document_id == document.id
            ]}
            for document in documents
        ]  # fmt: skip
        print_json({"documents": facts})
        return
    for document in documents:
        typer.echo(f"{document.key}  {document.title}  [{document.audience}]")
        for version in versions:
            if version.document_id == document.id:
                star = "*" if version.id in current else " "
                until = version.effective_to or ""
                typer.echo(f"  {star} {version.number}  {version.state}  {version.effective_from}..{until}")


@app.command()
def show(context: typer.Context, version_id: str) -> None:
    """Print the text of one version, exactly as it is cited."""
    with site_of(context).database.read() as connection:
        typer.echo(read_text(connection, version_id))


def _show_outcomes(outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        print_json({"files": [_outcome_facts(outcome) for outcome in outcomes]})
        return
    for outcome in outcomes:
        if outcome.error is not None:
            typer.echo(str(outcome.error), err=True)
        elif outcome.added is not None:
            what = "added as a draft" if outcome.added.is_new else "known already, nothing changed"
            typer.echo(f"{outcome.name}: {what}, version {outcome.added.version.number}")
            for warning in outcome.added.version.warnings:
                typer.echo(f"  note: {warning}")
    if any(outcome.added and outcome.added.is_new for outcome in outcomes):
        typer.echo("Drafts are not answered from. Hand them in for approval on the page /documents.")


def _outcome_facts(outcome: Outcome) -> dict[str, object]:
    if outcome.added is None:
        return {"name": outcome.name, "error": str(outcome.error)}
    return {"name": outcome.name, "is_new": outcome.added.is_new, **_describe(outcome.added.version)}


def _describe(version: Version) -> dict[str, object]:
    return {
        "version_id": version.id,
        "number": version.number,
        "state": version.state,
        "source_digest": version.source_digest,
        "text_digest": version.text_digest,
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
        "warnings": [str(warning) for warning in version.warnings],
    }


def _read_day(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError as error:
        raise InputError(
            "{text} is not a date.", where=option, next_step="Write it as 2026-11-20.", text=text
        ) from error
