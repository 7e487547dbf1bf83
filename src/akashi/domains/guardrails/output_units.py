"""A sentence as the units that can be compared: words, quantities, what is negated, what is limited."""

from __future__ import annotations

import bisect
import functools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from importlib.resources import files

from akashi.core.spans import Interval
from akashi.language.quantities import Kind, Quantity, read_quantities, supports
from akashi.language.sentences import read_sentences
from akashi.language.tokens import WORD_PARTS, Token, read_tokens

CEASING = "終了"
"""The key of every word that says that something ends."""


class Sort(Enum):
    """What a unit is: a thing named, something said of it, a quantity, a limit (のみ, 以外)."""

    NAMED = "named"
    SAID = "said"
    QUANTITY = "quantity"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Unit:
    """One comparable piece; ``negated`` says whether the sentence turns it around.

    ``side`` of a quantity is what follows it: ``from`` (から, 以降), ``to`` (まで), ``least`` (以上),
    ``most`` (以下, 以内), ``less`` (未満), ``more`` (超) or nothing. ``synonyms`` are Sudachi's groups.
    """

    sort: Sort
    key: str
    span: Interval
    negated: bool = False
    quantity: Quantity | None = None
    side: str = ""
    synonyms: frozenset[int] = frozenset()
    is_noun: bool = False

    def matches(self, claim: Unit) -> bool:
        """Return whether a source with this unit says what ``claim`` says, polarity apart."""
        if self.quantity is not None and claim.quantity is not None:
            return supports(self.quantity, claim.quantity)
        if self.quantity is not None or claim.quantity is not None:
            return False
        return self.key == claim.key or not self.synonyms.isdisjoint(claim.synonyms)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer or a source with its units, spans in the whole text."""

    span: Interval
    text: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``output_words.toml``."""

    light: frozenset[str]
    harmless: frozenset[str]
    negations: frozenset[str]
    negating_suffixes: frozenset[str]
    negating_prefixes: frozenset[str]
    limits: frozenset[str]
    ceasing: frozenset[str]
    calendar: frozenset[str]
    opposites: dict[str, str]
    antonyms: frozenset[tuple[str, str]]


@functools.cache
def shipped_words() -> Words:
    """Return the shipped word lists."""
    raw = files("akashi.domains.guardrails").joinpath("data/output_words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    pairs, antonyms = table.pop("pairs"), table.pop("antonyms")
    both = [(one, other) for one, other in antonyms] + [(other, one) for one, other in antonyms]
    lists = {name: frozenset(words) for name, words in table.items()}
    opposites = {opposite: word for word, opposite in pairs}
    return Words(**lists, opposites=opposites, antonyms=frozenset(both))


@functools.lru_cache(maxsize=2_048)
def read_units(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` with their units."""
    return tuple(
        Sentence(span, span.of(text), tuple(_units_of(span.of(text), span.start)))
        for span in read_sentences(text)
    )


# Said twice in the negative, meant in the positive: it must be done.
# Groups of everyday phrases, too wide to say that two words mean the same.
_EVERYDAY = 1_000_000
_OBLIGATION = re.compile(
    "(?:な(?:ければ|くては|いと)|ねば|なきゃ)(?:なりません|ならない|ならず|いけません|いけない|なりませぬ)"
)
# 年間, 毎月, 前年: a period of one that is not counted.
_EVERY = re.compile(r"年間|年額|毎年|前年|昨年|月間|月額|毎月|前月|日額|毎日")
_SIDE = re.compile(
    r"\s?(?:(?P<least>以上)|(?P<most>以下|以内)|(?P<less>未満|を下回|に満た)|(?P<more>超(?!え|過)|を?(?:超え|超過|上回))|(?P<from>から|以降|より)|(?P<to>まで))"
)


def _units_of(text: str, offset: int) -> Iterator[Unit]:
    words = shipped_words()
    quantities = read_quantities(text, bare=True)
    obligations = [Interval(*found.span()) for found in _OBLIGATION.finditer(text)]
    covered = sorted([*(one.span for one in quantities), *obligations])
    tokens = [token for token in read_tokens(text) if not _lies_in(token.span, covered)]
    units = [*_word_units(tokens, words), *_quantity_units(text, quantities)]
    for unit in sorted(units, key=lambda unit: unit.span):
        span = Interval(unit.span.start + offset, unit.span.end + offset)
        yield replace(unit, span=span)


def _lies_in(span: Interval, covered: Sequence[Interval]) -> bool:
    at = bisect.bisect_right(covered, span)
    return any(one.touches(span) for one in covered[max(0, at - 2) : at + 1])


def _quantity_units(text: str, quantities: Sequence[Quantity]) -> Iterator[Unit]:
    """Yield a unit for each quantity; a day without a year takes that of the date before it."""
    dated = ""
    for found in _EVERY.finditer(text):
        value = {"年": "P1Y", "月": "P1M", "日": "P1D"}[found.group().strip("毎間額前昨同")[:1]]
        if not _lies_in(Interval(*found.span()), sorted(one.span for one in quantities)):
            vague = Quantity(Kind.PERIOD, value, "duration", Interval(*found.span()), certain=False)
            yield Unit(Sort.QUANTITY, f"period:{value}duration", vague.span, quantity=vague)
    for one in quantities:
        if one.kind is Kind.DATE and str(one.value).startswith("--") and dated:
            year = int(dated[:4]) + (str(one.value)[2:] < dated[5:])
            one = replace(one, value=f"{year}-{str(one.value)[2:]}")
        if one.kind is Kind.DATE and one.unit in ("day", "month"):
            dated = str(one.value) if not str(one.value).startswith("--") else dated
        if one.kind is Kind.AMOUNT and one.value == 0:
            yield Unit(Sort.SAID, "有料", one.span, negated=True, is_noun=True)
            continue
        side = _SIDE.match(text, one.span.end)
        kind = "bare" if one.kind is Kind.NUMBER else one.kind.value
        key = f"{kind}:{one.value}{one.unit}"
        yield Unit(Sort.QUANTITY, key, one.span, quantity=one, side=(side and side.lastgroup) or "")


def _word_units(tokens: Sequence[Token], words: Words) -> list[Unit]:
    """Return the units of words; a negation turns the last word that says something around."""
    units: list[Unit] = []
    flip_next = False
    for token in tokens:
        form = token.form
        if form in words.limits:
            units.append(Unit(Sort.LIMIT, form, token.span))
        elif token.part == "接頭辞" and form in words.negating_prefixes:
            flip_next = True
        elif units and (form in words.negations or form in words.negating_suffixes):
            _turn_last(units)
        elif token.part in WORD_PARTS and form not in words.light:
            units.append(_word_unit(token, words, flip_next))
            flip_next = False
    return units


def _word_unit(token: Token, words: Words, flipped: bool) -> Unit:
    if token.form in words.ceasing:
        return Unit(Sort.SAID, CEASING, token.span, flipped)
    key = words.opposites.get(token.form, token.form)
    is_noun = token.part in ("名詞", "接尾辞", "代名詞", "形状詞", "接頭辞")
    named = token.part == "名詞" and token.detail in ("固有名詞", "一般")
    named = named or (is_noun and token.form in words.calendar) or token.form.isascii()
    sort = Sort.NAMED if named else Sort.SAID
    synonyms = frozenset(group for group in token.synonyms if group < _EVERYDAY)
    return Unit(sort, key, token.span, (key != token.form) is not flipped, synonyms=synonyms, is_noun=is_noun)


def _turn_last(units: list[Unit]) -> None:
    for at in range(len(units) - 1, -1, -1):
        if units[at].sort is not Sort.LIMIT:
            units[at] = replace(units[at], negated=not units[at].negated)
            return
