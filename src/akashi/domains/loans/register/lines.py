"""Where in a TOML file something stands, so that an error can name its line."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")
_KEY = re.compile(r"\s*(\w+)\s*=")


class Lines:
    """The lines of a file's top keys, of its n-th table of a kind, and of that table's keys.

    >>> lines = Lines('id = "a"\\n[[item]]\\nid = "b"\\n')
    >>> lines.find("", 0, "id"), lines.find("item", 0), lines.find("item", 0, "id")
    (1, 2, 3)
    """

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        kind, index = "", 0
        for number, line in enumerate(text.splitlines(), 1):
            if table := _TABLE.match(line):
                kind = table[1]
                index = counts.get(kind, 0)
                counts[kind] = index + 1
                self._places[kind, index, ""] = number
            elif key := _KEY.match(line):
                self._places.setdefault((kind, index, key[1]), number)

    def find(self, kind: str, index: int, key: str = "") -> int:
        """Return the line of a key, else of its table, else the first line."""
        return self._places.get((kind, index, key)) or self._places.get((kind, index, "")) or 1
