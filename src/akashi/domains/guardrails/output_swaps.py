"""Whether one thing stands where the source names another, and whether a restriction came or went."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.output_align import Pair
from akashi.domains.guardrails.output_exchanges import has_exchanged_parts
from akashi.domains.guardrails.output_rivals import classes_of, is_everyday
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import (
    FREE,
    KANJI,
    Sort,
    Unit,
    has_unit,
    is_plain,
    shipped_words,
)

_LONGEST_SWAP = 3


def read_swaps(
    claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair], spoken_of: Sequence[Unit]
) -> Iterator[Sign]:
    """Yield where a name of the claim stands in the place of another name of the source.

    spoken_of: what the text of the window speaks of; the claim may name it where the window says how many.
    """
    replaced = [
        (claim[pair.claim], window[pair.source])
        for pair in pairs
        if pair.claim is not None and pair.source is not None and not pair.same
    ]
    keys = {(said.key, meant.key) for said, meant in replaced if said.quantity is None}
    known = {unit.key for unit in window}
    is_crossed = any(
        (meant, said) in keys or ((said, meant) in shipped_words().antonyms and said not in known)
        for said, meant in keys
    )
    if is_crossed or _is_contrast_turned(claim, window):
        yield Sign.EXCHANGED
    run: list[Pair] = []
    for pair in pairs:
        if not pair.same:
            run.append(pair)
            continue
        sign = _swap_in(claim, window, run, spoken_of)
        if sign is not None:
            yield sign
        run = []


def _is_contrast_turned(claim: Sequence[Unit], window: Sequence[Unit]) -> bool:
    """Return whether the claim says "not A but B" where the source says "not B but A"."""
    ours, theirs = _contrasted(claim), _contrasted(window)
    said, meant = {unit.key for unit in claim} - ours, {unit.key for unit in window} - theirs
    return bool((ours - theirs) & meant) and bool((theirs - ours) & said)


def _contrasted(units: Sequence[Unit]) -> set[str]:
    """Return the words of what a sentence sets aside (BではなくA), to the particle before."""
    found: set[str] = set()
    for at, unit in enumerate(units):
        while unit.after == "contrast" and at >= 0:
            found.add(units[at].key)
            if not at or units[at - 1].after not in ("", "of"):
                break
            at -= 1
    return found


def _swap_in(
    claim: Sequence[Unit], window: Sequence[Unit], run: Sequence[Pair], spoken_of: Sequence[Unit]
) -> Sign | None:
    """Return whether a short run between shared words names one thing here and another there."""
    at = next((place for place, pair in enumerate(run) if pair.claim is not None), 0)
    run = run[at:]
    said = [pair.claim for pair in run if pair.claim is not None]
    meant = [pair.source for pair in run if pair.source is not None]
    if not (0 < len(said) <= _LONGEST_SWAP and 0 < len(meant) <= _LONGEST_SWAP):
        return None
    if any(claim[one].quantity is not None and not has_unit(window, claim[one]) for one in said):
        return None
    if any(window[one].quantity is not None and not has_unit(claim, window[one]) for one in meant):
        return None
    new = [one for one in said if not is_plain(claim[one]) and not _is_known(window, claim[one])]
    old = [one for one in meant if not is_plain(window[one]) and not has_unit(claim, window[one])]
    old = [one for one in old if not window[one].is_listed]
    if old and all(window[one].key in shipped_words().measures for one in old):
        new = [one for one in new if not (claim[one].is_noun and _is_known(spoken_of, claim[one]))]
    whole, other = "".join(claim[one].key for one in said), "".join(window[one].key for one in meant)
    if whole in other or other in whole:
        return None  # One word, cut in two ways.
    nouns = any(claim[one].is_noun for one in new) and any(window[one].is_noun for one in old)
    if not nouns or not any(
        unit.sort is Sort.NAMED for unit in (*(claim[one] for one in new), *(window[one] for one in old))
    ):
        return None
    return Sign.SWAPPED if _is_in_place(claim, new, window, old) else Sign.SWAPPED_LOOSELY


def _is_in_place(
    claim: Sequence[Unit], new: Sequence[int], window: Sequence[Unit], old: Sequence[int]
) -> bool:
    """Return whether two things do the same in their sentences, or are of one class."""
    for one in new:
        for other in old:
            if classes_of(claim, one) & classes_of(window, other):
                return True
    last, other_last = claim[new[-1]], window[old[-1]]
    return last.is_noun and other_last.is_noun and last.after == other_last.after != ""


def read_limits(claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Sign]:
    """Yield where のみ, 以外 and their like were added to or dropped beside shared words."""
    same = [pair for pair in pairs if pair.same]
    claimed, held = {pair.claim for pair in same}, {pair.source for pair in same}
    if is_limit_turned(claim, window):
        yield Sign.LIMITED
    for units, matched in ((claim, claimed), (window, held)):
        for at, unit in enumerate(units):
            if unit.sort is Sort.LIMIT and at not in matched and at - 1 in matched and at + 1 in matched:
                yield Sign.LIMITED


def is_limit_turned(claim: Sequence[Unit], window: Sequence[Unit]) -> bool:
    """Return whether the claim includes what the source leaves out, or leaves out what it alone includes.

    中学生を除く and 中学生も; ドルのみ and ドル以外も. Where either of them says no, nothing is told.
    """
    if any(unit.negated for unit in (*claim, *window)):
        return False
    ours, theirs = ({unit.key for unit in units if unit.sort is Sort.LIMIT} for units in (claim, window))
    if "のみ" not in ours and _before(window, "のみ") & _before(claim, "以外"):
        return True
    left_out = _before(window, "以外")
    return not ours and "のみ" not in theirs and any(unit.key in left_out and unit.is_noun for unit in claim)


def _before(units: Sequence[Unit], limit: str) -> set[str]:
    """Return the keys of what stands right before a limit."""
    return {one.key for one, unit in itertools.pairwise(units) if unit.key == limit}


def read_replaced(claim: Sequence[Unit], window: Sequence[Unit], spoken_of: Sequence[Unit]) -> Iterator[Sign]:
    """Yield where the claim names a thing of another sentence, and this one names its rival.

    spoken_of: what the text of the window speaks of, so that the claim may name it.
    """
    known = [*window, *spoken_of]
    is_free = any(unit.key == FREE for unit in claim) and any(unit.key == FREE for unit in window)
    new = [at for at, unit in enumerate(claim) if _is_thing(unit) and not _is_known(known, unit)]
    if is_free:
        new = [at for at in new if claim[at].key not in shipped_words().measures]
    old = [at for at, unit in enumerate(window) if _is_thing(unit) and not has_unit(claim, unit)]
    if has_exchanged_parts(claim, window):
        yield Sign.EXCHANGED
    if any(_is_rival(claim, one, window, other) for one in new for other in old):
        yield Sign.REPLACED


def _is_known(known: Sequence[Unit], unit: Unit) -> bool:
    return has_unit(known, unit) or any(is_everyday(unit, one) for one in known)


def _is_thing(unit: Unit) -> bool:
    return unit.sort is Sort.NAMED and not is_plain(unit)


def _is_rival(claim: Sequence[Unit], one: int, window: Sequence[Unit], other: int) -> bool:
    first, second = claim[one].key, window[other].key
    is_like = len(first) > 1 and len(second) > 1 and first[-1] == second[-1] and bool(KANJI.match(first[-1]))
    return is_like or bool(classes_of(claim, one) & classes_of(window, other))
