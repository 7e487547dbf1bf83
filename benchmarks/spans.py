"""Counting spans: what the benchmarks of personal data share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A span of a text in code points, end exclusive."""

    start: int
    end: int
    type: str


class Message(NamedTuple):
    """One line of a benchmark file."""

    id: str
    group: str
    text: str
    spans: tuple[Span, ...]


Predictions = Mapping[str, Sequence[Span]]


def read_messages(path: Path) -> list[Message]:
    """Return the messages of a file in its order."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return [Message(str(row["id"]), row.get("group", ""), row["text"], read_spans(row)) for row in rows]


def read_spans(row: Mapping[str, Any]) -> tuple[Span, ...]:
    """Return the spans of one line."""
    return tuple(Span(one["start"], one["end"], one["type"]) for one in row["spans"])


def write_predictions(path: Path, predictions: Predictions) -> None:
    """Write one line per message: its id and the spans found."""
    with path.open("w", encoding="utf-8") as file:
        for id_, spans in predictions.items():
            file.write(json.dumps({"id": id_, "spans": [one._asdict() for one in spans]}) + "\n")


def touches(one: Span, other: Span) -> bool:
    """Return whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def is_covered(true: Span, found: Iterable[Span]) -> bool:
    """Return whether every character of ``true`` lies in a found span."""
    inside = {at for one in found for at in range(one.start, one.end)}
    return inside.issuperset(range(true.start, true.end))


def count_pii(messages: Sequence[Message], predictions: Predictions) -> dict[str, Any]:
    """Return the counts of the benchmark ``pii`` by group and by type."""
    groups: dict[str, dict[str, Any]] = {}
    types: dict[str, dict[str, Any]] = {}
    for message in messages:
        found = predictions[message.id]
        fields = ("messages", "n_spans", "fully_masked", "any_masked", "spurious", "flagged_messages")
        group = groups.setdefault(message.group, dict.fromkeys(fields, 0))
        group["messages"] += 1
        group["flagged_messages"] += bool(found)
        group["spurious"] += sum(not any(touches(one, true) for true in message.spans) for one in found)
        for true in message.spans:
            type_ = types.setdefault(true.type, {"n_spans": 0, "fully_masked": 0, "any_masked": 0})
            for counts in (group, type_):
                counts["n_spans"] += 1
                counts["fully_masked"] += is_covered(true, found)
                counts["any_masked"] += any(touches(true, one) for one in found)
    for group in groups.values():
        group["spurious_per_message"] = group["spurious"] / group["messages"]
    return {"groups": groups, "types": types}


def count_names(messages: Sequence[Message], predictions: Predictions) -> dict[str, Any]:
    """Return the figures of the benchmark ``names``."""
    right = said = true = covered = 0
    for message in messages:
        found = [one for one in predictions[message.id] if one.type == "person"]
        persons = [one for one in message.spans if one.type == "person"]
        right += len({(one.start, one.end) for one in found} & {(one.start, one.end) for one in persons})
        said, true = said + len(found), true + len(persons)
        covered += sum(is_covered(one, found) for one in persons)
    figures: dict[str, Any] = {"n_spans": true}
    if said and true:
        exact = {"p": right / said, "r": right / true, "f1": 2 * right / (said + true)}
        figures |= {"exact": exact, "fully_masked": covered / true}
    return figures
