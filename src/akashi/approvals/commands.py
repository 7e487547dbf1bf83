"""Commands that read, and the founding of the tables; the command line never decides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.approvals import store
from akashi.approvals.matters import read_matter
from akashi.approvals.measure import measure_state
from akashi.approvals.model import UNDECIDED, Phase
from akashi.approvals.report import tell_matter
from akashi.approvals.rules import MOST_BYTES, found_rules, present_rules, write_rules
from akashi.core.errors import InputError
from akashi.platform.commands import JsonOption, local_actor, print_json, site_of

app = typer.Typer(help="Read what is decided and what waits; the command line never decides.")


@app.command("list")
def list_all(
    context: typer.Context,
    phase: Annotated[Phase | None, typer.Option(help="Only matters in this phase.")] = None,
    undecided: Annotated[bool, typer.Option("--open", help="Only matters that are not decided.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List matters, newest first."""
    phases = [phase] if phase else UNDECIDED if undecided else ()
    with site_of(context).database.read() as connection:
        matters = store.list_matters(connection, phases=phases)
    told = [tell_matter(matter, measure_state(matter.steps, matter.events)) for matter in matters]
    if as_json:
        print_json(told)
        return
    for item in told:
        typer.echo(f"{item['id']}  {item['phase']:<11}  {item['number'] or '-':<13}  {item['title']}")
    if not told:
        typer.echo("No matters.")


@app.command("show")
def show(
    context: typer.Context,
    matter_id: Annotated[str, typer.Argument(help="The id of the matter.")],
    as_json: JsonOption = False,
) -> None:
    """Show one matter and what happened to it, oldest first."""
    with site_of(context).database.read() as connection:
        matter = read_matter(connection, matter_id)
    state = measure_state(matter.steps, matter.events)
    events = [
        {"at": event.at, "kind": event.kind.value, "actor": event.actor_id, "for": event.for_id or None}
        for event in matter.events
    ]
    if as_json:
        print_json({**tell_matter(matter, state), "events": events})
        return
    typer.echo(f"{matter.draft.title}\n{state.phase.value} {state.number}".rstrip())
    for event in events:
        signed = f"{event['actor']} for {event['for']}" if event["for"] else event["actor"]
        typer.echo(f"  {event['at']:%Y-%m-%d %H:%M} UTC  {event['kind']:<18}  {signed}")


@app.command("found")
def found(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A TOML file of routes and authority lines.")],
    as_json: JsonOption = False,
) -> None:
    """Store the first routes and authority table; where there are some, only a decision changes them."""
    site = site_of(context)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError("The file cannot be read.", where=str(path)) from error
    with site.database.write() as connection:
        tables = found_rules(connection, content, local_actor().id, site.now())
    counts = {"routes": len(tables.routes), "authority": len(tables.authority)}
    if as_json:
        print_json(counts)
        return
    typer.echo(f"Stored: {counts['routes']} routes, {counts['authority']} lines of the authority table.")


@app.command("rules")
def rules(context: typer.Context) -> None:
    """Print the routes and the authority table in force, as the file that is changed and handed in."""
    with site_of(context).database.read() as connection:
        typer.echo(write_rules(present_rules(connection)), nl=False)
