"""Whether a sentence calls greater what its source gives the smaller number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_quantities import Labelled, label_quantities
from akashi.domains.guardrails.output_readings import DOWN, UP, full_scale_of, size_of
from akashi.domains.guardrails.output_words import Unit, has_unit
from akashi.language.quantities import Kind

_THAN = re.compile(r"より(?!も?(?:[、。]|詳|良|よ[いくり]))も?|を(?=(?:上|下)回)")
_EARLIER = frozenset(["早い", "早く", "先", "先立つ"])
_LATER = frozenset(["遅い", "遅く"])
_ABOVE, _BELOW = "上回", "下回"
_JOINT = frozenset(["", "の", "さま", "様"])
_MOST_COMPARED = 16


def has_wrong_comparison(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether ``claim`` compares two things the wrong way round: A is higher than B, where B has more.

    The numbers need not be said again; they are those of one sentence of the sources, one of either thing.
    """
    found = _THAN.search(claim.text)
    direction = _direction(claim)
    if found is None or not direction:
        return False
    than = _before(claim, claim.span.start + found.start())
    rest = [unit for unit in claim.units if _is_thing(unit) and unit not in than]
    told = {
        (first > second) is (direction > 0)
        for source in sources
        for first, second in _pairs(source, rest, than)
        if first != second
    }
    return told == {False}


def _is_thing(unit: Unit) -> bool:
    return unit.is_noun or unit.quantity is not None


def _direction(claim: Sentence) -> int:
    """Return 1 where more is said, -1 where less is, 0 where neither, both or a denial."""
    up = any(unit.key in UP | _LATER for unit in claim.units) or _ABOVE in claim.text
    down = any(unit.key in DOWN | _EARLIER for unit in claim.units) or _BELOW in claim.text
    return 0 if any(unit.negated for unit in claim.units) else up - down


def _before(claim: Sentence, end: int) -> list[Unit]:
    """Return the compound that ends at ``end``: 本店の貸金庫."""
    found: list[Unit] = []
    for unit in reversed([unit for unit in claim.units if unit.span.end <= end]):
        following = found[0].span.start if found else end
        gap = claim.text[unit.span.end - claim.span.start : following - claim.span.start]
        if not _is_thing(unit) or gap not in _JOINT:
            break
        found.insert(0, unit)
    return found


def _pairs(source: Sentence, rest: Sequence[Unit], than: Sequence[Unit]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield each two quantities of one scale, that of the thing called greater or smaller first."""
    labelled = label_quantities(source.units)[:_MOST_COMPARED]
    for one, other in itertools.permutations(labelled, 2):
        if _scale(one) and _scale(one) == _scale(other):
            first, second = _size(one), _size(other)
            is_told = _is_of(rest, one, other) and _is_of(than, other, one)
            if first is not None and second is not None and is_told:
                yield first, second


def _scale(one: Labelled) -> str:
    """Return what a quantity is measured in; nothing of what is no measure: a place in a row, a year."""
    quantity = one.unit.quantity
    if quantity is None or quantity.unit.endswith("目"):
        return ""
    return "date" if quantity.kind is Kind.DATE else full_scale_of(one.unit)


def _is_of(things: Sequence[Unit], one: Labelled, other: Labelled) -> bool:
    """Return whether ``things`` name what only the first of two quantities is of, and not the second's."""
    ours, theirs = ([label.unit for label in each.own] for each in (one, other))
    mine = [unit for unit in ours if not has_unit(theirs, unit)]
    others = [unit for unit in theirs if not has_unit([*ours, *one.shared], unit)]
    return any(has_unit(mine, unit) for unit in things) and not any(has_unit(others, unit) for unit in things)


def _size(one: Labelled) -> Decimal | None:
    quantity = one.unit.quantity
    if quantity is not None and quantity.kind is Kind.DATE and quantity.unit == "month":
        return size_of(replace(quantity, value=f"{quantity.value}-01", unit="day"))
    return size_of(quantity)
