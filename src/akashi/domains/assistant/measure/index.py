"""The searchable index of everything that may be answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.features import (
    Concept,
    Stream,
    read_question_terms,
    read_terms,
)
from akashi.domains.assistant.measure.kept import Kept, digest_entry
from akashi.domains.assistant.measure.postings import (
    JOINT,
    STREAMS,
    Block,
    Features,
    Floats,
    Ints,
    Scores,
    Statistics,
    build_block,
    count_statistics,
    encode_features,
    is_among,
)
from akashi.domains.assistant.measure.ranker import DEPTH, Candidate, Ranker, order_rows, shipped_ranker
from akashi.domains.assistant.measure.ranking import Weighting, fuse_scores, score_stream

_DEFAULT = Weighting()
# Scores closer than this are equal; single precision cannot tell them apart.
_TIE = 1e-4
# Up to so many changed entries stay in a small block of their own.
_SMALL = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that may be answered: ``question`` is a question or heading path, ``answer`` the
    passage; ``id`` is unique in an index."""

    id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found for a question, with what the confidence needs.

    ``score`` orders the hits of one question and means nothing across questions. The rest lies
    between 0 and 1: ``attained`` is the joint word score over the highest that any entry could
    reach, ``spelled`` and ``sounded`` the same of character runs and of runs of kana, ``relative``
    the fused score over the best one, ``coverage`` the share of the question's content words,
    weighted by rarity, that the entry holds itself or as a synonym (``missing`` are the others),
    ``agreement`` the other way round the share of the entry's own question that the customer said,
    and ``likeness`` how much the entry shares with the first hit. ``known`` and ``familiar`` are the
    same for all hits: the share of the content words, and of the character runs, that any entry holds.
    """

    entry_id: str
    score: float
    attained: float
    coverage: float
    agreement: float
    likeness: float
    missing: tuple[str, ...]
    spelled: float = 0.0
    sounded: float = 0.0
    relative: float = 0.0
    known: float = 1.0
    familiar: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A question: its terms, its distinct content words and how rare each is.

    ``terms`` are the ids, rising, of everything that can stand for a content word; ``stands``, shape
    (concepts, terms), says for which. ``said`` are the ids of words and everyday groups, rising.
    """

    counts: Mapping[Stream, Counter[str]]
    concepts: tuple[Concept, ...]
    rarity: Floats
    terms: Ints
    stands: NDArray[np.bool_]
    said: Mapping[Stream, Ints]

    @property
    def known(self) -> float:
        """Return the share of the content words, weighted by rarity, that the collection has a term for."""
        whole = float(self.rarity.sum())
        return float(self.rarity @ self.stands.any(axis=1)) / whole if whole else 0.0

    def share(self, stream: Stream) -> float:
        """Return the part of the question, weighted by rarity, that a stream can speak for."""
        if stream in (Stream.WORD, Stream.GRAM, Stream.READING):
            return 1.0
        spoken = [any(group.startswith(stream) for group in concept.synonyms) for concept in self.concepts]
        whole = float(self.rarity.sum())
        return float(self.rarity @ np.array(spoken)) / whole if whole else 0.0

    def coverage(self, inside: NDArray[np.int32]) -> float:
        """Return the share of the content words, weighted by rarity, that an entry's terms hold."""
        whole = float(self.rarity.sum())
        return float(self.rarity @ self._held(inside)) / whole if whole else 0.0

    def missing(self, inside: NDArray[np.int32]) -> tuple[str, ...]:
        """Return the content words that an entry's terms do not hold."""
        held = self._held(inside)
        return tuple(one.word[1:] for one, covered in zip(self.concepts, held, strict=True) if not covered)

    def _held(self, inside: NDArray[np.int32]) -> NDArray[np.bool_]:
        return np.asarray((self.stands & is_among(self.terms, inside)).any(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Entries ready for search. Immutable: `build_index` makes a new one that shares the unchanged,
    so that a running search is never disturbed."""

    entries: tuple[Entry, ...]
    features: tuple[Features, ...]
    alive: NDArray[np.bool_]
    blocks: tuple[Block, ...]
    statistics: Statistics
    vocabulary: dict[str, int]
    weighting: Weighting = _DEFAULT

    def __len__(self) -> int:
        return self.statistics.entries

    def search(self, query: str, k: int, ranker: Ranker | None = None) -> list[Hit]:
        """Return at most ``k`` entries that share a term with ``query``, best first.

        The fused streams find the candidates, ``ranker`` (by default the shipped one) orders them.
        Equal scores are ordered by id. Any string may be asked; a question without a content word
        finds nothing.
        """
        asked = self._ask(query)
        if not asked.concepts or not len(self):
            return []
        scores = {stream: found for stream in STREAMS if (found := self._score(stream, asked)) is not None}
        if not scores:
            return []
        shares = {stream: asked.share(stream) * self._known(stream, asked) for stream in scores}
        fused, mean = fuse_scores(scores, shares, len(self), self.weighting)
        rows = self._best(fused, max(k, DEPTH))
        if not rows:
            return []
        ranked = order_rows(self._signals(rows, fused - mean, scores, asked), ranker or shipped_ranker())
        known = {Stream.WORD: asked.known, Stream.GRAM: self._share_held(Stream.GRAM, asked)}
        return [self._hit(one, ranked[0].row, asked, known) for one in ranked[: max(k, 0)]]

    def _ask(self, query: str) -> _Asked:
        terms = read_question_terms(query)
        concepts = tuple(dict.fromkeys(terms.concepts))
        words = np.array([self.vocabulary.get(concept.word, -1) for concept in concepts], dtype=np.int64)
        meant = [
            {self.vocabulary[term] for term in (one.word, *one.synonyms) if term in self.vocabulary}
            for one in concepts
        ]
        every = sorted(set().union(*meant))
        stands = np.array([[term in one for term in every] for one in meant], dtype=bool)
        said = {
            stream: np.array(
                sorted(self.vocabulary[term] for term in terms.counts[stream] if term in self.vocabulary),
                dtype=np.int64,
            )
            for stream in (Stream.WORD, Stream.EVERYDAY)
        }
        return _Asked(
            terms.counts,
            concepts,
            self.statistics.rarity(words, JOINT),
            np.array(every, dtype=np.int64),
            stands.reshape(len(concepts), len(every)),
            said,
        )

    def _known(self, stream: Stream, asked: _Asked) -> float:
        """Return the square of the share of a stream's terms that any entry holds.

        It scales the stream: where the collection knows next to nothing of a question, one chance
        match must not count as much as a full one does elsewhere. Runs of kana are spared: what is
        misspelt is hardly ever known as a whole, and they are there for just that.
        """
        return 1.0 if stream is Stream.READING else self._share_held(stream, asked) ** 2

    def _share_held(self, stream: Stream, asked: _Asked) -> float:
        """Return the share of a stream's terms, weighted by rarity, that any entry holds."""
        terms = np.array([self.vocabulary.get(term, -1) for term in asked.counts[stream]], dtype=np.int64)
        held = (terms >= 0) & (terms < self.statistics.found.shape[1])
        held[held] = self.statistics.found[JOINT, terms[held]] > 0
        rarity = self.statistics.rarity(terms, JOINT)
        return float(rarity @ held) / float(rarity.sum()) if len(terms) else 0.0

    def _score(self, stream: Stream, asked: _Asked) -> list[Scores] | None:
        known = sorted(
            (term, count) for term, count in asked.counts[stream].items() if term in self.vocabulary
        )
        terms = np.array([self.vocabulary[term] for term, _ in known], dtype=np.int64)
        inside = terms < self.statistics.found.shape[1]
        repeats = np.array([count for _, count in known], dtype=np.float64)[inside]
        if not len(repeats):
            return None
        scores = score_stream(self.blocks, self.statistics, stream, terms[inside], repeats, self.weighting)
        return scores if self.alive.all() else [values * self.alive for values in scores]

    def _best(self, fused: Scores, k: int) -> list[int]:
        """Return the rows of the ``k`` best scores above 0, ties by entry id."""
        possible = np.flatnonzero(fused > 0)
        if len(possible) > k > 0:
            values = fused[possible]
            least = np.partition(values, len(possible) - k)[len(possible) - k]
            possible = possible[values >= least - _TIE]
        ranked = sorted(
            possible.tolist(), key=lambda row: (-round(float(fused[row]) / _TIE), self.entries[row].id)
        )
        return ranked[: max(k, 0)]

    def _signals(
        self, rows: Sequence[int], fused: Scores, scores: Mapping[Stream, Sequence[Scores]], asked: _Asked
    ) -> list[Candidate]:
        """Return what is known of the entries in ``rows``, each signal 0..1."""
        joint = {stream: self._ideal(stream, asked) for stream in scores}
        best = max(float(fused[rows[0]]), _TIE)
        candidates = []
        for row in rows:
            reached = {
                stream: min(float(scores[stream][JOINT][row]) / ideal, 1.0) if ideal else 0.0
                for stream, ideal in joint.items()
            }
            signals = {
                "relative": max(float(fused[row]) / best, 0.0),
                "coverage": asked.coverage(self.features[row].terms),
                "agreement": self._agreement(row, asked),
                "attained": reached.get(Stream.WORD, 0.0),
                "spelled": reached.get(Stream.GRAM, 0.0),
                "sounded": reached.get(Stream.READING, 0.0),
            }
            candidates.append(Candidate(row, self.entries[row].id, signals))
        return candidates

    def _ideal(self, stream: Stream, asked: _Asked) -> float:
        """Return the highest joint score of a stream that any entry could reach."""
        counts = asked.counts[stream]
        terms = np.array([self.vocabulary.get(term, -1) for term in counts], dtype=np.int64)
        repeats = np.array(list(counts.values()), dtype=np.float64)
        gains = repeats * self.statistics.rarity(terms, JOINT) ** self.weighting.idf_power
        return float(gains.sum() * (self.weighting.saturation.k1 + 1))

    def _hit(self, one: Candidate, first: int, asked: _Asked, known: Mapping[Stream, float]) -> Hit:
        return Hit(
            entry_id=one.entry_id,
            score=one.score,
            attained=one.signals["attained"],
            coverage=one.signals["coverage"],
            agreement=one.signals["agreement"],
            likeness=self._likeness(first, one.row),
            missing=asked.missing(self.features[one.row].terms),
            spelled=one.signals["spelled"],
            sounded=one.signals["sounded"],
            relative=one.signals["relative"],
            known=known[Stream.WORD],
            familiar=known[Stream.GRAM],
        )

    def _agreement(self, row: int, asked: _Asked) -> float:
        """Return the mean over words and everyday groups of the share that the customer said."""
        features, shares = self.features[row], []
        in_question = features.question > 0
        for stream, said in asked.said.items():
            own = features.terms[in_question & (features.streams == STREAMS.index(stream))]
            if len(own):
                rarity = self.statistics.rarity(own.astype(np.int64), JOINT)
                shares.append(float(rarity @ is_among(own, said)) / float(rarity.sum()))
        return sum(shares) / len(shares) if shares else 0.0

    def _likeness(self, one: int, other: int) -> float:
        """Return the share of terms that two entries have in common (Jaccard)."""
        if one == other:
            return 1.0
        left, right = self.features[one].terms, self.features[other].terms
        shared = len(np.intersect1d(left, right, assume_unique=True))
        return shared / max(len(left) + len(right) - shared, 1)


def build_index(
    entries: Iterable[Entry],
    previous: Index | None = None,
    weighting: Weighting = _DEFAULT,
    kept: Kept | None = None,
) -> Index:
    """Return an index of exactly ``entries``.

    With ``previous``, what it holds of the same text is taken over, under whatever id, and only the
    rest is analysed; a small change touches only a small block beside the large one. The answers
    are the same as without. ``previous`` stays usable; one thread builds at a time. ``kept`` is what
    an earlier process found in texts; it counts only where there is no ``previous``.

    Raises: ValueError: two entries have the same id.

    >>> index = build_index([Entry("a", "通帳の再発行", "窓口でお申し込みください。")])
    >>> [hit.entry_id for hit in index.search("通帳を無くした", 3)]
    ['a']
    """
    listed = tuple(entries)
    if len({entry.id for entry in listed}) != len(listed):
        raise ValueError("two entries have the same id")
    if previous is None or previous.weighting != weighting:
        vocabulary, known = _known_before(listed, previous, kept)
        return _rebuild(listed, _read_features(listed, known, vocabulary), vocabulary, weighting)
    return _update(listed, previous)


def _update(listed: tuple[Entry, ...], previous: Index) -> Index:
    """Return ``previous`` with its large block kept, dead rows masked, and the small one new."""
    kept = set(listed)
    base = previous.blocks[0].size
    alive = np.array([entry in kept for entry in previous.entries[:base]], dtype=bool)
    alive &= previous.alive[:base]
    standing = {entry for entry, lives in zip(previous.entries, alive, strict=False) if lives}
    beside = tuple(entry for entry in listed if entry not in standing)
    known = _known_features(previous)
    vocabulary = previous.vocabulary
    new = _read_features(beside, known, vocabulary)
    gone = [
        features
        for row, features in enumerate(previous.features)
        if previous.alive[row] and not (row < base and alive[row])
    ]
    statistics = previous.statistics.changed(gone, new, len(vocabulary))
    averages = statistics.averages()
    worn = base - int(alive.sum()) + len(beside) > max(_SMALL, base // 4)
    if worn or not np.array_equal(averages, previous.blocks[0].averages):
        features = _read_features(listed, known, vocabulary)
        return _rebuild(listed, features, vocabulary, previous.weighting)
    block = build_block(new, vocabulary, averages, previous.weighting.saturation)
    return Index(
        (*previous.entries[:base], *beside),
        (*previous.features[:base], *new),
        np.concatenate([alive, np.ones(len(beside), dtype=bool)]),
        (previous.blocks[0], block),
        statistics,
        vocabulary,
        previous.weighting,
    )


def _rebuild(
    listed: tuple[Entry, ...],
    features: Sequence[Features],
    vocabulary: dict[str, int],
    weighting: Weighting,
) -> Index:
    statistics = count_statistics(features, len(vocabulary))
    block = build_block(features, vocabulary, statistics.averages(), weighting.saturation)
    alive = np.ones(len(listed), dtype=bool)
    return Index(listed, tuple(features), alive, (block,), statistics, vocabulary, weighting)


def _known_before(
    listed: Sequence[Entry], previous: Index | None, kept: Kept | None
) -> tuple[dict[str, int], dict[tuple[str, str], Features]]:
    if previous is not None:
        return previous.vocabulary, _known_features(previous)
    if kept is None:
        return {}, {}
    digests = {(entry.question, entry.answer): digest_entry(entry.question, entry.answer) for entry in listed}
    found = {text: kept.features[digest] for text, digest in digests.items() if digest in kept.features}
    return kept.vocabulary, found


def _known_features(previous: Index | None) -> dict[tuple[str, str], Features]:
    if previous is None:
        return {}
    return {
        (entry.question, entry.answer): features
        for entry, features in zip(previous.entries, previous.features, strict=True)
    }


def _read_features(
    entries: Sequence[Entry],
    known: dict[tuple[str, str], Features],
    vocabulary: dict[str, int],
) -> list[Features]:
    """Return the features of ``entries``; texts that are not in ``known`` are analysed and added."""
    features = []
    for entry in entries:
        text = (entry.question, entry.answer)
        if text not in known:
            known[text] = encode_features(read_terms(text[0]), read_terms(text[1]), vocabulary)
        features.append(known[text])
    return features
