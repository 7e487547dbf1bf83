"""What each clause of a source says of its own topic: a claim may not say of one what is said of another."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from akashi.domains.guardrails.output_index import Sentence
from akashi.domains.guardrails.output_rivals import classes_of, is_listed_akin
from akashi.domains.guardrails.output_signs import Sign
from akashi.domains.guardrails.output_words import CEASING, Sort, Unit, is_kin, shipped_words
from akashi.language.tokens import Token

_LIKE = 0.5
_CLEARLY = 0.15
_NOUNLIKE = frozenset(["名詞", "接尾辞", "代名詞", "助詞", "補助記号", "形状詞"])


@dataclass
class Clause:
    """Units of a topic (before は, が) and what is said of it, to the next topic of the sentence."""

    topic: list[Unit]
    said: list[Unit] = field(default_factory=list)
    above: list[Unit] = field(default_factory=list)


def read_topics(tokens: Sequence[Token], offset: int) -> tuple[int, ...]:
    """Return where topics end: places of は and が after a noun, ``offset`` added."""
    return tuple(
        offset + token.span.start
        for before, token in itertools.pairwise(tokens)
        if token.part == "助詞" and token.form in ("は", "が") and before.part in _NOUNLIKE
    )


def read_subjects(tokens: Sequence[Token]) -> list[int]:
    """Return where は after a noun stands: what a sentence speaks of."""
    return [
        token.span.start
        for before, token in itertools.pairwise(tokens)
        if token.part == "助詞" and token.form == "は" and (before.part in _NOUNS or before.form in _PLACES)
    ]


_PLACES = frozenset(["に"])
_NOUNS = frozenset(["名詞", "接尾辞", "代名詞", "補助記号"])


def left_subject(before: tuple[Unit, ...], subject: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return what a text that spoke of ``before`` still speaks of when it comes to ``subject``.

    Of なぎさの保証料 なぎさ is left where 契約期間 follows, nothing where しおりの保証料 does.
    """
    if not before or not subject or not _is_rival_subject(before, subject):
        return before
    owner, own = _owner_of(before) or _qualifier_of(before, subject), _owner_of(subject)
    if owner and owner == _qualifier_of(before, subject):
        return owner
    if not owner or own or _is_rival_subject(owner, subject):
        return ()
    return owner


def _qualifier_of(before: Sequence[Unit], subject: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return what the next subject leaves out before the head of a compound: 育児休業 of 取得率."""
    shared = 0
    while shared < min(len(before), len(subject)) and before[-1 - shared].key == subject[-1 - shared].key:
        shared += 1
    if not shared:
        return ()
    start = at = len(before) - shared
    while start and before[start - 1].span.end == before[start].span.start and not before[start - 1].after:
        start -= 1
    is_bare = shared == len(subject) or bool(subject[-1 - shared].after)
    return tuple(before[start:at]) if is_bare else ()


def _owner_of(subject: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return what something is of: the words before its first の."""
    end = next((at for at, unit in enumerate(subject) if unit.after == "of"), None)
    return () if end is None else tuple(subject[: end + 1])


def _is_rival_subject(before: Sequence[Unit], subject: Sequence[Unit]) -> bool:
    """Return whether a text that spoke of ``before`` speaks of something else instead with ``subject``."""
    if not before or not subject:
        return False
    if any(_holds(_telling(subject), unit) for unit in _telling(before)):
        return True
    return bool(classes_of(subject[-1:], 0) & classes_of(before[-1:], 0))


def read_clauses(sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence that have a topic.

    A topic with nothing said before the next comma (普通預金の金利は、) holds for those that follow it.
    """
    clauses: list[Clause] = []
    above: list[Unit] = []
    last = max((unit.clause for unit in sentence.units), default=-1)
    for number in range(last + 1):
        units = [unit for unit in sentence.units if unit.clause == number]
        if not units:
            continue
        end = next((at for at in sentence.topics if units[0].span.start < at <= units[-1].span.end + 8), None)
        if end is None or not any(unit.span.end <= end for unit in units):
            (clauses[-1].said if clauses else above).extend(units)
            continue
        topic = [unit for unit in units if unit.span.end <= end]
        said = [unit for unit in units if unit.span.end > end]
        if _is_cleft(sentence, end) and said and all(unit.is_noun for unit in said):
            topic, said = said, topic
        if clauses and not clauses[-1].said:
            above += clauses.pop().topic
        clauses.append(Clause([*above, *topic], said, list(above)))
    return clauses


def _is_cleft(sentence: Sentence, end: int) -> bool:
    """Return whether a topic is what is said of the thing behind it: 無料なのは窓口です."""
    at = end - sentence.span.start
    return (
        sentence.text[at - 1 : at] == "の" and re.match("[ぁ-ん]", sentence.text[at - 2 : at - 1]) is not None
    )


def read_crossing(claim: Sentence, sources: Sequence[Sentence]) -> Iterator[Sign]:
    """Yield that ``claim`` says of one topic what a source says of another one, there or elsewhere.

    Of each clause of the claim: one clause of the sources is clearly most like it in that, says something
    that the claim leaves out, and lacks what the claim says and a clause of another topic has.
    """
    if any(_has_tier(claim.units, one.units) for one in sources):
        return
    own = read_clauses(claim)
    clauses = [(at, clause) for at, one in enumerate(sources) for clause in read_clauses(one)]
    if len(clauses) < 2:
        return
    found = {sign for one in own for sign in _crossing(one, clauses)}
    yield from sorted(found)


def _crossing(own: Clause, clauses: Sequence[tuple[int, Clause]]) -> Iterator[Sign]:
    wanted, said = _telling(own.topic), _telling(own.said)
    firsts = dict(reversed(clauses))
    ranked = sorted(
        ((_fit(wanted, clause, firsts[at]), -place) for place, (at, clause) in enumerate(clauses)),
        reverse=True,
    )
    if not wanted or ranked[0][0] < _LIKE or ranked[0][0] < ranked[1][0] + _CLEARLY:
        return
    number, best = clauses[-ranked[0][1]]
    here = [*best.topic, *best.said]
    left_out = [unit for unit in _telling(best.said) if not _holds([*wanted, *said], unit)]
    foreign = [unit for unit in said if _is_thing(unit) and not _holds(here, unit)]
    told = [
        at
        for at, one in clauses
        if one is not best
        and not _covers(one.topic, [*wanted, *said])
        and any(_holds(_telling(one.said), unit) for unit in foreign)
    ]
    if left_out and number in told:
        yield Sign.ANOTHER
    elif told and any(_is_instead(one, other) for one in foreign for other in left_out):
        yield Sign.ANOTHER_FAR


def _has_tier(claim: Sequence[Unit], source: Sequence[Unit]) -> bool:
    """Return whether a source has all quantities of a claim, one of which only says when the others hold."""
    told = [unit for unit in claim if unit.quantity is not None]
    is_tier = len(told) > 1 and any(unit.is_condition and unit.side for unit in told)
    return is_tier and all(
        any(one.matches(unit) and one.side == unit.side for one in source) for unit in told
    )


def _fit(wanted: Sequence[Unit], clause: Clause, first: Clause) -> float:
    """Return how like a topic is to that of a clause, with or without what stands above it.

    Or with the topic that its sentence begins with: 規程は1988年に制定され、改正は2024年.
    """
    own = clause.topic[len(clause.above) :]
    alone = max(_likeness(wanted, clause.topic), _likeness(wanted, own) if _telling(own) else 0.0)
    return alone if first is clause else max(alone, _likeness(wanted, [*first.topic, *own]))


def _is_instead(one: Unit, other: Unit) -> bool:
    """Return whether one thing may stand in the place of the other: of one kind, or of one class."""
    if one.quantity is not None or other.quantity is not None:
        return bool(one.quantity and other.quantity and one.quantity.kind is other.quantity.kind)
    return one.sort is other.sort is not Sort.NAMED or bool(classes_of([one], 0) & classes_of([other], 0))


def _telling(units: Iterable[Unit]) -> list[Unit]:
    """Return the units that say something of their own."""
    words = shipped_words()
    empty = words.harmless | words.general
    return [unit for unit in units if unit.quantity is not None or unit.key not in empty]


def _is_thing(unit: Unit) -> bool:
    """Return whether a unit is more than something done: a name, a quantity, a limit, an end."""
    return unit.sort is not Sort.SAID or unit.key == CEASING


def _likeness(wanted: Sequence[Unit], topic: Sequence[Unit]) -> float:
    """Return the share of two topics' units that both have."""
    told = _telling(topic)
    both = sum(_holds(told, unit) for unit in wanted)
    return both / max(1, len(wanted) + len(told) - both)


def _covers(topic: Sequence[Unit], wanted: Sequence[Unit]) -> bool:
    """Return whether a topic has nothing that sets it apart from ``wanted``; what is paid does not."""
    measures = shipped_words().measures
    return all(
        _holds(wanted, unit) or any(is_listed_akin(one, unit) for one in wanted)
        for unit in _telling(topic)
        if unit.key not in measures
    )


def _holds(units: Iterable[Unit], unit: Unit) -> bool:
    return any(one.matches(unit) or is_kin(one, unit) for one in units)
