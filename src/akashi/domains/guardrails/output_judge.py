"""One sentence against its sources: supported, contradicted or unverified, and why."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from akashi.core.ports import CheckedSentence, Verdict
from akashi.core.spans import Interval
from akashi.domains.guardrails.output_align import align_units
from akashi.domains.guardrails.output_clauses import read_crossing
from akashi.domains.guardrails.output_comparisons import has_wrong_comparison
from akashi.domains.guardrails.output_exchanges import has_exchanged_agents, has_exchanged_pairs
from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_missing import read_missing
from akashi.domains.guardrails.output_polarity import read_turns
from akashi.domains.guardrails.output_quantities import judge_quantities
from akashi.domains.guardrails.output_readings import read_otherwise
from akashi.domains.guardrails.output_roles import read_roles
from akashi.domains.guardrails.output_signs import Sign, add_up, shipped_weights, tell_reasons, weigh
from akashi.domains.guardrails.output_stances import is_contrary
from akashi.domains.guardrails.output_swaps import read_limits, read_replaced, read_swaps
from akashi.domains.guardrails.output_tiers import has_wrong_tier
from akashi.domains.guardrails.output_words import CEASING, DONE, Unit, is_harmless
from akashi.language.normalise import normalise
from akashi.language.quantities import Kind

_MOST_UNITS = 160
_QUANTITY_COUNTS = 2


def judge_sentence(claim: Sentence, sources: Sequence[Sentence]) -> CheckedSentence:
    """Return the verdict on one sentence of an answer against the sentences it may cite.

    A sentence that claims nothing, or stands word for word in a source, is supported. Else its signs
    are weighed: a number that the source does not give or a name that it does not have is enough;
    a word that it does not use is not, where the rest agrees.
    """
    if is_plainly_supported(claim, sources):
        return CheckedSentence(claim.span, Verdict.SUPPORTED)
    weights = shipped_weights()
    signs = read_signs(claim, sources)
    if weigh(signs, weights) <= weights.limit:
        return CheckedSentence(claim.span, Verdict.SUPPORTED)
    return CheckedSentence(claim.span, *tell_reasons(signs, weights))


def is_plainly_supported(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether a sentence claims nothing or stands in a source as it is."""
    return all(map(is_harmless, claim.units)) or _stands_in(claim, sources)


def read_signs(claim: Sentence, sources: Sequence[Sentence]) -> Mapping[Sign, float]:
    """Return everything in which ``claim`` differs from ``sources``, and how much of it."""
    units = tuple(unit for unit in claim.units[:_MOST_UNITS] if not unit.is_implied)
    signs = _signs_of(replace(claim, units=units), sources)
    if _NEEDS_READING.isdisjoint(signs):
        return signs
    weights = shipped_weights()
    others = (
        _signs_of(replace(claim, units=put), sources)
        for put in read_otherwise(units, [one.units[:_MOST_UNITS] for one in sources])
    )
    even = (other for other in others if _TURNS.isdisjoint(other))
    return min([signs, *even], key=lambda signs: weigh(signs, weights))


# A number that would follow if yes were no does not follow.
_TURNS = frozenset([Sign.TURNED, Sign.TURNED_END])
_NEEDS_READING = frozenset(
    [Sign.OTHER_QUANTITY, Sign.NO_QUANTITY, Sign.SMALL_QUANTITY, Sign.SIDE, Sign.LOST_RIVAL]
)


def _signs_of(claim: Sentence, sources: Sequence[Sentence]) -> dict[Sign, float]:
    units = claim.units
    found = [*judge_quantities(units, sources), *read_missing(units, sources)]
    found += read_crossing(claim, sources)
    weights = shipped_weights()
    told = []
    windows = _best_windows(units, claim.subject, sources)
    for window in windows:
        compared = _compare(units, window, sources)
        away = sum(_is_away(unit, window, sources) for unit in units)
        told.append((min(weigh(compared, weights), _AT_MOST) + _AWAY * away, compared))
    best = min(told, key=lambda one: one[0])[1]
    signs = add_up(found) | best
    is_exchanged = has_exchanged_pairs(claim, units, windows) or has_exchanged_agents(claim, windows)
    if is_exchanged or has_wrong_comparison(claim, sources) or has_wrong_tier(units, sources):
        signs[Sign.EXCHANGED] = 1.0
    if is_contrary(claim, sources):
        signs[Sign.CONTRARY] = 1.0
    return signs | add_up(_read_closeness(signs))


def _is_away(unit: Unit, window: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether another sentence says something of the claim, and this one does not."""
    if is_harmless(unit) or window.told.has(unit):
        return False
    return any(one.own.has(unit) for one in sources)


def _read_closeness(signs: Mapping[Sign, float]) -> Iterator[Sign]:
    """Yield that one thing differs and all else stands as in the source: rather a swap than other words."""
    if not _OTHER_THING.isdisjoint(signs) and _RETOLD.isdisjoint(signs):
        yield Sign.CLOSE
    if Sign.SWAPPED_LOOSELY in signs and Sign.LOST_DEED not in signs:
        yield Sign.CLOSE_LOOSELY
    if Sign.TURNED_EVENLY in signs and Sign.LOST_SHARE not in signs:
        yield Sign.CLOSE_TURNED
    if Sign.TURNED_END in signs and (Sign.TURNED in signs or _REWORDED.isdisjoint(signs)):
        yield Sign.CLOSE_END


_OTHER_THING = frozenset([Sign.SWAPPED, Sign.REPLACED, Sign.LOST_RIVAL, Sign.LOST_CLASSED])
_REWORDED = frozenset([Sign.LOST_SHARE, Sign.SCATTERED])
_RETOLD = frozenset([Sign.LOST_DEED, Sign.SCATTERED])


_BLANK = re.compile(r"\s+")
_TAIL = re.compile(r"[。．.！!？?\s]+\Z")
# An item of a list made a sentence of its own; what it ends with has no polarity to lose.
_COPULA = re.compile(r"(?:です|となります|とします|になります)\Z")
_ITEM_ENDS = ("円", "%", "分", "日", "時", "年", "月", "か月", "名", "人", "回", "件", "料")
_BOUNDARY = "。．！!？?「」『』（）()【】"


def _stands_in(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether the sentence stands word for word, as a whole, in a source."""
    wanted = _plain(claim.text)
    for source in sources:
        text = _plain(source.text)
        at = text.find(wanted)
        if at >= 0 and _is_edge(text, at - 1) and _is_edge(text, at + len(wanted)):
            return True
        item = _COPULA.sub("", wanted)
        if item != wanted and item.endswith(_ITEM_ENDS) and f"、{item}、" in f"、{text}、":
            return True
    return False


def _plain(text: str) -> str:
    return _TAIL.sub("", _BLANK.sub("", normalise(text).text))


def _is_edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at] in _BOUNDARY


def _compare(claim: Sequence[Unit], sentence: Sentence, sources: Sequence[Sentence]) -> dict[Sign, float]:
    """Return the signs of ``claim`` laid over one sentence of the sources."""
    units = sentence.units[:_MOST_UNITS]
    claim, window = _settle_ends(claim, units), _settle_ends(units, claim)
    pairs = align_units(claim, window)
    replaced = read_replaced(claim, window, sentence.context)
    turns = read_turns(claim, window, pairs, sources)
    swaps = [*read_swaps(claim, window, pairs, sentence.context), *read_limits(claim, window, pairs)]
    return add_up([*turns, *replaced, *swaps, *read_roles(claim, window, sentence, sources)])


_NEARLY = 1.5
_AWAY = 3.0
_AT_MOST = 2.9
_LEAST_SHARED = 1.5
_SUBJECT = 1.5
_SPOKEN_OF = 0.5


def _best_windows(
    claim: Sequence[Unit], subject: Sequence[Unit], sources: Sequence[Sentence]
) -> list[Sentence]:
    """Return the sentences that share most with the claim, its quantities first.

    One or two: another sentence that shares nearly as much may be the one that says it.
    """
    rare = [_rareness(unit, sources) * (_SUBJECT if unit in subject else 1) for unit in claim]
    ranked = sorted(((_shared(claim, one, rare), -at) for at, one in enumerate(sources)), reverse=True)
    best = [pair for pair in ranked[:2] if pair[0] > 0]
    if len(best) > 1 and best[1][0] < max(_LEAST_SHARED, best[0][0] - _NEARLY):
        best.pop()
    return [sources[-at] for _, at in best] or [_NOWHERE]


_NOWHERE = Sentence(Interval(0, 0), "", ())


def _settle_ends(units: Sequence[Unit], other: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units with an end that is a completion: said of how long it takes, or of what is done."""
    keys = {unit.key for unit in other}
    if CEASING not in keys and _ends_when(units, other):
        return [replace(unit, key="完了") if unit.key == CEASING else unit for unit in units]
    is_done = CEASING not in keys and not DONE.isdisjoint(keys)
    if not (is_done or (CEASING not in keys and _takes_time(units))):
        return units
    return [replace(unit, key="完了") if unit.key == CEASING else unit for unit in units]


def _ends_when(units: Sequence[Unit], other: Sequence[Unit]) -> bool:
    """Return whether something ends at a time until which it lasts: 17時で止まる, 17時まで稼働する."""
    return any(
        unit.key == CEASING
        and at
        and units[at - 1].quantity is not None
        and any(one.side == "to" and one.matches(units[at - 1]) for one in other)
        for at, unit in enumerate(units)
    )


def _takes_time(claim: Sequence[Unit]) -> bool:
    """Return whether a sentence says how long something takes, and so that it is over then."""
    periods = (unit.quantity for unit in claim[:-1] if unit.quantity is not None)
    return bool(claim) and claim[-1].key == CEASING and any(one.kind is Kind.PERIOD for one in periods)


def _rareness(unit: Unit, sources: Sequence[Sentence]) -> float:
    """Return what it says that a sentence has a unit: less where many have it."""
    number = sum(sentence.own.says(unit) for sentence in sources)
    return 1.0 / math.sqrt(max(1, number))


def _held(unit: Unit, source: Sentence) -> float:
    """Return how much a sentence says of a unit: less where only the text before it speaks of that."""
    if source.own.says(unit):
        return 1.0
    return _SPOKEN_OF if unit.quantity is None and source.told.says(unit) else 0.0


def _shared(claim: Sequence[Unit], source: Sentence, rare: Sequence[float]) -> float:
    """Return how many units of the claim the source holds, rare ones first, less some for its length."""
    found = sum(
        (1 if unit.quantity is None else _QUANTITY_COUNTS) * weight * _held(unit, source)
        for unit, weight in zip(claim, rare, strict=True)
    )
    return found - 0.08 * len(source.units)
