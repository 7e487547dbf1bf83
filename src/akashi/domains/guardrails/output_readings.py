"""Other readings of a sentence: a case of a limit (51歳, 50歳以下), its other side, what is reckoned."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from akashi.domains.guardrails.output_quantities import Labelled, label_quantities
from akashi.domains.guardrails.output_ratios import without_ratios
from akashi.domains.guardrails.output_words import Sort, Unit, has_unit, is_harmless
from akashi.language.limits import LOWER_SIDES, UPPER_SIDES, Limits, limits_of
from akashi.language.quantities import Kind, Quantity, duration_parts

_MOST_READINGS = 8
_COMPARABLE = (Kind.COUNT, Kind.AMOUNT, Kind.PERIOD, Kind.TIME, Kind.DATE)
UP = frozenset(["高い", "多い", "遅い", "長い", "大きい", "増加", "上昇", "引き上げる", "上乗せ"])
DOWN = frozenset(["安い", "低い", "早い", "短い", "少ない", "小さい", "減少", "低下", "引き下げる"])
_LOWERED = frozenset(["引き下げる", "引き下げ", "引下", "優遇", "割引", "割り引く"])
_RAISED = frozenset(["引き上げる", "引き上げ", "引上", "上乗せ", "加算", "加える"])


@dataclass(frozen=True, slots=True)
class Limit:
    """From which to which value something holds; the quantities of the source that say so."""

    units: tuple[Unit, ...]
    limits: Limits


def read_otherwise(claim: Sequence[Unit], sources: Sequence[Sequence[Unit]]) -> Iterator[tuple[Unit, ...]]:
    """Yield the claim as its sources would put it, where a number of its own follows from theirs.

    A case of a limit is put as that limit; one on its other side as that limit with the polarity turned;
    a difference, a product or a changed rate that is right is left out.
    """
    yield from itertools.islice(_readings(tuple(claim), sources), _MOST_READINGS)


def _readings(claim: tuple[Unit, ...], sources: Sequence[Sequence[Unit]]) -> Iterator[tuple[Unit, ...]]:
    is_denied = any(unit.negated for unit in claim)
    for at, unit in enumerate(claim):
        if unit.quantity is None or unit.quantity.kind not in _COMPARABLE:
            continue
        if not unit.is_case and not is_denied:
            continue
        for source in sources:
            for limit in _limits(source, unit):
                yield from _as_limit(claim, at, limit, unit.is_case)
    yield from _other_days(claim, sources)
    offered = [one for number, source in enumerate(sources) for one in label_quantities(source, number)]
    left = _without_reckoned(claim, sources, offered)
    if len(left) < len(claim):
        yield left
    plain = without_ratios(claim, sources, offered)
    if len(plain) < len(claim):
        yield plain


_DAYS = frozenset(["土曜", "日曜", "祝日", "休日", "土日"])
_WORKDAYS = "平日"


def _other_days(claim: tuple[Unit, ...], sources: Sequence[Sequence[Unit]]) -> Iterator[tuple[Unit, ...]]:
    """Yield what is said of days off as the contrary of working days, where the sources name only those."""
    days = [unit for unit in claim if unit.key in _DAYS]
    known = {unit.key for source in sources for unit in source}
    if days and _WORKDAYS in known and known.isdisjoint(_DAYS):
        rest = tuple(
            replace(unit, key=_WORKDAYS, synonyms=frozenset()) if unit is days[0] else unit
            for unit in claim
            if unit is days[0] or unit not in days
        )
        yield from _turn(rest)


def _as_limit(claim: tuple[Unit, ...], at: int, limit: Limit, is_case: bool) -> Iterator[tuple[Unit, ...]]:
    unit = claim[at]
    value = size_of(unit.quantity)
    if value is None:
        return
    meant = tuple(
        replace(one, span=unit.span, clause=unit.clause, after=unit.after, is_condition=True)
        for one in limit.units
    )
    put = (*claim[:at], *meant, *claim[at + 1 :])
    if not unit.side:
        if not limit.limits.hold(value):
            yield from _turn(put)
        elif is_case:
            yield put
    elif _is_other_side(unit, value, limit):
        yield from _turn(put)


def _is_other_side(unit: Unit, value: Decimal, limit: Limit) -> bool:
    """Return whether a limit of the claim begins where that of the source ends: 51歳以上, 50歳以下."""
    is_lower = unit.side in LOWER_SIDES
    edge = limit.limits.highest if is_lower else limit.limits.lowest
    is_open = limit.limits.below if is_lower else limit.limits.above
    if edge is None or (unit.side not in LOWER_SIDES | UPPER_SIDES):
        return False
    is_whole = unit.quantity is not None and unit.quantity.kind is Kind.COUNT
    step = (1 if is_lower else -1) if is_whole else 0
    both_open = unit.side in ("more", "less") and is_open
    both_closed = unit.side in ("least", "most", "from", "to") and not is_open
    if both_closed and is_whole:
        return value == edge + step
    return value == edge and not both_open


def _limits(source: Sequence[Unit], unit: Unit) -> Iterator[Limit]:
    """Yield the limits of a source that a quantity of the claim may be held against."""
    second: Unit | None = None
    for at, one in enumerate(source):
        size = size_of(one.quantity)
        if size is None or one is second or _scale(one.quantity) != _scale(unit.quantity):
            continue
        following = source[at + 1] if at + 1 < len(source) else None
        end = size_of(following.quantity) if following is not None and _is_like(one, following) else None
        is_first = one.side in ("from", "least", "more") and end is not None and end > size
        own = limits_of(one.side, size)
        if is_first and following is not None and following.side in UPPER_SIDES:
            second = following
            yield Limit((one, following), Limits(size, end, one.side == "more", following.side == "less"))
        elif own is not None:
            yield Limit((one,), own)


def _is_like(one: Unit, other: Unit) -> bool:
    return one.quantity is not None and _scale(one.quantity) == _scale(other.quantity)


def _scale(quantity: Quantity | None) -> str:
    """Return what a quantity is measured in; only those of one scale are more or less than each other."""
    if quantity is None or quantity.kind not in _COMPARABLE:
        return ""
    if quantity.kind is Kind.PERIOD and quantity.unit == "duration":
        parts = duration_parts(str(quantity.value))
        return "" if parts is None else ("months" if parts[0] else "minutes")
    return quantity.unit.removesuffix("目").replace("business_days", "営業日")


def size_of(quantity: Quantity | None) -> Decimal | None:
    """Return how much a quantity is in its own scale; nothing where it cannot be told."""
    if quantity is None or quantity.kind not in (*_COMPARABLE, Kind.RATE):
        return None
    value = quantity.value
    if quantity.kind is Kind.PERIOD and quantity.unit == "duration":
        parts = duration_parts(str(value))
        return None if parts is None or (parts[0] and parts[1]) else parts[0] or parts[1]
    if quantity.kind is Kind.DATE:
        return _day(str(value)) if quantity.unit == "day" else None
    if quantity.kind is Kind.TIME:
        hours, _, minutes = str(value).partition(":")
        whole = hours.isdigit() and minutes.isdigit()
        return Decimal(int(hours) * 60 + int(minutes)) if whole else None
    return value if isinstance(value, Decimal) else None


def _day(value: str) -> Decimal | None:
    """Return the number of a day; of one without a year in a year of its own, far from all that have one."""
    try:
        return Decimal(
            date.fromisoformat(f"0003-{value[2:]}" if value.startswith("--") else value).toordinal()
        )
    except ValueError:
        return None


def _turn(units: tuple[Unit, ...]) -> Iterator[tuple[Unit, ...]]:
    """Yield the units with what is said of them turned around: the last denial, else the last word."""
    denied = [at for at, unit in enumerate(units) if unit.negated]
    said = [at for at, unit in enumerate(units) if unit.quantity is None and not is_harmless(unit)]
    if not denied and not said:
        return  # Who is meant is not turned with the limit: 20歳以上の方, 20歳未満の方.
    at = denied[-1] if denied else said[-1]
    yield (*units[:at], replace(units[at], negated=not units[at].negated), *units[at + 1 :])


def _without_reckoned(
    claim: tuple[Unit, ...], sources: Sequence[Sequence[Unit]], offered: Sequence[Labelled]
) -> tuple[Unit, ...]:
    """Return the claim without the quantities that are rightly reckoned from those of the sources."""
    known = [one.unit for one in offered]
    own = [unit for unit in claim if unit.quantity is not None and not any(_is(one, unit) for one in known)]
    gone: list[Unit] = []
    for unit in own:
        if (
            _is_difference(unit, claim, sources, offered)
            or _is_changed_rate(unit, claim, sources)
            or _is_length(unit, sources)
            or _is_length_of_days(unit, sources)
            or _is_end_time(unit, sources)
            or _is_all_together(unit, sources)
            or _is_total(unit, claim, known)
            or _is_per_year(unit, claim, sources)
        ):
            gone.append(unit)
        parts = [one for one in own if one is not unit and _is_product(unit, one, known)]
        parts += [one for one in claim if one is not unit and _is_in_proportion(unit, one, sources)]
        gone += [unit, *parts] if parts else []
    return tuple(unit for unit in claim if unit not in gone)


def _is(one: Unit, unit: Unit) -> bool:
    return one.matches(unit)


def _is_product(unit: Unit, one: Unit, known: Sequence[Unit]) -> bool:
    """Return whether an amount is a rate of the source of another amount: 3.3% of 100万円 are 33,000円."""
    whole, part = _amount(one), _amount(unit)
    if not whole or part is None:
        return False
    rates = [size_of(other.quantity) for other in known if _kind(other) is Kind.RATE]
    return any(rate is not None and whole * rate == part for rate in rates)


_TERMS = {"period:P1Yduration": 12, "period:P1Mduration": 1}
_TERM_NOUNS = {"年": 12, "月": 1}


def _is_per_year(unit: Unit, claim: Sequence[Unit], sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether an amount is that of a month for a year, or of a year for a month: 月4万円, 年48万円."""
    own = _term_of(claim, unit)
    size = _amount(unit)
    if not own or size is None:
        return False
    for source in sources:
        for one in source:
            term, told = _term_of(source, one), _amount(one)
            if term and told is not None and term != own and told * own == size * term:
                return True
    return False


def _term_of(units: Sequence[Unit], amount: Unit) -> int:
    """Return the months of the term that stands before an amount, with nothing between but words; else 0."""
    for unit in reversed([one for one in units if one.span < amount.span]):
        term = _TERMS.get(unit.key, _TERM_NOUNS.get(unit.key, 0))
        if term or unit.quantity is not None:
            return term
    return 0


_TOTALS = re.compile("合計|合わせ|あわせ|合せ|全部|総額|通算")
_MOST_SUMMED = 12


def _is_total(unit: Unit, claim: Sequence[Unit], known: Sequence[Unit]) -> bool:
    """Return whether a quantity is the sum of two or three of the source, and the claim says so."""
    if not any(_TOTALS.match(one.key) for one in claim):
        return False
    scale, size = _scale(unit.quantity), size_of(unit.quantity)
    sizes = [size_of(one.quantity) for one in known if scale and _scale(one.quantity) == scale]
    told = [one for one in sizes if one is not None][:_MOST_SUMMED]
    return any(sum(some) == size for count in (2, 3) for some in itertools.combinations(told, count))


def _is_in_proportion(unit: Unit, one: Unit, sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether a source says so much for so much, and the claim the like: 1枚1,100円, 2枚2,200円."""
    part, whole = size_of(unit.quantity), size_of(one.quantity)
    if _kind(unit) not in (Kind.AMOUNT, Kind.COUNT) or not part or not whole:
        return False
    if _kind(one) not in (Kind.AMOUNT, Kind.COUNT, Kind.PERIOD) or _scale(one.quantity) == _scale(
        unit.quantity
    ):
        return False
    for source in sources:
        for first, second in itertools.pairwise([each for each in source if each.quantity is not None]):
            for base, price in ((first, second), (second, first)):
                if _is_like(base, one) and _is_like(price, unit):
                    by, cost = size_of(base.quantity), size_of(price.quantity)
                    if by and cost and by != whole and part * by == cost * whole:
                        return True
    return False


def _is_length(unit: Unit, sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether a period is what lies between two times or days of a source: 9時から15時まで, 6時間."""
    if _kind(unit) is not Kind.PERIOD:
        return False
    scale, size = _scale(unit.quantity), size_of(unit.quantity)
    for first, second in (pair for source in sources for pair in itertools.pairwise(source)):
        start, end = size_of(first.quantity), size_of(second.quantity)
        if (
            start is None
            or end is None
            or first.side != "from"
            or not _is_like(first, second)
            or (end <= start and _kind(first) is not Kind.TIME)
        ):
            continue
        if _kind(first) is Kind.TIME and scale == "minutes" and size == (end - start + _MINUTES) % _MINUTES:
            return True
        if _kind(first) is Kind.DATE and scale == "minutes" and size == (end - start + 1) * _MINUTES:
            return True
        if _kind(first) is Kind.DATE and scale == "months" and size == _months(start, end):
            return True
    return False


def _is_length_of_days(unit: Unit, sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether a period lies between two times of two days: 5月3日0時から5月5日8時まで, 56時間."""
    if _kind(unit) is not Kind.PERIOD or _scale(unit.quantity) != "minutes":
        return False
    for source in sources:
        told = [one for one in source if one.quantity is not None]
        for first, start, second, end in zip(told, told[1:], told[2:], told[3:], strict=False):
            kinds = [_kind(one) for one in (first, start, second, end)]
            if kinds != [Kind.DATE, Kind.TIME] * 2 or (start.side, end.side) != ("from", "to"):
                continue
            days, times = (
                [size_of(one.quantity) for one in pair] for pair in ((first, second), (start, end))
            )
            if None in (*days, *times):
                continue
            length = (days[1] - days[0]) * _MINUTES + times[1] - times[0]  # type: ignore[operator]
            if length == size_of(unit.quantity):
                return True
    return False


def _is_end_time(unit: Unit, sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether a time is that at which something ends: 10時30分から45分間, 11時15分."""
    size = size_of(unit.quantity)
    if _kind(unit) is not Kind.TIME or size is None:
        return False
    for first, second in (pair for source in sources for pair in itertools.pairwise(source)):
        start, length = size_of(first.quantity), size_of(second.quantity)
        is_pair = _kind(first) is Kind.TIME and first.side == "from" and _scale(second.quantity) == "minutes"
        if is_pair and start is not None and length is not None and start + length == size:
            return True
    return False


def _is_all_together(unit: Unit, sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether an amount is so much for one, so many times: 1口1,000円, 50口, 5万円."""
    whole = _amount(unit)
    if not whole:
        return False
    for source in sources:
        for one, price in itertools.pairwise(source):
            each = _amount(price)
            if each and _kind(one) is Kind.COUNT and size_of(one.quantity) == 1:
                others = (
                    size_of(other.quantity) for other in source if other is not one and _is_like(one, other)
                )
                if any(number and number > 1 and each * number == whole for number in others):
                    return True
    return False


_MINUTES = 24 * 60


def _months(start: Decimal, end: Decimal) -> int | None:
    """Return how many whole months lie from one day to another, both counted."""
    first, after = date.fromordinal(int(start)), date.fromordinal(int(end) + 1)
    is_whole = first.day == after.day
    return (after.year - first.year) * 12 + after.month - first.month if is_whole else None


def _amount(unit: Unit) -> Decimal | None:
    return size_of(unit.quantity) if _kind(unit) is Kind.AMOUNT else None


def _kind(unit: Unit) -> Kind | None:
    return unit.quantity.kind if unit.quantity is not None else None


def _is_changed_rate(unit: Unit, claim: Sequence[Unit], sources: Sequence[Sequence[Unit]]) -> bool:
    """Return whether a rate is one of the source after the rise or fall that a sentence of it tells.

    The claim must speak of that change, or of something of the case in which it is made (担保がある場合).
    """
    size = size_of(unit.quantity)
    if _kind(unit) is not Kind.RATE or size is None:
        return False
    keys = {one.key for one in claim}
    for source in sources:
        places = [at for at, one in enumerate(source) if _kind(one) is Kind.RATE]
        if not places or len(places) > 2:
            continue
        way = _way_of(source, places[-1])
        case = {one.key for one in source[places[0] + 1 if len(places) == 2 else 0 :] if one.quantity is None}
        if not way or keys.isdisjoint(case | _LOWERED | _RAISED):
            continue
        if any(by < rate and rate + way * by == size for rate, by in _rates_changed(source, sources, places)):
            return True
    return False


def _way_of(source: Sequence[Unit], at: int) -> int:
    """Return 1 where a rate is what something is raised by, -1 where lowered, 0 where neither is told."""
    told = [one.key for one in (*source[max(at - 1, 0) : at], *source[at + 1 :])]
    is_lowered, is_raised = not _LOWERED.isdisjoint(told), not _RAISED.isdisjoint(told)
    return is_raised - is_lowered


def _rates_changed(
    source: Sequence[Unit], sources: Sequence[Sequence[Unit]], places: Sequence[int]
) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield each rate with what it may be changed by.

    The change is the last rate of its sentence; what it changes is told before it (利率は3.2%) or elsewhere.
    """
    by = size_of(source[places[-1]].quantity)
    own = [source[at] for at in places[:-1] if at and source[at - 1].after == "topic"]
    if len(places) == 2 and not own:
        return
    others = [one for other in sources if other is not source for one in other if _kind(one) is Kind.RATE]
    for one in (*own, *others):
        rate = size_of(one.quantity)
        if rate is not None and by is not None:
            yield rate, by


def _is_difference(
    unit: Unit, claim: Sequence[Unit], sources: Sequence[Sequence[Unit]], offered: Sequence[Labelled]
) -> bool:
    """Return whether a quantity is the difference of two of the source, the right way round."""
    size, scale = size_of(unit.quantity), full_scale_of(unit)
    than = [one for one in claim if one.quantity is None and one.after == "than"]
    told = (
        set() if than else {one.key for source in sources for one in source}
    )  # 0.1%を上乗せ compares nothing.
    keys = {one.key for one in claim} - told
    up, down = not keys.isdisjoint(UP), not keys.isdisjoint(DOWN)
    if size is None or not scale or not (up or down or than):
        return False
    for one, other in itertools.combinations(
        [each for each in offered if full_scale_of(each.unit) == scale], 2
    ):
        first, second = size_of(one.unit.quantity), size_of(other.unit.quantity)
        if first is None or second is None or abs(first - second) != size:
            continue
        more, less = (one, other) if first > second else (other, one)
        subject = _subject(claim, than, more, less)
        if subject is not None and (up is not down) and (subject is more) is up:
            return True
    return False


def full_scale_of(unit: Unit) -> str:
    """Return what a quantity is measured in, rates included."""
    return "rate" if _kind(unit) is Kind.RATE else _scale(unit.quantity)


def _subject(claim: Sequence[Unit], than: Sequence[Unit], one: Labelled, other: Labelled) -> Labelled | None:
    """Return which of two quantities is that of the thing compared; nothing if it cannot be told."""
    labels, other_labels = ([label.unit for label in each.own] for each in (one, other))
    for unit in than:
        has, other_has = has_unit(labels, unit), has_unit(other_labels, unit)
        if has is not other_has:
            return other if has else one
    rest = [unit for unit in claim if unit.quantity is None and unit not in than and unit.sort is Sort.NAMED]
    mine = sum(has_unit(labels, unit) and not has_unit(other_labels, unit) for unit in rest)
    others = sum(has_unit(other_labels, unit) and not has_unit(labels, unit) for unit in rest)
    if mine == others:
        return None
    return one if mine > others else other
