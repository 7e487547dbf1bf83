"""Whether a sentence gives one case of a limit what its source gives another: who decides above or below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_words import Sort, Unit, has_unit, is_harmless

_SIDED = frozenset(["least", "most", "less", "more"])


@dataclass(frozen=True, slots=True)
class Tier:
    """A case of a limit (``cases``) and the things that its source names for that case alone."""

    cases: tuple[Unit, ...]
    things: tuple[Unit, ...]


def has_wrong_tier(claim: Sequence[Unit], sources: Sequence[Sentence]) -> bool:
    """Return whether the claim names for one case of a limit only what the sources name for another.

    Of 100万円以下は課長、100万円超は部長が決める it makes 100万円以下は部長が決める.
    """
    cases = [unit for unit in claim if _is_case(unit)]
    if len(cases) != 1:
        return False
    tiers = [tier for tier in _tiers(sources) if _kind(tier.cases[0]) == _kind(cases[0])]
    own = [tier for tier in tiers if len(tier.cases) == 1 and _is_same(tier.cases[0], cases[0])]
    others = [tier for tier in tiers if not any(_is_same(one, cases[0]) for one in tier.cases)]
    if len(own) != 1 or not others:
        return False
    said = [unit for unit in claim if unit.is_noun and not is_harmless(unit)]
    mine = [unit for unit in own[0].things if not any(has_unit(one.things, unit) for one in others)]
    if not mine or any(has_unit(said, unit) for unit in mine):
        return False
    return any(_is_named(said, one.things, own[0].things) for one in others)


def _is_named(said: Sequence[Unit], theirs: Sequence[Unit], mine: Sequence[Unit]) -> bool:
    """Return whether all that is told of another case alone is said, and there is such."""
    apart = [unit for unit in theirs if not has_unit(mine, unit)]
    return bool(apart) and all(has_unit(said, unit) for unit in apart)


def _is_case(unit: Unit) -> bool:
    return unit.quantity is not None and unit.is_condition and unit.side in _SIDED


def _is_same(one: Unit, other: Unit) -> bool:
    return one.matches(other) and one.side == other.side


def _kind(unit: Unit) -> str:
    return "" if unit.quantity is None else f"{unit.quantity.kind}{unit.quantity.unit}"


def _tiers(sources: Sequence[Sentence]) -> Iterator[Tier]:
    """Yield the cases of limits with what is named behind each, to the next one or the sentence's end."""
    for source in sources:
        cases: list[Unit] = []
        things: list[Unit] = []
        for unit in source.units:
            if unit.quantity is not None and unit.side in _SIDED:
                if things:
                    yield from _tier(cases, things)
                    cases, things = [], []
                cases.append(unit)
            elif cases and unit.is_noun and unit.sort is not Sort.LIMIT and not is_harmless(unit):
                things.append(unit)
        yield from _tier(cases, things)


def _tier(cases: Sequence[Unit], things: Sequence[Unit]) -> Iterator[Tier]:
    if cases and things and any(unit.is_condition for unit in cases):
        yield Tier(tuple(cases), tuple(things))
