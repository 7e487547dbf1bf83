"""What a clause says yes or no to: it can be done, it is needed, it applies, it costs, it lies above."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from akashi.core.spans import Interval
from akashi.domains.guardrails.output_index import Sentence, Stance
from akashi.domains.guardrails.output_rivals import is_akin
from akashi.domains.guardrails.output_words import FREE, Sort, Unit, is_kin, shipped_words
from akashi.language.quantities import Kind

CAN, NEEDED, APPLIES, COSTS = "can", "needed", "applies", "costs"
_DO = "do:"
_CHANGE = f"{_DO}変更"
# Of these a yes of one denies a no of the other: 対象外 and ご利用いただけます, 対象から除く and 提出が必要.
_COMPARABLE = frozenset(
    [(CAN, APPLIES), (APPLIES, CAN), (APPLIES, NEEDED), (NEEDED, APPLIES), (COSTS, APPLIES)]
)
_PARTS = re.compile("[、，；;()（）。]")
# Behind what a clause says, where it says it and does not only describe or suppose it.
_TAIL = re.compile("[ぁ-ん]{0,9}\\Z")
_SUPPOSED = re.compile("(?:ば|たら|なら|とき[にはでも]*|もの|ところ|[てで]も|ことの?|まで|より)\\Z")
_ONLY = re.compile("しか|以外|な(?:ければ|いと|くては)|だけ(?!で)|のみ|限(?:り|っ|る)|ほか(?:に)?は")
# 窓口のほか郵送でも: what stands before it is not what the sentence is about.
_BESIDES = re.compile("[^、。はがを]{1,14}(?:のほか|の他|に加え)")
# A clause of its own before the next topic: 時間は30時間以内とし、同業他社での就業は…
_TOLD = re.compile("[はがも].*(?:とし|し|り|[でて]|です|ます)\\Z")
# Why, when and by what something was done, which does not tell of what it is said.
_REASON = re.compile("(?:により|によって|に伴い|にともない|に基づき|を受けて?|ため(?:に)?|ので)\\Z")
_TOPIC = re.compile("[はも]")
_LISTING = re.compile(
    "[^、はがを]{1,16}(?:および|及び|または|又は|もしくは|・|や(?!む))[^、はがをのにで]{0,12}"
)
_DENIAL = re.compile("ません|ない|なく|ず|外|不")
# What ends a clause with something done, or not done.
_DONE = re.compile(
    "(?![とにがはをのもやか]|で(?!す|し|あ))[ぁ-ん]{0,10}(?:ます|ました|ません|ませんでした|ない|なかった|する|した|て(?:いる|おり)"
    "|[うくぐすつぬぶむる]|[いしんっ][ただ]|ず|ずに|なく|[しりきみいえけせてめれ])が?"
    "|[がはも](?:(?:あり|ござい)ま(?:す|した|せん|せんでした)|ある|ない|なく|なかった)が?"
)
_NOT_DONE = re.compile("(?:ません|ない|なかった|ず|なく)[ぁ-ん]*\\Z")
_UNCHANGED = re.compile("そのまま|変わらず|(?:これまで|従来|今まで)(?:どお|通)り|据え置")
_UNTIL = re.compile("[日時]?に?(?:到着|必着|受付|受信|着)?分?(?:まで|必着)|(?:より|の)?前(?:に|まで)")
_PAST = re.compile(
    "[日時]?を?(?:過ぎ|すぎ|超え|経過)|[日時]?(?:以降|より(?:後|あと)|の?(?:後|あと))(?:に|で|も)"
)
# Even without it: nothing is said of a need where the rest is denied, or where something else will do.
_WITHOUT = frozenset(["なくても", "なくも"])
_OTHERWISE = re.compile("ません|ない|れば")
_AFTER = frozenset(["from", "more"])
_LEAST_SHARED = 2
_MANY_SHARED = 3


_NOTHING = Sentence(Interval(0, 0), "", ())


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    text: str
    end: int


@dataclass(frozen=True, slots=True)
class _Said:
    """The words that say yes or no, where they stand in a sentence, and to what."""

    span: Interval
    text: str
    kind: str
    is_yes: bool


def read_stances(text: str, units: Sequence[Unit], offset: int) -> tuple[Stance, ...]:
    """Return what each clause of a sentence says yes or no to, with the units it says that of.

    text: the sentence as its units were read from, which lie ``offset`` beyond their place in it.
    """
    found: list[Stance] = []
    start = 0
    before = ""
    reasons: list[Interval] = []
    for part in _parts(text):
        if _TOLD.search(before) and _TOPIC.search(part.text):
            start = part.start
        before = part.text
        said = _said_in(part) or _done_in(part, units, offset)
        if said is None:
            if _REASON.search(part.text):
                reasons.append(Interval(part.start + offset, part.end + offset))
            continue
        if said.text in _WITHOUT and _OTHERWISE.search(text, part.end):
            start = part.end
            continue
        first, last = said.span.start + offset, said.span.end + offset
        about = [
            unit
            for unit in units
            if start <= unit.span.start - offset < part.end
            and not unit.span.touches(Interval(first, last))
            and _is_telling(unit)
        ]
        if said.is_yes or not _ONLY.search(text, start, first - offset):
            about = _with_lists(text[start : part.end], about, start + offset)
            aside = tuple(one for one in about if _lies_in(one, reasons))
            aside += tuple(one for one in units if one.span.start < start + offset and _tells_when(one))
            about = [one for one in about if not _lies_in(one, reasons)]
            is_denied = not said.is_yes and _DENIAL.search(said.text) is not None
            about = _without_denial(about) if is_denied else about
            until, past = (
                tuple(one for one in about if _stands_before(mark, text, one, offset))
                for mark in (_UNTIL, _PAST)
            )
            found.append(Stance(said.kind, said.is_yes, tuple(about), aside, until, past))
            if said.is_yes and _UNCHANGED.search(part.text):
                found.append(Stance(_CHANGE, False, tuple(about)))
        start = part.end
    return tuple(found)


def _tells_when(unit: Unit) -> bool:
    return unit.quantity is not None and unit.quantity.kind in (Kind.DATE, Kind.TIME)


def _lies_in(unit: Unit, parts: Sequence[Interval]) -> bool:
    return any(one.touches(unit.span) for one in parts)


def _with_lists(text: str, units: Sequence[Unit], offset: int) -> list[Unit]:
    """Return the units with all of a list marked as one of several."""
    spans = [found.span() for one in (_BESIDES, _LISTING) for found in one.finditer(text)]
    return [
        replace(unit, is_listed=True)
        if any(first <= unit.span.start - offset < last for first, last in spans)
        else unit
        for unit in units
    ]


def _without_denial(units: Sequence[Unit]) -> list[Unit]:
    """Return the units without the negation of the stance itself: that of the last unit that has one."""
    denied = [at for at, unit in enumerate(units) if unit.negated]
    return [
        replace(unit, negated=False) if denied and at == denied[-1] else unit for at, unit in enumerate(units)
    ]


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    """Return what a clause may end with, with the kind that it says yes (True) or no to."""
    raw = files("akashi.domains.guardrails").joinpath("data/output_stances.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    found = []
    for answer, kinds in (("yes", table["yes"]), ("no", table["no"])):
        for kind, patterns in kinds.items():
            for pattern in patterns:
                for name, fragment in table["fragments"].items():
                    pattern = pattern.replace(f"{{{name}}}", fragment)
                found.append((re.compile(pattern), kind, answer == "yes"))
    return tuple(found)


def _parts(text: str) -> Iterator[_Part]:
    start = 0
    for found in (*_PARTS.finditer(text), None):
        end = found.start() if found else len(text)
        if end > start:
            yield _Part(start, text[start:end], end)
        start = end + 1


def _stands_before(mark: re.Pattern[str], text: str, unit: Unit, offset: int) -> bool:
    return mark.match(text, unit.span.end - offset) is not None


def _said_in(part: _Part) -> _Said | None:
    """Return the last thing that a clause says yes or no to, at its end."""
    best: _Said | None = None
    for pattern, kind, is_yes in _patterns():
        for found in pattern.finditer(part.text):
            tail = part.text[found.end() :]
            if not _TAIL.match(tail) or _SUPPOSED.search(tail):
                continue
            span = Interval(part.start + found.start(), part.start + found.end())
            if best is None or (span.end, -span.start) > (best.span.end, -best.span.start):
                best = _Said(span, found.group(), kind, is_yes)
    return best


def _done_in(part: _Part, units: Sequence[Unit], offset: int) -> _Said | None:
    """Return what a clause says to be done or not, where its end says no more than that."""
    own = [one for one in units if part.start <= one.span.start - offset < part.end]
    if not own or own[-1].quantity is not None or own[-1].sort is Sort.LIMIT:
        return None
    tail = part.text[own[-1].span.end - offset - part.start :]
    if not _DONE.fullmatch(tail) or _SUPPOSED.search(tail) or not _is_telling(own[-1]):
        return None
    span = Interval(own[-1].span.start - offset, part.end)
    return _Said(span, tail, f"{_DO}{own[-1].key}", _NOT_DONE.search(tail) is None)


def _is_telling(unit: Unit) -> bool:
    words = shipped_words()
    if unit.sort is Sort.LIMIT or unit.key == FREE or unit.key in words.measures:
        return False
    return unit.key not in words.harmless | words.general


def is_contrary(claim: Sentence, sources: Sequence[Sentence]) -> bool:
    """Return whether a clause says yes where its source says no of the same, or no where that says yes.

    What is denied of a thing is denied of each of its cases, and no more: all that the denial speaks of must
    be spoken of where it is affirmed.
    """
    told = [
        _Told(one, before.units, stance)
        for before, one in zip([_NOTHING, *sources], sources, strict=False)
        for stance in one.stances
    ]
    return any(_is_denied(own, told, sources) or _is_late(own, told) for own in claim.stances)


def _is_late(own: Stance, told: Sequence[_Told]) -> bool:
    """Return whether something is said to be done after what it is to be done by."""
    return any(
        own.is_yes
        and one.stance.is_yes
        and any(
            _stands(one.stance.until, unit)
            and not any(other.side in _AFTER and other.matches(unit) for other in one.stance.about)
            for unit in own.past
        )
        and sum(_holds(one.stance.about, unit) for unit in own.about) > _LEAST_SHARED
        for one in told
    )


def _stands(units: Sequence[Unit], unit: Unit) -> bool:
    return any(one.matches(unit) for one in units)


@dataclass(frozen=True, slots=True)
class _Told:
    """A stance of a source, with its sentence and the units of the sentence before."""

    sentence: Sentence
    before: tuple[Unit, ...]
    stance: Stance


def _is_denied(own: Stance, told: Sequence[_Told], sources: Sequence[Sentence]) -> bool:
    comparable = [one for one in told if _are_comparable(own.kind, one.stance.kind)]
    likeness = [_likeness(own, one.stance) for one in comparable]
    both = [*zip(comparable, likeness, strict=True)]
    even = max((like for one, like in both if one.stance.is_yes is own.is_yes), default=0.0)
    return any(
        one.stance.is_yes is not own.is_yes
        and like > even
        and _covers(own, one)
        and not _is_told_elsewhere(own, one, sources)
        for one, like in both
    )


def _is_told_elsewhere(own: Stance, told: _Told, sources: Sequence[Sentence]) -> bool:
    """Return whether another sentence has much more of a clause than one that shares one word with it."""
    if sum(_holds(told.stance.about, unit) for unit in own.about) > 1:
        return False
    here = sum(told.sentence.told.has(unit) for unit in own.about)
    return any(sum(one.own.has(unit) for unit in own.about) > here + 1 for one in sources)


def _are_comparable(one: str, other: str) -> bool:
    if one == other or (one, other) in _COMPARABLE:
        return True
    return APPLIES in (one, other) and (one + other).count(_DO) == 1


def _covers(own: Stance, told: _Told) -> bool:
    """Return whether all that the one which denies is about is what the other one is about.

    A word that only one of them uses is let pass beside three that both use, unless it names a thing; so is
    one of the sentence before.
    """
    stance, sentence = told.stance, told.sentence
    denied, affirmed = stance.about, (*own.aside, *own.about)
    before: tuple[Unit, ...] = ()
    if not own.is_yes:
        denied, before = own.about, told.before
        affirmed = (*stance.aside, *stance.about, *sentence.subject, *sentence.context)
    shared = [unit for unit in denied if _holds(affirmed, unit)]
    deed = (stance if not own.is_yes else own).kind.removeprefix(_DO)
    is_one_listed = any(unit.is_listed for unit in shared)
    left = [
        unit
        for unit in denied
        if not ((unit.is_listed and is_one_listed) or unit.key == deed or _holds(affirmed, unit))
    ]
    if len(left) == 1 and len(shared) >= _MANY_SHARED and _is_loose(left[0], denied):
        left = []
    if len(shared) >= _LEAST_SHARED and _is_one_thing(left) and all(_holds(before, unit) for unit in left):
        left = []
    if own.is_yes and len(shared) > _MANY_SHARED:
        left = [unit for unit in left if not _stands(sentence.subject, unit)]
    is_told = len(shared) >= _LEAST_SHARED or any(unit.sort is not Sort.SAID for unit in shared)
    return is_told and not left


def _is_one_thing(units: Sequence[Unit]) -> bool:
    """Return whether units are the words of one compound."""
    return all(one.span.end == other.span.start for one, other in itertools.pairwise(units))


def _is_loose(unit: Unit, units: Sequence[Unit]) -> bool:
    """Return whether a word may be missed: something done, or the last word before yes or no."""
    return unit.quantity is None and (unit.sort is Sort.SAID or unit is units[-1])


def _likeness(own: Stance, stance: Stance) -> float:
    both = sum(_holds(stance.about, unit) for unit in own.about)
    return both / max(1, len(own.about) + len(stance.about) - both)


def _holds(units: Sequence[Unit], unit: Unit) -> bool:
    if unit.quantity is not None:
        return any(one.matches(unit) and one.side == unit.side for one in units)
    return any(
        one.negated is unit.negated and (one.matches(unit) or is_kin(one, unit) or is_akin(one, unit))
        for one in units
    )
