"""What the features of words say about names: of each word, pair and triple of words looked up once.

Most of what a text holds was met before, if not in this order, so that sums of features are remembered
by what they depend on. A sum is a complex number: what features say for B (real part) and for I
(imaginary part) against O, because adding both up at once is most of the work and costs half of it so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from operator import add, attrgetter, getitem
from typing import TypeVar

from akashi.domains.guardrails.name_features import (
    EDGE,
    GROUPS,
    View,
    alone,
    describe_word,
    on_the_left,
    on_the_right,
)
from akashi.language.words import Form

K = TypeVar("K")
V = TypeVar("V")
_ENDS = frozenset("。!?！？")
_KIND, _AFTER = attrgetter("kind"), attrgetter("after")
_MOST = 20_000
"""How many words, pairs and triples are remembered; beyond it all of them are forgotten."""

Triple = tuple[complex, complex, complex]
"""What three words in a row say of each of them by their kinds."""
Third = dict["KindOfWord", Triple]
"""What is remembered of two kinds, by the kind of the word after them."""
Pair = tuple[complex, complex, complex, complex, Third]
"""What two neighbours say of the word before them, of each of them, and of the word after them; and what
is remembered of their kinds."""
_PARTS, _PARTS_BEFORE, _PARTS_AFTER, _SHAPE_BEFORE, _SHAPE_AFTER, *_OTHERS = GROUPS
_ROLES, _ROLES_AFTER, _ROLES_BEFORE, _ROLE_NEXT, _LEFT, _RIGHT, _WORDS_BEFORE, _WORDS_AFTER = _OTHERS


class KindOfWord:
    """All words of one part of speech that can be the same parts of a name."""

    __slots__ = ("after", "part", "roles")

    def __init__(self, part: str, roles: str) -> None:
        self.part, self.roles = part, roles
        self.after: dict[KindOfWord, Third] = {}


class Seen:
    """A word as it was met, and what it says without its neighbours.

    ``ends``: a sentence ends with it; ``is_candidate``: it can be part of a name; ``after``: what is
    remembered of it and the word after it.
    """

    __slots__ = ("after", "alone", "ends", "is_candidate", "kind", "left", "right", "shape", "surface")

    def __init__(self, view: View, kind: KindOfWord) -> None:
        self.surface, self.shape, self.kind = view.surface, view.shape, kind
        self.alone = self.left = self.right = 0j
        self.ends = self.is_candidate = False
        self.after: dict[Seen, Pair] = {}


class Evidence:
    """The weights of the name model, and the sums of them that were asked for before."""

    def __init__(self, weights: Mapping[str, complex]) -> None:
        self._weights = weights
        self._seen: dict[Form, Seen] = {}
        self._kinds: dict[tuple[str, str], KindOfWord] = {}
        self._pairs = self._triples = 0
        self._edge = self._looked_at(EDGE)

    def see(self, forms: Sequence[Form]) -> list[Seen]:
        """Return what is known of each word by itself."""
        try:
            return list(map(self._seen.__getitem__, forms))
        except KeyError:
            return [self._seen.get(form) or self._see(form) for form in forms]

    def weigh(self, sentences: Iterable[Sequence[Seen]]) -> list[list[complex]]:
        """Return what each word of each sentence and its neighbours there say for B and I against O.

        All sentences are looked up together, with two edges before, between and after them.
        """
        edges = self._edge, self._edge
        row, ends = [*edges], [2]
        for sentence in sentences:
            row += sentence
            row += edges
            ends.append(len(row))
        kinds = list(map(_KIND, row))
        after2, after, before, before2, thirds = zip(*self._recall_pairs(row), strict=True)
        first, middle, last = zip(*self._recall_triples(kinds, thirds), strict=True)
        said = map(add, before2, before[1:])
        for more in (after[2:], after2[3:], last, middle[1:], first[2:]):
            said = map(add, said, more)
        all_said = list(said)
        return [all_said[start - 2 : end - 4] for start, end in itertools.pairwise(ends)]

    def _recall_pairs(self, row: Sequence[Seen]) -> list[Pair]:
        try:
            return list(map(getitem, map(_AFTER, row), row[1:]))
        except KeyError:
            return [one.after.get(other) or self._pair(one, other) for one, other in itertools.pairwise(row)]

    def _recall_triples(self, kinds: Sequence[KindOfWord], thirds: Sequence[Third]) -> list[Triple]:
        try:
            return list(map(getitem, thirds, kinds[2:]))
        except KeyError:
            rows = zip(thirds, kinds, kinds[1:], kinds[2:], strict=False)
            return [
                third.get(other) or self._triple(third, one, this, other) for third, one, this, other in rows
            ]

    def _see(self, form: Form) -> Seen:
        view = describe_word(form.surface, form.tag, form.known)
        seen = self._looked_at(view)
        seen.ends = ends_sentence(form.surface)
        seen.is_candidate = is_candidate(form, view)
        return _remember(self._seen, form, seen)

    def _looked_at(self, view: View) -> Seen:
        key = view.part, view.roles
        kind = self._kinds.get(key) or _remember(self._kinds, key, KindOfWord(*key))
        seen = Seen(view, kind)
        if view is not EDGE:
            seen.alone = self._sum(alone(view))
        seen.left, seen.right = self._sum(on_the_left(view)), self._sum(on_the_right(view))
        return seen

    def _pair(self, one: Seen, other: Seen) -> Pair:
        left, right = one.surface, other.surface
        say = self._sum
        said = (
            say(_WORDS_AFTER(left, right)),
            say((*_RIGHT(one.kind.part, right), *_SHAPE_AFTER(one.shape, other.shape))) + other.right,
            say((*_LEFT(left, other.kind.part), *_SHAPE_BEFORE(one.shape, other.shape)))
            + (one.left + other.alone),
            say(_WORDS_BEFORE(left, right)),
        )
        if self._pairs >= _MOST:
            self._forget_neighbours()
        self._pairs += 1
        return one.after.setdefault(other, (*said, one.kind.after.setdefault(other.kind, {})))

    def _triple(self, third: Third, one: KindOfWord, this: KindOfWord, other: KindOfWord) -> Triple:
        roles = one.roles, this.roles, other.roles
        say = self._sum
        said = (
            say((*_PARTS_AFTER(this.part, other.part), *_ROLES_AFTER(*roles))),
            say(
                (
                    *_PARTS(one.part, this.part, other.part),
                    *_ROLES(*roles),
                    *_ROLE_NEXT(this.part, other.roles),
                )
            ),
            say((*_PARTS_BEFORE(one.part, this.part), *_ROLES_BEFORE(one.roles, this.roles, other.part))),
        )
        if self._triples >= _MOST:
            self._forget_neighbours()
        self._triples += 1
        return third.setdefault(other, said)

    def _forget_neighbours(self) -> None:
        """Forget what stood beside what; words and kinds stay known by themselves."""
        for seen in [self._edge, *self._seen.values()]:
            seen.after.clear()
        for kind in list(self._kinds.values()):
            kind.after.clear()
        self._pairs = self._triples = 0

    def _sum(self, features: Iterable[str]) -> complex:
        known, total = self._weights, 0j
        for feature in features:
            total += known.get(feature, 0j)
        return total


def ends_sentence(surface: str) -> bool:
    """Return whether a sentence or line ends with this word."""
    return surface[-1] in _ENDS or "\n" in surface


def _remember(memory: dict[K, V], key: K, value: V) -> V:
    if len(memory) >= _MOST:
        memory.clear()
    memory[key] = value
    return value


def is_candidate(word: Form, view: View) -> bool:
    """Return whether a word can be part of a name; sentences without one are not analysed."""
    if not word.known:
        return not word.surface.isascii() or word.surface[0].isupper()
    if "固有名詞" in word.tag:
        return True
    return bool({"S", "s", "R"} & set(view.roles)) or (
        len(word.surface) > 2 and "ァ" <= word.surface[0] <= "ヴ"
    )
