"""What a sentence says that its sources do not hold: names, things, doings, and how much of it all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_rivals import classes_of, is_akin
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import (
    KANJI,
    Sort,
    Unit,
    has_unit,
    is_beside,
    is_harmless,
    shipped_words,
)
from akashi.language.quantities import Kind

_QUANTITY_COUNTS = 2.0
_MOST_SHARE = 0.5
_LEAST_LOST = 2
_MUCH = 0.25
_HOUSE = "当行"
_ANYBODY = "人"
_SAYING_NO = frozenset(["対象"])
"""Said with a negation, what tells of no thing: 対象外."""
_ALWAYS = "period:PT24Hduration"


def read_missing(claim: Sequence[Unit], sources: Sequence[Sentence]) -> Iterator[Sign | tuple[Sign, float]]:
    """Yield the signs of what ``claim`` says and ``sources`` do not hold."""
    everything = [unit for one in sources for unit in one.units]
    text = "".join(one.plain for one in sources)
    lost = [
        at for at in range(len(claim)) if _is_lost(claim, at, sources, text) and not _is_anybody(claim, at)
    ]
    for at in lost:
        sign = _sign_of(claim, at, everything, text)
        if sign is not None:
            yield sign
    yield from _shares(claim, lost)
    if lost and lost[-1] - lost[0] == len(lost) - 1 and any(claim[at].sort is Sort.NAMED for at in lost):
        yield Sign.LOST_ALONE
    yield from _scattered(claim, lost, sources)
    limits = {unit.key for unit in claim if unit.sort is Sort.LIMIT}
    if limits - {unit.key for unit in everything if unit.sort is Sort.LIMIT}:
        yield Sign.LIMIT_ADDED


# Days that a turn of the year is told by.
_TURN_OF_YEAR = frozenset(["年末", "年始"])
_LAST_DAYS = frozenset(["12-28", "12-29", "12-30", "12-31", "01-01", "01-02", "01-03", "01-04"])


def _is_turn_of_year(unit: Unit, sources: Sequence[Sentence]) -> bool:
    """Return whether a unit is 年末 or 年始, and the sources tell of its days."""
    return unit.key in _TURN_OF_YEAR and any(
        str(one.quantity.value)[-5:] in _LAST_DAYS
        for source in sources
        for one in source.own.quantities
        if one.quantity is not None and one.quantity.kind is Kind.DATE
    )


def _is_lost(claim: Sequence[Unit], at: int, sources: Sequence[Sentence], text: str) -> bool:
    unit = claim[at]
    if unit.quantity is not None or unit.sort is Sort.LIMIT or unit.key in _SAYING_NO or is_harmless(unit):
        return False
    if _is_turn_of_year(unit, sources):
        return False
    if unit.key in text or any(one.own.has(unit) for one in sources):
        return False
    if unit.is_name or all(unit.everyday.isdisjoint(one.own.everyday) for one in sources):
        return True
    classes = classes_of(claim, at)
    return not any(
        is_akin(unit, other) and not classes & classes_of(one.units, place)
        for one in sources
        for place, other in enumerate(one.units)
    )


def _is_anybody(claim: Sequence[Unit], at: int) -> bool:
    """Return whether a unit is 人 by itself: who, as the sentence goes on to say."""
    is_joined = at > 0 and claim[at - 1].span.end == claim[at].span.start and claim[at - 1].is_noun
    return claim[at].key == _ANYBODY and not is_joined


def _sign_of(claim: Sequence[Unit], at: int, everything: Sequence[Unit], text: str) -> Sign | None:
    """Return what it means that the source does not have this unit; nothing if it is told otherwise."""
    unit = claim[at]
    if is_beside(unit) or unit.key in shipped_words().measures:
        return None
    if unit.sort is not Sort.NAMED and "money" not in classes_of([unit], 0):
        return Sign.LOST_DEED
    if unit.is_name:
        is_house = not at and len(claim) > 1 and claim[at + 1].key == "銀行" and _HOUSE in text
        return Sign.LOST_NEAR if is_house else Sign.LOST_NAME
    if unit.negated:
        return Sign.LOST_NOUN
    classes = classes_of(claim, at)
    if "when" in classes and any(one.key == _ALWAYS for one in everything):
        return None
    if classes and _has_rival(claim, classes, everything):
        return Sign.LOST_RIVAL
    if classes or _qualifies_another(claim, at, everything):
        return Sign.LOST_CLASSED
    return Sign.LOST_NEAR if _is_near(unit, text) else Sign.LOST_NOUN


def _has_rival(claim: Sequence[Unit], classes: frozenset[str], everything: Sequence[Unit]) -> bool:
    """Return whether the source names another thing of a class, one that the claim does not name."""
    return any(
        classes & classes_of(everything, at) and not has_unit(claim, one)
        for at, one in enumerate(everything)
        if one.is_noun and one.quantity is None
    )


def _qualifies_another(claim: Sequence[Unit], at: int, everything: Sequence[Unit]) -> bool:
    """Return whether a unit tells apart a thing (若葉 of 若葉支店) that the source tells apart by another."""
    if at + 1 == len(claim) or claim[at + 1].span.start != claim[at].span.end:
        return False
    head = claim[at + 1]
    places = [place for place, one in enumerate(everything) if place and one.key == head.key]
    return any(
        everything[place - 1].span.end == everything[place].span.start
        and everything[place - 1].quantity is None
        and not has_unit(claim, everything[place - 1])
        for place in places
    )


def _is_near(unit: Unit, text: str) -> bool:
    """Return whether the source holds a kanji of the unit: 会館 for 市民会館, 通学 for 学校."""
    return any(kanji in text for kanji in KANJI.findall(unit.key))


def _shares(claim: Sequence[Unit], lost: Sequence[int]) -> Iterator[tuple[Sign, float]]:
    """Yield how much of the sentence, and of its worst clause, is not in the source."""
    telling = [at for at, unit in enumerate(claim) if not is_harmless(unit)]
    if not lost or not telling:
        return
    share = _share(claim, telling, lost)
    yield Sign.LOST_SHARE, share
    if share > _MUCH:
        yield Sign.LOST_MUCH, 10 * (share - _MUCH)
    clauses = {claim[at].clause for at in lost}
    shares = []
    for clause in clauses:
        own = [at for at in telling if claim[at].clause == clause]
        gone = [at for at in lost if claim[at].clause == clause]
        if len(gone) >= _LEAST_LOST:
            shares.append(_share(claim, own, gone))
    if shares and max(shares) > _MOST_SHARE:
        yield Sign.LOST_CLAUSE, 1.0
    if telling[-1] in lost and not claim[telling[-1]].is_noun:
        yield Sign.LOST_END, 1.0


def _share(claim: Sequence[Unit], telling: Sequence[int], lost: Sequence[int]) -> float:
    total = sum(_QUANTITY_COUNTS if claim[at].quantity is not None else 1.0 for at in telling)
    return len(lost) / total if total else 0.0


_MOST_SCATTERED = 3
_LEFT_OUT = 2


def _scattered(
    claim: Sequence[Unit], lost: Sequence[int], sources: Sequence[Sentence]
) -> Iterator[tuple[Sign, float]]:
    """Yield how much of what the sources hold no single sentence of them holds."""
    gone = set(lost)
    found = [
        unit
        for at, unit in enumerate(claim)
        if at not in gone and not (is_harmless(unit) or unit.key in _SAYING_NO)
    ]
    if not found:
        return
    lacking = [[unit for unit in found if not _is_told(one, unit)] for one in sources]
    least = min(lacking, key=_things, default=[])
    if least:
        yield Sign.SCATTERED, float(min(_things(least), _MOST_SCATTERED))
    stray = _things([unit for unit in least if unit.sort is Sort.NAMED])
    if stray and not lost:
        yield Sign.STRAY, float(min(stray, _MOST_SCATTERED))


def _is_told(sentence: Sentence, unit: Unit) -> bool:
    if sentence.told.has(unit):
        return True
    return unit.quantity is None and not (unit.is_name or unit.everyday.isdisjoint(sentence.own.everyday))


def _things(units: Sequence[Unit]) -> int:
    """Return how many things units are: the words of a compound are one, whatever is left out between."""
    joined = sum(
        one.span.end == other.span.start
        or (not one.after and 0 <= other.span.start - one.span.end <= _LEFT_OUT)
        for one, other in itertools.pairwise(units)
    )
    return len(units) - joined
