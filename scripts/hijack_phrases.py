"""Training texts put together from ``hijack_phrases.toml``: the same words in attacks and in harmless use."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_SLOT = re.compile(r"\{(\w+)\}")
_TABLE = Path(__file__).with_suffix(".toml")


class Grammar:
    """Lists of phrases and the ways to join them, drawn with one seeded generator."""

    def __init__(self, seed: int = 2026) -> None:
        """Read the table."""
        table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
        self._lists: dict[str, list[str]] = table["lists"]
        self._moods: dict[str, list[str]] = table["moods"]
        self._patterns = {name: table[name]["patterns"] for name in ("attacks", "harmless")}
        self._random = random.Random(seed)
        self._mood = "plain"

    def texts(self, name: str, count: int) -> Iterator[str]:
        """Yield ``count`` texts of ``attacks`` or ``harmless``, each in one mood."""
        for _ in range(count):
            self._mood = self._random.choice(list(self._moods))
            text = self._filled(self._random.choice(self._patterns[name]))
            yield text + self._random.choice(
                ["。", "", "！", "。", "？"] if name == "attacks" else ["。", "。", ""]
            )

    def _filled(self, text: str) -> str:
        while _SLOT.search(text):
            text = _SLOT.sub(lambda found: self._phrase(found[1]), text, count=1)
        return text

    def _phrase(self, name: str) -> str:
        if name == "n":
            return str(self._random.randint(1, 40))
        if name in ("drop", "reveal"):
            return self._verb(name)
        if name == "docorder_":
            return self._random.choice(self._lists["docorder"]).removesuffix("する")
        return self._random.choice(self._lists[name])

    def _verb(self, name: str) -> str:
        if self._random.random() < 0.5:
            return self._random.choice(self._lists[f"{name}_verb"])
        return self._random.choice(self._lists[f"{name}_noun"]) + self._random.choice(self._moods[self._mood])


_LINES = Path(__file__).with_name("hijack_lines.txt")
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def draw_lines(name: str, draws: int, seed: int = 2026) -> Iterator[str]:
    """Yield ``draws`` different texts of each line of section ``name``, as far as it has so many."""
    generator = random.Random(seed)
    section = ""
    for line in _LINES.read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif section == name and line:
            ways = {_drawn(line, generator) for _ in range(draws)}
            yield from sorted(ways)


def _drawn(line: str, generator: random.Random) -> str:
    drawn = _CHOICE.sub(lambda found: generator.choice(found[1].split("|")), line)
    return drawn.replace("\\n", "\n")
