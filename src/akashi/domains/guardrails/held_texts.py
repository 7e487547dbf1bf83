"""Texts that the house holds, and where a run of one of them stands in another text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from akashi.core.spans import Interval
from akashi.language.normalise import normalise

LEAST_RUN = 30
"""Characters of a held text that may not appear in one piece."""
_GRAM, _STRIDE, _MOST_PLACES = 8, 5, 200
LEAST_CANARY = 6
INTERNAL = "The answer holds text that must stay inside."
FOREIGN = "The answer copies a text of others that was not approved."


class Owner(Enum):
    """Whose text it is: ours and internal, or others' and not to be copied."""

    INTERNAL = INTERNAL
    FOREIGN = FOREIGN


@dataclass(frozen=True, slots=True)
class Leak:
    """A run of a held text, at ``span`` of the answer (all of it where it was encoded)."""

    span: Interval
    reason: str


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The letters and digits of a text in one form; ``places[i]`` is where the i-th one stood."""

    text: str
    places: Sequence[int]

    def run(self, start: int, end: int) -> Interval:
        """Return the interval of the text it was made from."""
        return Interval(self.places[start], self.places[end - 1] + 1)


_KATAKANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}


def read_skeleton(text: str) -> Skeleton:
    """Return the letters and digits of ``text``: one width and case, katakana as hiragana, no marks.

    >>> read_skeleton("Ａ-ｂ  カ！").text
    'abか'
    """
    normal = normalise(text)
    kept, places = [], []
    for at, character in enumerate(normal.text):
        if unicodedata.category(character)[0] in "LN":
            for one in character.lower():
                kept.append(chr(_KATAKANA.get(ord(one), ord(one))))
                places.append(normal.starts[at])
    return Skeleton("".join(kept), places)


@dataclass(frozen=True, slots=True)
class Index:
    """Hashes of pieces in order, with the number of the text and the place of each."""

    hashes: NDArray[np.uint64]
    numbers: NDArray[np.int32]
    places: NDArray[np.int32]

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield place in ``text``, number and place of each held piece that seems to stand in it."""
        wanted = _hash_pieces(text)
        first = np.searchsorted(self.hashes, wanted, side="left")
        last = np.searchsorted(self.hashes, wanted, side="right")
        for at in np.flatnonzero(last > first).tolist():
            for row in range(first[at], min(last[at], first[at] + _MOST_PLACES)):
                yield at, int(self.numbers[row]), int(self.places[row])


def build_index(texts: Sequence[str]) -> Index:
    """Return the index of every fifth piece of eight letters of ``texts``."""
    hashed = [_hash_pieces(text)[::_STRIDE] for text in texts]
    sizes = [len(one) for one in hashed]
    hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *hashed])
    numbers = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
    places = np.concatenate(
        [np.zeros(0, dtype=np.int32), *(np.arange(size, dtype=np.int32) * _STRIDE for size in sizes)]
    )
    order = np.argsort(hashes, kind="stable")
    return Index(hashes[order], numbers[order], places[order])


def _hash_pieces(text: str) -> NDArray[np.uint64]:
    """Return a hash of each piece of ``_GRAM`` characters."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    count = max(0, len(codes) - _GRAM + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for at in range(_GRAM):
        mixed = (mixed ^ codes[at : at + count]) * _FACTOR
        mixed ^= mixed >> np.uint64(29)
    return mixed


_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class HeldTexts:
    """Texts the house holds and must not show, ready to be looked for; add as they come in.

    The index is one sorted array of hashed pieces, made on the first search after an addition:
    about 4 bytes for each character held.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._texts: list[tuple[str, Skeleton, Owner]] = []
        self._canaries: set[str] = set()
        self._index: Index | None = None

    def __len__(self) -> int:
        """Return how many texts and canaries are held."""
        return len(self._texts) + len(self._canaries)

    def add_text(self, text: str, owner: Owner) -> None:
        """Hold ``text``; pieces of less than ``LEAST_RUN`` characters of it may appear."""
        self.add_read(text, read_skeleton(text), owner)

    def add_read(self, text: str, skeleton: Skeleton, owner: Owner) -> None:
        """Hold ``text``, of which the skeleton is known already."""
        self._texts.append((text, skeleton, owner))
        self._index = None

    def add_canary(self, canary: str) -> None:
        """Hold a marker that must never appear at all; it has at least six letters or digits.

        Raises: ValueError: shorter than that.
        """
        marker = read_skeleton(canary).text
        if len(marker) < LEAST_CANARY:
            raise ValueError("a canary needs at least six letters or digits")
        self._canaries.add(marker)

    def find_runs(self, text: str, allowed: Sequence[Skeleton] = ()) -> Iterator[Leak]:
        """Yield where ``text`` holds a canary or a run of a held text, unless ``allowed`` has the run too."""
        skeleton = read_skeleton(text)
        for canary in self._canaries:
            at = skeleton.text.find(canary)
            if at >= 0:
                yield Leak(skeleton.run(at, at + len(canary)), INTERNAL)
        index = self._index = self._index or build_index([held.text for _, held, _ in self._texts])
        reached: dict[tuple[int, int], int] = {}
        for at, number, place in index.find(skeleton.text):
            if at < reached.get((number, place - at), -1):
                continue
            if self._texts[number][1].text[place : place + _GRAM] != skeleton.text[at : at + _GRAM]:
                continue
            leak, end = self._extend(text, skeleton, at, number, place, allowed)
            reached[number, place - at] = end
            if leak is not None:
                yield leak

    def _extend(
        self, text: str, skeleton: Skeleton, at: int, number: int, place: int, allowed: Sequence[Skeleton]
    ) -> tuple[Leak | None, int]:
        original, held, owner = self._texts[number]
        start, end = at, at + _GRAM
        shift = place - at
        while start and start + shift and skeleton.text[start - 1] == held.text[start + shift - 1]:
            start -= 1
        while (
            end < len(skeleton.text)
            and end + shift < len(held.text)
            and skeleton.text[end] == held.text[end + shift]
        ):
            end += 1
        run = held.run(start + shift, end + shift)
        span = skeleton.run(start, end)
        length = _counted(original, run) + _same_edges(original, run, text, span)
        if length < LEAST_RUN or any(skeleton.text[start:end] in one.text for one in allowed):
            return None, end
        return Leak(span, owner.value), end


def _counted(text: str, run: Interval) -> int:
    """Return the characters of a run; blanks count once, between words of Latin letters only."""
    return len(_FOREIGN_BLANK.sub(" ", _JAPANESE_BLANK.sub("", run.of(text))))


_JAPANESE_BLANK = re.compile(r"(?<![!-~])\s+|\s+(?![!-~\s])")
_FOREIGN_BLANK = re.compile(r"\s+")


def _same_edges(original: str, run: Interval, text: str, span: Interval) -> int:
    """Return how many marks beside the run are the same on both sides."""
    count = 0
    while _at(original, run.start - 1 - count) and _at(original, run.start - 1 - count) == _at(
        text, span.start - 1 - count
    ):
        count += 1
    after = 0
    while _at(original, run.end + after) and _at(original, run.end + after) == _at(text, span.end + after):
        after += 1
    return count + after


def _at(text: str, index: int) -> str:
    return text[index] if 0 <= index < len(text) else ""
