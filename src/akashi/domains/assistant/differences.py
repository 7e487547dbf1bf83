"""What customers would read differently: the answers before and after a document changes, for its approver.

Nothing is changed to find out. Both states are built in memory from the same records, and both are asked by
the very function that answers customers. Questions are the institution's labelled ones, those that several
customers asked in the same words, and those that only the version itself states. A customer's words are shown
only as far as the guard has masked them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.engine import Connection

from akashi.core.errors import AkashiError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Answer, Audience, Outcome
from akashi.documents.answerable import list_answerable
from akashi.documents.measure import choose_version
from akashi.documents.model import Document, StoredPassage, Version, VersionState
from akashi.documents.store import (
    find_stored,
    list_passages,
    list_versions,
    read_document,
    read_generation,
    read_version,
)
from akashi.domains.assistant.answering import answer_from, check_question
from akashi.domains.assistant.library import Shelf, library_of, make_entry
from akashi.domains.assistant.measure.index import Entry, build_index
from akashi.domains.assistant.measure.topics import topic_words
from akashi.domains.assistant.model import Source, read_cells
from akashi.domains.assistant.query_store import list_queries
from akashi.domains.assistant.rows import spell_row
from akashi.domains.assistant.weekly import questions_before
from akashi.domains.assistant.weekly_store import Place, list_places
from akashi.platform.site import Site

MOST_LABELLED = 300
MOST_FREQUENT = 50
MOST_STATED = 50
LEAST_SPEAKERS = 3
"""A question counts as frequent, and may be shown, from so many conversations on. Our choice."""
PERIOD_DAYS = 90
MOST_READ = 2000


class What(StrEnum):
    """Which change is looked at."""

    APPROVAL = "approval"
    WITHDRAWAL = "withdrawal"


class Origin(StrEnum):
    """Where a question of the report comes from."""

    LABELLED = "labelled"
    FREQUENT = "frequent"
    STATED = "stated"


class Shift(StrEnum):
    """How the answer to a question changes, worst first."""

    LOST = "lost"
    CHANGED = "changed"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the report: its words as they may be shown, where it comes from, how often."""

    text: str
    shown: str
    origin: Origin
    count: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer reads: the outcome, and where its words stand."""

    outcome: Outcome
    text: str = ""
    title: str = ""
    heading: str = ""
    version_number: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One question whose answer changes."""

    asked: Asked
    shift: Shift
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Report:
    """The whole comparison. ``same`` questions keep their words; ``day`` is the day that was looked at."""

    document: Document
    version: Version
    what: What
    day: date
    rows: tuple[Row, ...]
    same: int
    asked: Mapping[Origin, int]

    @property
    def labelled(self) -> int:
        """Return how many of the institution's own questions were asked."""
        return self.asked.get(Origin.LABELLED, 0)

    @property
    def frequent(self) -> int:
        """Return how many questions were asked that several customers had asked."""
        return self.asked.get(Origin.FREQUENT, 0)

    @property
    def stated(self) -> int:
        """Return how many questions were asked that only the version itself states."""
        return self.asked.get(Origin.STATED, 0)

    def count(self, shift: Shift) -> int:
        """Return how many questions change in this way."""
        return sum(row.shift is shift for row in self.rows)


@dataclass(frozen=True, slots=True)
class _State:
    """What may be answered from in one state: versions by id, and the shelf made of them."""

    versions: Mapping[str, Version]
    shelf: Shelf

    def find(
        self, connection: Connection, wanted: str, _audience: Audience, _day: date
    ) -> tuple[StoredPassage, Version] | None:
        version_id, _, ordinal = wanted.rpartition(".")
        version = self.versions.get(version_id)
        if version is None or not ordinal.isdecimal():
            return None
        passage = find_stored(connection, version_id, int(ordinal))
        return (passage, version) if passage else None


def compare_answers(site: Site, version_id: str, what: What) -> Report:
    """Return which questions would be answered differently. Raises: NotFoundError: no such version."""
    now = site.now()
    with site.database.read() as connection:
        version = read_version(connection, version_id)
        document = read_document(connection, version.document_id)
        day = max(tokyo_day(now), version.effective_from)
        present = library_of(site).find_shelf(connection, document.audience, tokyo_day(now))
        asked = [
            *_labelled(connection),
            *_frequent(site, connection, present, now),
        ]
        asked += _stated(connection, version, present, {one.text for one in asked})
        known = _Known(present)
        before, after = (
            _build_state(connection, document, one, day, known) for one in _two(version, what, now)
        )
        pairs = [(one, *_ask_both(connection, one, document.audience, day, before, after)) for one in asked]
    rows = [row for one, left, right in pairs if (row := _compare(one, left, right)) is not None]
    rows.sort(key=lambda row: (list(Shift).index(row.shift), -row.asked.count, row.asked.shown))
    counted = Counter(one.origin for one in asked)
    return Report(document, version, what, day, tuple(rows), len(asked) - len(rows), counted)


class _Known:
    """Entries that the present shelf has read already, by version."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.entries: dict[str, list[Entry]] = {}
        for entry, lives in zip(shelf.index.entries, shelf.index.alive, strict=True):
            if lives:
                self.entries.setdefault(entry.id.rpartition(".")[0], []).append(entry)


def _two(version: Version, what: What, now: datetime) -> tuple[Version, Version]:
    """Return the version without and with the change."""
    approved = replace(
        version,
        state=VersionState.APPROVED,
        approved_at=version.approved_at or now,
        withdrawn_at=None,
    )
    if what is What.WITHDRAWAL:
        return approved, replace(approved, state=VersionState.WITHDRAWN, withdrawn_at=now)
    return replace(version, state=VersionState.DRAFT, approved_at=None, withdrawn_at=None), approved


def _build_state(
    connection: Connection, document: Document, changed: Version, day: date, known: _Known
) -> _State:
    versions = list_answerable(connection, document.audience, day)
    own = [changed if one.id == changed.id else one for one in list_versions(connection, [document.id])]
    chosen = choose_version(own, day)
    versions = {key: one for key, one in versions.items() if one.document_id != document.id}
    if chosen is not None:
        versions[chosen.id] = chosen
    entries: list[Entry] = []
    for version_id in sorted(versions):
        if version_id not in known.entries:
            passages = list_passages(connection, [version_id])
            known.entries[version_id] = [make_entry(passage) for passage in passages]
        entries += known.entries[version_id]
    index = build_index(entries, known.shelf.index)
    return _State(versions, replace(known.shelf, day=day, index=index))


def _ask_both(
    connection: Connection, asked: Asked, audience: Audience, day: date, before: _State, after: _State
) -> tuple[Said, Said]:
    answers = (
        answer_from(connection, state.shelf, asked.text, audience, day, state.find)
        for state in (before, after)
    )
    first, second = (_say(answer, sources) for answer, sources in answers)
    return first, second


def _say(answer: Answer, sources: Sequence[Source]) -> Said:
    if not sources:
        return Said(answer.outcome, "\n".join(answer.choices))
    first = sources[0]
    place = ", ".join(f"{one.passage_id}:{one.citation.interval.start}" for one in sources)
    text = "\n\n".join(spell_row(read_cells(one)) or one.citation.quote for one in sources)
    return Said(answer.outcome, text, first.title, first.heading, first.version_number, place)


def _compare(asked: Asked, before: Said, after: Said) -> Row | None:
    if (before.outcome, before.text) == (after.outcome, after.text):
        return None
    shift = Shift.CHANGED
    if before.outcome is Outcome.ANSWERED and after.outcome is not Outcome.ANSWERED:
        shift = Shift.LOST
    elif before.outcome is not Outcome.ANSWERED and after.outcome is Outcome.ANSWERED:
        shift = Shift.GAINED
    return Row(asked, shift, before, after)


def _labelled(connection: Connection) -> Iterator[Asked]:
    for text in list_queries(connection, MOST_LABELLED):
        yield Asked(text, text, Origin.LABELLED)


def _stated(connection: Connection, version: Version, shelf: Shelf, others: Container[str]) -> list[Asked]:
    """Return the questions of a version that no approved entry states in these words."""
    approved = {
        entry.question for entry, lives in zip(shelf.index.entries, shelf.index.alive, strict=True) if lives
    }
    texts = dict.fromkeys(one.question for one in list_passages(connection, [version.id]) if one.question)
    new = [text for text in texts if text not in approved and text not in others]
    return [Asked(text, text, Origin.STATED) for text in new[:MOST_STATED]]


def _frequent(site: Site, connection: Connection, shelf: Shelf, now: datetime) -> list[Asked]:
    """Return what at least three conversations asked in the same words, most frequent first."""
    speakers: dict[str, set[str]] = {}
    for place, text in _recent(site, connection, now):
        try:
            speakers.setdefault(check_question(text).casefold(), set()).add(place.conversation_id)
        except AkashiError:
            continue
    often = sorted(
        ((len(ids), text) for text, ids in speakers.items() if len(ids) >= LEAST_SPEAKERS),
        key=lambda one: (-one[0], one[1]),
    )
    return [
        Asked(text, _show(site, shelf, text), Origin.FREQUENT, count) for count, text in often[:MOST_FREQUENT]
    ]


def _recent(site: Site, connection: Connection, now: datetime) -> Iterator[tuple[Place, str]]:
    since = now - timedelta(days=PERIOD_DAYS)
    places: dict[str, list[Place]] = {}
    for outcome in Outcome:
        for place in list_places(connection, since, now, outcome, MOST_READ):
            places.setdefault(place.conversation_id, []).append(place)
    for conversation_id, inside in places.items():
        yield from questions_before(site, connection, conversation_id, inside).items()


def _show(site: Site, shelf: Shelf, text: str) -> str:
    if site.ports.screen is not None:
        return site.ports.screen(text).text
    return "・".join(topic_words(text, shelf.index.vocabulary))


def cached_report(site: Site, version_id: str, what: What) -> Report:
    """Return the report, computed once for each state of documents, questions and day."""
    with site.database.read() as connection:
        state = (
            read_generation(connection),
            tuple(list_queries(connection, MOST_LABELLED)),
            read_version(connection, version_id),
            tokyo_day(site.now()),
        )
    key = f"assistant.differences {version_id} {what}"
    found = site.caches.get(key)
    if isinstance(found, tuple) and found[0] == state and isinstance(found[1], Report):
        return found[1]
    report = compare_answers(site, version_id, what)
    site.caches[key] = (state, report)
    return report
