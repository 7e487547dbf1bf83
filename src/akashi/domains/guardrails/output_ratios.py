"""How many times a quantity of the source is another one of it: 窓口の半額, 一般の2倍, 4分の1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from akashi.domains.guardrails.output_quantities import Labelled
from akashi.domains.guardrails.output_words import Unit, has_unit
from akashi.language.quantities import Kind

_EXACT = Decimal("0.000001")
_LONGEST_BASE = 6


def without_ratios(
    claim: Sequence[Unit], sources: Sequence[Sequence[Unit]], offered: Sequence[Labelled]
) -> tuple[Unit, ...]:
    """Return the claim without ratios that are right, and without the thing that each is a ratio to.

    Right is one of a quantity that the claim gives to one of the source that is of the thing before の; and
    the reverse, where the source tells a ratio and the claim the quantity of the thing that it is a ratio to.
    """
    gone: list[Unit] = []
    for at, unit in enumerate(claim):
        ratio = _ratio(unit)
        if ratio is None:
            continue
        base = _base_of(claim, at)
        if base and _is_right(ratio, base, claim, offered):
            gone += [unit, *base]
    for unit in claim:
        if unit.quantity is not None and not any(one.unit.matches(unit) for one in offered):
            gone += _reversed(unit, claim, sources)
    return tuple(unit for unit in claim if not any(unit is one for one in gone))


def _ratio(unit: Unit) -> Decimal | None:
    """Return a ratio: a rate, or so many times."""
    quantity = unit.quantity
    if quantity is None or not isinstance(quantity.value, Decimal) or quantity.value <= 0:
        return None
    is_ratio = quantity.kind is Kind.RATE or (quantity.kind is Kind.COUNT and quantity.unit == "倍")
    return quantity.value if is_ratio else None


def _base_of(claim: Sequence[Unit], at: int) -> list[Unit]:
    """Return the words of the thing that a ratio is to: those before it, back to a particle or a quantity."""
    base: list[Unit] = []
    for unit in claim[max(0, at - _LONGEST_BASE) : at][::-1]:
        is_end = base and unit.after not in ("", "of")
        if unit.quantity is not None or unit.clause != claim[at].clause or is_end:
            break
        base.append(unit)
    return base if any(unit.after == "of" for unit in base) else []


def _is_right(
    ratio: Decimal, base: Sequence[Unit], claim: Sequence[Unit], offered: Sequence[Labelled]
) -> bool:
    """Return whether a quantity that the claim gives is so many times one of the source of the base."""
    for part in claim:
        size = _value(part)
        if size is None or _ratio(part) == ratio or not any(one.unit.matches(part) for one in offered):
            continue
        own = [one for one in offered if one.unit.matches(part)]
        wholes = [one for one in offered if _is_like(one.unit, part) and _is_times(size, ratio, one)]
        if any(_is_of(base, one, other) for one in wholes for other in own):
            return True
    return False


def _is_times(size: Decimal, ratio: Decimal, whole: Labelled) -> bool:
    value = _value(whole.unit)
    return value is not None and value > 0 and abs(value * ratio - size) <= _EXACT * value


def _is_of(base: Sequence[Unit], one: Labelled, other: Labelled) -> bool:
    """Return whether the base names what only the first of two quantities is of, and nothing of the other."""
    ours, theirs = ([label.unit for label in each.own] for each in (one, other))
    mine = [unit for unit in ours if not has_unit(theirs, unit)]
    others = [unit for unit in theirs if not has_unit([*ours, *one.shared], unit)]
    return any(has_unit(mine, unit) for unit in base) and not any(has_unit(others, unit) for unit in base)


def _reversed(unit: Unit, claim: Sequence[Unit], sources: Sequence[Sequence[Unit]]) -> list[Unit]:
    """Return a quantity that is right for what a source tells a ratio to, and all that says so."""
    size = _value(unit)
    if size is None:
        return []
    for source in sources:
        for at, one in enumerate(source):
            ratio = _ratio(one)
            base = _base_of(source, at) if ratio is not None else []
            wholes = [_value(each) for each in source[:at] if _is_like(each, unit)]
            if not base or ratio is None or not wholes or wholes[-1] is None:
                continue
            is_told = abs(size * ratio - wholes[-1]) <= _EXACT * wholes[-1]
            mine = [each for each in claim if each.span < unit.span and has_unit(base, each)]
            if is_told and mine and len(mine) >= sum(each.is_noun for each in base):
                return [unit, *mine, *_inverse(claim, unit, ratio)]
    return []


def _inverse(claim: Sequence[Unit], unit: Unit, ratio: Decimal) -> Iterator[Unit]:
    """Yield a ratio of the claim that is the reverse of the source's, and what it is to."""
    for at, one in enumerate(claim):
        own = _ratio(one)
        if own is not None and one is not unit and abs(own * ratio - 1) <= _EXACT:
            yield from (one, *_base_of(claim, at))


def _is_like(one: Unit, other: Unit) -> bool:
    if one.quantity is None or other.quantity is None:
        return False
    return one.quantity.kind is other.quantity.kind and one.quantity.unit == other.quantity.unit


def _value(unit: Unit) -> Decimal | None:
    value = unit.quantity.value if unit.quantity is not None else None
    return value if isinstance(value, Decimal) else None
