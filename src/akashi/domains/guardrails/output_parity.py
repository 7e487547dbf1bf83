"""Whether each clause of a sentence says yes or no, and whether its source says the same there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from akashi.domains.guardrails.output_words import (
    CEASING,
    FREE,
    NOMINAL,
    Sort,
    Unit,
    has_unit,
    is_harmless,
    is_plain,
)
from akashi.language.quantities import Kind

# What is lost is not there: said either way, where only one of two sentences says it.
_LOST = "無くす"
_EITHER = frozenset([_LOST, "不足", "不能", "違反"])
# What stays as it is does not change.
_STAYING = frozenset(["そのまま", "同じ", "通常", "引続", "据置", "据える", "維持", "続ける", "侭"])
_CHANGING = frozenset(["変更", "影響", "異なる", "取替", "替える", "両替"])
_GOES_ON = ("topic", "beside")
_GOES_TO = ("till", "beside")
_CASES = ("場合", "際", "時", "とき")
_LATER = 0.25
_LEAST = 1.0
_MOSTLY = 0.6
_LIFTED = "解除"
_LENGTHS = frozenset(["期間", "時間", "日数"])


@dataclass(frozen=True, slots=True)
class Differing:
    """Whether a clause of a sentence denies where its source does not, and whether its last one does."""

    anywhere: bool
    at_end: bool


def read_clauses_of(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return the clauses of a sentence that say something: a list of nouns belongs to what follows it."""
    clauses: list[list[Unit]] = []
    is_open = False
    for unit in units:
        if clauses and (is_open or clauses[-1][-1].clause == unit.clause):
            clauses[-1].append(unit)
        else:
            clauses.append([unit])
        is_list = unit.is_noun and unit.after in _GOES_ON and not any(one.negated for one in clauses[-1])
        is_open = (is_list and unit.key not in _CASES) or (
            unit.quantity is not None and unit.after in _GOES_TO
        )
    return clauses


def compare_parity(claim: Sequence[Unit], window: Sequence[Unit]) -> Differing:
    """Return where ``claim`` says no and ``window`` does not, or the other way, clause by clause.

    Clauses are compared in groups: each goes with the one of the other sentence that holds most of it; one of
    the source is left out where the claim has little of it, or not the thing that it denies.
    """
    claim, window = _without_known(claim, window), _without_known(window, claim)
    window = _clause_with_all(claim, window)
    said, told = read_clauses_of(claim), read_clauses_of(window)
    if not said or not told:
        return Differing(False, False)
    groups: list[tuple[set[int], set[int]]] = []
    for at, one in enumerate(said):
        place, share = _likest(one, told)
        if share >= _LEAST:
            _join(groups, at, place)
    taken = {place for _, places in groups for place in places}
    for place, one in enumerate(told):
        at, share = _likest(one, said)
        if place in taken or _denies_another(one, said[at]):
            continue
        if share >= _LEAST and share >= _MOSTLY * _weight(one):
            _join(groups, at, place)
    differing = [group for group in groups if _differs(group, said, told)]
    return Differing(bool(differing), any(len(said) - 1 in group[0] for group in differing))


def _clause_with_all(claim: Sequence[Unit], window: Sequence[Unit]) -> Sequence[Unit]:
    """Return the part between two commas that has all of the claim and a quantity, else the whole sentence.

    What is only said elsewhere (…とし、自動更新はしない) neither denies nor affirms it.
    """
    telling = [unit for unit in claim if not is_harmless(unit)]
    if not any(unit.quantity is not None for unit in telling) or any(unit.negated for unit in claim):
        return window
    for _, group in itertools.groupby(window, key=lambda unit: unit.clause):
        part = [*group]
        if all(has_unit(part, unit) for unit in telling):
            return part
    return window


def _without_known(units: Sequence[Unit], others: Sequence[Unit]) -> list[Unit]:
    """Return the units without what costs nothing where the other sentence says how much, or nothing too.

    Whether the amount is that of the same thing is not asked here.
    """
    is_told = any(unit.quantity is not None and unit.quantity.kind is Kind.AMOUNT for unit in others)
    return [unit for unit in units if unit.key != FREE] if is_told else list(units)


def _join(groups: list[tuple[set[int], set[int]]], at: int, place: int) -> None:
    """Put a clause of the claim and one of the source into one group, with all that belongs to either."""
    near = [group for group in groups if at in group[0] or place in group[1]]
    joined = ({at}.union(*(one for one, _ in near)), {place}.union(*(other for _, other in near)))
    groups[:] = [*(group for group in groups if group not in near), joined]


def _likest(clause: Sequence[Unit], others: Sequence[Sequence[Unit]]) -> tuple[int, float]:
    """Return which clause holds most of this one, and how much."""
    shares = [_shared(clause, other) for other in others]
    denied = sum(_denials(clause, ())) % 2
    best = max(
        range(len(shares)),
        key=lambda at: (shares[at], sum(_denials(others[at], ())) % 2 == denied, at),
        default=0,
    )
    return best, shares[best] if shares else 0.0


def _differs(
    group: tuple[set[int], set[int]], said: Sequence[Sequence[Unit]], told: Sequence[Sequence[Unit]]
) -> bool:
    ours = [said[at] for at in group[0]]
    theirs = [told[at] for at in group[1]]
    our_units, their_units = [*itertools.chain(*ours)], [*itertools.chain(*theirs)]
    if _is_either(our_units, their_units) or _is_either(their_units, our_units):
        return False
    denied = sum(sum(_denials(one, their_units)) for one in ours) + _lost(our_units, their_units)
    others_denied = sum(sum(_denials(one, our_units)) for one in theirs) + _lost(their_units, our_units)
    return denied % 2 != others_denied % 2


def _lost(units: Sequence[Unit], others: Sequence[Unit]) -> int:
    """Return how often something is lost here (印をなくす) that the other sentence denies (印がない)."""
    missing = {unit.key for unit in others if unit.negated}
    return sum(unit.key == _LOST and before.key in missing for before, unit in itertools.pairwise(units))


def _is_either(units: Sequence[Unit], others: Sequence[Unit]) -> bool:
    """Return whether something is said in a way that the other sentence may put as a denial."""
    keys, other_keys = {unit.key for unit in units}, {unit.key for unit in others}
    either = {key for key in keys if key in _EITHER and key not in other_keys}
    if either and not (either == {_LOST} and _lost(units, others)):
        return True
    is_staying = not keys.isdisjoint(_STAYING - other_keys)
    return is_staying and any(unit.negated and unit.key in _CHANGING for unit in others)


def _denies_another(clause: Sequence[Unit], said: Sequence[Unit]) -> bool:
    """Return whether a clause denies a thing that the other one does not name."""
    named = (unit for unit in clause if unit.negated and unit.sort is Sort.NAMED)
    return any(not (is_plain(unit) or has_unit(said, unit)) for unit in named)


def _weight(clause: Sequence[Unit]) -> float:
    return sum(1 + _LATER * at for at, unit in enumerate(clause) if not is_harmless(unit))


def _shared(clause: Sequence[Unit], one: Sequence[Unit]) -> float:
    """Return how much of a clause another holds; what stands later says more of what it says."""
    return sum(
        1 + _LATER * at for at, unit in enumerate(clause) if not is_harmless(unit) and has_unit(one, unit)
    )


def _is_how_long(unit: Unit, others: Sequence[Unit]) -> bool:
    """Return whether an end is spoken of by how long it lasts, where the other sentence tells it."""
    is_told = any(one.key == CEASING and one.after not in NOMINAL for one in others)
    return is_told and unit.key in _LENGTHS


def _denials(clause: Sequence[Unit], others: Sequence[Unit]) -> Iterator[bool]:
    """Yield of each unit whether it says no for the clause.

    Not within a compound nor of a noun it describes, unless the other sentence says that too.
    """
    for at, unit in enumerate(clause):
        before = clause[at - 1] if at else None
        after = clause[at + 1] if at + 1 < len(clause) else None
        if unit.key == CEASING:
            is_time = before is not None and before.quantity is not None and before.quantity.kind is Kind.TIME
            until = is_time and before is not None and before.after in ("place", "aim")
            until = until and all(one.key != CEASING for one in others)
            lifted = after is not None and after.key == _LIFTED
            spoken_of = unit.after in NOMINAL and not (after is not None and _is_how_long(after, others))
            yield not (until or lifted or unit.negated or spoken_of)
        elif unit.key == FREE:
            yield not unit.side and unit.after not in ("aim", "beside")
        else:
            is_aside = unit.after == "contrast" or (unit.is_describing and not has_unit(others, unit))
            yield unit.negated and not is_aside
