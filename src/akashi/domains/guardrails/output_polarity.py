"""Whether a sentence says yes where its source says no."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.output_align import Pair
from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_parity import compare_parity
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import (
    CEASING,
    CHARGED,
    FREE,
    NOMINAL,
    Sort,
    Unit,
    has_unit,
    is_plain,
    shipped_words,
)
from akashi.language.quantities import Kind

_MOST_UNITS = 160


def read_turns(
    claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair], sources: Sequence[Sentence]
) -> Iterator[Sign]:
    """Yield where a shared word has another polarity, or an opposite stands in its place."""
    same = [pair for pair in pairs if pair.same]
    beside = [*same, *_elsewhere(claim, window, same)]
    differing = compare_parity(claim, window)
    is_even = not differing.anywhere
    if any(_is_turned(claim, pair.claim or 0, window, pair.source or 0) for pair in beside):
        yield Sign.TURNED_EVENLY if is_even else Sign.TURNED
    elif not is_even:
        yield Sign.UNEVEN
    if differing.at_end:
        yield Sign.TURNED_END
    both_deny = is_even and any(unit.negated for unit in claim)
    if not both_deny and _is_denied_beside(claim, window, sources):
        yield Sign.DENIED_BESIDE
    said, meant = {unit.key for unit in claim}, {unit.key for unit in window}
    if _has_antonym(said, meant, {unit.key for one in sources for unit in one.units}):
        yield Sign.ANTONYM
    if CHARGED in said and CHARGED not in meant and (FREE in meant or _is_all_free(sources)):
        yield Sign.CHARGED
    if _is_ceased(claim, window, {pair.source for pair in same}):
        yield Sign.CEASED


def _is_all_free(sources: Sequence[Sentence]) -> bool:
    """Return whether the sources only speak of what costs nothing."""
    units = [unit for one in sources for unit in one.units]
    amounts = [
        unit.key
        for unit in units
        if unit.quantity is not None and unit.quantity.kind in (Kind.AMOUNT, Kind.RATE)
    ]
    return bool(amounts) and set(amounts) == {FREE} and all(unit.key != CHARGED for unit in units)


def _has_antonym(said: set[str], meant: set[str], known: set[str]) -> bool:
    for one, other in shipped_words().antonyms:
        if one not in said or other in said:
            continue
        if other in meant and one not in meant:
            return True
        if other in known and one not in known and one not in shipped_words().harmless:
            return True
    return False


def _is_ceased(claim: Sequence[Unit], window: Sequence[Unit], held: set[int | None]) -> bool:
    """Return whether an end was dropped, or one was added."""
    ceased = [at for at, unit in enumerate(window) if unit.key == CEASING]
    ends = [at for at, unit in enumerate(claim) if unit.key == CEASING]
    begun = any(at and claim[at - 1].quantity is None for at in ends)
    is_denied = any(unit.negated for unit in claim)
    dropped = not ends and not is_denied and any(at - 1 in held for at in ceased)
    return dropped or (begun and not ceased and not any(unit.negated for unit in window))


def _is_denied_beside(claim: Sequence[Unit], window: Sequence[Unit], sources: Sequence[Sentence]) -> bool:
    """Return whether what the claim does with a thing is denied in the sentences that name that thing."""
    things = [unit for unit in claim if unit.sort is Sort.NAMED and not is_plain(unit)]
    for thing in things:
        naming = [one.units[:_MOST_UNITS] for one in sources if has_unit(one.units, thing)]
        if not naming or has_unit(window, thing):
            continue
        ends = [at for at, unit in enumerate(claim) if unit.sort is Sort.SAID and not is_plain(unit)]
        if ends and all(_is_denied_in(claim, ends[-1], units) for units in naming):
            return True
    return False


def _is_denied_in(claim: Sequence[Unit], at: int, units: Sequence[Unit]) -> bool:
    places = [place for place, unit in enumerate(units) if unit.key == claim[at].key]
    return bool(places) and all(_is_denied(units, place) is not _is_denied(claim, at) for place in places)


def _elsewhere(claim: Sequence[Unit], window: Sequence[Unit], same: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the things of the claim that the source names once, in another order than the claim."""
    claimed, held = {pair.claim for pair in same}, {pair.source for pair in same}
    for at, unit in enumerate(claim):
        places = [place for place, one in enumerate(window) if one.key == unit.key]
        if unit.sort is Sort.NAMED and at not in claimed and len(places) == 1 and places[0] not in held:
            yield Pair(at, places[0], True)


def _is_turned(claim: Sequence[Unit], at: int, window: Sequence[Unit], place: int) -> bool:
    """Return whether a word and its counterpart differ in polarity; what ends is no more."""
    said, meant = claim[at], window[place]
    if said.key in shipped_words().harmless and not (said.negated or meant.negated):
        return False  # What turns it was laid to the word before it.
    if len(said.key) == 1 and _is_other_compound(claim, at, window, place):
        return False
    if _is_contrasted(claim, said) or _is_contrasted(window, meant):
        return False
    is_own = said.key == meant.key or all(unit.key != said.key for unit in window)
    denied, meant_denied = _is_denied(claim, at), _is_denied(window, place)
    if denied is not meant_denied and any(
        unit.key == said.key and _is_denied(window, other) is denied for other, unit in enumerate(window)
    ):
        return False  # The source says both, of two cases.
    if denied is not meant_denied and (_is_out(claim, at) or _is_out(window, place)):
        return False
    return is_own and denied is not meant_denied


def _is_contrasted(units: Sequence[Unit], one: Unit) -> bool:
    """Return whether a word is set against itself: 解約利率ではなく約定利率."""
    if one.after != "contrast":
        return False
    return any(unit.key == one.key and not unit.negated for unit in units)


def _is_out(units: Sequence[Unit], at: int) -> bool:
    """Return whether a word is followed by what it does not apply to: 補償の対象外, which is 補償されない."""
    following = units[at + 1] if at + 1 < len(units) else None
    return following is not None and following.key == "対象" and following.negated


def _is_other_compound(claim: Sequence[Unit], at: int, window: Sequence[Unit], place: int) -> bool:
    """Return whether one character ends two different words: 保険証 and 免許証."""
    if not at or not place:
        return False
    pairs = ((claim[at - 1], claim[at]), (window[place - 1], window[place]))
    is_joined = all(one.span.end == other.span.start for one, other in pairs)
    return is_joined and not pairs[1][0].matches(pairs[0][0])


def _is_denied(units: Sequence[Unit], at: int) -> bool:
    empty = shipped_words().harmless
    said = (unit for unit in units[at + 1 :] if unit.quantity is None and unit.key not in empty)
    following = next(said, None)
    ends = following is not None and following.key == CEASING and not following.negated
    ends = ends and following is not None and following.after not in NOMINAL and not units[at].is_listed
    return units[at].negated is not (ends and units[at].quantity is None)
