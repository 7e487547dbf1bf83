"""Sources and their requirements as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from akashi.core.errors import NotFoundError
from akashi.core.thread import Requirement


class Kind(StrEnum):
    """How a requirement is shown to be met: by measuring, by a responsible person's word, by a document."""

    AUTOMATIC = "automatic"
    ATTEST = "attest"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Source:
    """One document in one edition. ``sha256`` is of the text we hold, empty where we hold none.

    ``force_ja`` and ``force_en`` say how binding it is; ``confirm`` that nobody should rely on our words
    before the legal department has read the text in force.
    """

    id: str
    title_ja: str
    title_en: str
    issuer_ja: str
    issuer_en: str
    edition: str
    sha256: str = ""
    file: str = ""
    address: str = ""
    force_ja: str = ""
    force_en: str = ""
    confirm: bool = False
    is_own: bool = False

    def title(self, language: str) -> str:
        """Return the title in ``ja`` or ``en``."""
        return self.title_ja if language == "ja" else self.title_en

    def issuer(self, language: str) -> str:
        """Return who issued it."""
        return self.issuer_ja if language == "ja" else self.issuer_en

    def force(self, language: str) -> str:
        """Return how binding it is, in our words."""
        return self.force_ja if language == "ja" else self.force_en


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause. ``ja`` and ``en`` are our own words; ``anchor`` is how the clause is found in the text.

    ``page`` is None where the text we hold has no pages. ``our_reading`` marks what the clause does
    not say in so many words.
    """

    id: str
    source: Source
    clause: str
    anchor: str
    kind: Kind
    ja: str
    en: str
    evidence_ja: str
    evidence_en: str
    page: int | None = None
    our_reading: bool = False

    @property
    def requirement(self) -> Requirement:
        """Return the entry as the word of the thread that findings and measurements carry."""
        return Requirement(self.id, self.source.id, self.source.edition, self.clause)

    def words(self, language: str) -> str:
        """Return our words in ``ja`` or ``en``."""
        return self.ja if language == "ja" else self.en

    def is_wanted(self, text: str = "", source: str = "", kind: str = "") -> bool:
        """Return whether it holds every word of ``text`` and is of that source and kind, if given."""
        return (
            (not source or self.source.id == source)
            and (not kind or self.kind == kind)
            and all(word in _searchable(self) for word in text.casefold().split())
        )

    def wanted(self, language: str) -> str:
        """Return what evidence satisfies the requirement."""
        return self.evidence_ja if language == "ja" else self.evidence_en


@dataclass(frozen=True)
class Catalogue:
    """Every source and entry, in the order of the files."""

    sources: tuple[Source, ...]
    entries: tuple[Entry, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Return the entries by id."""
        return {entry.id: entry for entry in self.entries}

    def find(self, entry_id: str) -> Entry:
        """Return one entry. Raises: NotFoundError: there is none."""
        if entry_id not in self.by_id:
            raise NotFoundError("There is no requirement {id}.", where="requirement", id=entry_id)
        return self.by_id[entry_id]

    def joined(self, other: Catalogue) -> Catalogue:
        """Return this catalogue and the ``other`` after it."""
        return Catalogue(self.sources + other.sources, self.entries + other.entries)

    def search(self, text: str = "", source: str = "", kind: str = "") -> tuple[Entry, ...]:
        """Return the entries that contain every word of ``text``, of one source and kind if given."""
        return tuple(entry for entry in self.entries if entry.is_wanted(text, source, kind))


@dataclass(frozen=True, slots=True)
class Rule:
    """One edition of a rule 規程 of the institution; ``replaced_at`` is None for the edition in use."""

    id: str
    code: str
    title: str
    issuer: str
    edition: str
    file: str
    sha256: str
    imported_at: datetime
    imported_by: str
    replaced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of an own rule. ``entry_id`` stays the same from edition to edition."""

    entry_id: str
    clause: str
    heading: str
    text: str
    kind: Kind = Kind.ATTEST
    evidence: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """A responsible person's word that a requirement is met, with what it rests on, until a day."""

    id: str
    requirement_id: str
    statement: str
    reference: str
    holds_until: date
    actor: str
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether it stands on that Tokyo day."""
        return self.withdrawn_at is None and day <= self.holds_until


def _searchable(entry: Entry) -> str:
    parts = (entry.id, entry.clause, entry.anchor, entry.ja, entry.en, entry.evidence_ja, entry.evidence_en)
    return "\n".join(parts).casefold()
