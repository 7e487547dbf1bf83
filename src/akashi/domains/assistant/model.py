"""The words of the assistant: where an answer stands, and a reply with all that is shown beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from akashi.core.thread import Answer, Citation


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


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its sources (one for each excerpt, in order) and what it cost.

    ``generation`` is the state of the documents that was answered from; ``took_ms`` is wall time.
    """

    answer: Answer
    sources: tuple[Source, ...]
    generation: int
    took_ms: float
