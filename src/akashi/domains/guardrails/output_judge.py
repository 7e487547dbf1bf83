"""One sentence against its sources: supported, contradicted or unverified, and why."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from akashi.core.ports import CheckedSentence, Verdict
from akashi.domains.guardrails.output_align import Pair, align_units
from akashi.domains.guardrails.output_units import Sentence, Sort, Unit, shipped_words
from akashi.language.normalise import normalise

_CANDIDATES = 4
_MOST_UNITS = 160
OTHER_QUANTITY = "The source gives another number, date or rate here."
OTHER_WORD = "The source names something else here."
TURNED = "The source says the opposite."
LIMIT_CHANGED = "A restriction of the source was added or dropped."
CROSSED = "The source says this of something else."
NOT_FOUND = "The source does not say this."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one unit of the claim; a contradiction or only something not found."""

    reason: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Run:
    units: tuple[Unit, ...]


def judge_sentence(claim: Sentence, sources: Sequence[Sentence]) -> CheckedSentence:
    """Return the verdict on one sentence of an answer against the sentences it may cite.

    A sentence that claims nothing is supported. Numbers, dates and rates are compared by value;
    every other word must stand in the source in the same place, with the same polarity.
    """
    if all(_is_harmless(unit) for unit in claim.units) or _stands_in(claim, sources):
        return CheckedSentence(claim.span, Verdict.SUPPORTED)
    ranked = _ranked(claim, sources)
    if not ranked:
        return _verdict(claim, (Problem(NOT_FOUND, Verdict.UNVERIFIED),))
    first: tuple[Problem, ...] | None = None
    for window in ranked:
        problems = tuple(_problems(claim.units, window, sources))
        if not problems:
            return CheckedSentence(claim.span, Verdict.SUPPORTED)
        first = problems if first is None else first
    return _verdict(claim, first or ())


def _verdict(claim: Sentence, problems: Sequence[Problem]) -> CheckedSentence:
    worst = (
        Verdict.CONTRADICTED
        if any(one.verdict is Verdict.CONTRADICTED for one in problems)
        else Verdict.UNVERIFIED
    )
    return CheckedSentence(claim.span, worst, tuple(dict.fromkeys(one.reason for one in problems)))


_BLANK = re.compile(r"\s+")
_TAIL = re.compile(r"[。．.！!？?\s]+\Z")
_BOUNDARY = "。．！!？?「」『』（）()【】"


def _stands_in(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether the sentence stands word for word, as a whole, in a source."""
    wanted = _plain(claim.text)
    for source in sources:
        text = _plain(source.text)
        at = text.find(wanted)
        if at >= 0 and _is_edge(text, at - 1) and _is_edge(text, at + len(wanted)):
            return True
    return False


def _plain(text: str) -> str:
    return _TAIL.sub("", _BLANK.sub("", normalise(text).text))


def _is_edge(text: str, at: int) -> bool:
    return not 0 <= at < len(text) or text[at] in _BOUNDARY


def _ranked(claim: Sentence, sources: Sequence[Sentence]) -> list[tuple[Unit, ...]]:
    """Return the parts of the sources that share most with the claim, best first, then their neighbours."""
    shared = [(_shared(claim.units, one.units), -at) for at, one in enumerate(sources)]
    best = [-at for count, at in sorted(shared, reverse=True)[:_CANDIDATES] if count]
    windows = [sources[at].units for at in best]
    for at in best[:2]:
        windows += [sources[first].units + sources[first + 1].units for first in _pairs(at, len(sources))]
        if 0 < at < len(sources) - 1:
            windows.append(sources[at - 1].units + sources[at].units + sources[at + 1].units)
    return [window[:_MOST_UNITS] for window in windows]


def _pairs(at: int, count: int) -> Iterator[int]:
    yield from (first for first in (at - 1, at) if 0 <= first < count - 1)


def _shared(claim: Sequence[Unit], source: Sequence[Unit]) -> float:
    keys = {unit.key for unit in source}
    amounts = [unit for unit in source if unit.quantity is not None]
    count = 0.0
    for unit in claim:
        if unit.key in keys:
            count += 1
        elif unit.quantity is not None:
            count += any(one.matches(unit) for one in amounts)
    return count - 0.01 * len(source) if count else 0


def _problems(
    claim: Sequence[Unit], source: Sequence[Unit], sources: Sequence[Sentence]
) -> Iterator[Problem]:
    claim = claim[:_MOST_UNITS]
    pairs = align_units(claim, source)
    yield from _replaced(claim, source, pairs)
    yield from _skipped(claim, source, pairs)
    for run in _missing_runs(claim, pairs):
        if not _stands_apart(run, source) and not any(_holds(run, one.units) for one in sources):
            kind = Verdict.CONTRADICTED if _is_limit(run) else Verdict.UNVERIFIED
            yield Problem(LIMIT_CHANGED if _is_limit(run) else NOT_FOUND, kind)


def _is_limit(run: _Run) -> bool:
    return all(unit.sort is Sort.LIMIT for unit in run.units)


def _replaced(claim: Sequence[Unit], source: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Problem]:
    for pair in pairs:
        if pair.claim is None or pair.source is None:
            continue
        said, meant = claim[pair.claim], source[pair.source]
        if pair.same:
            if said.negated is not meant.negated:
                yield Problem(TURNED, Verdict.CONTRADICTED)
        elif said.quantity is not None:
            yield Problem(OTHER_QUANTITY, Verdict.CONTRADICTED)
        elif not _is_harmless(said):
            yield Problem(OTHER_WORD, Verdict.CONTRADICTED)


def _is_harmless(unit: Unit) -> bool:
    return unit.quantity is None and not unit.negated and unit.key in shipped_words().harmless


def _skipped(claim: Sequence[Unit], source: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Yield what is wrong with the units of the source that the claim left out between its own."""
    matched = {pair.source: pair.claim for pair in pairs if pair.claim is not None and pair.same}
    keys = {claim[at].key for at in matched.values() if at is not None}
    places = sorted(at for at in matched if at is not None)
    if not places:
        return
    for at, unit in enumerate(source):
        if unit.sort is Sort.LIMIT and at not in matched and (at - 1 in matched or at + 1 in matched):
            yield Problem(LIMIT_CHANGED, Verdict.CONTRADICTED)
    for before, after in itertools.pairwise(places):
        gap = source[before + 1 : after]
        if _crosses(source[before], source[after], gap, keys):
            yield Problem(CROSSED, Verdict.CONTRADICTED)


def _crosses(before: Unit, after: Unit, gap: Sequence[Unit], keys: set[str]) -> bool:
    """Return whether the source tells of something else between two units the claim puts together."""
    if after.quantity is not None:
        same = (one.quantity for one in gap if one.quantity is not None)
        if any(one.kind is after.quantity.kind and one.unit == after.quantity.unit for one in same):
            return True
    return any(unit.key in keys and unit.sort is Sort.NOUN for unit in gap) and before.sort is not Sort.LIMIT


def _missing_runs(claim: Sequence[Unit], pairs: Sequence[Pair]) -> Iterator[_Run]:
    """Yield the neighbouring units of the claim that the chosen part of the source does not hold."""
    missing = {pair.claim for pair in pairs if pair.claim is not None and pair.source is None}
    run: list[Unit] = []
    for at, unit in enumerate(claim):
        if at in missing and not _is_harmless(unit):
            run.append(unit)
        elif run and at not in missing:
            yield _Run(tuple(run))
            run = []
    if run:
        yield _Run(tuple(run))


def _stands_apart(run: _Run, source: Sequence[Unit]) -> bool:
    """Return whether one word alone stands elsewhere in the chosen part, with the same polarity."""
    if len(run.units) != 1 or run.units[0].sort is Sort.LIMIT or run.units[0].quantity is not None:
        return False
    only = run.units[0]
    return any(one.matches(only) and one.negated is only.negated for one in source)


def _holds(run: _Run, source: Sequence[Unit]) -> bool:
    """Return whether a sentence of the sources holds all units of ``run``, two or more, in order."""
    units = run.units
    if len(units) < 2:
        return False
    if all(unit.quantity is not None for unit in units):
        return False
    pairs = align_units(units, source)
    found = [pair for pair in pairs if pair.claim is not None]
    if not all(pair.same and pair.source is not None for pair in found):
        return False
    if any(source[pair.source or 0].negated is not units[pair.claim or 0].negated for pair in found):
        return False
    return not any(_skipped(units, source, pairs))
