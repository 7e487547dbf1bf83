"""Labelled questions from a file: what customers ask, and which approved entry answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from akashi.core.errors import InputError
from akashi.domains.assistant.library import Shelf
from akashi.domains.assistant.measure.tuning import Labelled
from akashi.domains.assistant.model import MAX_QUESTION
from akashi.language.normalise import normalise
from akashi.platform.sheets import read_table

MOST_LABELLED = 5000


def parse_labelled(name: str, content: bytes, shelf: Shelf) -> list[Labelled]:
    """Return the labelled questions of a CSV or XLSX file with the columns ``text`` and ``answer``.

    ``answer`` names an approved entry: its question or its whole path of headings, letter for letter, or the
    id of a passage. It is empty where no approved entry answers. A question with several answers stands in
    several rows.

    Raises: InputError: a column is missing, a question empty or too long, or an entry unknown; names the row.
    """
    head, *rows = read_table(name, content)
    for column in ("text", "answer"):
        if column not in head:
            raise InputError(
                "The file has no column called {column}.",
                where=name,
                next_step="It needs the columns text and answer.",
                column=column,
            )
    places = {column: head.index(column) for column in ("text", "answer")}
    known, found = _names_of(shelf), dict[str, set[str]]()
    for number, row in enumerate(rows, 2):
        if any(row):
            text, answer = (_cell(row, places[column]) for column in ("text", "answer"))
            if not text or len(text) > MAX_QUESTION:
                raise InputError("Row {row} holds no question that can be asked.", where=name, row=number)
            found.setdefault(text, set()).update(_find(known, answer, name, number))
    if not found or len(found) > MOST_LABELLED:
        raise InputError("Between 1 and {most} questions can be read.", where=name, most=MOST_LABELLED)
    return [Labelled(text, frozenset(right)) for text, right in found.items()]


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _names_of(shelf: Shelf) -> dict[str, set[str]]:
    """Return the ids of what the shelf can answer by their names; passages of one heading share its name."""
    names: dict[str, set[str]] = {}
    for entry, lives in zip(shelf.index.entries, shelf.index.alive, strict=True):
        if lives:
            for name in (entry.id, entry.question):
                names.setdefault(_fold(name), set()).add(entry.id)
    names.pop("", None)
    return names


def _fold(name: str) -> str:
    return "".join(normalise(name).text.split())


def _find(known: Mapping[str, set[str]], answer: str, name: str, row: int) -> set[str]:
    if not answer:
        return set()
    found = known.get(_fold(answer))
    if found is None:
        raise InputError(
            "Row {row}: customers are answered from no entry with this name today.",
            where=name,
            next_step="Write the entry's question, its whole path of headings, or the id of a passage.",
            row=row,
        )
    return found
