"""What an entry or a question is made of: the terms of five streams, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from akashi.core.spans import Interval
from akashi.language.synonyms import is_everyday
from akashi.language.tokens import WORD_PARTS, Token, is_polite, read_ngrams, read_tokens

SOUNDS = 3
"""So many kana make a run; on the labelled questions two and three were alike, and three match less."""


class Stream(StrEnum):
    """A way of cutting text into terms; the value is the first letter of its terms."""

    WORD = "w"
    SYNONYM = "s"
    EVERYDAY = "e"
    GRAM = "g"
    READING = "r"


@dataclass(frozen=True, slots=True)
class Concept:
    """A content word of a question with everything that can stand for it."""

    word: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text: counts per stream (terms carry the stream's letter), words in order."""

    counts: dict[Stream, Counter[str]]
    concepts: tuple[Concept, ...]


def read_terms(text: str) -> Terms:
    """Return the terms of one field of an entry.

    >>> sorted(read_terms("通帳の紛失").counts[Stream.WORD])
    ['w紛失', 'w通帳']
    """
    return _terms(read_tokens(text), [text])


def read_question_terms(text: str) -> Terms:
    """Return the terms of a customer's question: grams only of words, none of polite ones.

    >>> sorted(read_question_terms("印鑑を教えて下さい").counts[Stream.GRAM])
    ['g印', 'g印鑑', 'g鑑']
    """
    tokens = read_tokens(text)
    told = [token for token in tokens if token.part in WORD_PARTS and not is_polite(token.form)]
    runs = [run.of(text) for run in _joined_spans(told)]
    return _terms(tokens, runs)


def _terms(tokens: Sequence[Token], runs: Sequence[str]) -> Terms:
    concepts = tuple(_concept(token) for token in tokens if token.content)
    synonyms = Counter(group for concept in concepts for group in concept.synonyms)
    grams = Counter(Stream.GRAM + gram for run in runs for size in (1, 2) for gram in read_ngrams(run, size))
    counts = {stream: _beginning(synonyms, stream) for stream in Stream}
    counts[Stream.WORD] = Counter(concept.word for concept in concepts)
    counts[Stream.GRAM] = grams
    counts[Stream.READING] = Counter(read_sounds(tokens))
    return Terms(counts, concepts)


def read_sounds(tokens: Sequence[Token]) -> list[str]:
    """Return the runs of three kana of how the words are said, as terms.

    They see through kana for kanji and through a wrong conversion: 移行 is said as 意向 is.

    >>> read_sounds(read_tokens("印鑑")) == read_sounds(read_tokens("いんかん"))
    True
    """
    said = "".join(token.reading or " " for token in tokens)
    return [
        Stream.READING + run[at : at + SOUNDS] for run in said.split() for at in range(len(run) - SOUNDS + 1)
    ]


def _beginning(counts: Counter[str], letter: str) -> Counter[str]:
    return Counter({term: count for term, count in counts.items() if term.startswith(letter)})


def _concept(token: Token) -> Concept:
    synonyms = tuple(
        f"{Stream.EVERYDAY if is_everyday(group) else Stream.SYNONYM}{group}" for group in token.synonyms
    )
    return Concept(Stream.WORD + token.form, synonyms)


def _joined_spans(tokens: Sequence[Token]) -> list[Interval]:
    """Return the spans of tokens, neighbours without a gap joined."""
    spans: list[Interval] = []
    for token in tokens:
        if spans and spans[-1].end == token.span.start:
            spans[-1] = Interval(spans[-1].start, token.span.end)
        else:
            spans.append(token.span)
    return spans
