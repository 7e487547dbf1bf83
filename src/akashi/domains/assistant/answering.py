"""A question becomes an answer of approved words, or the way to a person. Read this first."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.ports import Screened
from akashi.core.spans import Interval
from akashi.core.thread import MOST_EXCERPTS, Answer, Audience, Citation, Excerpt, Outcome, Question
from akashi.documents.answerable import find_passage
from akashi.documents.model import StoredPassage, Version
from akashi.documents.store import read_generation
from akashi.domains.assistant.embedding import Rank, choose_ranking, search_words
from akashi.domains.assistant.library import NotReadyError, Shelf, library_of
from akashi.domains.assistant.measure.advice import asks_advice
from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.cases import excludes, names_number
from akashi.domains.assistant.measure.channels import is_other_way
from akashi.domains.assistant.measure.confidence import (
    SAME_ANSWER,
    Calibration,
    Confidence,
    confidence,
)
from akashi.domains.assistant.measure.excerpt import best_excerpt
from akashi.domains.assistant.measure.index import Hit
from akashi.domains.assistant.measure.parts import are_two_sides, pick_choices, read_pair, read_parts
from akashi.domains.assistant.measure.wanted import lacks_answer
from akashi.domains.assistant.model import MAX_QUESTION, Reply, Source, name_choice
from akashi.domains.assistant.rows import name_of_row, read_row
from akashi.domains.assistant.store import is_stopped
from akashi.language.normalise import normalise
from akashi.platform.site import Site

SEARCHED = 10
MAX_ANSWER = 700
MAX_EXCERPT = 400
STAFF_THRESHOLD = 0.1
"""Staff see the confidence and judge the passage themselves; below this it is not worth their time. Ours."""


CLARIFY_SHARE = 0.45
"""From this share of the threshold on the customer is asked what he means. Chosen on dev. Ours."""
PART_THRESHOLD = 0.8
"""A part of a question is answered on its own from this confidence on. Chosen on dev. Ours."""
USE_CASES = {Audience.CUSTOMERS: "assistant", Audience.STAFF: "staff"}
"""Whose policy of the guards a question falls under."""
PATIENCE_S = 8.0
"""So long a question waits for an index that another one has made begin. Then a person answers. Ours."""
NOT_READY = "The automatic answers are being prepared; a person answers."
OPEN_PART = "A part of the question has no sure answer of its own."
OTHER_WAY = "The answer found is about another way of doing it than the one asked about."
OTHER_CASE = "The row found is for another number than the one asked about."
OTHER_KIND = "The answer found does not say the kind of thing that was asked for."
CHOSEN = "The customer chose this answer."


FindPassage = Callable[[Connection, str, Audience, date], tuple[StoredPassage, Version] | None]
"""Return a passage with its version if this audience may be shown it on this day."""
Look = Callable[[str, Hit], Source | None]
"""Return what is shown of a hit in answer to a text, or None when it may not be shown."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much an audience is shown: excerpts at most, their characters, and from which confidence on.

    From ``least_choice`` up to the threshold the question goes back with choices.
    """

    threshold: float
    excerpts: int
    characters: int
    least_choice: float = 1.0


def reading_for(audience: Audience, calibration: Calibration) -> Reading:
    """Return how much is shown: customers one sure answer, staff up to three passages to judge."""
    if audience is Audience.STAFF:
        return Reading(STAFF_THRESHOLD, MOST_EXCERPTS, MAX_ANSWER)
    threshold = calibration.threshold
    return Reading(threshold, 1, MAX_EXCERPT, CLARIFY_SHARE * threshold)


def ask(site: Site, question: Question) -> Reply:
    """Return the reply to a question: approved words with their sources, or the way to a person.

    The database is asked again for every passage before it is shown, so that a withdrawn or expired
    version is gone at once. Nothing is written.

    Raises: InputError: the question is empty or too long.
    """
    started = time.perf_counter()
    text = check_question(question.text)
    screened = screen_question(site, text, question.audience)
    day = tokyo_day(question.asked_at)
    generation = 0
    try:
        with site.database.read() as connection:
            shelf = library_of(site).find_shelf(connection, question.audience, day, PATIENCE_S)
            generation = shelf.generation
            is_open = not screened.refused and not screened.handed_over
            rank = choose_ranking(site, connection, shelf) if is_open else search_words
            answer, sources = _decide(connection, shelf, screened, question.audience, day, rank)
    except NotReadyError:
        answer, sources = _hand_over(NOT_READY)
    return Reply(answer, sources, generation, (time.perf_counter() - started) * 1000, screened)


def screen_question(site: Site, text: str, audience: Audience) -> Screened:
    """Return what the guards make of a question, under the policy of whom it comes from."""
    if site.ports.screen is None:
        return Screened(text, refused=False)
    return site.ports.screen(text, USE_CASES[audience])


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
    if screened.handed_over:
        return _hand_over(*screened.reasons)
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
    """Return what a shelf answers, with its sources; ``find`` has the last word on every passage.

    A question back has the sources of its choices, in their order. Several questions in one are answered
    together where each part has a sure answer of its own. Who the customer is changes nothing unless an
    approved text speaks of it.
    """
    reading = reading_for(audience, shelf.calibration)
    is_advice = asks_advice(text)
    text = leave_circumstances(shelf.index, text)

    def look(asked: str, hit: Hit) -> Source | None:
        found = find(connection, hit.entry_id, audience, day)
        return _quote(asked, *found, reading.characters) if found else None

    hits = _put_case_first(text, rank(shelf, text, SEARCHED), look)
    sure = confidence(text, hits, shelf.calibration)
    if audience is Audience.CUSTOMERS:
        joined = _join_parts(shelf, text, hits, rank, look)
        if joined is not None:
            return joined
    if hits and reading.least_choice <= sure.value < reading.threshold and not is_advice:
        return _ask_back(text, hits, sure, look)
    if not hits or sure.value < reading.threshold:
        return _hand_over(*sure.reasons, value=sure.value)
    found = [look(text, hit) for hit in hits[: reading.excerpts]]
    if found[0] is None:
        return _hand_over("The passage found is not in effect any more.", value=sure.value)
    if audience is Audience.CUSTOMERS and (doubt := _find_doubt(text, found[0])):
        return _ask_back(text, hits, replace(sure, reasons=(doubt, *sure.reasons)), look)
    return _say(found, sure)


def _find_doubt(text: str, source: Source) -> str:
    """Return why ``source`` is not shown as the answer although it is the surest, or nothing."""
    if lacks_answer(text, source.citation.quote):
        return OTHER_KIND
    if _is_other_case(text, source):
        return OTHER_CASE
    return OTHER_WAY if is_other_way(text, source.heading) else ""


def _is_other_case(text: str, source: Source) -> bool:
    return excludes(text, name_of_row(read_row(source.heading, source.citation.quote)))


def _put_case_first(text: str, hits: Sequence[Hit], look: Look) -> Sequence[Hit]:
    """Return ``hits`` with the row first that is for the number asked about, if its table is found first."""
    first = look(text, hits[0]) if hits and names_number(text) else None
    if first is None or not _is_other_case(text, first):
        return hits
    for hit in hits[1:]:
        other = look(text, hit)
        if other is not None and other.heading == first.heading and not _is_other_case(text, other):
            return [hit, *(one for one in hits if one is not hit)]
    return hits


def _say(found: Sequence[Source | None], sure: Confidence) -> tuple[Answer, tuple[Source, ...]]:
    sources = tuple(one for one in found if one is not None)
    excerpts = tuple(Excerpt(source.citation.quote, source.citation) for source in sources)
    return Answer(Outcome.ANSWERED, excerpts, sure.value, sure.reasons), sources


def _join_parts(
    shelf: Shelf, text: str, hits: Sequence[Hit], rank: Rank, look: Look
) -> tuple[Answer, tuple[Source, ...]] | None:
    """Return the sure answers to at least two parts of a question, or None.

    It is as sure as all of its parts together, their product, and so must reach the threshold as a whole.
    Entries that say nearly the same are never joined, nor two versions of one document. Two things that one
    sentence asks for are a guess of the grammar: both answers must be among ``hits`` of the whole question.
    """
    parts, among = read_parts(text), None
    if len(parts) < 2:
        parts, among = read_pair(text), {hit.entry_id for hit in hits}
    said: list[tuple[str, Source]] = []
    value, least_sure = 1.0, max(PART_THRESHOLD, shelf.calibration.threshold)
    for part in parts:
        found = rank(shelf, part, SEARCHED)
        sure = confidence(part, found, shelf.calibration)
        is_sure = sure.value >= least_sure and value * sure.value >= shelf.calibration.threshold
        if not is_sure or not (among is None or found[0].entry_id in among):
            continue
        near = {hit.entry_id for hit in found if hit.likeness >= SAME_ANSWER}
        source = look(part, found[0])
        if source is None or _find_doubt(part, source):
            continue
        if not any(_clash(part, source, *other, near) for other in said):
            said.append((part, source))
            value *= sure.value
    if len(said) < 2:
        return None
    open_parts = () if len(said) == len(parts) else (OPEN_PART,)
    return _say([source for _, source in said[:MOST_EXCERPTS]], Confidence(value, open_parts, {}))


def _clash(part: str, one: Source, other_part: str, other: Source, near: Container[str]) -> bool:
    is_same_document = one.citation.document_id == other.citation.document_id
    if one.passage_id == other.passage_id or (is_same_document and one.version_id != other.version_id):
        return True
    two_sides = are_two_sides(part, one.citation.quote, other_part, other.citation.quote)
    return other.passage_id in near and not two_sides


def _ask_back(
    text: str, hits: Sequence[Hit], sure: Confidence, look: Look
) -> tuple[Answer, tuple[Source, ...]]:
    """Return the close, different candidates as choices; a single one goes to a person."""
    found = [source for hit in pick_choices(hits) if (source := look(text, hit)) is not None]
    sources = {name_choice(source): source for source in reversed(found)}
    labels = tuple(dict.fromkeys(name_choice(source) for source in found))
    if len(labels) < 2:
        return _hand_over(*sure.reasons, value=sure.value)
    answer = Answer(Outcome.CLARIFY, confidence=sure.value, reasons=sure.reasons, choices=labels)
    return answer, tuple(sources[label] for label in labels)


def answer_choice(site: Site, text: str, passage_id: str) -> Reply:
    """Return the passage that a customer chose, in answer to his question ``text``, or the way to a person.

    The database is asked again: a passage that was withdrawn since is not shown.
    """
    started, now = time.perf_counter(), site.now()
    with site.database.read() as connection:
        generation = read_generation(connection)
        found = find_passage(connection, passage_id, Audience.CUSTOMERS, tokyo_day(now))
        if is_stopped(connection):
            answer, sources = _hand_over("The automatic answers are stopped; a person answers.")
        elif found is None:
            answer, sources = _hand_over("The passage found is not in effect any more.")
        else:
            source = _quote(text, *found, MAX_EXCERPT)
            answer, sources = _say([source], Confidence(1.0, (CHOSEN,), {}))
    return Reply(answer, sources, generation, (time.perf_counter() - started) * 1000)


def _quote(text: str, passage: StoredPassage, version: Version, characters: int) -> Source:
    span, quote = choose_span(text, passage, characters)
    return Source(
        Citation(version.document_id, version.text_digest, span, quote),
        passage.id,
        version.id,
        version.number,
        passage.title,
        passage.question or " ＞ ".join(passage.passage.heading),
        version.effective_from,
        passage.passage.page,
        is_question=bool(passage.question),
    )


def choose_span(text: str, passage: StoredPassage, characters: int = MAX_EXCERPT) -> tuple[Interval, str]:
    """Return what is shown of a passage: all of an approved answer, the best sentences of a long text.

    The interval lies in the version's whole text; beside it the words.
    """
    body, told = passage.passage.body, passage.body
    most = MAX_ANSWER if passage.passage.kind == "qa" else characters
    if len(body) <= most:
        return body, told
    part = best_excerpt(text, told, Interval(0, len(told)), most)
    return Interval(body.start + part.start, body.start + part.end), part.of(told)


def _hand_over(*reasons: str, value: float = 0.0) -> tuple[Answer, tuple[Source, ...]]:
    return Answer(Outcome.HAND_OVER, confidence=value, reasons=reasons), ()
