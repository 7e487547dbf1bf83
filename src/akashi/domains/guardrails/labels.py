"""Field labels: the words that say what the number after them is."""

from __future__ import annotations

import bisect
import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

_NEAR_BEFORE = 18
_NEAR_AFTER = 8
_NUMBER_NEXT = re.compile(r"\s?(?:番号|No\.?)?\s?[はが:=]?\s?[(]?[0-9]")
_BREAK = re.compile(r"[。!?！？]|\n\n")


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a text: what it names, and where it stands."""

    name: str
    start: int
    end: int


@functools.cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_names(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@functools.cache
def _names() -> dict[str, str]:
    raw = files("akashi.domains.guardrails").joinpath("data/labels.toml").read_text(encoding="utf-8")
    return {word: name for name, words in tomllib.loads(raw).items() for word in words}


class Labels:
    """The labels of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        names = _names()
        self.all = tuple(Label(names[found.group()], *found.span()) for found in _pattern().finditer(text))
        self.names = frozenset(label.name for label in self.all)
        self._starts = [label.start for label in self.all]
        self._ends = [label.end for label in self.all]

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
