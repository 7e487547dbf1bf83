"""Amounts, rates, dates, periods, times and counts of a text, read once for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from akashi.core.spans import Interval
from akashi.language.normalise import Normalised, normalise
from akashi.language.quantity_forms import NUMBER, READERS, SCALES, Kind, Reading

__all__ = ["Kind", "Quantity", "is_same", "measure_of", "read_quantities", "supports"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at ``span`` of the original text.

    ``value`` and ``unit`` are in one form, so that equal quantities are equal however written:

    - amount: Decimal in a currency such as ``JPY``
    - rate: Decimal fraction, ``fraction`` (2 % is 0.02)
    - date: ISO text as exact as written, ``day``, ``month``, ``year`` or ``fiscal_year``;
      ``--04-01`` where no year is said
    - period: ISO 8601 duration, ``duration``, or ``business_days``
    - time: ``HH:MM``, ``clock``
    - count: Decimal, the counter in its usual form (回, 名, 枚 …)
    - number: Decimal without a unit, only where bare numbers were asked for

    ``certain`` is false where a reader could understand it otherwise too (3時, 24/4/1, 500万);
    whoever decides something on it asks back.
    """

    kind: Kind
    value: Decimal | str
    unit: str
    span: Interval
    certain: bool = True


def read_quantities(text: str, *, bare: bool = False) -> list[Quantity]:
    """Return the amounts, rates, dates, periods, times and counts of ``text``, in order.

    Where two readings overlap the one that begins first wins, then the longer. What only looks like
    a quantity is left out: numbers without a unit (unless ``bare``), impossible dates, 一部, 一般.
    The first number of a range takes the unit of the second: 3～5年, 1,000から3,000円.

    >>> [(one.kind.value, str(one.value)) for one in read_quantities("令和6年に3,500万円を年２％で")]
    [('date', '2024'), ('amount', '35000000'), ('rate', '0.02')]
    """
    normal = normalise(text)
    return list(read_normalised(normal, bare=bare))


def read_normalised(normal: Normalised, *, bare: bool = False) -> Iterator[Quantity]:
    """Yield the quantities of an already normalised text; spans are those of its original."""
    found = sorted(_matches(normal.text), key=lambda one: one[:3])
    end = 0
    for start, stop, _, reading in found:
        if start < end:
            continue
        first, opening = _range_start(normal, end, start, -stop) or (start, None)
        if bare:
            yield from _bare_numbers(normal, end, first)
        if opening is not None:
            yield opening
        end = -stop
        yield Quantity(*reading[:3], normal.to_original(Interval(start, end)), reading[3])
    if bare:
        yield from _bare_numbers(normal, end, len(normal.text))


_VAGUE = frozenset("数何幾")


def _matches(text: str) -> Iterator[tuple[int, int, int, Reading]]:
    for order, (pattern, read) in enumerate(READERS):
        for match in pattern.finditer(text):
            reading = read(match)
            if reading is not None and set(match.group()[:-1]) != {"〇"}:
                if text[max(0, match.start() - 1) : match.start()] in _VAGUE:
                    reading = (*reading[:3], False)
                yield match.start(), -match.end(), order, reading


_RANGE = re.compile(rf"(?P<number>{NUMBER})\s?(?:~|-|から|ないし|または|又は|もしくは|、|・|と)\s?\Z")
_LEADING = re.compile(NUMBER)
_LONGEST_RANGE = 24


def _range_start(normal: Normalised, floor: int, start: int, end: int) -> tuple[int, Quantity] | None:
    """Return the number just before ``start`` with the unit of the quantity there, and its place."""
    before = _RANGE.search(normal.text, max(floor, start - _LONGEST_RANGE), start)
    following = _LEADING.match(normal.text, start)
    if before is None or following is None:
        return None
    copied = before["number"] + normal.text[following.end() : end]
    for at, stop, _, reading in _matches(copied):
        if at == 0 and -stop == len(copied):
            span = normal.to_original(Interval(before.start(), before.end("number")))
            certain = reading[3] and "、" not in before.group() and "・" not in before.group()
            return before.start(), Quantity(*reading[:3], span, certain)
    return None


_BARE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def _bare_numbers(normal: Normalised, start: int, end: int) -> Iterator[Quantity]:
    for match in _BARE.finditer(normal.text, start, end):
        span = normal.to_original(Interval(match.start(), match.end()))
        digits = match.group().replace(",", "")
        if digits.count(".") > 1 or (len(digits) > 1 and digits[0] == "0" and digits[1] != "."):
            yield Quantity(Kind.NUMBER, digits, "", span, certain=False)
        else:
            yield Quantity(Kind.NUMBER, Decimal(digits), "", span, certain=False)


_DURATION = re.compile(
    r"P(?:([0-9.]+)Y)?(?:([0-9.]+)M)?(?:6M)?(?:([0-9.]+)W)?(?:([0-9.]+)D)?(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?"
)


def duration_parts(value: str) -> tuple[Decimal, Decimal] | None:
    """Return months and minutes of an ISO 8601 duration; a day has 24 hours, a year 12 months.

    >>> duration_parts("P1Y6M") == duration_parts("P18M"), duration_parts("P3W") == duration_parts("P21D")
    (True, True)
    >>> duration_parts("PT90S") == duration_parts("PT1M30S")
    True
    """
    match = _DURATION.fullmatch(value)
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    return years * 12 + months, ((weeks * 7 + days) * 24 + hours) * 60 + minutes + seconds / 60


def is_same(one: Quantity, other: Quantity) -> bool:
    """Return whether two quantities say the same, however they are written.

    >>> written = "1年6か月、18ヶ月、令和6年4月1日、R6.4.1"
    >>> period, months, day, short = read_quantities(written)
    >>> is_same(period, months), is_same(day, short), is_same(period, day)
    (True, True, False)
    """
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.PERIOD and one.unit == other.unit == "duration":
        first, second = duration_parts(str(one.value)), duration_parts(str(other.value))
        return first is not None and first == second
    if one.kind is Kind.TIME and one.value != other.value:
        return _of_clock(one, other) == _of_clock(other, one)
    if one.kind is Kind.COUNT and one.unit != other.unit:
        return not _in_other_units(one).isdisjoint(_in_other_units(other))
    return one.value == other.value and one.unit == other.unit


def measure_of(unit: str) -> str:
    """Return the unit that a counter is measured by: m for km, 個 for ダース, else itself.

    >>> measure_of("km"), measure_of("枚")
    ('m', '枚')
    """
    return SCALES[unit][0][0] if unit in SCALES else unit


def _in_other_units(one: Quantity) -> set[tuple[str, Decimal]]:
    """Return what a count may be in the unit it is measured by."""
    value = one.value if isinstance(one.value, Decimal) else Decimal(one.value)
    return {(unit, value * factor) for unit, factor in SCALES.get(one.unit, ((one.unit, Decimal(1)),))}


def _of_clock(time: Quantity, other: Quantity) -> str:
    """Return a time of a day that ends at 0時; of half a day where the time may be of either half."""
    hour, minute = str(time.value).split(":")
    is_either = not (time.certain and other.certain)
    return f"{int(hour) % (12 if is_either else 24):02}:{minute}"


def supports(source: Quantity, claim: Quantity) -> bool:
    """Return whether ``source`` is enough to say ``claim``: the same, or the same less exactly.

    >>> exact, vague = read_quantities("2024年4月1日、4月1日")
    >>> supports(exact, vague), supports(vague, exact)
    (True, False)
    """
    if is_same(source, claim):
        return True
    if source.kind is claim.kind is Kind.DATE and "fiscal_year" not in (source.unit, claim.unit):
        said, claimed = str(source.value), str(claim.value)
        if claimed.startswith("--"):
            return source.unit == claim.unit == "day" and said.endswith(claimed[1:])
        return said.startswith(f"{claimed}-")
    if claim.kind is Kind.NUMBER and isinstance(source.value, Decimal):
        return source.kind in (Kind.NUMBER, Kind.COUNT) and source.value == claim.value
    return False
