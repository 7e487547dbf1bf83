"""What the name model sees of each word. Training and use share this file."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
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
    """Return the features of a word that need its neighbours, group by group."""
    return tuple(
        feature
        for group, parts in zip(GROUPS, group_parts(before2, before, this, after, after2), strict=True)
        for feature in group(*parts)
    )


def group_parts(
    before2: View, before: View, this: View, after: View, after2: View
) -> tuple[tuple[str, ...], ...]:
    """Return what each group of ``GROUPS`` looks at; few enough to be remembered."""
    part, left, right = this.part, before.surface, after.surface
    return (
        (before.part, part, after.part),
        (before2.part, before.part),
        (after.part, after2.part),
        (before.shape, this.shape),
        (this.shape, after.shape),
        (before.roles, this.roles, after.roles),
        (this.roles, after.roles, after2.roles),
        (before2.roles, before.roles, part),
        (part, after.roles),
        (left, part),
        (part, right),
        (before2.surface, left),
        (right, after2.surface),
    )


Group = Callable[..., tuple[str, ...]]
GROUPS: tuple[Group, ...] = (
    lambda left, part, right: (f"a{left}|{part}", f"b{part}|{right}", f"c{left}|{part}|{right}"),
    lambda before2, before: (f"p={before2}|{before}",),
    lambda after, after2: (f"p#{after}|{after2}",),
    lambda before, shape: (f"s-{before}{shape}",),
    lambda shape, after: (f"s+{shape}{after}",),
    lambda before, roles, after: (f"r-{before}|{roles}|{after}",),
    lambda roles, after, after2: (f"r+{roles}|{after}|{after2}",),
    lambda before2, before, part: (f"R={before2}|{before}|{part}",),
    lambda part, after: (f"R+{part}|{after}",),
    lambda left, part: (f"l-{left[-1]}|{part}", f"e{left}|{part}"),
    lambda part, right: (f"l+{right[-1]}|{part}", f"d{part}|{right}"),
    lambda before2, left: (f"w={before2}|{left}", f"l={before2[-1]}|{left}"),
    lambda right, after2: (f"w#{right}|{after2}",),
)
"""Features by what they depend on. Training and use share them."""
