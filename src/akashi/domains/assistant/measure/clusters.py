"""Questions that share words, put together: what customers ask that nobody has approved an answer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST_SHARE = 0.5
"""Two questions belong together when they share this part of the smaller one's words. Our choice."""
WORDS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions about one topic: the words most of them share, and how many questions there are."""

    words: tuple[str, ...]
    count: int


def cluster_words(questions: Iterable[Sequence[str]]) -> list[Cluster]:
    """Return the topics of ``questions`` (each its content words), the most frequent first.

    Greedy and in a fixed order: rare words count more, because two questions that share 諸費用 are nearer
    than two that share 手続き. Questions without a word form no cluster.

    Words stand in the order in which people say them.

    >>> [(one.words, one.count) for one in cluster_words([["金利", "見通し"], ["金利", "見通し", "来年"]])]
    [(('金利', '見通し', '来年'), 2)]
    """
    said = [tuple(dict.fromkeys(words)) for words in questions if words]
    sets = sorted(said, key=lambda words: (-len(words), words))
    spread = Counter(word for words in sets for word in words)
    groups: list[tuple[Counter[str], int]] = []
    for words in sets:
        best = max(range(len(groups)), key=lambda at: _likeness(words, groups[at], spread), default=None)
        if best is not None and _likeness(words, groups[best], spread) >= LEAST_SHARE:
            groups[best] = (groups[best][0] + Counter(words), groups[best][1] + 1)
        else:
            groups.append((Counter(words), 1))
    places = _mean_places(sets)
    found = [Cluster(_name(counts, places), size) for counts, size in groups]
    return sorted(found, key=lambda one: (-one.count, one.words))


def _mean_places(sets: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return where in a question each word stands on average."""
    sums: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for words in sets:
        spread.update(words)
        sums.update({word: place for place, word in enumerate(words)})
    return {word: sums[word] / count for word, count in spread.items()}


def _likeness(words: Sequence[str], group: tuple[Counter[str], int], spread: Counter[str]) -> float:
    counts, size = group
    core = {word for word, count in counts.items() if count * 2 >= size}
    shared = sum(1 / spread[word] for word in sorted(words) if word in core)
    smaller = min(
        sum(1 / spread[word] for word in sorted(words)), sum(1 / spread[word] for word in sorted(core))
    )
    return shared / smaller if smaller else 0.0


def _name(counts: Counter[str], places: Mapping[str, float]) -> tuple[str, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], places[item[0]], item[0]))
    return tuple(word for word, _ in ranked[:WORDS_SHOWN])
