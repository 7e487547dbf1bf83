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
_NUMBERED = {"account", "card", "driver_licence", "my_number", "passport", "phone"}
_BREAK = re.compile(r"[。!?！？\n0-9](?:(?<=[。!?！？])|(?<=\n)\n|(?<=[0-9])[0-9])")
_PAUSE = re.compile(r"[。、,\n0-9]")


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

    __slots__ = ("_ends", "_known", "_named", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: tuple[Label, ...] | None = None
        self._named: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[Label, ...]:
        """Return the labels in order."""
        if self._known is None:
            names = _names()
            found = [(names[one.group()], *one.span()) for one in _pattern().finditer(self._text)]
            self._named = frozenset([name for name, _, _ in found])
            self._starts = [start for _, start, _ in found]
            self._ends = [end for _, _, end in found]
            self._known = tuple(map(Label._make, found))
        return self._known

    @property
    def names(self) -> frozenset[str]:
        """Return what the labels name."""
        return self._named if self.all else frozenset()

    def before(self, at: int, near: int = _NEAR_BEFORE) -> Label | None:
        """Return the last label that ends before ``at`` in the same sentence, with no digit between."""
        known = self.all
        place = bisect.bisect_right(self._ends, at) - 1
        if place < 0 or at - self._ends[place] > near or _BREAK.search(self._text, self._ends[place], at):
            return None
        label, before = known[place], known[place - 1] if place else None
        if before and self._text[slice(*label[1:])] == "No." and label.start - before.end <= 1:
            return before if before.name in _NUMBERED else label  # 免許 No.301234567890
        return label

    def after(self, at: int) -> Label | None:
        """Return the label right after ``at`` (1234567が口座番号です), unless it names a further number."""
        known = self.all
        place = bisect.bisect_left(self._starts, at)
        if place == len(known) or self._starts[place] - at > _NEAR_AFTER:
            return None
        label = known[place]
        is_near = _PAUSE.search(self._text, at, label.start) is None
        return label if is_near and not _NUMBER_NEXT.match(self._text, label.end) else None
