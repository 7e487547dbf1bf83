"""A question becomes an answer of approved words, or the way to a person. Read this first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.ports import Screened
from akashi.core.spans import Interval
from akashi.core.thread import MOST_EXCERPTS, Answer, Audience, Citation, Excerpt, Outcome, Question
from akashi.documents.answerable import find_passage
from akashi.documents.model import StoredPassage, Version
from akashi.documents.store import read_text
from akashi.domains.assistant.embedding import Rank, choose_ranking, search_words
from akashi.domains.assistant.library import Shelf, library_of
from akashi.domains.assistant.measure.confidence import confidence, shipped_calibration
from akashi.domains.assistant.measure.excerpt import best_excerpt
from akashi.domains.assistant.model import MAX_QUESTION, Reply, Source
from akashi.domains.assistant.store import is_stopped
from akashi.language.normalise import normalise
from akashi.platform.site import Site

SEARCHED = 10
MAX_ANSWER = 700
MAX_EXCERPT = 400
STAFF_THRESHOLD = 0.1
"""Staff see the confidence and judge the passage themselves; below this it is not worth their time. Ours."""


FindPassage = Callable[[Connection, str, Audience, date], tuple[StoredPassage, Version] | None]
"""Return a passage with its version if this audience may be shown it on this day."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much an audience is shown: excerpts at most, their characters, and from which confidence on."""

    threshold: float
    excerpts: int
    characters: int


def reading_for(audience: Audience) -> Reading:
    """Return how much is shown: customers one sure answer, staff up to three passages to judge."""
    if audience is Audience.STAFF:
        return Reading(STAFF_THRESHOLD, MOST_EXCERPTS, MAX_ANSWER)
    return Reading(shipped_calibration().threshold, 1, MAX_EXCERPT)


def ask(site: Site, question: Question) -> Reply:
    """Return the reply to a question: approved words with their sources, or the way to a person.

    The database is asked again for every passage before it is shown, so that a withdrawn or expired
    version is gone at once. Nothing is written.

    Raises: InputError: the question is empty or too long.
    """
    started = time.perf_counter()
    text = check_question(question.text)
    screened = site.ports.screen(text) if site.ports.screen else Screened(text, refused=False)
    day = tokyo_day(question.asked_at)
    with site.database.read() as connection:
        shelf = library_of(site).find_shelf(connection, question.audience, day)
        rank = choose_ranking(site, connection, shelf) if not screened.refused else search_words
        answer, sources = _decide(connection, shelf, screened, question.audience, day, rank)
    return Reply(answer, sources, shelf.generation, (time.perf_counter() - started) * 1000)


def check_question(text: str) -> str:
    """Return the question without the characters nobody can see.

    Raises: InputError: nothing is left of it, or it has more than ``MAX_QUESTION`` characters.
    """
    if len(text) > MAX_QUESTION:
        raise InputError(
            "The question has {length} characters; at most {most} can be read.",
            where="question",
            next_step="Please ask in a few sentences.",
            length=f"{len(text):,}",
            most=f"{MAX_QUESTION:,}",
        )
    visible = normalise(text).text.strip()
    if not visible:
        raise InputError(
            "The question is empty.", where="question", next_step="Please write what you want to know."
        )
    return visible


def _decide(
    connection: Connection, shelf: Shelf, screened: Screened, audience: Audience, day: date, rank: Rank
) -> tuple[Answer, tuple[Source, ...]]:
    if screened.refused:
        return Answer(Outcome.REFUSED, reasons=screened.reasons), ()
    if is_stopped(connection):
        return _hand_over("The automatic answers are stopped; a person answers.")
    return answer_from(connection, shelf, screened.text, audience, day, rank=rank)


def answer_from(
    connection: Connection,
    shelf: Shelf,
    text: str,
    audience: Audience,
    day: date,
    find: FindPassage = find_passage,
    rank: Rank = search_words,
) -> tuple[Answer, tuple[Source, ...]]:
    """Return what a shelf answers, with its sources; ``find`` has the last word on every passage."""
    reading = reading_for(audience)
    hits = rank(shelf, text, SEARCHED)
    sure = confidence(text, hits)
    if not hits or sure.value < reading.threshold:
        return _hand_over(*sure.reasons, value=sure.value)
    found = [find(connection, hit.entry_id, audience, day) for hit in hits[: reading.excerpts]]
    if found[0] is None:
        return _hand_over("The passage found is not in effect any more.", value=sure.value)
    sources = tuple(_quote(connection, text, *one, reading.characters) for one in found if one is not None)
    excerpts = tuple(Excerpt(source.citation.quote, source.citation) for source in sources)
    return Answer(Outcome.ANSWERED, excerpts, sure.value, sure.reasons), sources


def _quote(
    connection: Connection, text: str, passage: StoredPassage, version: Version, characters: int
) -> Source:
    whole = read_text(connection, version.id)
    span = choose_span(text, whole, passage, characters)
    return Source(
        Citation(version.document_id, version.text_digest, span, span.of(whole)),
        passage.id,
        version.id,
        version.number,
        passage.title,
        passage.question or " ＞ ".join(passage.passage.heading),
        version.effective_from,
        passage.passage.page,
    )


def choose_span(text: str, whole: str, passage: StoredPassage, characters: int = MAX_EXCERPT) -> Interval:
    """Return what is shown of a passage: all of an approved answer, the best sentences of a long text."""
    body = passage.passage.body
    most = MAX_ANSWER if passage.passage.kind == "qa" else characters
    return body if len(body) <= most else best_excerpt(text, whole, body, most)


def _hand_over(*reasons: str, value: float = 0.0) -> tuple[Answer, tuple[Source, ...]]:
    return Answer(Outcome.HAND_OVER, confidence=value, reasons=reasons), ()
