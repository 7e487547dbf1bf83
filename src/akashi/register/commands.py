"""Commands of the register: look at records, write them to files, check files before an import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.platform.commands import EXIT_INPUT, JsonOption, print_json, site_of
from akashi.platform.sheets import read_table, write_csv, write_xlsx
from akashi.register import store
from akashi.register.exchange import plan_import, write_entries
from akashi.register.model import find_kind, list_kinds
from akashi.register.views import describe_entry, list_cycles

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The register of the institution.")

KindArgument = Annotated[str, typer.Argument(help="A kind, such as office; see: akashi register kinds")]


@app.command("kinds")
def show_kinds(context: typer.Context, json: JsonOption = False) -> None:
    """List the kinds of records with how many are in use, and circles of dependencies."""
    site = site_of(context)
    with site.database.read() as connection:
        counts = {name: store.count_entries(connection, name, state="active") for name in list_kinds()}
        cycles = list_cycles(connection)
    if json:
        print_json({"kinds": counts, "cycles": [list(group) for group in cycles]})
        return
    for name, count in counts.items():
        typer.echo(f"{name:12} {count:6}")
    for group in cycles:
        typer.echo(f"circle of dependencies: {', '.join(group)}")


@app.command("list")
def list_records(context: typer.Context, kind: KindArgument, json: JsonOption = False) -> None:
    """List the records of one kind."""
    find_kind(kind)
    with site_of(context).database.read() as connection:
        entries = store.list_entries(connection, kind)
    if json:
        print_json({"records": [describe_entry(one) for one in entries]})
        return
    for one in entries:
        typer.echo(f"{one.code:32} {one.title}{'' if one.is_active else ' (retired)'}")


@app.command("export")
def export(
    context: typer.Context, kind: KindArgument, path: Annotated[Path, typer.Argument(help="*.csv or *.xlsx")]
) -> None:
    """Write the records of one kind to a file."""
    described = find_kind(kind)
    with site_of(context).database.read() as connection:
        table = write_entries(described, store.list_entries(connection, kind, sort="code"), str)
    path.write_bytes(write_xlsx(described.label, table) if path.suffix == ".xlsx" else write_csv(table))
    typer.echo(f"{len(table) - 1} records written to {path}")


@app.command("check")
def check(
    context: typer.Context,
    kind: KindArgument,
    path: Annotated[Path, typer.Argument(help="*.csv or *.xlsx")],
    json: JsonOption = False,
) -> None:
    """Show what importing a file would change, and every error; the import itself is done on the page."""
    described = find_kind(kind)
    table = read_table(path.name, path.read_bytes())
    with site_of(context).database.read() as connection:
        plan = plan_import(connection, described, table)
    if json:
        errors = [{"line": one.line, "column": one.column, "error": str(one.error)} for one in plan.errors]
        print_json({"changes": [line.code for line in plan.changes], "errors": errors})
    else:
        for one in plan.errors:
            typer.echo(f"line {one.line}, {one.column}: {one.error}", err=True)
        typer.echo(f"{len(plan.lines)} lines, {len(plan.changes)} would change, {len(plan.errors)} errors")
    if plan.errors:
        raise typer.Exit(EXIT_INPUT)
