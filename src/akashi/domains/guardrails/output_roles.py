"""Whether somebody else does it than in the source, or a word stands with the head of another word there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import Unit, has_unit

_HOUSE = frozenset(["当行", "弊行"])
_CUSTOMER = frozenset(["客", "お客", "御客"])
_DOING = frozenset(["topic", "place"])


def read_roles(
    claim: Sequence[Unit], window: Sequence[Unit], sentence: Sentence, sources: Sequence[Sentence]
) -> Iterator[Sign]:
    """Yield where a thing of the claim plays the part that the source gives to another."""
    if _is_other_agent(claim, window, _HOUSE, _CUSTOMER) or _is_other_agent(claim, window, _CUSTOMER, _HOUSE):
        yield Sign.OTHER_AGENT
    if _is_of_another(claim, sentence, sources):
        yield Sign.OTHER_HEAD


def _is_other_agent(
    claim: Sequence[Unit], window: Sequence[Unit], ours: frozenset[str], theirs: frozenset[str]
) -> bool:
    """Return whether the claim lets one side do what the source lets the other side do."""
    is_here = any(unit.key in ours and unit.after in _DOING for unit in claim)
    is_there = any(unit.key in theirs and unit.after in _DOING for unit in window)
    keys, other_keys = {unit.key for unit in claim}, {unit.key for unit in window}
    return is_here and is_there and keys.isdisjoint(theirs) and other_keys.isdisjoint(ours)


def _is_joined(unit: Unit, following: Unit) -> bool:
    return unit.span.end == following.span.start


def _is_of_another(claim: Sequence[Unit], sentence: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether a word stands with a head that goes with another word here, and with it elsewhere."""
    window = sentence.units
    for at, head in enumerate(claim[1:], start=1):
        first = claim[at - 1]
        if not (head.is_noun and first.is_noun and _is_joined(first, head)):
            continue
        if sentence.told.has(first):
            continue
        rivals = [
            window[place - 1]
            for place, one in enumerate(window)
            if place
            and one.key == head.key
            and window[place - 1].is_noun
            and _is_joined(window[place - 1], one)
        ]
        is_rival = bool(rivals) and all(not has_unit(claim, one) for one in rivals)
        if is_rival and any(_joins(one.units, first.key, head.key) for one in sources):
            return True
    return False


def _joins(units: Sequence[Unit], first: str, head: str) -> bool:
    return any(
        units[at - 1].key == first and one.key == head and _is_joined(units[at - 1], one)
        for at, one in enumerate(units)
        if at
    )
