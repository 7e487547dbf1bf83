"""Field labels: the words that say what the number after them is."""

from __future__ import annotations

import bisect
import functools
import re
import tomllib
from importlib.resources import files
from typing import NamedTuple

_NEAR_BEFORE = 18
_NEAR_AFTER = 8
_NUMBER_NEXT = re.compile(r"\s?(?:番号|No\.?)?\s?[はが:=]?\s?[(]?[0-9]")
_BREAK = re.compile(r"[。!?！？]|\n\n")


class Label(NamedTuple):
    """A label of a text: what it names, and where it stands."""

    name: str
    start: int
    end: int


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Return what finds the longest label at each place; by first sign, because it is searched fastest."""
    rests: dict[str, list[str]] = {}
    for word in sorted(_names(), key=len, reverse=True):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items()))


@functools.cache
def _names() -> dict[str, str]:
    raw = files("akashi.domains.guardrails").joinpath("data/labels.toml").read_text(encoding="utf-8")
    return {word: name for name, words in tomllib.loads(raw).items() for word in words}


class Labels:
    """The labels of one text, looked for when they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    @functools.cached_property
    def all(self) -> tuple[Label, ...]:
        """Return the labels in order."""
        names = _names()
        return tuple(Label(names[found.group()], *found.span()) for found in _pattern().finditer(self._text))

    @functools.cached_property
    def names(self) -> frozenset[str]:
        """Return what the labels name."""
        return frozenset(label.name for label in self.all)

    @functools.cached_property
    def _starts(self) -> list[int]:
        return [label.start for label in self.all]

    @functools.cached_property
    def _ends(self) -> list[int]:
        return [label.end for label in self.all]

    def before(self, at: int, near: int = _NEAR_BEFORE) -> Label | None:
        """Return the last label that ends before ``at`` in the same sentence, with no digit between."""
        place = bisect.bisect_right(self._ends, at) - 1
        if place < 0 or at - self._ends[place] > near:
            return None
        best = self.all[place]
        between = self._text[best.end : at]
        if _BREAK.search(between) or re.search(r"[0-9]{2}", between):
            return None
        return best

    def after(self, at: int) -> Label | None:
        """Return the label right after ``at`` (1234567が口座番号です), unless it names a further number."""
        place = bisect.bisect_left(self._starts, at)
        if place == len(self.all) or self._starts[place] - at > _NEAR_AFTER:
            return None
        label = self.all[place]
        is_near = not re.search(r"[。、,\n0-9]", self._text[at : label.start])
        return label if is_near and not _NUMBER_NEXT.match(self._text, label.end) else None
