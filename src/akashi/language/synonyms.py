"""What customers say beside what banks write: our own groups of everyday words."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Sequence
from importlib.resources import files

# Our groups are numbered from here, far above those of Sudachi's dictionary.
_FIRST_GROUP = 1_000_000
Phrases = dict[str, list[tuple[tuple[str, ...], int]]]


def is_everyday(group: int) -> bool:
    """Return whether a synonym group is one of ours, not of Sudachi's dictionary."""
    return group >= _FIRST_GROUP


def match_groups(forms: Sequence[str], phrases: Phrases) -> list[tuple[int, ...]]:
    """Return for each word the groups of the phrases that it is part of.

    >>> match_groups(["家", "の", "ローン"], {"家": [(("家", "の", "ローン"), 7)]})
    [(7,), (7,), (7,)]
    """
    found: list[tuple[int, ...]] = [()] * len(forms)
    for at, form in enumerate(forms):
        for phrase, group in phrases.get(form, ()):
            if tuple(forms[at : at + len(phrase)]) == phrase:
                for inside in range(at, at + len(phrase)):
                    if group not in found[inside]:
                        found[inside] = (*found[inside], group)
    return found


def read_phrases(read_forms: Callable[[str], tuple[str, ...]]) -> Phrases:
    """Return the phrases of data/everyday.toml by their first word; ``read_forms`` cuts a phrase."""
    phrases: Phrases = {}
    for number, words in enumerate(everyday_groups(), _FIRST_GROUP):
        for forms in sorted({read_forms(word) for word in words} - {()}):
            phrases.setdefault(forms[0], []).append((forms, number))
    return phrases


@functools.cache
def everyday_groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups of data/everyday.toml in the order of the file."""
    raw = files("akashi.language").joinpath("data/everyday.toml").read_text(encoding="utf-8")
    return tuple(tuple(group) for groups in tomllib.loads(raw).values() for group in groups)
