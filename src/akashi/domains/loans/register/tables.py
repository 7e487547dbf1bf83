"""One table of a product file, read strictly: every mistake names file, line and what is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.loans.model import ItemKind, ItemValue, order_of
from akashi.domains.loans.register.lines import Lines

LANGUAGES = ("ja", "en")
LONGEST = 2_000
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RELATIVE = re.compile(r"today(?:[+-]P(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,5}D)?)*")
_SCALES = {
    ItemKind.AMOUNT: "number",
    ItemKind.COUNT: "number",
    ItemKind.RATE: "number",
    ItemKind.DATE: "date",
    ItemKind.PERIOD: "duration",
}


def fail(name: str, line: int, message: str, **values: object) -> InputError:
    """Return an error about one line of a file, to be raised."""
    return InputError(message, where=f"{name}:{line}", next_step="Correct the product file.", **values)


@dataclass(frozen=True)
class Table:
    """The values of the file itself (``kind`` empty) or of its n-th ``[[kind]]``."""

    file: str
    source: str = field(repr=False)
    kind: str
    index: int
    values: Mapping[str, Any]
    at: str = ""

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.source)

    def fail(self, key: str, message: str, /, **values: object) -> InputError:
        """Return an error about one key of this table, to be raised."""
        return fail(self.file, self._lines.find(self.kind, self.index, self.at or key), message, **values)

    def inner(self, key: str, values: Mapping[str, Any]) -> Table:
        """Return a table that stands inside the value of ``key``."""
        return Table(self.file, self.source, self.kind, self.index, values, at=key)

    def tables(self, kind: str) -> Iterator[Table]:
        """Yield the file's ``[[kind]]`` tables in order."""
        rows = self.values.get(kind, [])
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise self.fail(kind, "Write [[{kind}]] for each of them.", kind=kind)
        for index, row in enumerate(rows):
            yield Table(self.file, self.source, kind, index, row)

    def check_keys(self, needed: Sequence[str], possible: Sequence[str] = ()) -> None:
        """Refuse keys that are missing and keys that nobody knows."""
        for key in needed:
            if key not in self.values:
                raise self.fail("", "The key {key} is missing.", key=key)
        for key in self.values:
            if key not in needed and key not in possible:
                raise self.fail(key, "Nobody knows the key {key}.", key=key)

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
            raise self.fail(key, "{key} is a text of 1 to {most} characters.", key=key, most=LONGEST)
        return value

    def name(self, key: str) -> str:
        """Return an id: small letters, digits and low lines."""
        value = self.text(key)
        if not _ID.fullmatch(value):
            raise self.fail(key, "An id has small letters, digits and low lines, at most 40.")
        return value

    def number(self, key: str) -> int:
        """Return a whole number."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(key, "{key} is a whole number.", key=key)
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "{key} is true or false.", key=key)
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, which may be absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.fail(key, "{key} is a list of texts.", key=key)
        return tuple(value)

    def words(self, key: str) -> Mapping[str, str]:
        """Return a wording in Japanese and English."""
        value = self.values.get(key)
        if not isinstance(value, Mapping) or set(value) != set(LANGUAGES):
            raise self.fail(key, "{key} is written in ja and en.", key=key)
        inner = self.inner(key, value)
        return {language: inner.text(language) for language in LANGUAGES}

    def bound(self, key: str, kind: ItemKind) -> ItemValue | None:
        """Return a least or most in the form of ``kind``, or None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not fits_kind(value, kind):
            raise self.fail(key, "{key} is not written as {kind} is.", key=key, kind=kind.value)
        checked: ItemValue = value
        return checked


def fits_kind(value: object, kind: ItemKind) -> bool:
    """Return whether a value of a product file is written as answers of ``kind`` are kept.

    >>> fits_kind(300, ItemKind.AMOUNT), fits_kind("300", ItemKind.AMOUNT)
    (True, False)
    """
    if kind is ItemKind.YESNO:
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return False
    if kind not in _SCALES:
        return isinstance(value, str)
    if isinstance(value, str) and kind is ItemKind.DATE and _RELATIVE.fullmatch(value):
        return True
    order = order_of(value)
    is_whole = kind in (ItemKind.AMOUNT, ItemKind.COUNT)
    return order is not None and order[0] == _SCALES[kind] and isinstance(value, int) == is_whole
