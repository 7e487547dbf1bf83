"""What the name model sees of each word. Training and use share this file."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from akashi.domains.guardrails.name_lists import known_names
from akashi.language.words import Word


class View(NamedTuple):
    """One word by itself: surface, part of speech, shape, and which parts of a name it can be."""

    surface: str
    part: str
    shape: str
    roles: str


EDGE = View("^", "^", "^", "")
_SHORT_TAGS = (
    *(("名詞-固有名詞-", ""), ("名詞-普通名詞-", "n-"), ("補助記号-", "p-")),
    *(("助動詞", "aux"), ("動詞-", "v-")),
)


@functools.lru_cache(maxsize=20_000)
def describe_word(surface: str, tag: str, known: bool) -> View:
    """Return what one word is by itself."""
    for long, short in _SHORT_TAGS:
        tag = tag.replace(long, short)
    shape = "".join(dict.fromkeys(map(_script, surface)))
    roles = known_names().roles(surface)
    surface = surface.replace("\n", "⏎").replace("\t", " ")
    return View(surface, tag if known else f"{tag}?", f"{shape}{min(len(surface), 5)}", roles)


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


def view_words(words: Sequence[Word]) -> list[View]:
    """Return the views of a sentence with two edges before and after it."""
    seen = [describe_word(word.surface, word.tag, word.known) for word in words]
    return [EDGE, EDGE, *seen, EDGE, EDGE]


def describe_words(words: Sequence[Word]) -> list[list[str]]:
    """Return all features of each word of one sentence."""
    row = view_words(words)
    return [
        [
            *alone(row[at]),
            *on_the_left(row[at - 1]),
            *on_the_right(row[at + 1]),
            *together(row[at - 2], row[at - 1], row[at], row[at + 1], row[at + 2]),
        ]
        for at in range(2, len(row) - 2)
    ]


def alone(this: View) -> tuple[str, ...]:
    """Return the features of a word that depend on nothing else."""
    surface, part, shape, roles = this
    return (
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
        "r=" + roles + part,
    )


def on_the_left(before: View) -> tuple[str, ...]:
    """Return the features that a word gives the next one."""
    return "w-" + before.surface, "p-" + before.part


def on_the_right(after: View) -> tuple[str, ...]:
    """Return the features that a word gives the one before."""
    return "w+" + after.surface, "p+" + after.part


def together(before2: View, before: View, this: View, after: View, after2: View) -> tuple[str, ...]:
    """Return the features of a word that need its neighbours."""
    part, shape, roles = this.part, this.shape, this.roles
    left, right, left_part, right_part = before.surface, after.surface, before.part, after.part
    return (
        f"w={before2.surface}|{left}",
        f"w#{right}|{after2.surface}",
        f"l={before2.surface[-1]}|{left}",
        f"l-{left[-1]}|{part}",
        f"l+{right[-1]}|{part}",
        f"p={before2.part}|{left_part}",
        f"p#{right_part}|{after2.part}",
        f"a{left_part}|{part}",
        f"b{part}|{right_part}",
        f"c{left_part}|{part}|{right_part}",
        f"d{part}|{right}",
        f"e{left}|{part}",
        f"s-{before.shape}{shape}",
        f"s+{shape}{after.shape}",
        f"r-{before.roles}|{roles}|{after.roles}",
        f"r+{roles}|{after.roles}|{after2.roles}",
        f"R={before2.roles}|{before.roles}|{part}",
        f"R+{part}|{after.roles}",
    )
