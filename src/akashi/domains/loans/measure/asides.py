"""What a sentence says besides an answer: yes or no, a wish, a question, a correction."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from akashi.language.normalise import normalise
from akashi.platform.rooms import package_folder

LONGEST_WISH = 60
"""A wish such as for a person is understood in a sentence up to this many characters."""
_MARKS = " \n\t、。,.!…~:;*^"
_EDGES = _MARKS + "・「」『』\"'()[]{}-笑"


class Aside(StrEnum):
    """A wish that a sentence may be, whatever was asked."""

    PERSON = "person"
    WITHDRAW = "withdraw"
    WHY = "why"
    SUMMARY = "summary"
    PAUSE = "pause"
    BACK = "back"
    GREETING = "greeting"


def fold(text: str) -> str:
    """Return a sentence in one way of writing, without marks at its ends; a question mark stays.

    >>> fold("　はい。 "), fold("ＯＫ!"), fold("いくら？")
    ('はい', 'ok', 'いくら?')
    """
    return normalise(text).text.lower().strip(_EDGES)


def find_aside(text: str) -> Aside | None:
    """Return the wish that a sentence is, or None.

    >>> find_aside("担当者と話したいです"), find_aside("担当者を増やすため")
    (<Aside.PERSON: 'person'>, None)
    """
    folded = fold(text)
    if len(folded) > LONGEST_WISH:
        return None
    return next((aside for aside in Aside if _pattern(aside.value).search(folded)), None)


def is_question(text: str) -> bool:
    """Return whether a sentence asks instead of answering.

    >>> is_question("金利はいくらですか"), is_question("300万円です")
    (True, False)
    """
    return _pattern("question").search(fold(text)) is not None


def is_musing(text: str) -> bool:
    """Return whether a sentence only wonders aloud while it answers: 293万円だったかな, no question mark."""
    return re.search(r"(?:かな+[あぁ]?|かね[えぇ]?|かしら)$", fold(text)) is not None


def is_request(text: str) -> bool:
    """Return whether a sentence ends as a wish does, which a description hardly ever ends as."""
    return _pattern("request").search(fold(text)) is not None


def is_contradiction(text: str) -> bool:
    """Return whether a plain no says that something said before is wrong, not that there is nothing."""
    return _pattern("contradiction").search(fold(text)) is not None


def plain(text: str) -> str:
    """Return a sentence in one way of writing, its large letters kept."""
    return normalise(text).text.strip(_MARKS)


def is_correction(text: str) -> bool:
    """Return whether a sentence corrects something said before."""
    return _pattern("correction").search(fold(text)) is not None


def read_yesno(text: str) -> bool | None:
    """Return whether a sentence is a plain yes or no; None when it is neither.

    >>> read_yesno("はい、そうです"), read_yesno("あらへんで"), read_yesno("300万円")
    (True, False, None)
    """
    words = _words()
    folded = _strip_around(fold(text))
    pieces = [piece for part in re.split(r"[、。,.!\s]+", folded) if (piece := _strip_around(part))]
    said = {_plain_word(piece) for piece in pieces} or {None}
    if said == {True} or said == {False}:
        return said.pop()
    if folded in words["yes"]:
        return True
    return False if folded in words["no"] else None


def _plain_word(piece: str) -> bool | None:
    words = _words()
    for candidate in (piece, strip_polite(piece), piece.rstrip("よねわでーぁぃっ")):
        if candidate in words["yes"]:
            return True
        if candidate in words["no"]:
            return False
    return None


def is_word(text: str, kind: str) -> bool:
    """Return whether a sentence is one of the words ``nothing``, ``zero`` or ``unknown``."""
    folded = fold(text)
    around = _strip_around(folded)
    return any(one in _words()[kind] for one in (folded, around, strip_polite(around)))


def is_put_off(text: str) -> bool:
    """Return whether a sentence says that the answer comes later."""
    return _pattern("put_off").search(fold(text)) is not None


def strip_lead(text: str) -> str:
    """Return a correction without the words that say it is one."""
    return _pattern("lead").sub("", plain(text))


def strip_filler(text: str) -> str:
    """Return a text as written, without hesitation before and politeness behind it.

    >>> strip_filler("えーと、山田太郎と申します。")
    '山田太郎'
    """
    return strip_polite(_pattern("filler").sub("", normalise(text).text.strip(_MARKS)))


def strip_polite(text: str) -> str:
    """Return a text without the politeness behind it."""
    return _pattern("polite").sub("", text).strip(_MARKS)


def _strip_around(text: str) -> str:
    for word in _around():
        if text.startswith(word) and len(text) > len(word):
            text = text.removeprefix(word).strip(_EDGES)
    return text


@cache
def _table() -> Mapping[str, Any]:
    path = package_folder("akashi.domains.loans") / "data" / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {key: frozenset(value) for key, value in _table().items() if isinstance(value, list)}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_table()[name], re.IGNORECASE)


@cache
def _around() -> tuple[str, ...]:
    return tuple(sorted(_table()["around"], key=len, reverse=True))
