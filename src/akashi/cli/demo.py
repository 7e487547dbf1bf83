"""``demo``: the sample bank from nothing to served pages, with three questions answered on the way."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from akashi.cli.serve import print_addresses
from akashi.core.errors import InputError
from akashi.core.thread import Question
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.commands import show_reply
from akashi.house import lend_ports, list_rooms
from akashi.platform.installation import is_sample, prepare_installation
from akashi.platform.settings import read_settings
from akashi.platform.site import Site, open_site
from akashi.sample.seed import read_table, seed_sample

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="Serve the pages after the three questions.")] = True,
) -> None:
    """Set up the sample bank if it is not there, answer three questions, then serve until Ctrl-C."""
    site = open_sample()
    if not serve:
        answer_samples(site)
        return
    # The server starts beside the three answers, so that two cores share the work of a warm start.
    server = subprocess.Popen([sys.executable, "-m", "akashi", "serve", "--attached"], stdin=subprocess.PIPE)
    try:
        answer_samples(site)
        if server.poll() is None:
            print_addresses(site)
        code = server.wait()
    except KeyboardInterrupt:
        code = server.wait()
    raise typer.Exit(code)


def open_sample() -> Site:
    """Return the sample installation, made on first use; what was added to it since is kept.

    Raises: InputError: the home holds a real institution.
    """
    settings = read_settings()
    prepare_installation(settings, list_rooms(), sample=True)
    site = open_site(settings, list_rooms(), lend_ports())
    if not is_sample(site.database):
        raise InputError(
            "The database {label} is not the sample bank; nothing was changed.",
            where="AKASHI_HOME",
            next_step="Choose another folder, for example: AKASHI_HOME=/tmp/shiomi make run",
            label=site.database.label,
        )
    started = time.perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("汐見銀行の文書を読み込み中 (reading documents)", total=None)
        is_new = seed_sample(site, lambda done, total: progress.update(task, completed=done, total=total))
    if is_new:
        typer.echo(
            f"汐見銀行（見本）を用意しました。 (Sample bank set up in {time.perf_counter() - started:.0f} s.)"
        )
    return site


def answer_samples(site: Site) -> None:
    """Ask the three sample questions and print what a customer would read."""
    for sample in read_table("questions.toml")["demo"]:
        typer.echo(f"\nQ  {sample['question']}")
        show_reply(ask(site, Question(sample["question"], site.now())))
