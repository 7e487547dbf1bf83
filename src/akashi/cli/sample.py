"""What ``demo`` shows of the sample bank before one looks at its pages."""

from __future__ import annotations

import time

import typer
from rich.console import Console
from rich.progress import Progress

from akashi.core.thread import Question
from akashi.domains.assistant.answering import ask
from akashi.domains.assistant.commands import show_reply
from akashi.platform.site import Site
from akashi.sample.seed import read_table, seed_sample
from akashi.sample.watched import watch_questions


def set_up(site: Site) -> None:
    """Set up the sample bank with a progress bar; what is there already is kept."""
    started = time.perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("汐見銀行の文書を読み込み中 (reading documents)", total=None)
        is_new = seed_sample(site, lambda done, total: progress.update(task, completed=done, total=total))
    if is_new:
        watch_questions(site)
        typer.echo(
            f"汐見銀行（見本）を用意しました。 (Sample bank set up in {time.perf_counter() - started:.0f} s.)"
        )


def answer_samples(site: Site) -> None:
    """Ask the three sample questions and print what a customer would read.

    Each is asked once before, unseen: the first question of a process loads index and guards, and the
    milliseconds beside an answer are to be those of an answer.
    """
    samples = [Question(sample["question"], site.now()) for sample in read_table("questions.toml")["demo"]]
    started = time.perf_counter()
    with Console(stderr=True).status("索引と見張りを読み込み中 (loading index and guards)"):
        for question in samples:
            ask(site, question)
    took = time.perf_counter() - started
    typer.echo(f"\n索引と見張りを読み込みました。 (Index and guards loaded in {took:.1f} s.)")
    for question in samples:
        typer.echo(f"\nQ  {question.text}")
        show_reply(ask(site, question))
