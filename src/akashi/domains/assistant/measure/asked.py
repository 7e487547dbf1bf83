"""A question as an index reads it, and what its entries hold of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.channels import read_ways
from akashi.domains.assistant.measure.features import Concept, Stream, read_question_terms
from akashi.domains.assistant.measure.parties import Party, read_party
from akashi.domains.assistant.measure.postings import (
    JOINT,
    QUESTION,
    STREAMS,
    Features,
    Floats,
    Ints,
    Statistics,
    is_among,
)
from akashi.language.normalise import normalise
from akashi.language.tokens import cut_ngrams

_NOWHERE = np.array([-1], dtype=np.int64)
_LETTERS, _PRIOR, _LOWEST = 3_000, 10.0, 9.0
UNHEARD = 0.5
_SAID = (Stream.WORD, Stream.EVERYDAY)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The terms of one stream of a question.

    ``terms`` are the ids of those that an entry may hold, in the order of their names, ``repeats``
    how often the question says each; ``gains`` is what all terms, known or not, are worth together,
    ``held`` the share of them, by rarity, that any entry holds.
    """

    terms: Ints
    repeats: Floats
    gains: float
    held: float


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question: its terms, its distinct content words and how rare each is.

    ``terms`` are the ids, rising, of everything that can stand for a content word; ``stands``, shape
    (concepts, terms), says for which. ``said`` are the ids of words and everyday groups, rising.
    ``is_strange`` says which words no entry holds as they are, ``is_unheard`` which none holds in any way;
    ``fluency``, 0..1, how usual its letters are in the entries; ``is_negated`` whether it says no;
    ``own_nouns`` are its nouns that an entry says in its own question; ``party`` is whom the question says
    it is about, ``ways`` are the ways of doing business that it names.
    """

    looked: Mapping[Stream, Looked]
    concepts: tuple[Concept, ...]
    rarity: Floats
    terms: Ints
    stands: NDArray[np.bool_]
    said: Mapping[Stream, Ints]
    is_strange: NDArray[np.bool_]
    is_unheard: NDArray[np.bool_]
    fluency: float
    is_negated: bool
    own_nouns: frozenset[str]
    party: Party | None
    ways: frozenset[str]

    @property
    def known(self) -> float:
        """Return the share of the content words, weighted by rarity, that the collection has a term for."""
        return self._weigh(np.asarray(self.stands.any(axis=1)))

    @property
    def strange(self) -> float:
        """Return the share of the content words that no entry holds, each worth the same."""
        return float(self.is_strange.mean()) if len(self.concepts) else 0.0

    @property
    def nameless(self) -> float:
        """Return the share of the content words that are nouns and that no entry holds."""
        return float((self.is_strange & self._are_nouns).mean()) if len(self.concepts) else 0.0

    @property
    def unheard(self) -> float:
        """Return the share of the content words that no entry holds, nor a synonym of them."""
        return float(self.is_unheard.mean()) if len(self.concepts) else 0.0

    @property
    def foreign(self) -> float:
        """Return the share of the content words that are proper nouns and that no entry holds."""
        names = np.array([one.is_name for one in self.concepts], dtype=bool)
        return float((self.is_strange & names).mean()) if len(self.concepts) else 0.0

    @property
    def needs(self) -> Floats:
        """Return what it counts, for each content word, that an entry does not hold it: 1 for a noun.

        Half for one that no entry holds: it may only say who asks, or be misspelt.
        """
        return np.where(self.is_unheard, UNHEARD, 1.0) * self._are_nouns

    @property
    def deed(self) -> int | None:
        """Return the place of the last content word that is a verb, or a noun that makes one."""
        return max((place for place, one in enumerate(self.concepts) if one.is_deed), default=None)

    @property
    def _are_nouns(self) -> NDArray[np.bool_]:
        return np.array([one.is_noun for one in self.concepts], dtype=bool)

    def share(self, stream: Stream) -> float:
        """Return the part of the question, weighted by rarity, that a stream can speak for."""
        if stream in (Stream.WORD, Stream.GRAM, Stream.READING):
            return 1.0
        spoken = [any(group.startswith(stream) for group in concept.synonyms) for concept in self.concepts]
        return self._weigh(np.array(spoken, dtype=bool))

    def missing(self, held: NDArray[np.bool_]) -> tuple[str, ...]:
        """Return the content words that are not ``held``."""
        return tuple(one.word[1:] for one, covered in zip(self.concepts, held, strict=True) if not covered)

    def _weigh(self, chosen: NDArray[np.bool_]) -> float:
        whole = float(self.rarity.sum())
        return float(self.rarity @ chosen) / whole if whole else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """What some entries hold of a question: ``held``, shape (entries, concepts); shares per entry, 0..1.

    ``coverage`` is the share of the question's content words, ``agreement`` the mean over words and
    everyday groups of the share of the entry's own question that the customer said, both by rarity.
    ``breadth`` is the share held of the content words that any entry holds, each worth the same, and
    ``absent`` the share of all that are nouns and are not held, where one that no entry holds counts half.
    ``deed`` is 1 where the entry's own question says what is to be done, .5 where the one asked does not.
    """

    held: NDArray[np.bool_]
    coverage: Floats
    breadth: Floats
    agreement: Floats
    absent: Floats
    deed: Floats


def read_asked(query: str, vocabulary: Mapping[str, int], statistics: Statistics, idf_power: float) -> Asked:
    """Return a question with every term looked up once."""
    terms = read_question_terms(query)
    concepts = tuple(dict.fromkeys(terms.concepts))
    meant = [
        {vocabulary[term] for term in (one.word, *one.synonyms) if term in vocabulary} for one in concepts
    ]
    every = sorted(set().union(*meant))
    stands = np.array([[term in one for term in every] for one in meant], dtype=bool)
    said = {
        stream: np.array(
            sorted(vocabulary[term] for term in terms.counts[stream] if term in vocabulary), dtype=np.int64
        )
        for stream in _SAID
    }
    words = np.array([vocabulary.get(concept.word, -1) for concept in concepts], dtype=np.int64)
    stands = stands.reshape(len(concepts), len(every))
    is_strange = np.array([_count(vocabulary, statistics, one.word) == 0 for one in concepts], dtype=bool)
    are_held = statistics.rarity(np.array(every, dtype=np.int64), JOINT) < statistics.rarity(_NOWHERE, JOINT)
    return Asked(
        {stream: _look_up(terms.counts[stream], vocabulary, statistics, idf_power) for stream in STREAMS},
        concepts,
        statistics.rarity(words, JOINT),
        np.array(every, dtype=np.int64),
        stands,
        said,
        is_strange,
        np.asarray(~(stands & are_held).any(axis=1)),
        measure_fluency(query, vocabulary, statistics),
        terms.is_negated,
        frozenset(
            one.word for one in concepts if one.is_noun and _count(vocabulary, statistics, one.word, QUESTION)
        ),
        read_party(query),
        read_ways(query),
    )


def _count(vocabulary: Mapping[str, int], statistics: Statistics, term: str, part: int = JOINT) -> int:
    """Return how many entries hold a term."""
    number = vocabulary.get(term, -1)
    return int(statistics.found[part, number]) if 0 <= number < statistics.found.shape[1] else 0


def measure_fluency(text: str, vocabulary: Mapping[str, int], statistics: Statistics) -> float:
    """Return how usual the letters of ``text`` are after each other in the entries, 0..1.

    The mean logarithm of the chance of a letter after the one before it, over the runs of the text. Chances
    are counted in entries: those that hold two letters beside each other against those that hold the first,
    smoothed towards the letter alone. The scale is ours: a mean of -9 is 0.
    """
    every = float(statistics.lengths[STREAMS.index(Stream.GRAM), JOINT]) / 2 + _LETTERS
    chances = []
    for run in cut_ngrams(normalise(text).text, (2,)):
        one, pair = (_count(vocabulary, statistics, Stream.GRAM.value + gram) for gram in (run[0], run))
        alone = (_count(vocabulary, statistics, Stream.GRAM.value + run[1]) + 0.5) / every
        chances.append(math.log((pair + _PRIOR * alone) / (one + _PRIOR)))
    if not chances:
        return 0.0
    return min(max(1 + sum(chances) / len(chances) / _LOWEST, 0.0), 1.0)


def _look_up(
    counts: Counter[str], vocabulary: Mapping[str, int], statistics: Statistics, idf_power: float
) -> Looked:
    names = sorted(counts)
    terms = np.array([vocabulary.get(name, -1) for name in names], dtype=np.int64)
    repeats = np.array([counts[name] for name in names], dtype=np.float64)
    rarity = statistics.rarity(terms, JOINT)
    inside = (terms >= 0) & (terms < statistics.found.shape[1])
    found = inside.copy()
    found[inside] = statistics.found[JOINT, terms[inside]] > 0
    held = float(rarity @ found) / float(rarity.sum()) if names else 0.0
    return Looked(terms[inside], repeats[inside], float(repeats @ rarity**idf_power), held)


def measure_overlap(asked: Asked, features: Sequence[Features], statistics: Statistics) -> Overlap:
    """Return what entries hold of a question, all entries in one pass."""
    sizes = [len(one.terms) for one in features]
    row = np.repeat(np.arange(len(features)), sizes)
    terms = np.concatenate([one.terms for one in features])
    present = np.zeros((len(features), len(asked.terms)), dtype=bool)
    deed = np.full(len(features), 0.5)
    if len(asked.terms):
        place = np.minimum(np.searchsorted(asked.terms, terms), len(asked.terms) - 1)
        same = asked.terms[place] == terms
        present[row[same], place[same]] = True
        if asked.deed is not None:
            same[same] = asked.stands[asked.deed, place[same]]
            own = np.concatenate([one.question for one in features])[same] > 0
            deed = np.bincount(row[same][own], minlength=len(features)) > 0
    held = present @ asked.stands.T
    whole = float(asked.rarity.sum())
    coverage = held @ asked.rarity / whole if whole else np.zeros(len(features))
    agreement = _agree(asked, features, row, terms, statistics)
    count = max(len(asked.concepts), 1)
    absent = ~held @ asked.needs / count
    breadth = held.sum(axis=1) / max(int((~asked.is_unheard).sum()), 1)
    return Overlap(held, coverage, breadth, agreement, absent, deed.astype(np.float64))


def _agree(
    asked: Asked,
    features: Sequence[Features],
    row: NDArray[np.int64],
    terms: NDArray[np.int32],
    statistics: Statistics,
) -> Floats:
    own = np.concatenate([one.question for one in features]) > 0
    row, terms = row[own], terms[own].astype(np.int64)
    streams = np.concatenate([one.streams for one in features])[own]
    total, spoken = np.zeros(len(features)), np.zeros(len(features))
    for stream, said in asked.said.items():
        here = streams == STREAMS.index(stream)
        rarity = statistics.rarity(terms[here], JOINT)
        whole = np.bincount(row[here], rarity, len(features))
        agreed = np.bincount(row[here], rarity * is_among(terms[here], said), len(features))
        total += np.divide(agreed, whole, out=np.zeros(len(features)), where=whole > 0)
        spoken += whole > 0
    return np.asarray(total / np.maximum(spoken, 1))
