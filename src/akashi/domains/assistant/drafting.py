"""What helps an operator: our draft from approved words, and the approved pairs most like the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.core.spans import Interval
from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.answerable import find_passage
from akashi.documents.model import StoredPassage
from akashi.documents.store import read_span
from akashi.domains.assistant.answering import ask, choose_span
from akashi.domains.assistant.library import library_of
from akashi.domains.assistant.measure.bearing import leave_circumstances
from akashi.domains.assistant.measure.index import Hit
from akashi.domains.assistant.model import MAX_QUESTION, read_cells, strip_title
from akashi.domains.assistant.rows import BETWEEN, Row, describe_row, name_row, read_row
from akashi.language.tokens import read_tokens
from akashi.platform.site import Site

PAIRS = 3
"""How many approved pairs stand beside a draft. Source: FSA document 002, the call centre's example."""
SEARCHED = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A verbatim span of an approved version; ``reference`` finds it again: ``passage:start:end``.

    ``cells`` are those of a row of a table, empty for any other text.
    """

    passage_id: str
    span: Interval
    text: str
    title: str
    heading: str
    cells: Row = ()

    @property
    def reference(self) -> str:
        """Return the piece as one word, for a form."""
        return f"{self.passage_id}:{self.span.start}:{self.span.end}"


@dataclass(frozen=True, slots=True)
class Pair:
    """An approved question with its answer, and how like the customer's question it is, 0..1."""

    question: str
    answer: Piece
    similarity: float


@dataclass(frozen=True, slots=True)
class Help:
    """What stands beside a conversation. ``is_sure``: the automatic service itself would answer so."""

    question: str
    draft: tuple[Piece, ...]
    confidence: float
    is_sure: bool
    reasons: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def text(self) -> str:
        """Return the draft as one text."""
        return "\n\n".join(piece.text for piece in self.draft)


def find_help(site: Site, text: str) -> Help:
    """Return draft and similar pairs for a customer's words, from what customers may read today.

    The draft is what the automatic service answers, or else the best passage it did not dare to show.
    Questions that are too long are read from their beginning.
    """
    asked = text.strip()[:MAX_QUESTION]
    if not any(token.content for token in read_tokens(asked)):
        return Help(asked, (), 0.0, False, (), ())
    now = site.now()
    day = tokyo_day(now)
    reply = ask(site, Question(asked, now))
    with site.database.read() as connection:
        shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, day)
        hits = shelf.index.search(leave_circumstances(shelf.index, asked), SEARCHED)
        sure = tuple(
            Piece(
                one.passage_id,
                one.citation.interval,
                one.citation.quote,
                one.title,
                _name_place(one.title, one.heading, one.citation.quote, one.is_question),
                read_cells(one),
            )
            for one in (reply.sources if reply.answer.outcome is Outcome.ANSWERED else ())
        )
        draft = sure or _best_piece(connection, asked, hits, day)
        pairs = _similar_pairs(connection, hits, day)
    return Help(asked, draft, reply.answer.confidence, bool(sure), reply.answer.reasons, pairs)


def describe_rows(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Return the pieces that are rows of tables as JSON values: the words and the cells."""
    return [{"text": piece.text, "cells": describe_row(piece.cells)} for piece in pieces if piece.cells]


def read_pieces(connection: Connection, references: Sequence[str], day: date) -> tuple[Piece, ...] | None:
    """Return the pieces that ``references`` name, or None when one of them may no longer be shown."""
    pieces = tuple(_read_piece(connection, reference, day) for reference in references)
    return None if None in pieces else tuple(piece for piece in pieces if piece is not None)


def similarity_of(hit: Hit) -> float:
    """Return how like a question an entry is, 0..1: the mean of its share of the best reachable score
    and of the share of the question's words that it holds. Our own measure, for the eye."""
    return round((hit.attained + hit.coverage) / 2, 3)


def _best_piece(connection: Connection, text: str, hits: Sequence[Hit], day: date) -> tuple[Piece, ...]:
    for hit in hits:
        found = find_passage(connection, hit.entry_id, Audience.CUSTOMERS, day)
        if found is not None:
            return (_to_piece(text, found[0]),)
    return ()


def _similar_pairs(connection: Connection, hits: Sequence[Hit], day: date) -> tuple[Pair, ...]:
    pairs: list[Pair] = []
    for hit in hits:
        found = find_passage(connection, hit.entry_id, Audience.CUSTOMERS, day)
        if found is not None and found[0].question:
            passage = found[0]
            piece = Piece(passage.id, passage.passage.body, passage.body, passage.title, passage.question)
            pairs.append(Pair(passage.question, piece, similarity_of(hit)))
        if len(pairs) == PAIRS:
            break
    return tuple(sorted(pairs, key=lambda pair: -pair.similarity))


def _to_piece(text: str, passage: StoredPassage) -> Piece:
    return _make_piece(passage, *choose_span(text, passage))


def _make_piece(passage: StoredPassage, span: Interval, words: str) -> Piece:
    path = passage.question or BETWEEN.join(passage.passage.heading)
    is_question = bool(passage.question)
    cells = () if is_question else read_row(path, words)
    return Piece(
        passage.id, span, words, passage.title, _name_place(passage.title, path, words, is_question), cells
    )


def _name_place(title: str, path: str, words: str, is_question: bool) -> str:
    """Return the question, or the headings below the title; of a row with its own name at their end."""
    return path if is_question else strip_title(title, name_row(path, words))


def _read_piece(connection: Connection, reference: str, day: date) -> Piece | None:
    passage_id, _, ends = reference.partition(":")
    start, _, end = ends.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) <= int(end)):
        return None
    found = find_passage(connection, passage_id, Audience.CUSTOMERS, day)
    span = Interval(int(start), int(end))
    if found is None or not found[0].passage.body.covers(span):
        return None
    passage, version = found
    return _make_piece(passage, span, read_span(connection, version.id, span))
