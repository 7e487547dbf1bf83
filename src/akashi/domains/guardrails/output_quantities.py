"""Whether a number stands where the source has it: at the same things, on the same side of a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_rivals import is_everyday
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import (
    GENERIC_COUNTERS,
    Sort,
    Unit,
    has_unit,
    is_kin,
    is_same_limit,
    shipped_words,
)
from akashi.language.quantities import Kind, measure_of

_FADING = 0.75
_AFTER = 0.5
_REACH = 10
_OPPOSITE = {
    "from": ("to", "most", "less"),
    "to": ("from", "least", "more", "less"),
    "least": ("most", "less", "to", "more"),
    "most": ("least", "more", "less", "from"),
    "less": ("least", "more", "most", "from", "to"),
    "more": ("most", "less", "to", "least"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """A word that says what a quantity is of, and how much it says."""

    unit: Unit
    weight: float


@dataclass(frozen=True, slots=True)
class Labelled:
    """A quantity with the words of its own clause (``own``) and those of the sentence before it (``shared``).

    ``at`` tells sentences and places apart; the second end of a range has the labels of the first. ``topic``
    is what the whole sentence speaks of, ``tail`` what its end says of all: Aは6月1日、Bは12月3日に設立.
    ``behind`` is the word written right behind it: 0.15%引き上げ, 2013年度比.
    """

    unit: Unit
    own: tuple[Label, ...]
    shared: tuple[Unit, ...]
    at: tuple[int, int]
    context: tuple[Unit, ...] = ()
    topic: tuple[Unit, ...] = ()
    tail: tuple[Unit, ...] = ()
    behind: Unit | None = None


def label_quantities(
    units: Sequence[Unit],
    number: int = 0,
    context: tuple[Unit, ...] = (),
    topic: tuple[Unit, ...] = (),
) -> list[Labelled]:
    """Return each quantity of a sentence with its labels.

    Its own are the words between the quantities of its kind on either side; where a comma divides
    them, what lies before the comma belongs to the earlier one. Nearer words weigh more, words after
    it half. A quantity that is only a condition labels others of its kind and does not part them.
    """
    labelled: list[Labelled] = []
    last: dict[str, Labelled] = {}
    units = _without_weekdays(units)
    tail = _tail_of(units)
    for at, unit in enumerate(units):
        if unit.quantity is None:
            continue
        kind = _kind(unit)
        before = _clause_of([*_until(units[:at][::-1], kind)], unit, units)
        before = before[: -1 if before and _is_done_by(before[-1], units[:at], kind) else None]
        after = [*_until_clause(units[at + 1 :], kind, unit)]
        own = [Label(one, _weight(one) * _FADING**far) for far, one in enumerate(before)]
        own += [
            Label(one, _weight(one) * _weight_after(one, unit) * _FADING**far)
            for far, one in enumerate(after)
        ]
        shared = tuple(one for one in units[:at] if not _is_empty(one))
        previous = last.get(kind)
        if previous is not None and _is_list(previous, unit, at):
            own = [*previous.own, *own]
            labelled = [replace(one, own=tuple(own)) if one.own == previous.own else one for one in labelled]
        elif previous is not None and _is_range(previous, unit, at):
            own = [*previous.own, *own]
            labelled[labelled.index(previous)] = replace(previous, own=tuple(own))
        last[kind] = Labelled(
            unit, tuple(own), shared, (number, at), context, topic, tail, _behind(units, at)
        )
        labelled.append(last[kind])
    return labelled


def _is_done_by(word: Unit, before: Sequence[Unit], kind: str) -> bool:
    """Return whether a word is a verb right behind another quantity: 0.15%引き上げて0.725%になる."""
    if word.is_noun or word.quantity is not None or word.sort is Sort.LIMIT:
        return False
    return any(
        _kind(one) == kind and one.span.end == word.span.start for one in before if one.quantity is not None
    )


def _behind(units: Sequence[Unit], at: int) -> Unit | None:
    following = units[at + 1] if at + 1 < len(units) else None
    if following is None or following.quantity is not None or following.sort is Sort.LIMIT:
        return None
    return following if following.span.start == units[at].span.end else None


def _tail_of(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return what stands behind the last quantity of a sentence."""
    last = max((at for at, unit in enumerate(units) if unit.quantity is not None), default=len(units))
    return tuple(unit for unit in units[last + 1 :] if not _is_empty(unit))


def _without_weekdays(units: Sequence[Unit]) -> list[Unit]:
    """Return the units without days of the week that stand right behind a date."""
    return [
        unit
        for before, unit in zip([None, *units], units, strict=False)
        if not (before is not None and _is_weekday_of(before, unit))
    ]


def _is_weekday_of(date: Unit, unit: Unit) -> bool:
    is_date = date.quantity is not None and date.quantity.kind is Kind.DATE
    return is_date and unit.key[1:] == "曜" and unit.span.start - date.span.end <= 1


_RANGE_GAP = 6


def _is_range(previous: Labelled, unit: Unit, at: int) -> bool:
    first = previous.unit
    is_open = first.side in ("from", "least", "more", "") and not first.is_condition
    is_next = previous.at[1] == at - 1 and unit.span.start - first.span.end <= _RANGE_GAP
    is_next = is_next or (
        previous.at[1] == at - 2 and _is_day(first) and _is_day(unit) and first.side == "from"
    )
    return is_open and is_next and first.clause == unit.clause


def _is_day(unit: Unit) -> bool:
    return unit.quantity is not None and unit.quantity.kind is Kind.DATE


def _is_list(previous: Labelled, unit: Unit, at: int) -> bool:
    """Return whether a quantity goes on a list of such quantities: 3年、5年、10年."""
    first = previous.unit
    is_next = previous.at[1] == at - 1 and unit.span.start - first.span.end <= 1
    return is_next and first.side == "" and not first.is_condition and unit.side in ("", "from")


def _weight(word: Unit) -> float:
    """Return what a label weighs; 3万円以上 and 3万円未満 tell tiers apart and weigh double."""
    return 2.0 if word.is_condition and word.side else 1.0


def _weight_after(word: Unit, unit: Unit) -> float:
    return _AFTER if word.clause == unit.clause else _AFTER / 2


def _is_empty(unit: Unit) -> bool:
    """Return whether a unit labels nothing: an empty word, or 1件につき."""
    return (_is_per(unit) and not _is_of_money(unit)) or (
        unit.quantity is None and unit.key in shipped_words().harmless
    )


def _is_of_money(unit: Unit) -> bool:
    """Return whether a unit tells which money: 1ユーロにつき."""
    quantity = unit.quantity
    return quantity is not None and quantity.kind is Kind.AMOUNT and quantity.unit != "JPY"


def _is_per(unit: Unit) -> bool:
    return unit.quantity is not None and unit.is_condition and not unit.side


def _until(units: Sequence[Unit], kind: str) -> Iterator[Unit]:
    """Yield the units up to the next quantity of ``kind``."""
    for unit in units[:_REACH]:
        if unit.quantity is not None and _kind(unit) == kind and not unit.is_condition:
            return
        if not _is_empty(unit):
            yield unit


def _clause_of(before: Sequence[Unit], unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    """Return those words before a quantity that lie in its own clauses."""
    kind = _kind(unit)
    rivals = [one for one in units if one.span < unit.span and _is_rival(one, unit, kind)]
    if not rivals:
        return list(before)
    own = [one for one in before if one.clause > rivals[-1].clause]
    return own or [one for one in before if one.clause == unit.clause]


def _is_rival(one: Unit, unit: Unit, kind: str) -> bool:
    return one.quantity is not None and one is not unit and _kind(one) == kind and not one.is_condition


def _until_clause(units: Sequence[Unit], kind: str, unit: Unit) -> Iterator[Unit]:
    """Yield the units after a quantity: in its clause, and beyond it where no other one follows.

    What stands in brackets behind a thing is a clause of its own: A（1％）、B（2％）.
    """
    following = [one for one in units if _is_rival(one, unit, kind)]
    for one in _until(units, kind):
        if following and one.clause != unit.clause and following[0].clause - one.clause in (0, 1):
            return
        yield one


def _kind(unit: Unit) -> str:
    if unit.quantity is None:
        return ""
    own = unit.quantity.unit
    return f"{unit.quantity.kind}:{'' if own in ('day', 'month', 'year', 'fiscal_year') else measure_of(own)}"


def judge_quantities(claim: Sequence[Unit], sources: Sequence[Sentence]) -> Iterator[Sign]:
    """Yield what is wrong with the quantities of ``claim``.

    A quantity needs an equal one in the sources; where they have others of its kind, none of those
    may be labelled clearly more like the claim than the equal one. Two ends of a range need two.
    """
    offered = [
        one
        for number, source in enumerate(sources)
        for one in label_quantities(source.units, number, source.context, source.common)
    ]
    said = label_quantities(claim)
    used: dict[int, list[Labelled]] = {}
    for at, one in enumerate(said):
        same = [other for other in offered if is_same_limit(other.unit, one.unit)]
        equal = same or [other for other in offered if other.unit.matches(one.unit)]
        rivals = [other for other in offered if _is_other(other, one)]
        sided = same or [other for other in equal if other.unit.side not in _OPPOSITE.get(one.unit.side, ())]
        used[at] = equal
        if not equal:
            yield _lacking(one, bool(rivals))
        elif not sided:
            yield Sign.SIDE
        elif (
            rivals
            and not _is_sum(said[:at], one)
            and (_is_crossed(one, sided, rivals) or _is_twice(said, at, used))
        ):
            yield Sign.CROSSED


_SMALL = 10


def _lacking(one: Labelled, has_rivals: bool) -> Sign:
    """Return the sign of a quantity that the source does not give; a small count may be one of a list."""
    quantity = one.unit.quantity
    if quantity is not None and quantity.kind in (Kind.COUNT, Kind.NUMBER) and not has_rivals:
        value = quantity.value
        if isinstance(value, Decimal) and value <= _SMALL:
            is_listed = quantity.unit in GENERIC_COUNTERS or value == 1
            return Sign.LISTED_QUANTITY if is_listed else Sign.SMALL_QUANTITY
    return Sign.OTHER_QUANTITY if has_rivals else Sign.NO_QUANTITY


def _is_sum(before: Sequence[Labelled], one: Labelled) -> bool:
    """Return whether a quantity adds up those of its kind before it, two or more."""
    values = [_value(each) for each in before if _kind(each.unit) == _kind(one.unit)]
    told = [value for value in values if value is not None]
    return len(told) > 1 and len(told) == len(values) and sum(told) == _value(one)


def _value(one: Labelled) -> Decimal | None:
    value = one.unit.quantity.value if one.unit.quantity is not None else None
    return value if isinstance(value, Decimal) else None


def _is_other(other: Labelled, claim: Labelled) -> bool:
    if _is_per(other.unit) or other.unit.is_condition is not claim.unit.is_condition:
        return False
    if _is_fiscal(other.unit) is not _is_fiscal(claim.unit):
        return False  # A day is none of several years: 2024年度の訓練は2024年9月2日.
    return (
        _is_certain(other) and _kind(other.unit) == _kind(claim.unit) and not other.unit.matches(claim.unit)
    )


def _is_fiscal(unit: Unit) -> bool:
    return unit.quantity is not None and unit.quantity.unit == "fiscal_year"


def _is_certain(one: Labelled) -> bool:
    return one.unit.quantity is not None and one.unit.quantity.certain


def _is_time(unit: Unit) -> bool:
    return unit.quantity is not None and unit.quantity.kind is Kind.TIME


def _is_twice(said: Sequence[Labelled], at: int, used: dict[int, list[Labelled]]) -> bool:
    """Return whether both ends of a range are the same and the source has that quantity once."""
    if not at or said[at].at[1] - said[at - 1].at[1] != 1 or said[at - 1].unit.side not in ("from", ""):
        return False
    one, other = said[at - 1].unit, said[at].unit
    if _is_time(one) and one.key != other.key:
        return False  # 8時 may be 20時, but not where the other end is that.
    return one.matches(other) and other.matches(one) and len(used[at]) == 1


_CLEARLY = 0.2


def _is_crossed(claim: Labelled, equal: Sequence[Labelled], rivals: Sequence[Labelled]) -> bool:
    """Return whether the claim's words fit another quantity clearly better than any equal one."""
    if not claim.own or _is_per(claim.unit) or not _is_certain(claim):
        return False
    is_ours = any(_is_behind_alike(claim, one) for one in equal)
    theirs = [one for one in rivals if _is_behind_alike(claim, one)]
    if is_ours and not theirs:
        return False
    if not is_ours and claim.behind is not None and not claim.behind.is_noun:
        told = {one.at[0] for one in equal}
        if any(one.at[0] in told for one in theirs):
            return True
    ours = max(_fit(claim, one) for one in equal)
    rivals = [one for one in rivals if not any(_lacks_tier(claim, other, one) for other in equal)]
    better = [one for one in rivals if _fit(claim, one) > ours + _CLEARLY]
    if any(not _is_even(claim, one, equal) for one in better):
        return True
    return any(all(_is_told_apart(claim, one, other) for other in equal) for one in rivals)


def _is_behind_alike(claim: Labelled, one: Labelled) -> bool:
    """Return whether the same word stands right behind two quantities, and the other has no other topic."""
    if claim.behind is None or one.behind is None or claim.behind.key != one.behind.key:
        return False
    said = [*(label.unit for label in claim.own), *claim.shared]
    topics = (label.unit for label in one.own if label.unit.after == "topic")
    return all(unit.sort is not Sort.NAMED or has_unit(said, unit) for unit in topics)


def _is_even(claim: Labelled, rival: Labelled, equal: Sequence[Labelled]) -> bool:
    """Return whether a rival of the same sentence fits no better once what is said of all is left out."""
    beside = [one for one in equal if one.at[0] == rival.at[0]]
    if not beside:
        return False
    return max(_fit_beside(claim, one) for one in beside) >= _fit_beside(claim, rival)


def _lacks_tier(claim: Labelled, equal: Labelled, rival: Labelled) -> bool:
    """Return whether a claim names the tier of an equal quantity (70%以上の場合) that the rival lacks."""
    said = [*(label.unit for label in claim.own), *claim.shared]
    tiers, others = (
        [label.unit for label in one.own if label.unit.is_condition and label.unit.side]
        for one in (equal, rival)
    )
    return any(_holds(said, one) and not _holds(others, one) for one in tiers)


def _is_told_apart(claim: Labelled, rival: Labelled, equal: Labelled) -> bool:
    """Return whether the claim has what tells ``rival`` from ``equal``, and nothing of the contrary."""
    ours, theirs = (
        [label.unit for label in one.own if label.unit.sort is Sort.NAMED] for one in (equal, rival)
    )
    apart = rival.at[0] != equal.at[0]
    for_rival = [unit for unit in theirs if not _holds([*ours, *_beyond(equal, apart)], unit)]
    for_equal = [unit for unit in ours if not _holds([*theirs, *_beyond(rival, apart)], unit)]
    for_equal = [unit for unit in for_equal if apart or not _holds(rival.topic, unit)]
    said = [label.unit for label in claim.own]
    parallel = [] if apart else [*_parallel(equal, rival)]
    if any(has_unit(said, two) and not has_unit([*said, *claim.shared], one) for one, two in parallel):
        return True
    is_rival = bool(for_equal) and any(_holds(said, unit) for unit in for_rival)
    return is_rival and not any(_holds([*said, *claim.shared], unit) for unit in for_equal)


def _parallel(equal: Labelled, rival: Labelled) -> Iterator[tuple[Unit, Unit]]:
    """Yield the things that two quantities of a sentence are of, each in the place of the other's.

    With the same word behind them (安定型, 成長型) or the same particle (ドルが, ユーロが).
    """
    ours, theirs = ([label.unit for label in one.own] for one in (equal, rival))
    for at, one in enumerate(ours):
        for place, two in enumerate(theirs):
            if not (one.is_noun and two.is_noun) or has_unit(theirs, one) or has_unit(ours, two):
                continue
            is_headed = at > 0 and place > 0 and ours[at - 1].key == theirs[place - 1].key
            is_topic = one is _topic_of(ours) and two is _topic_of(theirs)
            if (is_headed and one.after == two.after == "") or is_topic:
                yield one, two


def _topic_of(labels: Sequence[Unit]) -> Unit | None:
    """Return the nearest label before は or が."""
    return next((one for one in labels if one.after == "topic"), None)


def _beyond(one: Labelled, apart: bool) -> tuple[Unit, ...]:
    """Return what else a quantity may be of: the words before it, and what the text speaks of."""
    return (*one.shared, *one.context) if apart else one.context


def _fit(claim: Labelled, offered: Labelled) -> float:
    """Return how well the labels of two quantities agree, both ways, 0 to 2."""
    own, mine = ([label.unit for label in one.own] for one in (offered, claim))
    covered = _share([(label.weight, _told(label.unit, mine, claim.shared)) for label in offered.own], 0.5)
    known = [*own, *offered.context]
    explained = _share([(label.weight, _told(label.unit, known, offered.shared)) for label in claim.own], 0.5)
    return covered + explained


def _fit_beside(claim: Labelled, offered: Labelled) -> float:
    """Return how well labels agree beside those of the same sentence: its topic and end are said of all."""
    of_all = [*offered.topic, *offered.tail]
    own, mine = ([label for label in one.own if not _holds(of_all, label.unit)] for one in (offered, claim))
    said = [label.unit for label in claim.own]
    covered = _share([(label.weight, _told(label.unit, said, claim.shared)) for label in own], 0.5)
    known = [*(label.unit for label in own), *offered.context]
    explained = _share([(label.weight, _told(label.unit, known, offered.shared)) for label in mine], 0.5)
    return covered + explained


_SHARED = 0.45


def _told(unit: Unit, own: Sequence[Unit], shared: Sequence[Unit]) -> float:
    return 1.0 if _holds(own, unit) else _SHARED * _holds(shared, unit)


def _holds(units: Sequence[Unit], unit: Unit) -> float:
    return float(any(_is_alike(one, unit) for one in units))


def _is_alike(one: Unit, other: Unit) -> bool:
    is_opposite = {one.side, other.side} & _UPWARD and {one.side, other.side} & _DOWNWARD
    is_like = one.matches(other) or other.matches(one) or is_kin(one, other)
    return not is_opposite and (is_like or is_everyday(one, other))


_UPWARD, _DOWNWARD = {"least", "more"}, {"most", "less", "to"}


def _share(parts: Sequence[tuple[float, float]], empty: float) -> float:
    total = sum(weight for weight, _ in parts)
    return sum(weight * found for weight, found in parts) / total if total else empty
