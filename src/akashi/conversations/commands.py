"""Commands for tombstones: carry them to another machine, or bring file and database together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.conversations.erasure import import_tombstones, restored
from akashi.conversations.store import list_tombstones
from akashi.conversations.tombstones import append_tombstones, tombstone_file
from akashi.core.errors import InputError
from akashi.platform.commands import JsonOption, print_json, site_of

app = typer.Typer(help="Encrypted conversations: tombstones of what was erased.")
tombstones = typer.Typer(help="What stays of erased conversations, so that no backup brings them back.")
app.add_typer(tombstones, name="tombstones")

PathArgument = Annotated[Path, typer.Argument(help="A file of tombstones.", dir_okay=False)]


@tombstones.command("export")
def export(context: typer.Context, path: PathArgument, as_json: JsonOption = False) -> None:
    """Write every tombstone to a new file, for another machine that holds a copy of this database."""
    if path.exists():
        raise InputError(
            "There is a file already.", where=str(path), next_step="Name a file that does not exist."
        )
    with site_of(context).database.read() as connection:
        stones = list_tombstones(connection)
    append_tombstones(path, stones)
    _say(as_json, {"written": len(stones)}, f"{len(stones)} tombstones written to {path}.")


@tombstones.command("import")
def import_(context: typer.Context, path: PathArgument, as_json: JsonOption = False) -> None:
    """Apply the tombstones of another machine: whatever they name is erased here too."""
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path))
    count = import_tombstones(site_of(context), path)
    _say(as_json, {"applied": count}, f"{count} tombstones were new here and have been applied.")


@tombstones.command("sync")
def sync(context: typer.Context, as_json: JsonOption = False) -> None:
    """Bring the database and the file beside the master key together; run by itself after a restore."""
    site = site_of(context)
    restored(site)
    path = tombstone_file(site.settings)
    _say(as_json, {"file": str(path)}, f"The database and {path} hold the same tombstones.")


def _say(as_json: bool, value: dict[str, object], sentence: str) -> None:
    if as_json:
        print_json(value)
    else:
        typer.echo(sentence)
