"""Which earlier answer a sentence corrects, and to what: やっぱり500万, 期間は3年に, 法人じゃなくて個人."""

from __future__ import annotations

import re
from dataclasses import dataclass

from akashi.domains.loans.measure.answers import Answer, AskedBack, Taken, read_answer
from akashi.domains.loans.measure.asides import fold, is_correction, plain, strip_lead
from akashi.domains.loans.measure.talks import Stage, Talk
from akashi.domains.loans.model import Item, ItemKind

FREE = frozenset({ItemKind.TEXT, ItemKind.PERSON, ItemKind.COMPANY, ItemKind.ADDRESS})
"""Kinds that take almost any words, so that words alone do not tell what they answer."""
_WEAK = re.compile(r"^(?:違|ちが|ちゃう|いや[、,\s]|いえ[、,\s]|no,)")
_PARTICLE = re.compile(
    r"^\s*(?:は|を|が|の(?:ほう|方)?は?|も|について|につきまして(?:は)?|に関して(?:は)?"
    r"|なん?(?:ですが|ですけど|だけど|やけど)|ですが|ですけど|:|、|,|-|to\b|is\b|should be\b|=|です)+\s*"
)
_DIGIT = re.compile(r"(?=[0-9¥])")
_DENIED = re.compile(
    r"^.{1,60}?(?:では|じゃ|や|で)(?:なくて?|なしに|のうて|ありません(?:で)?|ないです|ない)[、,。\s]*"
)
_FROM_TO = re.compile(r"^.{1,40}?(?:から|より)[、,\s]*(?=.{0,40}(?:に|へ)(?:変|直|修|訂|し|$))")
_TAIL = re.compile(
    r"(?:に|へ|と)?(?:変更|訂正|修正|直し|変え|改め|し(?:て|たい|ます))[^0-9]{0,24}$|に$|で$|"
    r"の(?:間違い|まちがい|誤り)(?:で(?:す|した)|だ(?:った)?|やった|じゃった|や|じゃ)?[わよねでのうばいけん]{0,3}$"
)
_INSTEAD = re.compile(r"^(.{1,80}?)\s+(?:instead of|not)\s+.{1,80}$")


@dataclass(frozen=True, slots=True)
class Correction:
    """The item that a sentence speaks of, what it says of it, and whether the applicant confirms it first."""

    item: Item
    answer: Answer
    certain: bool


def find_correction(talk: Talk, sentence: str, answer: Answer) -> Correction | None:
    """Return the correction that a sentence is; ``answer`` is what it would answer to the open question."""
    asked = talk.product.item(talk.item) if talk.item else None
    said = plain(sentence)
    is_marked = is_correction(sentence)
    named = _find_named(talk, asked, said, is_marked)
    if named is not None:
        return named
    is_free = asked is not None and asked.kind in FREE
    is_weak = _WEAK.match(said) is not None and (is_free or not isinstance(answer, Taken))
    if is_marked or is_weak:
        return _find_unnamed(talk, asked, said, answer)
    return None


def _find_named(talk: Talk, asked: Item | None, said: str, is_marked: bool) -> Correction | None:
    """Return what is said of an item that the sentence names."""
    said = strip_lead(said)
    folded = said.lower() if len(said.lower()) == len(said) else said
    hits = []
    for item in talk.due:
        if item is not asked and item.id not in talk.values and not _may_come_early(talk, item):
            continue
        for name in (*item.label.values(), *item.names):
            at = folded.find(fold(name))
            rest = folded[at + len(fold(name)) :]
            particle = _PARTICLE.match(rest) or _DIGIT.match(rest)
            if at >= 0 and particle:
                hits.append((len(fold(name)), -at, item, at + len(fold(name)) + particle.end()))
    if not hits:
        return None
    _, start, item, end = max(hits, key=lambda hit: hit[:2])
    is_free = asked is not None and asked.kind in FREE
    if item is asked:
        return None
    if is_free and (start or (item.kind in FREE and not is_marked)):
        return None
    answer = _read_new(talk, item, said[end:])
    if is_free and not isinstance(answer, Taken):
        return None
    if isinstance(answer, AskedBack) and item.id not in talk.values:
        return None
    is_plain = item.kind not in FREE and not is_free
    return Correction(item, answer, certain=is_plain or talk.stage in (Stage.SUMMARY, Stage.READY))


def _may_come_early(talk: Talk, item: Item) -> bool:
    return item.kind not in FREE and talk.stage is Stage.ASKING


def _find_unnamed(talk: Talk, asked: Item | None, said: str, answer: Answer) -> Correction | None:
    """Return what a sentence corrects without naming it: the last answer, or the only one that it fits."""
    fits_asked = isinstance(answer, Taken) and (asked is None or asked.kind not in FREE)
    last = talk.last if talk.last in talk.values else ""
    order = [last] if last else []
    order += [one for one in reversed(tuple(talk.values)) if one != last]
    fitting = []
    for item_id in order:
        item = talk.product.item(item_id)
        found = _read_new(talk, item, said)
        if isinstance(found, Taken) and item.kind not in FREE and found.value != talk.values[item_id].value:
            fitting.append(Correction(item, found, certain=False))
    if not fitting:
        return None
    first = fitting[0]
    is_clear = first.item.id == last and not fits_asked and (asked is None or asked.kind not in FREE)
    if first.item.id != last and (fits_asked or len(fitting) > 1):
        return None
    return Correction(first.item, first.answer, certain=is_clear)


def _read_new(talk: Talk, item: Item, text: str) -> Answer:
    """Return the new value in ``text``: what follows ではなく, what stands after から."""
    whole = strip_lead(text)
    tried = [whole]
    for cut in (
        _DENIED.sub("", whole, count=1),
        _FROM_TO.sub("", whole, count=1),
        _INSTEAD.sub(r"\1", whole),
    ):
        if cut != whole and cut:
            tried.insert(0, strip_lead(cut))
    found: Answer = AskedBack("unclear")
    for one in tried:
        for text_ in dict.fromkeys((_TAIL.sub("", one), one)):
            found = read_answer(item, text_, talk.today)
            if isinstance(found, Taken):
                return found
    return found
