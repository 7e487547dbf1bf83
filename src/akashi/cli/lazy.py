"""Commands that load their code only when they run, so that ``akashi --help`` is quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from akashi.house import list_rooms
from akashi.platform.access import LOCAL, Key, Rule, read_matrix
from akashi.platform.rooms import load_name, package_folder

OWN_COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("akashi.cli.setup:init_app", "Make an empty installation and print the first enrolment link."),
    "demo": ("akashi.cli.demo:app", "Set up the sample bank, answer three questions, then serve."),
    "serve": ("akashi.cli.serve:app", "Serve the pages and the JSON API."),
    "tick": ("akashi.cli.setup:tick_app", "Record what became due: expiries, reminders, retention."),
    "doctor": ("akashi.cli.doctor:app", "Check database, ledger, index, endpoint, clock and disk."),
    "backup": ("akashi.cli.archive:backup_app", "Write one file with everything except the master key."),
    "restore": ("akashi.cli.archive:restore_app", "Read a backup into an empty installation."),
    "upgrade": ("akashi.cli.setup:upgrade_app", "Bring the database to this version, after a backup."),
}
"""The product's own commands by name: where the code lies, and what ``--help`` says."""


class LazyCommand(TyperCommand):
    """A name and a sentence; the real command is imported when it runs."""

    def __init__(self, name: str, reference: str, summary: str, *, is_room: bool) -> None:
        super().__init__(name=name, help=summary)
        self.reference = reference
        self.is_room = is_room

    @cached_property
    def loaded(self) -> TyperGroup | TyperCommand:
        """Return the real command, without any sub-command that stands in no role table."""
        app: typer.Typer = load_name(self.reference)
        command: Any = typer.main.get_group(app) if self.is_room else get_command(app)
        drop_unlisted(command, self.name or "", command_matrix())
        loaded: TyperGroup | TyperCommand = command
        return loaded

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Return the context of the real command, which then runs in place of this one."""
        return self.loaded.make_context(*arguments, **options)


class HouseGroup(TyperGroup):
    """The command ``akashi``: its own commands, then one group per room that has commands."""

    @cached_property
    def lazy_commands(self) -> dict[str, LazyCommand]:
        """Return every command by name, own ones first."""
        own = [LazyCommand(name, *entry, is_room=False) for name, entry in OWN_COMMANDS.items()]
        rooms = [
            LazyCommand(room.command_name, room.commands, room.summary, is_room=True)
            for room in list_rooms()
            if room.commands
        ]
        more = [
            LazyCommand(name, reference, summary, is_room=False)
            for room in list_rooms()
            for name, reference, summary in room.more_commands
        ]
        return {command.name or "": command for command in [*own, *rooms, *more]}

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order in which ``--help`` shows them."""
        return list(self.lazy_commands)

    def get_command(self, ctx: Any, cmd_name: str) -> LazyCommand | None:
        """Return one command, not yet loaded."""
        return self.lazy_commands.get(cmd_name)


def command_matrix() -> Mapping[Key, Rule]:
    """Return the whole role matrix, with the lines of the command line itself."""
    own = [package_folder(package) / "data" / "roles.csv" for package in ("akashi.cli", "akashi.platform")]
    return read_matrix(list_rooms(), own)


def leaf_words(command: Any, prefix: str) -> Iterator[str]:
    """Yield the full words of every command below ``command``, such as ``ledger verify``."""
    if not isinstance(command, TyperGroup):
        yield prefix
        return
    for name, child in command.commands.items():
        yield from leaf_words(child, f"{prefix} {name}")


def drop_unlisted(command: Any, prefix: str, matrix: Mapping[Key, Rule]) -> None:
    """Take away every command below ``command`` that the role matrix does not give to the command line."""
    if not isinstance(command, TyperGroup):
        return
    for name, child in list(command.commands.items()):
        path = f"{prefix} {name}"
        drop_unlisted(child, path, matrix)
        rule = matrix.get(("command", "", path))
        if not isinstance(child, TyperGroup) and (rule is None or LOCAL not in rule.allowed):
            del command.commands[name]
