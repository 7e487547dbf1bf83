"""``akashi assistant differences`` and ``queries``: the difference report and the questions it asks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.assistant.difference_pages import list_rows
from akashi.domains.assistant.differences import Shift, What, compare_answers
from akashi.domains.assistant.query_store import list_queries, parse_queries, set_queries
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of
from akashi.platform.kit.catalogs import Translator
from akashi.platform.sheets import write_csv, write_xlsx


def differences(
    context: typer.Context,
    version_id: str,
    withdrawal: Annotated[bool, typer.Option("--withdrawal", help="As if it were withdrawn.")] = False,
    export: Annotated[Path | None, typer.Option(help="Also write *.csv or *.xlsx.", dir_okay=False)] = None,
    json: JsonOption = False,
) -> None:
    """Show which questions a version's approval or withdrawal would answer differently; exit 1 if any."""
    site = site_of(context)
    report = compare_answers(site, version_id, What.WITHDRAWAL if withdrawal else What.APPROVAL)
    if export is not None:
        rows = list(list_rows(report, Translator("en")))
        export.write_bytes(write_xlsx("Differences", rows) if export.suffix == ".xlsx" else write_csv(rows))
    if json:
        counts = {shift.value: report.count(shift) for shift in Shift}
        rows_ = [asdict(row) for row in report.rows]
        print_json({"version": version_id, "what": report.what, "same": report.same, **counts, "rows": rows_})
    else:
        for row in report.rows:
            typer.echo(f"{row.shift.value:8} {row.asked.shown}")
            for side, said in (("-", row.before), ("+", row.after)):
                typer.echo(f"  {side} {said.outcome.value} {said.title} {said.heading} {said.text[:60]!r}")
        typer.echo(f"{len(report.rows)} of {len(report.rows) + report.same} questions answered differently")
    if report.rows:
        raise typer.Exit(EXIT_FINDINGS)


def queries(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="CSV or XLSX, column text.", dir_okay=False)] = None,
    json: JsonOption = False,
) -> None:
    """Show the institution's labelled questions, or replace them from a file."""
    site = site_of(context)
    if path is not None:
        if not path.is_file():
            raise InputError("There is no such file.", where=str(path))
        texts = parse_queries(path.name, path.read_bytes())
        with site.database.write() as connection:
            set_queries(connection, texts, local_actor().id, site.now())
    with site.database.read() as connection:
        kept = list_queries(connection)
    if json:
        print_json({"queries": kept})
    else:
        typer.echo("\n".join(kept) or "No question is kept.")
