"""What an entry or a question is made of: the terms of five streams, counted."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from akashi.core.spans import Interval
from akashi.language.normalise import normalise
from akashi.language.synonyms import is_everyday
from akashi.language.tokens import (
    WORD_PARTS,
    Token,
    cut_ngrams,
    is_polite,
    read_ngrams,
    read_tokens,
    read_units,
)

SOUNDS = 3
"""So many kana make a run; on the labelled questions two and three were alike, and three match less."""


class Stream(StrEnum):
    """A way of cutting text into terms; the value is the first letter of its terms."""

    WORD = "w"
    SYNONYM = "s"
    EVERYDAY = "e"
    GRAM = "g"
    READING = "r"


_GRAMS = (1, 2)
_NEGATIONS = frozenset(["ない", "無い", "ぬ", "ず", "まい"])
_WORD, _GRAM = Stream.WORD.value, Stream.GRAM.value
_GROUP_STREAMS = {stream.value: stream for stream in (Stream.SYNONYM, Stream.EVERYDAY)}


@dataclass(frozen=True, slots=True)
class Concept:
    """A content word of a question with everything that can stand for it.

    ``is_name`` of a proper noun, ``is_deed`` of a verb and of a noun that makes one (解約).
    """

    word: str
    synonyms: tuple[str, ...]
    is_noun: bool = False
    is_name: bool = field(default=False, compare=False)
    is_deed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text: counts per stream (terms carry the stream's letter).

    ``concepts`` are the content words in order, ``is_negated`` whether it says no, of a question only.
    """

    counts: dict[Stream, Counter[str]]
    concepts: tuple[Concept, ...]
    is_negated: bool = False


def read_terms(text: str) -> Terms:
    """Return the terms of one field of an entry.

    >>> sorted(read_terms("通帳の紛失").counts[Stream.WORD])
    ['w紛失', 'w通帳']
    """
    normal = normalise(text).text
    words: list[str] = []
    groups: list[int] = []
    said: list[str] = []
    for _, unit, everyday in read_units(normal):
        said.append(unit.reading or " ")
        if unit.content:
            words.append(_WORD + unit.form)
            groups.extend(unit.synonyms)
            groups.extend(everyday)
    counts = _count_groups(groups)
    counts[Stream.WORD] = Counter(words)
    counts[Stream.GRAM] = Counter([_GRAM + gram for gram in cut_ngrams(normal, _GRAMS)])
    counts[Stream.READING] = Counter(_cut_sounds("".join(said)))
    return Terms(counts, ())


def read_question_terms(text: str) -> Terms:
    """Return the terms of a customer's question: grams only of words, none of polite ones.

    >>> sorted(read_question_terms("印鑑を教えて下さい").counts[Stream.GRAM])
    ['g印', 'g印鑑', 'g鑑']
    """
    tokens = read_tokens(text)
    told = [token for token in tokens if token.part in WORD_PARTS and not is_polite(token.form)]
    runs = [run.of(text) for run in _joined_spans(told)]
    concepts = tuple(_concept(token) for token in tokens if token.content)
    counts = _count_groups(group for token in tokens if token.content for group in token.synonyms)
    counts[Stream.WORD] = Counter(concept.word for concept in concepts)
    grams = [gram for run in runs for size in _GRAMS for gram in read_ngrams(run, size)]
    counts[Stream.GRAM] = Counter([_GRAM + gram for gram in grams])
    counts[Stream.READING] = Counter(read_sounds(tokens))
    return Terms(counts, concepts, any(token.form in _NEGATIONS for token in tokens))


def _count_groups(groups: Iterable[int]) -> dict[Stream, Counter[str]]:
    """Return the counts of synonym groups by stream; the others are empty."""
    counts: dict[Stream, Counter[str]] = {stream: Counter() for stream in Stream}
    for group, count in Counter(groups).items():
        term = _group_term(group)
        counts[_GROUP_STREAMS[term[0]]][term] = count
    return counts


@functools.cache
def _group_term(group: int) -> str:
    return f"{(Stream.EVERYDAY if is_everyday(group) else Stream.SYNONYM).value}{group}"


def read_sounds(tokens: Sequence[Token]) -> list[str]:
    """Return the runs of three kana of how the words are said, as terms.

    They see through kana for kanji and through a wrong conversion: 移行 is said as 意向 is.

    >>> read_sounds(read_tokens("印鑑")) == read_sounds(read_tokens("いんかん"))
    True
    """
    return _cut_sounds("".join(token.reading or " " for token in tokens))


def _cut_sounds(said: str) -> list[str]:
    letter = Stream.READING.value
    return [letter + run[at : at + SOUNDS] for run in said.split() for at in range(len(run) - SOUNDS + 1)]


def _concept(token: Token) -> Concept:
    groups = tuple(_group_term(group) for group in token.synonyms)
    is_deed = token.part == "動詞" or token.detail == "サ変可能"
    is_noun, is_name = token.part == "名詞", token.detail == "固有名詞"
    return Concept(Stream.WORD + token.form, groups, is_noun, is_name, is_deed)


def _joined_spans(tokens: Sequence[Token]) -> list[Interval]:
    """Return the spans of tokens, neighbours without a gap joined."""
    spans: list[Interval] = []
    for token in tokens:
        if spans and spans[-1].end == token.span.start:
            spans[-1] = Interval(spans[-1].start, token.span.end)
        else:
            spans.append(token.span)
    return spans
