"""What speaks against showing a sentence, how much each of it weighs, and when it is too much."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from akashi.core.ports import Verdict

OTHER_QUANTITY = "The source gives another number, date or rate here."
CROSSED = "The source says this of something else."
NO_QUANTITY = "The source gives no such number, date or rate."
OTHER_WORD = "The source names something else here."
TURNED = "The source says the opposite."
LIMIT_CHANGED = "A restriction of the source was added or dropped."
NOT_FOUND = "The source does not say this."
NOT_NAMED = "The source does not name this."


class Sign(StrEnum):
    """A thing that differs between a sentence and its source. Those of ``CERTAIN`` need no weighing."""

    OTHER_QUANTITY = "other_quantity"
    NO_QUANTITY = "no_quantity"
    SMALL_QUANTITY = "small_quantity"
    LISTED_QUANTITY = "listed_quantity"
    CROSSED = "crossed"
    SIDE = "side"
    ANOTHER = "another"
    ANOTHER_FAR = "another_far"
    SWAPPED = "swapped"
    SWAPPED_LOOSELY = "swapped_loosely"
    EXCHANGED = "exchanged"
    CONTRARY = "contrary"
    TURNED = "turned"
    TURNED_EVENLY = "turned_evenly"
    UNEVEN = "uneven"
    TURNED_END = "turned_end"
    ANTONYM = "antonym"
    CEASED = "ceased"
    DENIED_BESIDE = "denied_beside"
    CHARGED = "charged"
    LIMITED = "limited"
    LIMIT_ADDED = "limit_added"
    LOST_NAME = "lost_name"
    LOST_RIVAL = "lost_rival"
    LOST_CLASSED = "lost_classed"
    LOST_NOUN = "lost_noun"
    LOST_NEAR = "lost_near"
    LOST_DEED = "lost_deed"
    LOST_SHARE = "lost_share"
    LOST_MUCH = "lost_much"
    LOST_CLAUSE = "lost_clause"
    LOST_END = "lost_end"
    LOST_ALONE = "lost_alone"
    SCATTERED = "scattered"
    REPLACED = "replaced"
    CLOSE = "close"
    STRAY = "stray"
    CLOSE_LOOSELY = "close_loosely"
    CLOSE_TURNED = "close_turned"
    CLOSE_END = "close_end"
    OTHER_AGENT = "other_agent"
    OTHER_HEAD = "other_head"


CERTAIN = frozenset(
    [
        Sign.OTHER_QUANTITY,
        Sign.NO_QUANTITY,
        Sign.SIDE,
        Sign.EXCHANGED,
        Sign.LOST_NAME,
        Sign.CONTRARY,
    ]
)
_REASONS = {
    OTHER_QUANTITY: (Sign.OTHER_QUANTITY,),
    NO_QUANTITY: (Sign.NO_QUANTITY, Sign.SMALL_QUANTITY, Sign.LISTED_QUANTITY),
    CROSSED: (
        Sign.CROSSED,
        Sign.SIDE,
        Sign.ANOTHER,
        Sign.ANOTHER_FAR,
        Sign.SCATTERED,
        Sign.STRAY,
        Sign.REPLACED,
        Sign.OTHER_HEAD,
    ),
    OTHER_WORD: (
        Sign.SWAPPED,
        Sign.SWAPPED_LOOSELY,
        Sign.EXCHANGED,
        Sign.CLOSE,
        Sign.CLOSE_LOOSELY,
        Sign.OTHER_AGENT,
    ),
    TURNED: (
        Sign.CONTRARY,
        Sign.TURNED,
        Sign.TURNED_EVENLY,
        Sign.CLOSE_TURNED,
        Sign.CLOSE_END,
        Sign.UNEVEN,
        Sign.TURNED_END,
        Sign.ANTONYM,
        Sign.CEASED,
        Sign.DENIED_BESIDE,
        Sign.CHARGED,
    ),
    LIMIT_CHANGED: (Sign.LIMITED, Sign.LIMIT_ADDED),
    NOT_NAMED: (
        Sign.LOST_NAME,
        Sign.LOST_RIVAL,
        Sign.LOST_CLASSED,
        Sign.LOST_NOUN,
        Sign.LOST_NEAR,
        Sign.LOST_ALONE,
    ),
    NOT_FOUND: (Sign.LOST_DEED, Sign.LOST_SHARE, Sign.LOST_MUCH, Sign.LOST_CLAUSE, Sign.LOST_END),
}
_UNVERIFIED = frozenset([NO_QUANTITY, NOT_NAMED, NOT_FOUND])


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign weighs, and what a sentence may weigh and still be shown."""

    signs: Mapping[Sign, float]
    limit: float


@functools.cache
def shipped_weights() -> Weights:
    """Return the weights that `benchmarks/fit_output.py` fitted on development cases."""
    raw = files("akashi.domains.guardrails").joinpath("data/output_weights.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    return Weights(
        {Sign(name): float(value) for name, value in table["signs"].items()}, float(table["limit"])
    )


def weigh(signs: Mapping[Sign, float], weights: Weights) -> float:
    """Return what the signs weigh together; infinite where one is certain."""
    if any(signs.get(sign) for sign in CERTAIN):
        return math.inf
    return sum(amount * weights.signs.get(sign, 0.0) for sign, amount in signs.items())


def tell_reasons(signs: Mapping[Sign, float], weights: Weights) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on a sentence that is not shown, and why: what weighs half the limit."""
    heavy = [
        reason
        for reason, group in _REASONS.items()
        if any(_is_heavy(sign, signs.get(sign, 0.0), weights) for sign in group)
    ]
    reasons = heavy or [NOT_FOUND]
    return (Verdict.CONTRADICTED if not _UNVERIFIED.issuperset(reasons) else Verdict.UNVERIFIED), tuple(
        reasons
    )


def _is_heavy(sign: Sign, amount: float, weights: Weights) -> bool:
    if not amount:
        return False
    return sign in CERTAIN or amount * weights.signs.get(sign, 0.0) >= weights.limit / 2


def add_up(signs: Iterable[Sign | tuple[Sign, float]]) -> dict[Sign, float]:
    """Return how much there is of each sign."""
    total: dict[Sign, float] = {}
    for one in signs:
        sign, amount = one if isinstance(one, tuple) else (one, 1.0)
        total[sign] = total.get(sign, 0.0) + amount
    return total
