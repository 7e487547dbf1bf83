"""The words of the assistant: where an answer stands, and a reply with all that is shown beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from akashi.core.ports import Screened
from akashi.core.thread import Answer, Citation, Outcome
from akashi.domains.assistant.rows import Row, describe_row, name_row, read_row

MAX_QUESTION = 2000
"""The most characters of one question."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an excerpt stands: what a reader needs to open the passage and to judge it."""

    citation: Citation
    passage_id: str
    version_id: str
    version_number: int
    title: str
    heading: str
    effective_from: date
    page: int | None = None
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its sources (one for each excerpt or choice, in order) and what it cost.

    ``generation`` is the state of the documents that was answered from; ``took_ms`` is wall time;
    ``screened`` is what the guards made of the question, None where none was asked.
    """

    answer: Answer
    sources: tuple[Source, ...]
    generation: int
    took_ms: float
    screened: Screened | None = None


def strip_title(title: str, heading: str) -> str:
    """Return a path of headings without its beginning where that only repeats the document's title.

    >>> strip_title("住宅ローン 商品説明書", "住宅ローン商品説明書 ＞ 4 お借入利率")
    '4 お借入利率'
    """
    first, _, rest = heading.partition(" ＞ ")
    return rest if "".join(first.split()) == "".join(title.split()) else heading


def name_choice(source: Source) -> str:
    """Return how a passage is offered as a choice: its question, or title and heading, of a row its name."""
    heading = strip_title(source.title, source.heading)
    if not source.is_question:
        heading = name_row(heading, source.citation.quote)
    if not heading:
        return source.title
    return heading if source.is_question else f"{source.title} ＞ {heading}"


def read_cells(source: Source) -> Row:
    """Return the cells of an excerpt that is a row of a table, empty for any other."""
    return () if source.is_question else read_row(source.heading, source.citation.quote)


def describe_reply(reply: Reply) -> dict[str, Any]:
    """Return a reply as JSON values: outcome, excerpts with citations, confidence, reasons, milliseconds.

    ``cells`` are those of a row of a table under the names of their columns, empty for other excerpts.
    """
    return {
        "outcome": reply.answer.outcome.value,
        "mode": reply.answer.mode.value,
        "confidence": round(reply.answer.confidence, 4),
        "reasons": list(reply.answer.reasons),
        "excerpts": [
            {
                "text": source.citation.quote,
                "cells": describe_row(read_cells(source)),
                "document_id": source.citation.document_id,
                "passage_id": source.passage_id,
                "version_id": source.version_id,
                "version_number": source.version_number,
                "version_digest": source.citation.version_digest,
                "start": source.citation.interval.start,
                "end": source.citation.interval.end,
                "title": source.title,
                "heading": strip_title(source.title, source.heading),
                "effective_from": source.effective_from.isoformat(),
            }
            for source in (reply.sources if reply.answer.outcome is Outcome.ANSWERED else ())
        ],
        "choices": [
            {"label": label, "passage_id": source.passage_id}
            for label, source in zip(reply.answer.choices, reply.sources, strict=False)
        ],
        "took_ms": round(reply.took_ms, 1),
    }
