"""The words of documents. The first part is what parsing hands over: text, passages, warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from akashi.core.spans import Interval
from akashi.core.thread import Audience

PassageKind = Literal["qa", "section", "table"]
FieldValue = str | int | float


@dataclass(frozen=True, slots=True)
class ParsingWarning:
    """Something a person should know about a document that was nevertheless accepted.

    ``message`` is an English message id whose ``{name}`` fields are filled from ``values``.

    >>> str(ParsingWarning("Page {page} holds no text.", (("page", 3),)))
    'Page 3 holds no text.'
    """

    message: str
    values: tuple[tuple[str, FieldValue], ...] = ()

    def __str__(self) -> str:
        return self.message.format_map(dict(self.values))


@dataclass(frozen=True, slots=True)
class Passage:
    """One citable piece of a document.

    ``body`` and ``question`` are half-open code-point intervals into the text of the document:
    ``text[body.start:body.end]`` is exactly what is shown and cited. ``heading`` is the path of
    headings above it, outermost first; a row of a table may add the header line of its table.
    ``page`` counts from 1 (slides too) and is the page on which the body begins.
    """

    kind: PassageKind
    heading: tuple[str, ...]
    question: Interval | None
    body: Interval
    page: int | None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What parsing gives: the canonical text that is stored, and the passages inside it.

    Passages are in the order of the text, never blank, and lie within ``text``. ``encoding`` is
    the name of the character encoding of a text format, None for the others.
    """

    text: str
    passages: tuple[Passage, ...]
    media_type: str
    encoding: str | None
    page_count: int | None
    warnings: tuple[ParsingWarning, ...]


class VersionState(StrEnum):
    """Where a version stands; only an approved one that is in effect may be answered from."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Document:
    """Something the institution publishes or follows; its text lies in its versions.

    ``key`` is the institution's own short name for it, unique and stable.
    """

    id: str
    key: str
    title: str
    title_en: str
    audience: Audience
    owner_office: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of a document, unchangeable once added.

    ``source_digest`` is the SHA-256 of the file as given, ``text_digest`` that of the text that is
    cited (UTF-8). ``effective_from`` and ``effective_to`` are Tokyo days, both included.
    """

    id: str
    document_id: str
    number: int
    state: VersionState
    file_name: str
    media_type: str
    source_digest: str
    text_digest: str
    characters: int
    effective_from: date
    effective_to: date | None
    created_at: datetime
    created_by: str
    matter_id: str = ""
    approved_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    warnings: tuple[ParsingWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage in the database: its id, its place, and the exact texts of question and body."""

    id: str
    version_id: str
    document_id: str
    title: str
    passage: Passage
    question: str
    body: str

    @property
    def heading_path(self) -> str:
        """Return title and headings as one line, for display and for the index."""
        parts = (self.title, *self.passage.heading)
        return " ＞ ".join(dict.fromkeys(part for part in parts if part))
