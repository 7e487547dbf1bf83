"""``akashi ledger``: verify, show, sign, export, and verify a file that somebody else exported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from akashi.core.errors import InputError, NotFoundError
from akashi.ledger.chain import Fault
from akashi.ledger.chain import Progress as Report
from akashi.ledger.checkpoints import Checkpoint, read_checkpoint, write_checkpoint
from akashi.ledger.export import read_header, verify_export, write_export
from akashi.ledger.model import Entry
from akashi.ledger.store import Filter, list_entries, read_entry, read_link
from akashi.ledger.verify import public_key_of, take_checkpoint, verify_ledger
from akashi.platform.archive import new_file
from akashi.platform.clock import TOKYO
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of

app = typer.Typer(no_args_is_help=True)

CheckpointOption = Annotated[
    list[Path] | None, typer.Option("--checkpoint", help="A checkpoint kept elsewhere; may be repeated.")
]


@app.command()
def verify(context: typer.Context, checkpoint: CheckpointOption = None, json: JsonOption = False) -> None:
    """Walk the whole chain; the first changed, missing or reordered entry is named."""
    site = site_of(context)
    others = [read_checkpoint(path) for path in checkpoint or []]
    with site.database.read() as connection:
        total, _digest = read_link(connection)
    with _progress("Verify", total, hidden=json) as report:
        outcome = verify_ledger(site, local_actor().id, others=others, progress=report)
    if json:
        print_json({**asdict(outcome), "fault": _describe(outcome.fault)})
    elif outcome.fault is None:
        typer.echo(f"{outcome.entries} entries and {outcome.checkpoints} checkpoints verify.")
        typer.echo(f"Last entry: {outcome.last} {outcome.digest}")
    _exit_on(outcome.fault, quiet=json)


@app.command()
def show(
    context: typer.Context,
    sequence: Annotated[int, typer.Argument(help="One entry; without it the newest are listed.")] = 0,
    kind: Annotated[str, typer.Option(help="Only this kind, or a whole room: approvals.")] = "",
    subject: Annotated[str, typer.Option(help="Only entries about this id.")] = "",
    actor: Annotated[str, typer.Option(help="Only entries by this actor.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
    json: JsonOption = False,
) -> None:
    """Show one entry, or the newest ones, newest first."""
    with site_of(context).database.read() as connection:
        if not sequence:
            entries = list_entries(connection, Filter(kind, subject, actor), limit)
        else:
            entry = read_entry(connection, sequence)
            if entry is None:
                raise NotFoundError("The ledger has no entry {sequence}.", sequence=sequence)
            entries = [entry]
    if json:
        print_json({"entries": [_show_entry(entry) for entry in entries]})
        return
    for entry in entries:
        typer.echo(_write_entry(entry, whole=bool(sequence)))


@app.command()
def checkpoint(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option(help="Write the checkpoint to this file.")] = None,
    json: JsonOption = False,
) -> None:
    """Verify what is new, sign the end of the chain, and print or write the signed checkpoint."""
    signed = take_checkpoint(site_of(context), local_actor().id)
    if signed is None:
        raise InputError("The ledger is empty.", next_step="There is nothing to sign yet.")
    if output:
        with new_file(output) as file:
            file.write(write_checkpoint(signed))
    if json:
        print_json(_show_checkpoint(signed))
        return
    typer.echo(f"Signed: entry {signed.sequence} {signed.digest}")
    typer.echo(f"Fingerprint of the public key: {signed.fingerprint}")
    if output:
        typer.echo(f"Written: {output}")


@app.command()
def export(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="The file to write; must not exist yet.")],
    first: Annotated[int, typer.Option("--from", min=1, help="First entry.")] = 1,
    last: Annotated[int, typer.Option("--to", min=0, help="Last entry; 0 is the end.")] = 0,
    json: JsonOption = False,
) -> None:
    """Write entries as JSON lines that anybody can verify with: akashi ledger verify-file FILE."""
    site = site_of(context)
    with site.database.read() as connection, new_file(path) as file:
        end, _digest = read_link(connection)
        with _progress("Export", (last or end) - first + 1, hidden=json) as report:
            header = write_export(connection, public_key_of(site), file, first, last, report)
    if json:
        print_json({**asdict(header), "path": str(path), "fingerprint": header.fingerprint})
        return
    typer.echo(f"Written: {path}, entries {header.first} to {header.last}")
    typer.echo(f"Fingerprint of the public key: {header.fingerprint}")


@app.command(name="verify-file")
def verify_file(
    path: Annotated[Path, typer.Argument(help="A file written by: akashi ledger export.")],
    checkpoint: CheckpointOption = None,
    fingerprint: Annotated[str, typer.Option(help="The fingerprint that the institution published.")] = "",
    json: JsonOption = False,
) -> None:
    """Verify an exported file; needs no installation."""
    header = read_header(path)
    if fingerprint and fingerprint.lower() != header.fingerprint:
        raise InputError(
            "The file was signed with another key: {found}.",
            where=str(path),
            next_step="Ask the institution which fingerprint is theirs.",
            found=header.fingerprint,
        )
    others = [read_checkpoint(item) for item in checkpoint or []]
    with _progress("Verify", header.last, hidden=json) as report:
        _header, walk = verify_export(path, others, report)
    if json:
        found = {"entries": walk.entries, "checkpoints": walk.checkpoints, "fault": _describe(walk.fault)}
        print_json({**asdict(header), **found, "fingerprint": header.fingerprint})
    elif walk.fault is None:
        typer.echo(f"{walk.entries} entries and {walk.checkpoints} checkpoints verify.")
        typer.echo(f"Fingerprint of the public key: {header.fingerprint}")
    _exit_on(walk.fault, quiet=json)


@contextmanager
def _progress(title: str, total: int, *, hidden: bool) -> Iterator[Report]:
    """Yield a function that shows how many entries are done; only on a terminal, on standard error."""
    columns = TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.update(task, completed=done)


def _exit_on(fault: Fault | None, *, quiet: bool) -> None:
    if fault is None:
        return
    if not quiet:
        typer.echo(str(fault))
    raise typer.Exit(EXIT_FINDINGS)


def _describe(fault: Fault | None) -> dict[str, Any] | None:
    return {**asdict(fault), "text": str(fault)} if fault else None


def _show_entry(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "payload": entry.values}


def _show_checkpoint(signed: Checkpoint) -> dict[str, Any]:
    return {**asdict(signed), "fingerprint": signed.fingerprint}


def _write_entry(entry: Entry, *, whole: bool) -> str:
    moment = entry.moment.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M:%S")
    line = f"{entry.sequence:>8}  {moment}  {entry.kind}  {entry.subject}  {entry.actor}"
    if not whole:
        return line
    return f"{line}\npayload  {entry.payload}\ndigest   {entry.digest}\nprevious {entry.previous}"
