"""One answer, one kind, one value, or the question back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from akashi.language.expressions.amounts import find_amounts, find_bare_amount
from akashi.language.expressions.choosing import choose, mask, resolve
from akashi.language.expressions.dates import find_days
from akashi.language.expressions.folding import fold
from akashi.language.expressions.model import AskBack, Mention, Reading, Reason
from akashi.language.expressions.periods import find_periods
from akashi.language.expressions.rates import find_rates
from akashi.language.expressions.relative import find_relative
from akashi.language.quantities import duration_parts

KINDS = ("amount", "date", "period", "rate")
LONGEST = 1000
"""Characters of one answer; longer texts are asked back."""

Towards = Literal["future", "past"]


def read_expression(
    text: str, kind: str, today: date | None = None, *, towards: Towards | None = None
) -> Reading | AskBack:
    """Return the amount, date, period or rate that a customer's ``text`` says, or that it must be asked back.

    ``kind`` is ``amount``, ``date``, ``period`` or ``rate``; expressions of other kinds are passed over.
    ``today`` is the day on which the customer writes; without it nothing that counts from a day is read.
    ``towards`` says whether the date asked for lies ahead or behind, so that 3月 has a year. Never a
    guess: two values, a bound, a missing unit or year, an impossible day are asked back with what may
    have been meant.

    Raises: ValueError: no such kind.

    >>> read_expression("三百万くらい", "amount", None)
    Reading(value=3000000, unit='JPY', approximate=True)
    >>> read_expression("来月末までに", "date", date(2026, 11, 21)).value
    '2026-12-31'
    >>> read_expression("3年半", "period", None).value, read_expression("3分5厘", "rate", None).value
    ('P3Y6M', '0.035')
    >>> read_expression("500くらい", "amount", None)
    AskBack(reason=<Reason.NO_UNIT: 'no unit'>, candidates=(5000000,))
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}")
    if len(text) > LONGEST:
        return AskBack(Reason.TOO_LONG)
    folded = fold(text)
    found = {
        "amount": list(find_amounts(folded)),
        "date": [*find_days(folded), *find_relative(folded, today, towards)],
        "period": list(find_periods(folded)),
        "rate": list(find_rates(folded)),
    }
    others = [one for name in KINDS if name != kind for one in found[name]]
    if kind == "amount":
        others = [one for one in others if not folded[one.start : one.end].isdecimal()]
    own, rest = resolve(found[kind], others)
    masked = mask(folded, rest)
    if kind == "amount" and not own:
        own = list(find_bare_amount(masked))
    if kind == "date" and not own:
        own = list(_bare_year(masked))
    if kind == "period":
        own = _same_length(own)
    return choose(masked, own, rate=kind == "rate", date=kind == "date")


def _bare_year(masked: str) -> Iterable[Mention]:
    """Yield four digits alone as a year: 1985."""
    if len(masked) == 4 and masked.isdecimal() and 1868 <= int(masked) <= 2199:
        yield Mention(0, 4, masked, "year")


def _same_length(mentions: list[Mention]) -> list[Mention]:
    """Return the mentions with one way of writing for equal durations, so that 5年(60か月) is one value."""
    first: dict[object, Mention] = {}
    same = []
    for one in mentions:
        key = duration_parts(str(one.value)) if one.value is not None else None
        known = first.setdefault(key, one) if key is not None else one
        same.append(Mention(one.start, one.end, known.value, one.unit, one.reason, one.candidates))
    return same
