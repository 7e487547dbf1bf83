"""Which units a sentence has, looked up at once instead of compared one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from akashi.core.spans import Interval
from akashi.domains.guardrails.output_words import KANJI, VERB, Unit
from akashi.language.normalise import normalise


@dataclass(frozen=True, slots=True)
class Index:
    """What `has_unit` would find in a sequence of units."""

    keys: frozenset[str]
    groups: frozenset[int]
    everyday: frozenset[int]
    quantities: tuple[Unit, ...]
    verbs: frozenset[str]
    stems: frozenset[str]
    kanji: frozenset[str]

    def says(self, unit: Unit) -> bool:
        """Return whether a unit of the index says what ``unit`` says, polarity apart."""
        if unit.quantity is not None:
            return any(one.matches(unit) for one in self.quantities)
        if unit.key in self.keys or not self.groups.isdisjoint(unit.synonyms):
            return True
        is_verb = not unit.is_noun and VERB.fullmatch(unit.key) is not None
        return is_verb and unit.key[0] in self.verbs

    def has(self, unit: Unit) -> bool:
        """Return whether a unit of the index says what ``unit`` says, or is of one kanji with it."""
        if self.says(unit):
            return True
        if unit.quantity is not None:
            return False
        if unit.is_noun:
            return len(unit.key) > 1 and not self.stems.isdisjoint(unit.key)
        stem = KANJI.findall(unit.key)
        return len(stem) == 1 and stem[0] in self.kanji


def index_units(units: Sequence[Unit]) -> Index:
    """Return the index of some units."""
    words = [unit for unit in units if unit.quantity is None]
    nouns = [unit for unit in words if unit.is_noun and len(unit.key) > 1]
    others = [unit for unit in words if not unit.is_noun]
    stems = [KANJI.findall(unit.key) for unit in others]
    return Index(
        keys=frozenset(unit.key for unit in words),
        groups=frozenset[int]().union(*(unit.synonyms for unit in words)),
        everyday=frozenset[int]().union(*(unit.everyday for unit in words)),
        quantities=tuple(unit for unit in units if unit.quantity is not None),
        verbs=frozenset(unit.key[0] for unit in others if VERB.fullmatch(unit.key)),
        stems=frozenset(stem[0] for stem in stems if len(stem) == 1),
        kanji=frozenset(kanji for unit in nouns for kanji in KANJI.findall(unit.key)),
    )


@dataclass(frozen=True, slots=True)
class Stance:
    """That a clause says yes or no to something (``kind``: it can be done, is needed, applies), and of what.

    ``aside`` tells when and by what something was done; ``until`` are the days or times by which, ``past``
    those after which it is said.
    """

    kind: str
    is_yes: bool
    about: tuple[Unit, ...]
    aside: tuple[Unit, ...] = ()
    until: tuple[Unit, ...] = ()
    past: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer or a source with its units, spans in the whole text.

    ``topics`` are the places of は and が after nouns; ``subject`` the units of what it speaks of (before
    a は that follows no particle), ``context`` those of the sentences before it, unless it speaks of a rival.
    ``own`` looks up its units, ``told`` those it speaks of too; ``plain`` is its text, normalised.
    ``common`` is a subject that is the only one of its sentence; ``stances`` what it says yes or
    no to.
    """

    span: Interval
    text: str
    units: tuple[Unit, ...]
    topics: tuple[int, ...] = ()
    subject: tuple[Unit, ...] = ()
    context: tuple[Unit, ...] = ()
    own: Index = field(default_factory=lambda: index_units(()))
    told: Index = field(default_factory=lambda: index_units(()))
    plain: str = ""
    common: tuple[Unit, ...] = ()
    stances: tuple[Stance, ...] = ()


def with_index(sentence: Sentence) -> Sentence:
    """Return a sentence of a source with what is looked up in it."""
    spoken_of = (*sentence.units, *sentence.subject, *sentence.context)
    plain = normalise(sentence.text).text
    return replace(sentence, own=index_units(sentence.units), told=index_units(spoken_of), plain=plain)
