"""A draft as JSON and back: what was handed in is kept word by word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from akashi.domains.loans.measure.drafting import Draft, Row, Section, Sheet
from akashi.domains.loans.measure.grounds import Author, Fragment, Ground, GroundKind, Sentence


def freeze_draft(draft: Draft) -> dict[str, Any]:
    """Return a draft as JSON values."""
    return {
        "number": draft.number,
        "product": draft.product,
        "sections": [asdict(one) for one in draft.sections],
        "grounds": [asdict(one) for one in draft.grounds.values()],
        "charts": {name: [list(point) for point in points] for name, points in draft.charts.items()},
    }


def thaw_draft(kept: Mapping[str, Any]) -> Draft:
    """Return the draft that ``freeze_draft`` kept."""
    grounds = [
        Ground(**{**row, "kind": GroundKind(row["kind"]), "uses": tuple(row["uses"])})
        for row in kept["grounds"]
    ]
    charts = {
        name: tuple((str(place), str(series), float(value)) for place, series, value in points)
        for name, points in kept["charts"].items()
    }
    return Draft(
        kept["number"],
        kept["product"],
        tuple(_section(row) for row in kept["sections"]),
        {one.id: one for one in grounds},
        charts,
    )


def _section(row: Mapping[str, Any]) -> Section:
    sentences = tuple(
        Sentence(
            one["id"],
            tuple(Fragment(**piece) for piece in one["fragments"]),
            Author(one["author"]),
            one["basis"],
        )
        for one in row["sentences"]
    )
    sheets = tuple(
        Sheet(
            one["id"],
            one["caption"],
            tuple(one["columns"]),
            tuple(Row(tuple(line["cells"]), tuple(line["grounds"])) for line in one["rows"]),
            tuple(one["widths"]),
            tuple(one["numbers"]),
        )
        for one in row["sheets"]
    )
    return Section(row["id"], row["title"], sentences, sheets)
