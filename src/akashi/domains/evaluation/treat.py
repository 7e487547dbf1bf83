"""What can be done about a failed suite: options from a table, each with cost and what remains."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from akashi.domains.evaluation.findings import Judged

TABLE = Path(__file__).parent / "data" / "treatments.csv"


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer a failure. ``kind`` is remediate, mitigate or stop; ``proof`` says what closes it."""

    id: str
    kind: str
    risks: tuple[str, ...]
    title_ja: str
    title_en: str
    cost_ja: str
    cost_en: str
    remains_ja: str
    remains_en: str
    proof_ja: str
    proof_en: str


@cache
def load_options() -> tuple[Option, ...]:
    """Return the table of treatments, in its order: first what removes the cause, last what stops the use."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple(_read_option(row) for row in rows)


def _read_option(row: dict[str, str]) -> Option:
    risks = tuple(row.pop("risks").split())
    return Option(row.pop("id"), row.pop("kind"), risks, **row)


def list_options(failing: Sequence[Judged]) -> list[tuple[Option, list[Judged]]]:
    """Return the options that answer at least one of the failing suites, with the suites they answer."""
    found = []
    for option in load_options():
        answered = [one for one in failing if "any" in option.risks or one.suite["risk"] in option.risks]
        if answered:
            found.append((option, answered))
    return found
