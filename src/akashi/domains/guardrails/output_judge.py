"""One sentence against its sources: supported, contradicted or unverified, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from akashi.core.ports import CheckedSentence, Verdict
from akashi.domains.guardrails.output_align import Pair, align_units
from akashi.domains.guardrails.output_clauses import is_said_of_another
from akashi.domains.guardrails.output_quantities import CROSSED, Problem, judge_quantities
from akashi.domains.guardrails.output_words import (
    CEASING,
    CHARGED,
    DONE,
    FREE,
    Sentence,
    Sort,
    Unit,
    is_kin,
    shipped_words,
)
from akashi.language.normalise import normalise
from akashi.language.quantities import Kind

_MOST_UNITS = 160
_LEAST_COVERED = 0.5
_QUANTITY_COUNTS = 2
OTHER_WORD = "The source names something else here."
TURNED = "The source says the opposite."
LIMIT_CHANGED = "A restriction of the source was added or dropped."
NOT_FOUND = "The source does not say this."
NOT_NAMED = "The source does not name this."


def judge_sentence(claim: Sentence, sources: Sequence[Sentence]) -> CheckedSentence:
    """Return the verdict on one sentence of an answer against the sentences it may cite.

    A sentence that claims nothing is supported. Numbers, dates and rates are compared by value and
    place; what is named must be named in the source, and not in the place of something else; the
    polarity of shared words must agree; half of the words must be found.
    """
    if all(_is_harmless(unit) for unit in claim.units) or _stands_in(claim, sources):
        return CheckedSentence(claim.span, Verdict.SUPPORTED)
    units = claim.units[:_MOST_UNITS]
    problems = [*judge_quantities(units, [one.units for one in sources]), *_judge_words(units, sources)]
    if not problems and is_said_of_another(claim, sources):
        problems = [Problem(CROSSED, Verdict.CONTRADICTED)]
    if not problems:
        return CheckedSentence(claim.span, Verdict.SUPPORTED)
    contradicted = any(one.verdict is Verdict.CONTRADICTED for one in problems)
    verdict = Verdict.CONTRADICTED if contradicted else Verdict.UNVERIFIED
    return CheckedSentence(claim.span, verdict, tuple(dict.fromkeys(one.reason for one in problems)))


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


def _is_harmless(unit: Unit) -> bool:
    words = shipped_words()
    is_empty = unit.key in words.harmless or unit.key in words.general
    return unit.quantity is None and not unit.negated and is_empty


def _judge_words(claim: Sequence[Unit], sources: Sequence[Sentence]) -> Iterator[Problem]:
    """Yield what is wrong with the words of ``claim``, against the part of the sources most like it."""
    everything = [unit for one in sources for unit in one.units]
    yield from _missing(claim, everything, sources)
    told = [_compare(claim, window, sources) for window in _best_windows(claim, sources)]
    is_turned = any(one.reason == TURNED for one in told[0])
    yield from told[0] if is_turned or all(told) else ()


def _compare(claim: Sequence[Unit], window: Sequence[Unit], sources: Sequence[Sentence]) -> list[Problem]:
    """Return what is wrong with ``claim`` laid over one sentence of the sources."""
    claim, window = _settle_ends(claim, window), _settle_ends(window, claim)
    pairs = align_units(claim, window)
    problems = [*_turned(claim, window, pairs, sources), *_swapped(claim, window, pairs)]
    return [*problems, *_limited(claim, window, pairs)]


_NEARLY = 1.5
_LEAST_SHARED = 1.5


def _best_windows(claim: Sequence[Unit], sources: Sequence[Sentence]) -> list[tuple[Unit, ...]]:
    """Return the units of the sentences that share most with the claim, its quantities first.

    One or two: another sentence that shares nearly as much may be the one that says it.
    """
    ranked = sorted(((_shared(claim, one.units), -at) for at, one in enumerate(sources)), reverse=True)
    best = [pair for pair in ranked[:2] if pair[0] > 0]
    if len(best) > 1 and best[1][0] < max(_LEAST_SHARED, best[0][0] - _NEARLY):
        best.pop()
    return [sources[-at].units[:_MOST_UNITS] for _, at in best] or [()]


def _settle_ends(units: Sequence[Unit], other: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units with an end that is a completion: said of how long it takes, or of what is done."""
    keys = {unit.key for unit in other}
    is_done = CEASING not in keys and not DONE.isdisjoint(keys)
    if not (is_done or (CEASING not in keys and _takes_time(units))):
        return units
    return [replace(unit, key="完了") if unit.key == CEASING else unit for unit in units]


def _shared(claim: Sequence[Unit], source: Sequence[Unit]) -> float:
    """Return how many units of the claim the source holds, less a little for its length."""
    found = sum(
        (1 if unit.quantity is None else _QUANTITY_COUNTS)
        for unit in claim
        if any(one.matches(unit) for one in source)
    )
    return found - 0.08 * len(source)


def _missing(
    claim: Sequence[Unit], everything: Sequence[Unit], sources: Sequence[Sentence]
) -> Iterator[Problem]:
    """Yield what the sources do not hold: names, or too much of the rest."""
    text = "".join(normalise(one.text).text for one in sources)
    words = [unit for unit in claim if unit.quantity is None and not _is_harmless(unit)]
    lost = [unit for unit in words if not any(one.matches(unit) or is_kin(one, unit) for one in everything)]
    lost = [unit for unit in lost if unit.key not in text]
    known = _BESIDE | shipped_words().measures
    if any(unit.sort is Sort.NAMED and unit.key not in known for unit in lost):
        yield Problem(NOT_NAMED, Verdict.UNVERIFIED)
    if len(lost) > _LEAST_COVERED * len(words):
        yield Problem(NOT_FOUND, Verdict.UNVERIFIED)


# Where something stands in time; another one in its place is an antonym.
_BESIDE = frozenset(["前", "後", "先", "翌"])


def _turned(
    claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair], sources: Sequence[Sentence]
) -> Iterator[Problem]:
    """Yield where a shared word has another polarity, or an opposite stands in its place."""
    known = {unit.key for one in sources for unit in one.units}
    said = {unit.key for unit in claim}
    meant = {unit.key for unit in window}
    same = [pair for pair in pairs if pair.same]
    beside = [*same, *_elsewhere(claim, window, same)]
    turned = any(_is_turned(claim, pair.claim or 0, window, pair.source or 0) for pair in beside)
    if turned or _is_denied_beside(claim, window, sources):
        yield Problem(TURNED, Verdict.CONTRADICTED)
    for one, other in shipped_words().antonyms:
        is_there = other in meant and one not in meant
        if one in said and other not in said and (is_there or (other in known and one not in known)):
            yield Problem(TURNED, Verdict.CONTRADICTED)
    if CHARGED in said and FREE in meant and CHARGED not in meant:
        yield Problem(TURNED, Verdict.CONTRADICTED)
    held = {pair.source for pair in same}
    ceased = [at for at, unit in enumerate(window) if unit.key == CEASING]
    ends = [at for at, unit in enumerate(claim) if unit.key == CEASING]
    begun = any(at and claim[at - 1].quantity is None for at in ends)
    is_denied = any(unit.negated for unit in claim)
    dropped = CEASING not in said and not is_denied and any(at - 1 in held for at in ceased)
    if dropped or (begun and not ceased and not any(unit.negated for unit in window)):
        yield Problem(TURNED, Verdict.CONTRADICTED)


def _takes_time(claim: Sequence[Unit]) -> bool:
    """Return whether a sentence says how long something takes, and so that it is over then."""
    periods = (unit.quantity for unit in claim[:-1] if unit.quantity is not None)
    return bool(claim) and claim[-1].key == CEASING and any(one.kind is Kind.PERIOD for one in periods)


def _is_denied_beside(claim: Sequence[Unit], window: Sequence[Unit], sources: Sequence[Sentence]) -> bool:
    """Return whether what the claim does with a thing is denied in the sentences that name that thing."""
    things = [unit for unit in claim if unit.sort is Sort.NAMED and not _is_plain(unit)]
    for thing in things:
        naming = [one.units[:_MOST_UNITS] for one in sources if _has(one.units, thing)]
        if not naming or _has(window, thing):
            continue
        ends = [at for at, unit in enumerate(claim) if unit.sort is Sort.SAID and not _is_plain(unit)]
        if ends and all(_is_denied_in(claim, ends[-1], units) for units in naming):
            return True
    return False


def _is_denied_in(claim: Sequence[Unit], at: int, units: Sequence[Unit]) -> bool:
    places = [place for place, unit in enumerate(units) if unit.key == claim[at].key]
    return bool(places) and all(_is_denied(units, place) is not _is_denied(claim, at) for place in places)


def _elsewhere(claim: Sequence[Unit], window: Sequence[Unit], same: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the things of the claim that the source names once, in another order than the claim."""
    claimed, held = {pair.claim for pair in same}, {pair.source for pair in same}
    for at, unit in enumerate(claim):
        places = [place for place, one in enumerate(window) if one.key == unit.key]
        if unit.sort is Sort.NAMED and at not in claimed and len(places) == 1 and places[0] not in held:
            yield Pair(at, places[0], True)


def _is_turned(claim: Sequence[Unit], at: int, window: Sequence[Unit], place: int) -> bool:
    """Return whether a word and its counterpart differ in polarity; what ends is no more."""
    said, meant = claim[at], window[place]
    if said.key in shipped_words().harmless and not (said.negated or meant.negated):
        return False  # What turns it was laid to the word before it.
    if len(said.key) == 1 and _is_other_compound(claim, at, window, place):
        return False
    is_own = said.key == meant.key or all(unit.key != said.key for unit in window)
    denied, meant_denied = _is_denied(claim, at), _is_denied(window, place)
    if denied is not meant_denied and (_is_out(claim, at) or _is_out(window, place)):
        return False
    return is_own and denied is not meant_denied


def _is_out(units: Sequence[Unit], at: int) -> bool:
    """Return whether a word is followed by what it does not apply to: 補償の対象外, which is 補償されない."""
    following = units[at + 1] if at + 1 < len(units) else None
    return following is not None and following.key == "対象" and following.negated


def _is_other_compound(claim: Sequence[Unit], at: int, window: Sequence[Unit], place: int) -> bool:
    """Return whether one character ends two different words: 保険証 and 免許証."""
    if not at or not place:
        return False
    pairs = ((claim[at - 1], claim[at]), (window[place - 1], window[place]))
    is_joined = all(one.span.end == other.span.start for one, other in pairs)
    return is_joined and not pairs[1][0].matches(pairs[0][0])


def _is_denied(units: Sequence[Unit], at: int) -> bool:
    empty = shipped_words().harmless
    said = (unit for unit in units[at + 1 :] if unit.quantity is None and unit.key not in empty)
    following = next(said, None)
    ends = following is not None and following.key == CEASING and not following.negated
    return units[at].negated is not (ends and units[at].quantity is None)


_LONGEST_SWAP = 3


def _swapped(claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Yield where a name of the claim stands in the place of another name of the source."""
    replaced = [
        (claim[pair.claim], window[pair.source])
        for pair in pairs
        if pair.claim is not None and pair.source is not None and not pair.same
    ]
    keys = {(said.key, meant.key) for said, meant in replaced if said.quantity is None}
    if any((meant, said) in keys or (said, meant) in shipped_words().antonyms for said, meant in keys):
        yield Problem(OTHER_WORD, Verdict.CONTRADICTED)
    run: list[Pair] = []
    for pair in pairs:
        if not pair.same:
            run.append(pair)
            continue
        if _is_swap(claim, window, run):
            yield Problem(OTHER_WORD, Verdict.CONTRADICTED)
        run = []


def _is_swap(claim: Sequence[Unit], window: Sequence[Unit], run: Sequence[Pair]) -> bool:
    """Return whether a short run between shared words names one thing here and another there."""
    at = next((place for place, pair in enumerate(run) if pair.claim is not None), 0)
    run = run[at:]
    said = [claim[pair.claim] for pair in run if pair.claim is not None]
    meant = [window[pair.source] for pair in run if pair.source is not None]
    if not (0 < len(said) <= _LONGEST_SWAP and 0 < len(meant) <= _LONGEST_SWAP):
        return False
    if any(unit.quantity is not None and not _has(window, unit) for unit in said):
        return False
    if any(unit.quantity is not None and not _has(claim, unit) for unit in meant):
        return False
    new = [unit for unit in said if not _is_plain(unit) and not _has(window, unit)]
    old = [unit for unit in meant if not _is_plain(unit) and not _has(claim, unit)]
    old = [unit for unit in old if not unit.is_listed]
    whole, other = ("".join(unit.key for unit in units) for units in (said, meant))
    if whole in other or other in whole:
        return False  # One word, cut in two ways.
    nouns = any(unit.is_noun for unit in new) and any(unit.is_noun for unit in old)
    return nouns and any(unit.sort is Sort.NAMED for unit in (*new, *old))


def _is_plain(unit: Unit) -> bool:
    return _is_harmless(unit) or unit.key in _BESIDE


def _has(units: Sequence[Unit], unit: Unit) -> bool:
    return any(one.matches(unit) or is_kin(one, unit) for one in units)


def _limited(claim: Sequence[Unit], window: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Yield where のみ, 以外 and their like were added to or dropped beside shared words."""
    same = [pair for pair in pairs if pair.same]
    claimed, held = {pair.claim for pair in same}, {pair.source for pair in same}
    for units, matched in ((claim, claimed), (window, held)):
        for at, unit in enumerate(units):
            if unit.sort is Sort.LIMIT and at not in matched and at - 1 in matched and at + 1 in matched:
                yield Problem(LIMIT_CHANGED, Verdict.CONTRADICTED)
