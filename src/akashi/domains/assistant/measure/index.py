"""The searchable index of everything that may be answered."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from akashi.domains.assistant.measure.asked import Asked, Looked, Overlap, measure_overlap, read_asked
from akashi.domains.assistant.measure.channels import read_ways
from akashi.domains.assistant.measure.echo import Said, is_echo
from akashi.domains.assistant.measure.features import Stream, read_terms
from akashi.domains.assistant.measure.kept import Kept, digest_entry
from akashi.domains.assistant.measure.parties import are_different, read_party
from akashi.domains.assistant.measure.postings import (
    JOINT,
    STREAMS,
    Block,
    Features,
    Floats,
    Scores,
    Statistics,
    build_block,
    count_statistics,
    encode_features,
    is_among,
)
from akashi.domains.assistant.measure.ranker import DEPTH, Candidate, Ranker, order_rows, shipped_ranker
from akashi.domains.assistant.measure.ranking import Weighting, fuse_scores, measure_accord, score_stream

_DEFAULT = Weighting()
# Scores closer than this are equal; single precision cannot tell them apart.
_TIE = 1e-4
_WHOLE = 1 - 1e-9
# An echo says at least so much of the entry's own question, even of one that gives a reason first.
_MUCH = 0.4
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
    So are ``fluency``, ``strange``, ``nameless``, ``unheard`` and ``foreign``, which `Asked` explains.
    ``accord`` is the share of the streams, by weight, in which no entry scores higher, ``breadth`` is
    the share held of the words that any entry holds, each worth the same, ``absent`` the share of the content
    words that are nouns and that this entry does not hold, one that no entry holds counted half, and
    ``other_party`` 1 where the question speaks of a company and the entry's own question of a person, or the
    other way round; so ``other_way`` for the counter, a machine, the net, the post (`channels`).
    ``deed`` is 1 where the entry's own question says what is to be done, .5 where the one asked does not, and
    ``echo`` 1 where it asks just what was asked (`echo`).
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
    fluency: float = 1.0
    strange: float = 0.0
    nameless: float = 0.0
    accord: float = 1.0
    breadth: float = 0.0
    absent: float = 0.0
    unheard: float = 0.0
    foreign: float = 0.0
    other_party: float = 0.0
    other_way: float = 0.0
    deed: float = 0.5
    echo: float = 0.0


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
    ranker: Ranker | None = None

    def __len__(self) -> int:
        return self.statistics.entries

    def search(self, query: str, k: int, ranker: Ranker | None = None) -> list[Hit]:
        """Return at most ``k`` entries that share a term with ``query``, best first.

        The fused streams find the candidates, ``ranker`` orders them: by default the index' own, else
        the shipped one.
        Equal scores are ordered by id. Any string may be asked; a question without a content word
        finds nothing.
        """
        found = None if ranker else _LAST.take(self, query, k)
        asked, ranked, missing = found or self._look(query, k, ranker)
        return [self._hit(one, ranked[0].row, asked, missing[one.row]) for one in ranked]

    def speaks_of(
        self, query: str, marks: Sequence[frozenset[str]], anywhere: Sequence[bool], close: float, k: int
    ) -> list[bool]:
        """Return for each set of terms whether an entry that fits ``query`` speaks of one of them.

        Entries fit that are among the best ``k`` and score at least the share ``close`` of the best one; they
        must say the term in their own question or heading, or ``anywhere``.
        """
        found = self._look(query, k, None)
        _LAST.keep(self, query, k, found)
        ranked = found[1]
        near = [self.features[one.row] for one in ranked if one.score >= close * ranked[0].score]
        spoken = []
        for terms, is_anywhere in zip(marks, anywhere, strict=True):
            ids = np.array(sorted(self.vocabulary[term] for term in terms if term in self.vocabulary))
            said = [one.terms if is_anywhere else one.terms[one.question > 0] for one in near]
            spoken.append(any(np.isin(ids, one, assume_unique=True).any() for one in said))
        return spoken

    def _look(self, query: str, k: int, ranker: Ranker | None) -> _Found:
        asked = read_asked(query, self.vocabulary, self.statistics, self.weighting.idf_power)
        return asked, *self._rank(asked, k, ranker)

    def _rank(
        self, asked: Asked, k: int, ranker: Ranker | None
    ) -> tuple[list[Candidate], dict[int, tuple[str, ...]]]:
        """Return the best ``k`` candidates and, by row, the content words that each lacks."""
        if not asked.concepts or not len(self):
            return [], {}
        scores = {stream: self._score(stream, one) for stream, one in asked.looked.items() if len(one.terms)}
        if not scores:
            return [], {}
        shares = {stream: asked.share(stream) * _known(stream, asked) for stream in scores}
        fused, mean = fuse_scores(scores, shares, len(self), self.weighting)
        rows = self._best(fused, max(k, DEPTH))
        if not rows:
            return [], {}
        overlap = measure_overlap(asked, [self.features[row] for row in rows], self.statistics)
        candidates = self._signals(rows, (fused - mean)[rows], scores, shares, asked, overlap)
        ranked = order_rows(candidates, ranker or self.ranker or shipped_ranker())[: max(k, 0)]
        missing = {row: asked.missing(held) for row, held in zip(rows, overlap.held, strict=True)}
        return ranked, missing

    def _score(self, stream: Stream, looked: Looked) -> list[Scores]:
        terms, repeats = looked.terms, looked.repeats
        scores = score_stream(self.blocks, self.statistics, stream, terms, repeats, self.weighting)
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
        self,
        rows: Sequence[int],
        fused: Scores,
        scores: Mapping[Stream, Sequence[Scores]],
        shares: Mapping[Stream, float],
        asked: Asked,
        overlap: Overlap,
    ) -> list[Candidate]:
        """Return what is known of the entries in ``rows``, each signal 0..1; ``fused`` are their scores."""
        reached = {stream: np.zeros(len(rows)) for stream in STREAMS}
        for stream, parts in scores.items():
            ideal = asked.looked[stream].gains * (self.weighting.saturation.k1 + 1)
            if ideal:
                reached[stream] = np.minimum(parts[JOINT][rows] / ideal, 1.0)
        columns = {
            "relative": np.maximum(fused / max(float(fused[0]), _TIE), 0.0),
            "coverage": overlap.coverage,
            "breadth": overlap.breadth,
            "agreement": overlap.agreement,
            "attained": reached[Stream.WORD],
            "spelled": reached[Stream.GRAM],
            "sounded": reached[Stream.READING],
            "accord": measure_accord(scores, shares, rows, self.weighting),
            "absent": overlap.absent,
            "deed": overlap.deed,
            "other_party": self._differ(rows, asked),
        }
        return [
            Candidate(row, self.entries[row].id, dict(zip(columns, values, strict=True)))
            for row, *values in zip(rows, *(one.tolist() for one in columns.values()), strict=True)
        ]

    def _hit(self, one: Candidate, first: int, asked: Asked, missing: tuple[str, ...]) -> Hit:
        return Hit(
            entry_id=one.entry_id,
            score=one.score,
            attained=one.signals["attained"],
            coverage=one.signals["coverage"],
            agreement=one.signals["agreement"],
            likeness=self._likeness(first, one.row),
            missing=missing,
            spelled=one.signals["spelled"],
            sounded=one.signals["sounded"],
            relative=one.signals["relative"],
            known=asked.known,
            familiar=asked.looked[Stream.GRAM].held,
            fluency=asked.fluency,
            strange=asked.strange,
            nameless=asked.nameless,
            accord=one.signals["accord"],
            breadth=one.signals["breadth"],
            absent=one.signals["absent"],
            unheard=asked.unheard,
            foreign=asked.foreign,
            other_party=one.signals["other_party"],
            other_way=float(self._is_other_way(one.row, asked)),
            deed=one.signals["deed"],
            echo=float(self._is_echo(one, asked)),
        )

    def _differ(self, rows: Sequence[int], asked: Asked) -> Floats:
        """Return 1 for the entries whose own question is about the other party, 0 for the others."""
        if asked.party is None:
            return np.zeros(len(rows))
        told = (read_party(self.entries[row].question) for row in rows)
        return np.array([float(are_different(asked.party, one)) for one in told])

    def _is_other_way(self, row: int, asked: Asked) -> bool:
        """Return whether the entry's own question names only other ways of doing business than were asked."""
        if not asked.ways:
            return False
        told = read_ways(self.entries[row].question)
        return bool(told) and told.isdisjoint(asked.ways)

    def _is_echo(self, one: Candidate, asked: Asked) -> bool:
        if one.signals["coverage"] < _WHOLE or one.signals["agreement"] < _MUCH:
            return False
        said = Said(asked.concepts, asked.is_negated)
        return is_echo(said, self.entries[one.row].question, asked.own_nouns)

    def _likeness(self, one: int, other: int) -> float:
        """Return the share of terms that two entries have in common (Jaccard)."""
        if one == other:
            return 1.0
        left, right = self.features[one].terms, self.features[other].terms
        shared = int(is_among(left, right).sum())
        return shared / max(len(left) + len(right) - shared, 1)


_Found = tuple[Asked, list[Candidate], dict[int, tuple[str, ...]]]


class _Last(threading.local):
    """What `Index.speaks_of` found last in this thread, for the `Index.search` of the same text right after.

    Where nothing that a customer said of himself bears on his question, the rest of it is searched for.
    It is handed out once and not kept any longer.
    """

    index: Index | None = None
    asked: tuple[str, int] = ("", 0)
    found: _Found | None = None

    def keep(self, index: Index, query: str, k: int, found: _Found) -> None:
        """Remember what was found."""
        self.index, self.asked, self.found = index, (query, k), found

    def take(self, index: Index, query: str, k: int) -> _Found | None:
        """Return what was found for the same question in the same index, else None, and forget it."""
        found = self.found if self.index is index and self.asked == (query, k) else None
        self.index, self.asked, self.found = None, ("", 0), None
        return found


_LAST = _Last()


def _known(stream: Stream, asked: Asked) -> float:
    """Return the square of the share of a stream's terms that any entry holds.

    It scales the stream: where the collection knows next to nothing of a question, one chance
    match must not count as much as a full one does elsewhere. Runs of kana are spared: what is
    misspelt is hardly ever known as a whole, and they are there for just that.
    """
    return 1.0 if stream is Stream.READING else asked.looked[stream].held ** 2


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
        return replace(_rebuild(listed, features, vocabulary, previous.weighting), ranker=previous.ranker)
    block = build_block(new, vocabulary, averages, previous.weighting.saturation)
    return Index(
        (*previous.entries[:base], *beside),
        (*previous.features[:base], *new),
        np.concatenate([alive, np.ones(len(beside), dtype=bool)]),
        (previous.blocks[0], block),
        statistics,
        vocabulary,
        previous.weighting,
        previous.ranker,
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
