"""Whether two things of a source have changed places: who tells whom, which of two has what."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_words import Sort, Unit, has_unit, is_harmless, shipped_words
from akashi.language.quantities import Kind

# Parts that two things may exchange: who and whom, from where and to where.
_PARTS = (("topic", "aim"), ("source", "aim"), ("topic", "source"))
# Told of several in one order: AとBはそれぞれ1円と2円.
_IN_ORDER = re.compile("それぞれ|各々|順に|の順")
_LEAST = 2
_MOST_SEGMENTS = 12


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A compound noun as one word, with the particle behind it."""

    key: str
    after: str
    start: int = 0
    end: int = 0


def has_exchanged_parts(claim: Sequence[Unit], window: Sequence[Unit]) -> bool:
    """Return whether two things have each other's part in ``claim``: B reports to A, where A does to B."""
    ours, theirs = _phrases(claim), _phrases(window)
    for one, other in itertools.permutations(ours, 2):
        if (one.after, other.after) not in _PARTS or one.key == other.key:
            continue
        there = [[two.after for two in theirs if two.key == mine.key] for mine in (one, other)]
        if there == [[other.after], [one.after]]:
            return True
    return _has_exchanged_owners(ours, theirs)


def _has_exchanged_owners(ours: Sequence[_Phrase], theirs: Sequence[_Phrase]) -> bool:
    """Return whether two things are each of the other's owner: AのXとBのY, AのYとBのX."""
    mine, told = _owned(ours), _owned(theirs)
    return any(
        one != other and thing != another and {(one, another), (other, thing)} <= mine
        for (one, thing), (other, another) in itertools.combinations(sorted(told), 2)
        if not {(one, thing), (other, another)} & mine
    )


def _owned(phrases: Sequence[_Phrase]) -> set[tuple[str, str]]:
    return {
        (one.key, other.key)
        for one, other in itertools.pairwise(phrases)
        if one.after == "of" and other.after
    }


def _phrases(units: Sequence[Unit]) -> list[_Phrase]:
    phrases: list[_Phrase] = []
    run: list[Unit] = []
    for unit in units:
        if run and (run[-1].after or run[-1].span.end != unit.span.start):
            run = []
        run = [*run, unit] if unit.is_noun and unit.quantity is None else []
        if run and unit.after:
            phrases.append(
                _Phrase("".join(one.key for one in run), unit.after, run[0].span.start, unit.span.end)
            )
    return phrases


def has_exchanged_pairs(claim: Sentence, units: Sequence[Unit], sources: Sequence[Sentence]) -> bool:
    """Return whether the claim gives each of two clauses of the sources what belongs to the other.

    Of A with 1 and B with 2 it makes A with 2 and B with 1: what only the one clause says and what only the
    other one says stand divided crosswise over two clauses of the claim.
    """
    if _IN_ORDER.search(claim.text):
        return False
    own = _segments(units)
    if len(own) < _LEAST:
        return False
    return any(
        _is_crosswise(own, first, second)
        for one in sources
        for first, second in itertools.combinations(_segments(one.units), 2)
    )


def has_exchanged_agents(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether one does to the other what the other does to it: AがBを合併, BがAを合併."""
    ours = _acting(claim)
    theirs = {pair for one in sources for pair in _acting(one)}
    return any((patient, agent) in theirs and (agent, patient) not in theirs for agent, patient in ours)


# Between who acts and on whom, where no other clause begins.
_PLAIN = re.compile("[はが][^ぁ-んァ-ヶ。]*(?:[のも、][^ぁ-ん。]*)*")


def _acting(sentence: Sentence) -> set[tuple[str, str]]:
    """Return each compound before は or が with one before を, with no verb between."""
    found = set()
    phrases, offset = _phrases(sentence.units), sentence.span.start
    subjects = [one for one in phrases if one.end in sentence.topics]
    objects = [one for one in phrases if sentence.text[one.end - offset :].startswith("を")]
    for one, other in itertools.product(subjects, objects):
        if one.end <= other.start and one.key != other.key:
            between = sentence.text[one.end - offset : other.start - offset]
            found |= {(one.key, other.key)} if _PLAIN.fullmatch(between) else set()
    return found


def _segments(units: Sequence[Unit]) -> list[list[Unit]]:
    """Return what is told between one comma and the next, of the first clauses; what tells enough."""
    groups = itertools.groupby(units, key=lambda unit: unit.clause)
    told = [[unit for unit in group if _is_telling(unit)] for _, group in groups]
    return [part for part in told[:_MOST_SEGMENTS] if len(part) >= _LEAST]


def _is_telling(unit: Unit) -> bool:
    if unit.sort is Sort.LIMIT:
        return False
    return unit.key == "当行" or unit.key in shipped_words().general or not is_harmless(unit)


def _is_crosswise(own: Sequence[Sequence[Unit]], first: Sequence[Unit], second: Sequence[Unit]) -> bool:
    ours = [unit for unit in first if not has_unit(second, unit)]
    theirs = [unit for unit in second if not has_unit(first, unit)]
    if not (ours and theirs):
        return False
    said = [(_said(part, ours), _said(part, theirs)) for part in own]
    return any(
        not (set(a) & set(c) or set(b) & set(d))
        and _are_alike(ours, a, theirs, d)
        and _are_alike(ours, c, theirs, b)
        for (a, b), (c, d) in itertools.permutations([one for one in said if all(one)], 2)
    )


def _said(part: Sequence[Unit], side: Sequence[Unit]) -> list[int]:
    return [at for at, unit in enumerate(side) if has_unit(part, unit)]


def _are_alike(
    ours: Sequence[Unit], mine: Sequence[int], theirs: Sequence[Unit], other: Sequence[int]
) -> bool:
    """Return whether what is taken from either clause is of one kind: quantities of one kind, or words."""
    kinds = {_kind(ours[at]) for at in mine}
    return any(_kind(theirs[at]) in kinds for at in other)


def _kind(unit: Unit) -> str:
    """Return what a unit may change places with: words, a price (1,000円, 2%), or a quantity of its kind."""
    if unit.quantity is None:
        return ""
    return "price" if unit.quantity.kind in (Kind.AMOUNT, Kind.RATE) else unit.quantity.kind.value
