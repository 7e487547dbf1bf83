"""Commands of findings: reading only; the command line can neither treat nor accept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.core.lifecycle import FindingState
from akashi.core.thread import Severity
from akashi.findings import store
from akashi.findings.model import UNANSWERED_WORD, Wanted
from akashi.findings.pages import describe_row
from akashi.findings.records import write_evidence, write_treatment
from akashi.findings.report import write_rows
from akashi.findings.treat import find_status
from akashi.findings.views import name_people
from akashi.platform.commands import JsonOption, print_json, site_of
from akashi.platform.sheets import write_csv, write_xlsx

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Findings and their treatments.")


@app.command("list")
def list_findings(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="A state; by default every open finding.")] = UNANSWERED_WORD,
    severity: Annotated[str, typer.Option(help="critical, high, medium or low.")] = "",
    room: Annotated[str, typer.Option(help="Only findings of this room.")] = "",
    json: JsonOption = False,
) -> None:
    """List findings as they stand now, worst first."""
    site = site_of(context)
    with site.database.read() as connection:
        rows = store.list_rows(connection, _wanted(state, severity, room), site.now())
    if json:
        print_json({"findings": [describe_row(row) for row in rows]})
        return
    for row in rows:
        late = " PAST DUE" if row.is_past_due else ""
        typer.echo(f"{row.severity.value:9} {row.state.value:13} {row.id} {row.title}{late}")
    typer.echo(f"{len(rows)} findings")


@app.command("show")
def show(
    context: typer.Context,
    finding_id: Annotated[str, typer.Argument(help="A finding's id.")],
    json: JsonOption = False,
) -> None:
    """Show one finding with its treatments."""
    site = site_of(context)
    with site.database.read() as connection:
        kept = store.load_finding(connection, finding_id)
        status = find_status(connection, finding_id, site.now())
    treatments = [
        {**write_treatment(one.treatment), "id": one.id, "state": one.state.value}
        for one in status.treatments
    ]
    facts = {
        "id": kept.id,
        "title": kept.finding.title,
        "detail": kept.finding.detail,
        "subject": str(kept.finding.subject),
        "requirement": kept.finding.requirement_id,
        "severity": status.severity.value,
        "state": status.state.value,
        "evidence": [write_evidence(one) for one in status.evidence],
        "treatments": treatments,
    }
    if json:
        print_json(facts)
        return
    for name, value in facts.items():
        typer.echo(f"{name:12} {value}")


@app.command("export")
def export(context: typer.Context, path: Annotated[Path, typer.Argument(help="*.csv or *.xlsx")]) -> None:
    """Write every finding to a file."""
    site = site_of(context)
    with site.database.read() as connection:
        rows = store.list_rows(connection, Wanted(), site.now())
        names = name_people(connection, "ja")
    table = write_rows(rows, names, str)
    path.write_bytes(write_xlsx("Findings", table) if path.suffix == ".xlsx" else write_csv(table))
    typer.echo(f"{len(rows)} findings written to {path}")


def _wanted(state: str, severity: str, room: str) -> Wanted:
    if state not in {"", UNANSWERED_WORD, *FindingState}:
        raise InputError("{value} is not a state.", where="--state", value=state)
    if severity and severity not in set(Severity):
        raise InputError("{value} is not a severity.", where="--severity", value=severity)
    return Wanted(room=room, severity=Severity(severity) if severity else None, state=state)
