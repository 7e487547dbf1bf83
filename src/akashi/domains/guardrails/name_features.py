"""What the name model sees of each word. Training and use share this file."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from akashi.domains.guardrails.name_lists import known_names
from akashi.language.words import Word

_EDGE = ("^", "^", "^", "")
_SHORT_TAGS = (
    ("名詞-固有名詞-", ""),
    ("名詞-普通名詞-", "n-"),
    ("補助記号-", "p-"),
    ("助動詞", "aux"),
    ("動詞-", "v-"),
)


@functools.lru_cache(maxsize=20_000)
def describe_word(surface: str, tag: str, known: bool) -> tuple[str, str, str, str]:
    """Return what one word is by itself: surface, part, shape, and which parts of a name it can be."""
    for long, short in _SHORT_TAGS:
        tag = tag.replace(long, short)
    shape = "".join(dict.fromkeys(map(_script, surface)))
    return (
        surface,
        tag if known else f"{tag}?",
        f"{shape}{min(len(surface), 5)}",
        known_names().roles(surface),
    )


def _script(character: str) -> str:
    if "一" <= character <= "鿿" or character in "々〆ヶ":
        return "k"
    if "ぁ" <= character <= "ゖ":
        return "h"
    if "ァ" <= character <= "ー":
        return "K"
    if character.isascii() and character.isalpha():
        return "X" if character.isupper() else "x"
    return "0" if character.isdecimal() else "・" if character == "・" else "_" if character == " " else "."


def describe_words(words: Sequence[Word]) -> list[list[str]]:
    """Return the features of each word of one sentence, for the model."""
    seen = [describe_word(word.surface, word.tag, word.known) for word in words]
    row = [_EDGE, _EDGE, *seen, _EDGE, _EDGE]
    return [_features(row[at], row[at + 1], row[at + 2], row[at + 3], row[at + 4]) for at in range(len(seen))]


_View = tuple[str, str, str, str]


def _features(before2: _View, before: _View, this: _View, after: _View, after2: _View) -> list[str]:
    surface, part, shape, roles = this
    return [
        "w" + surface,
        "p" + part,
        "s" + shape,
        "r" + roles,
        "f" + surface[0],
        "l" + surface[-1],
        "y" + surface[:2],
        "z" + surface[-3:],
        "t" + surface[-2:] + shape,
        "u" + part + shape,
        "w-" + before[0],
        "w+" + after[0],
        "w=" + before2[0] + "|" + before[0],
        "w#" + after[0] + "|" + after2[0],
        "l=" + before2[0][-1] + "|" + before[0],
        "l-" + before[0][-1] + "|" + part,
        "l+" + after[0][-1] + "|" + part,
        "p-" + before[1],
        "p+" + after[1],
        "p=" + before2[1] + "|" + before[1],
        "p#" + after[1] + "|" + after2[1],
        "a" + before[1] + "|" + part,
        "b" + part + "|" + after[1],
        "c" + before[1] + "|" + part + "|" + after[1],
        "d" + part + "|" + after[0],
        "e" + before[0] + "|" + part,
        "s-" + before[2] + shape,
        "s+" + shape + after[2],
        "r-" + before[3] + "|" + roles + "|" + after[3],
        "r+" + roles + "|" + after[3] + "|" + after2[3],
        "r=" + roles + part,
        "R=" + before2[3] + "|" + before[3] + "|" + part,
        "R+" + part + "|" + after[3],
    ]
