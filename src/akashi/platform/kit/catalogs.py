"""Translations: English message ids, one ``locale/<language>.po`` in every package that speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from akashi.core.errors import SetupError

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

Entries = Mapping[str, str]


class Message(str):
    """A message id together with the values of its ``{name}`` fields.

    Useful where an error must travel as text and be translated later, as in form validators.

    >>> Message("At most {limit} files.", limit=3).values["limit"]
    3
    """

    values: Mapping[str, object]

    def __new__(cls, message: str, /, **values: object) -> Message:
        """Return the id itself; the values ride along."""
        made = super().__new__(cls, message)
        made.values = values
        return made


def mark(message: str) -> str:
    """Return ``message`` unchanged; marks an id in Python code for the list of untranslated ids."""
    return message


def fill(message: str, values: Mapping[str, object]) -> str:
    """Return ``message`` with its ``{name}`` fields filled; an unknown field stays visible.

    >>> fill("{count} of {all}", {"count": 3})
    '3 of {all}'
    """
    return _FIELD.sub(lambda found: str(values.get(found[1], found[0])), message)


@dataclass(frozen=True, slots=True)
class Translator:
    """Speaks one language: looks an id up in its catalogues, in order, else keeps the English id."""

    language: str
    catalogs: tuple[Entries, ...] = ()

    def __call__(self, message: str, /, **values: object) -> str:
        """Return ``message`` in this language with its fields filled; plain text, never markup.

        >>> Translator("en")("{count} files", count=2)
        '2 files'
        """
        carried = message.values if isinstance(message, Message) else {}
        return fill(self._look_up(message), {**carried, **values})

    def plural(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """Return the form for ``count``; the field ``{count}`` is filled by itself.

        >>> Translator("en").plural("{count} file", "{count} files", 1)
        '1 file'
        """
        text = self._look_up(singular)
        if text == singular:
            text = singular if count == 1 else plural
        return fill(text, {"count": f"{count:,}", **values})

    def _look_up(self, message: str) -> str:
        return next((entries[message] for entries in self.catalogs if entries.get(message)), str(message))


class Catalogs:
    """The translations of all packages; read at first use and kept.

    A room's own catalogue goes first, then the kit's, then the others', so that one English word may
    mean different things in two rooms.
    """

    def __init__(self, folders: Iterable[tuple[str, Path]]) -> None:
        self._folders = dict(folders)
        self._made: dict[tuple[str, str], Translator] = {}

    def translator(self, language: str, room: str = "") -> Translator:
        """Return who speaks ``language`` on the pages of ``room``."""
        key = (language, room)
        if key not in self._made:
            order = sorted(self._folders, key=lambda name: (name != room, name != "kit"))
            files = [self._folders[name] / "locale" / f"{language}.po" for name in order]
            self._made[key] = Translator(language, tuple(read_entries(file) for file in files))
        return self._made[key]


@cache
def read_entries(path: Path) -> Entries:
    """Return the translated entries of one ``.po`` file; fuzzy and empty ones do not count.

    A plural entry is found under its singular; Japanese has one form. No file: nothing translated.

    Raises: SetupError: the file is not a ``.po`` file.
    """
    if not path.is_file():
        return {}
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise SetupError(f"The translations {path} cannot be read: {error}") from error
    entries = {}
    for entry in catalog:
        if entry.id and entry.string and not entry.fuzzy:
            entries[_first(entry.id)] = _first(entry.string)
    return entries


def _first(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))
