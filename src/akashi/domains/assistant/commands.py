"""``akashi assistant``: ask a question as a customer or as staff would."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.core.thread import Audience, Outcome, Question
from akashi.domains.assistant.answering import ask as ask_question
from akashi.domains.assistant.contact import parse_contact, read_contact, set_contact
from akashi.domains.assistant.difference_commands import differences, queries
from akashi.domains.assistant.generating_commands import endpoint
from akashi.domains.assistant.model import Reply, describe_reply
from akashi.domains.assistant.tuning_commands import calibrate, train
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, local_actor, print_json, site_of

app = typer.Typer(no_args_is_help=True)
app.command("differences")(differences)
app.command("queries")(queries)
app.command("endpoint")(endpoint)
app.command("calibrate")(calibrate)
app.command("train")(train)


@app.callback()
def assistant() -> None:
    """Ask the assistant; it answers in approved words or says that a person will answer."""


@app.command()
def ask(
    context: typer.Context,
    question: str,
    audience: Annotated[Audience, typer.Option(help="On whose behalf.")] = Audience.CUSTOMERS,
    json: JsonOption = False,
) -> None:
    """Ask one question; exit 1 when a person must answer it."""
    site = site_of(context)
    reply = ask_question(site, Question(question, site.now(), audience))
    if json:
        print_json(describe_reply(reply))
    else:
        show_reply(reply)
    if reply.answer.outcome is not Outcome.ANSWERED:
        raise typer.Exit(EXIT_FINDINGS)


def show_reply(reply: Reply) -> None:
    """Print a reply for a person: the words, where they stand, how sure, how long it took."""
    answer = reply.answer
    for choice in answer.choices:
        typer.echo(f"  ? {choice}")
    for excerpt, source in zip(answer.excerpts, reply.sources, strict=False):
        typer.echo(excerpt.text)
        span = source.citation.interval
        typer.echo(
            f"  [{source.title} 第{source.version_number}版　{source.heading}　{span.start}–{span.end}　"
            f"sha256 {source.citation.version_digest[:12]}…]"
        )
    if answer.outcome not in (Outcome.ANSWERED, Outcome.CLARIFY):
        typer.echo("担当者がお答えします。 (A person will answer.)")
        for reason in answer.reasons:
            typer.echo(f"  {reason}")
    typer.echo(f"  {answer.outcome}　confidence {answer.confidence:.2f}　{reply.took_ms:.0f} ms")


@app.command("contact")
def contact(
    context: typer.Context,
    path: Annotated[
        Path | None, typer.Argument(help="The institution's contact.toml.", dir_okay=False)
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show how customers reach a person, or set it from a file: office, emergency numbers, consent."""
    site = site_of(context)
    if path is not None:
        if not path.is_file():
            raise InputError("There is no such file.", where=str(path))
        table = parse_contact(path.read_bytes(), str(path))
        with site.database.write() as connection:
            set_contact(connection, table, local_actor().id, site.now())
    with site.database.read() as connection:
        table = read_contact(connection)
    if json:
        print_json(table)
        return
    typer.echo(f"office {table.get('office', '-')}")
    for row in table.get("emergency", ()):
        typer.echo(f"  {row['topic']:10} {row['number']}  {row['hours']}  {row['title']}")
