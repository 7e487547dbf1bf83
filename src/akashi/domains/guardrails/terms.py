"""The institution's own words that must not go out: names of projects, internal marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from akashi.core.errors import InputError
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit
from akashi.language.normalise import normalise

_SHORTEST = 2
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Terms:
    """Words of one institution; found in any width and letter case."""

    words: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the places of the words in a normalised text."""
        if self.pattern is not None:
            for found in self.pattern.finditer(text):
                yield Hit(*found.span(), Kind.TERM, "A word of the institution's dictionary.")


def make_terms(words: Sequence[str]) -> Terms:
    """Return the dictionary of ``words``.

    Raises: InputError: a word of one character, which would mask half of every text, or too many.

    >>> [hit.start for hit in make_terms(["コードミサゴ"]).find("件はｺｰﾄﾞ…コードミサゴです")]
    [7]
    """
    plain = sorted({normalise(word).text.strip() for word in words} - {""}, key=len, reverse=True)
    for word in plain:
        if len(word) < _SHORTEST:
            raise InputError("The word {word} is too short to be masked.", where="terms", word=word)
    if len(plain) > _MOST:
        raise InputError("At most {most} words can be masked.", where="terms", most=_MOST)
    pattern = re.compile("|".join(map(re.escape, plain)), re.IGNORECASE) if plain else None
    return Terms(tuple(plain), pattern)


def read_terms(path: Path) -> Terms:
    """Return the dictionary in a text file, one word a line, # begins a comment.

    Raises: InputError: the file cannot be read or a word cannot be masked.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "The file {name} cannot be read.", where=path.name, next_step="Save it as UTF-8.", name=path.name
        ) from error
    return make_terms([line for line in lines if not line.startswith("#")])
