"""``akashi guard mail`` and ``akashi guard fit``; mounted by ``commands``."""

from __future__ import annotations

import dataclasses
import json as json_
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.guardrails.hijack_model import save_model, shipped_model
from akashi.domains.guardrails.mail import MAX_BYTES, check_mails
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json
from akashi.platform.rooms import call_name

app = typer.Typer(no_args_is_help=True)
_REFIT = "akashi.domains.guardrails.hijack_fit:refit"  # loads SciPy's optimiser, which no other command needs
_MOST_TEXTS = 20_000


@app.command()
def mail(
    paths: Annotated[
        list[Path], typer.Argument(help="Mails in EML form; those of one conversation together.")
    ],
    json: JsonOption = False,
) -> None:
    """Say which mails carry files under a password, or the password on the same path; exit 1 if one does."""
    findings = check_mails([(path.name, _read_mail(path)) for path in paths])
    if json:
        print_json([dataclasses.asdict(one) for one in findings])
    else:
        for one in findings:
            typer.echo(f"{one.mail}  {one.kind.value}  {one.what}")
        if findings:
            typer.echo(findings[0].advice)
    if findings:
        raise typer.Exit(EXIT_FINDINGS)


def _read_mail(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), next_step="Give a mail in EML form.")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@app.command()
def fit(
    negatives: Annotated[
        Path, typer.Argument(help="Harmless texts of your own: one a line, or JSONL with text.")
    ],
    out: Annotated[Path, typer.Option(help="Where the new weights go.")],
    json: JsonOption = False,
) -> None:
    """Fit the hijack model again so that your own harmless texts pass; says what that costs."""
    texts = list(_read_texts(negatives))
    report = call_name(_REFIT, shipped_model(), texts)
    save_model(report.model, out)
    facts = {
        "texts": len(texts),
        "flagged_before": report.flagged_before,
        "flagged_after": report.flagged_after,
        "attacks": report.attacks,
        "attacks_found_before": report.found_before,
        "attacks_found_after": report.found_after,
    }
    if json:
        print_json(facts)
    else:
        for name, value in facts.items():
            typer.echo(f"{name}: {value}")


def _read_texts(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), next_step="Give a text or JSONL file.")
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    if len(lines) > _MOST_TEXTS:
        raise InputError(
            "The file has more than {most} lines.",
            where=str(path),
            next_step="Take a sample.",
            most=_MOST_TEXTS,
        )
    for number, line in enumerate(lines, 1):
        if path.suffix == ".jsonl" and line.strip():
            yield _text_of(line, path, number)
        elif line.strip():
            yield line


def _text_of(line: str, path: Path, number: int) -> str:
    try:
        row = json_.loads(line)
    except json_.JSONDecodeError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InputError(
            'The line is not an object with "text".',
            where=f"{path}:{number}",
            next_step='Write {"text": "…"} on each line.',
        )
    return str(row["text"])
