"""``backup`` and ``restore``: everything except the master key, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from akashi.house import lend_ports, list_rooms
from akashi.platform.backup import restore_backup, write_backup
from akashi.platform.commands import JsonOption, print_json, site_of
from akashi.platform.installation import prepare_installation
from akashi.platform.settings import read_settings
from akashi.platform.site import open_site

backup_app, restore_app = typer.Typer(add_completion=False), typer.Typer(add_completion=False)


@backup_app.command()
def backup(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="Where to write the backup; must not exist yet.")],
    json: JsonOption = False,
) -> None:
    """Write one file with everything except the master key; the pages go on serving."""
    with Progress(console=Console(stderr=True), disable=json, transient=True) as progress:
        task = progress.add_task("Backup", total=None)
        summary = write_backup(
            site_of(context), path, lambda done, total: progress.update(task, completed=done, total=total)
        )
    if json:
        print_json(summary)
        return
    typer.echo(f"Written: {path}\nThe master key is not in it; keep it in another place.")


@restore_app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A file written by akashi backup.")],
    replace: Annotated[bool, typer.Option(help="Replace what is here, after a backup of it.")] = False,
    json: JsonOption = False,
) -> None:
    """Read a backup into an empty installation; nothing is changed unless all of it verifies."""
    settings = read_settings()
    prepare_installation(settings, list_rooms())
    site = open_site(settings, list_rooms(), lend_ports(settings.home))
    with Progress(console=Console(stderr=True), disable=json, transient=True) as progress:
        task = progress.add_task("Restore", total=None)
        summary = restore_backup(
            site,
            path,
            replace=replace,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if json:
        print_json(summary)
        return
    typer.echo(f"Restored from {path}; the ledger in it verifies.")
