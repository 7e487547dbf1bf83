"""Whether a customer asks just what an entry's own question asks, in the same or in everyday words."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from akashi.domains.assistant.measure.features import Concept, read_question_terms

_REASON = re.compile("ので、?|ため、")
LEAST = 2
"""Fewer content words say too little to be sure of anything. Ours."""


@dataclass(frozen=True, slots=True)
class Said:
    """The content words of a question, and whether it says no."""

    concepts: tuple[Concept, ...]
    is_negated: bool


@functools.lru_cache(maxsize=4096)
def read_said(text: str) -> Said:
    """Return what a question says."""
    terms = read_question_terms(text)
    return Said(tuple(dict.fromkeys(terms.concepts)), terms.is_negated)


def is_echo(asked: Said, own: str, alone: Set[str] = frozenset()) -> bool:
    """Return whether every content word asked stands in ``own``, and every one of ``own`` was asked.

    The reason that ``own`` gives first (〜ので、) may be left out. A word stands for another one that shares
    a synonym group, save those of ``alone`` (terms), which stand for themselves. What says no echoes only
    what says no.

    >>> is_echo(read_said("通帳を無くしました"), "通帳を紛失したとき")
    True
    >>> is_echo(read_said("住所を変えたい"), "引っ越したので住所を変えたい")
    True
    >>> is_echo(read_said("通帳を無くしました"), "会社の通帳を紛失したとき")
    False
    """
    if len(asked.concepts) < LEAST:
        return False
    return any(_are_same(asked, read_said(text), alone) for text in {own, _REASON.split(own)[-1]})


def _are_same(asked: Said, said: Said, alone: Set[str]) -> bool:
    if asked.is_negated != said.is_negated:
        return False
    one, other = asked.concepts, said.concepts
    return _covers(one, other, alone) and _covers(other, one, alone)


def _covers(held: Sequence[Concept], wanted: Sequence[Concept], alone: Set[str]) -> bool:
    return all(any(_stand_for(one, other, alone) for other in held) for one in wanted)


def _stand_for(one: Concept, other: Concept, alone: Set[str]) -> bool:
    if one.word == other.word:
        return True
    return not {one.word, other.word} & alone and not set(one.synonyms).isdisjoint(other.synonyms)
