"""A sentence as the units that can be compared: words, quantities, what is negated, what is limited."""

from __future__ import annotations

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


class Sort(Enum):
    """What a unit is: a thing named, something said of it, a quantity, a limit (のみ, 以外)."""

    NOUN = "noun"
    SAID = "said"
    QUANTITY = "quantity"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Unit:
    """One comparable piece; ``negated`` says whether the sentence turns it around."""

    sort: Sort
    key: str
    span: Interval
    negated: bool = False
    quantity: Quantity | None = None

    def matches(self, claim: Unit) -> bool:
        """Return whether a source with this unit says what ``claim`` says, polarity apart."""
        if self.quantity is not None and claim.quantity is not None:
            return supports(self.quantity, claim.quantity)
        return self.sort is claim.sort and self.key == claim.key


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
    opposites: dict[str, str]


@functools.cache
def shipped_words() -> Words:
    """Return the shipped word lists."""
    raw = files("akashi.domains.guardrails").joinpath("data/output_words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    lists = {name: frozenset(words) for name, words in table.items() if name != "pair"}
    return Words(**lists, opposites={pair["opposite"]: pair["word"] for pair in table["pair"]})


@functools.lru_cache(maxsize=2_048)
def read_units(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` with their units."""
    return tuple(
        Sentence(span, span.of(text), tuple(_units_of(span.of(text), span.start)))
        for span in read_sentences(text)
    )


# Said twice in the negative, meant in the positive: it must be done.
_OBLIGATION = re.compile(
    "(?:な(?:ければ|くては|いと)|ねば|なきゃ)(?:なりません|ならない|ならず|いけません|いけない|なりませぬ)"
)
_NUMBER_LIKE = re.compile(r"[0-9.,]+|%")


def _units_of(text: str, offset: int) -> Iterator[Unit]:
    words = shipped_words()
    quantities = read_quantities(text, bare=True)
    obligations = [Interval(*found.span()) for found in _OBLIGATION.finditer(text)]
    tokens = [token for token in read_tokens(text) if not _lies_in(token.span, quantities)]
    tokens = [token for token in tokens if not any(one.touches(token.span) for one in obligations)]
    units = [*_word_units(tokens, words), *(_quantity_unit(one) for one in quantities)]
    units.sort(key=lambda unit: unit.span)
    for unit in _merged_spaces(units):
        yield replace(unit, span=Interval(unit.span.start + offset, unit.span.end + offset))


def _lies_in(span: Interval, quantities: Sequence[Quantity]) -> bool:
    return any(one.span.touches(span) for one in quantities)


def _quantity_unit(one: Quantity) -> Unit:
    kind = "bare" if one.kind is Kind.NUMBER else one.kind.value
    return Unit(Sort.QUANTITY, f"{kind}:{one.value}{one.unit}", one.span, quantity=one)


def _merged_spaces(units: Sequence[Unit]) -> Iterator[Unit]:
    yield from (unit for unit in units if unit.key.strip())


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
        elif form in words.negations or (form in words.negating_suffixes and units):
            _turn_last(units)
        elif token.part in WORD_PARTS and form not in words.light:
            key = words.opposites.get(form, form)
            noun = token.part in ("名詞", "接尾辞", "代名詞", "形状詞")
            units.append(
                Unit(Sort.NOUN if noun else Sort.SAID, key, token.span, (key != form) is not flip_next)
            )
            flip_next = False
    return units


def _turn_last(units: list[Unit]) -> None:
    for at in range(len(units) - 1, -1, -1):
        if units[at].sort in (Sort.NOUN, Sort.SAID):
            units[at] = replace(units[at], negated=not units[at].negated)
            return
