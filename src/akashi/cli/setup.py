"""``init``, ``upgrade`` and ``tick``: make, bring up to date and keep an installation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.house import lend_ports, list_rooms
from akashi.identity.enrolment import bootstrap_link
from akashi.platform.backup import write_backup
from akashi.platform.clock import TOKYO
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json, site_of
from akashi.platform.duties import run_duties
from akashi.platform.installation import finish_restore, prepare_installation
from akashi.platform.schema import pending_revisions, upgrade_schema
from akashi.platform.settings import read_settings
from akashi.platform.site import Site, open_site

init_app, tick_app, upgrade_app = (typer.Typer(add_completion=False) for _ in range(3))


@init_app.command()
def init(
    administrator: Annotated[str, typer.Option(help="Name of the first administrator.")] = "管理者",
    json: JsonOption = False,
) -> None:
    """Make an empty installation and print the first administrator's enrolment link."""
    settings = read_settings()
    made = prepare_installation(settings, list_rooms())
    site = open_site(settings, list_rooms(), lend_ports(settings.home))
    link = bootstrap_link(site, administrator)
    facts = {
        "home": str(settings.home),
        "database": site.database.label,
        "key_file": str(settings.key_file),
        "key_created": made.key_created,
        "installation_id": made.installation_id,
        "fingerprint": site.keys.fingerprint(),
        "enrolment_link": link,
    }
    if json:
        print_json(facts)
        return
    typer.echo(
        f"Home        {facts['home']}\nDatabase    {facts['database']}\nMaster key  {facts['key_file']}"
    )
    typer.echo("Keep the master key elsewhere too: backups do not hold it, and nothing opens without it.")
    typer.echo(f"\nStart the pages with: akashi serve\nThen open within 15 minutes, once:\n  {link}")


@upgrade_app.command()
def upgrade(context: typer.Context, json: JsonOption = False) -> None:
    """Bring the database to this version, after a backup."""
    site: Site = site_of(context)
    pending = pending_revisions(site.database, site.rooms)
    backup = _backup_before_upgrade(site) if pending else None
    upgrade_schema(site.database, site.rooms)
    if json:
        print_json({"applied": list(pending), "backup": str(backup) if backup else None})
        return
    typer.echo("Nothing to do: the database is of this version." if not pending else f"Backup: {backup}")
    for revision in pending:
        typer.echo(f"Applied: {revision}")


@tick_app.command()
def tick(context: typer.Context, json: JsonOption = False) -> None:
    """Record what became due: expiries, reminders, retention; safe to repeat."""
    site = site_of(context)
    finish_restore(site)
    results = run_duties(site)
    if json:
        print_json({"duties": [asdict(result) for result in results]})
    else:
        for result in results:
            said = result.error or f"{result.changes} changes"
            typer.echo(f"{result.room}: {result.duty}: {said}")
    if any(result.error for result in results):
        raise typer.Exit(EXIT_FINDINGS)


def _backup_before_upgrade(site: Site) -> Path:
    folder = site.settings.home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"before-upgrade-{datetime.now(TOKYO):%Y%m%d-%H%M%S}.akashi-backup"
    if path.exists():
        raise InputError("The file already exists.", where=str(path), next_step="Try again in a second.")
    write_backup(site, path)
    return path
