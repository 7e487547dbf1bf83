"""Commands about people: they read, and make the first administrator's link; roles change on pages only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from akashi.core.people import Role
from akashi.identity.enrolment import bootstrap_link
from akashi.identity.report import view_people
from akashi.identity.store import list_tokens
from akashi.platform.access import read_matrix
from akashi.platform.commands import JsonOption, print_json, site_of

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.command()
def people(
    context: typer.Context,
    role: Annotated[str, typer.Option(help="Only people who hold this role.")] = "",
    json: JsonOption = False,
) -> None:
    """List people with their roles and whether their passkeys are confirmed."""
    site = site_of(context)
    with site.database.read() as connection:
        views = view_people(connection, site.now())
    rows = [
        {
            "id": view.person.id,
            "name": view.person.name,
            "office": view.person.office,
            "state": view.person.state.value,
            "roles": [held.value for held in view.roles],
            "passkey": view.passkey_state.name.lower(),
        }
        for view in views
        if not role or role in {held.value for held in view.roles}
    ]
    if json:
        print_json({"people": rows})
        return
    table = Table("Name", "Office", "State", "Roles", "Passkey", "Id")
    for row in rows:
        words = (row["name"], row["office"], row["state"], " ".join(row["roles"]), row["passkey"], row["id"])
        table.add_row(*(str(word) for word in words))
    Console().print(table)


@app.command()
def tokens(context: typer.Context, json: JsonOption = False) -> None:
    """List service tokens: scopes, expiry, last use; never the tokens themselves."""
    site = site_of(context)
    with site.database.read() as connection:
        found = list_tokens(connection)
    if json:
        print_json({"tokens": [{**asdict(token), "live": token.is_live(site.now())} for token in found]})
        return
    table = Table("Name", "Scopes", "Expires", "Last used", "Live")
    for token in found:
        used = f"{token.last_used_at:%Y-%m-%d}" if token.last_used_at else "never"
        live = "yes" if token.is_live(site.now()) else "no"
        table.add_row(token.name, " ".join(token.scopes), f"{token.expires_at:%Y-%m-%d}", used, live)
    Console().print(table)


@app.command()
def matrix(context: typer.Context, json: JsonOption = False) -> None:
    """Print the role matrix of all rooms: who may open which page and run which command."""
    rules = read_matrix(site_of(context).rooms).values()
    rows = [
        {"kind": rule.kind, "method": rule.method, "target": rule.target, "allowed": sorted(rule.allowed)}
        for rule in sorted(rules, key=lambda rule: (rule.kind, rule.target, rule.method))
    ]
    if json:
        print_json({"rules": rows, "roles": [role.value for role in Role]})
        return
    table = Table("Kind", "Method", "Target", "Allowed")
    for row in rows:
        table.add_row(str(row["kind"]), str(row["method"]), str(row["target"]), " ".join(row["allowed"]))
    Console().print(table)


@app.command()
def bootstrap(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Name of the first administrator.")] = "管理者",
    json: JsonOption = False,
) -> None:
    """Make the first administrator's enrolment link, while no administrator has a passkey."""
    link = bootstrap_link(site_of(context), name)
    if json:
        print_json({"enrolment_link": link})
        return
    typer.echo(f"Open within 15 minutes, once:\n  {link}")
