"""Names of a text said again, and names that stand in a row with known ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.name_frames import may_name
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.domains.guardrails.places import known_places

Span = tuple[int, int]

_K = KANJI
_IS_KANJI = re.compile(f"[{_K}]+")
_JOINT = r"(?:、|・|,|/|→|と|や|及び|および|並びに|ならびに)"
_RUN = rf"[{_K}]{{1,5}}"
_AFTER = re.compile(
    rf"(?:さん|様|氏)?{_JOINT}({_RUN})(?=[、・,/→。\n)とがはをにも]|の(?:[0-9二三四五][名人]|順|両)|さん|様|で(?:す|対応|同席)|\Z)"
)
_BEFORE = re.compile(rf"(?<![{_K}ァ-ヴーA-Za-z0-9])({_RUN}){_JOINT}\Z")
_SAID_ALONE = re.compile(r"です|ではな|じゃな|さん|様|さま|氏|名義|と(?:申|い[いう]|言|名)")


def find_echoes(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """Yield where the names of ``names`` in kanji stand again by themselves, and the names beside them.

    >>> text = "林様ですねと言われましたが、林です。"
    >>> list(find_echoes(text, [(0, 1)]))
    [(14, 15)]
    """
    taken = {at for start, end in names for at in range(start, end)}
    for name in {text[start:end] for start, end in names}:
        if text.count(name) > 1 and _is_sure(name):
            for again, end in _stands_alone(text, name):
                if again not in taken and (len(name) > 1 or _SAID_ALONE.match(text, end)):
                    yield again, end
    for start, end in names:
        if not known_names().is_surname(text[start:end]):
            continue
        after, before = _AFTER.match(text, end), _BEFORE.search(text, max(0, start - 8), start)
        for one in (after, before):
            if one and one.start(1) not in taken and _may_stand_beside(one[1]):
                yield one.span(1)


def _stands_alone(text: str, name: str) -> Iterator[Span]:
    """Yield where ``name`` stands with no kanji before it and none but a title after it."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before = at > 0 and _IS_KANJI.match(text, at - 1)
        if before or (_IS_KANJI.match(text, end) and text[end] not in "様氏殿"):
            end = at + 1
        else:
            yield at, end
        at = text.find(name, end)


@functools.lru_cache(maxsize=20_000)
def _is_sure(name: str) -> bool:
    """Return whether a name in kanji is one wherever it stands alone."""
    lists = known_names()
    is_number = name[0] in _NUMERALS and "S" not in lists.roles(name)
    return _IS_KANJI.fullmatch(name) is not None and not is_number and (may_name(name) or lists.is_full(name))


@functools.lru_cache(maxsize=20_000)
def _may_stand_beside(name: str) -> bool:
    """Return whether a word in a row with names is one: a surname, and neither a place nor a direction."""
    is_word = len(name) == 1 and (name in "東西南北" or "S" not in known_names().roles(name))
    return not is_word and may_name(name) and not known_places().is_stem(name)


_NUMERALS = "一二三四五六七八九十百千万"
