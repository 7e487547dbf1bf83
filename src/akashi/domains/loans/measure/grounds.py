"""Grounds 根拠 of a paper's sentences, and the walk that traces every number of a paper back to one.

A sentence is made of fragments; a fragment that says something of the case names its ground, and our own
words between may hold no number. So numbers come only from data, and a reader can follow each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from akashi.language.quantities import Kind, Quantity, is_same, read_quantities

_DIGIT = re.compile(r"[0-9０-９]")
_MARKS = re.compile(r"〔([A-Z][0-9]+(?:・[A-Z][0-9]+)*)〕")


class GroundKind(StrEnum):
    """Where something in a paper comes from; the letter stands in its mark."""

    ANSWER = "A"
    DOCUMENT = "D"
    OFFICER = "O"
    FIGURE = "F"
    PRODUCT = "P"
    RECORD = "R"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a fragment stands on.

    ``shown`` is the value as the paper writes it, ``said`` the words of its origin, ``where`` where they
    stand. A figure has ``uses``, the grounds it was computed from, and ``worked``, the formula with numbers.
    """

    id: str
    kind: GroundKind
    label: str
    shown: str = field(repr=False)
    said: str = field(repr=False, default="")
    where: str = ""
    uses: tuple[str, ...] = ()
    formula: str = ""
    worked: str = field(repr=False, default="")

    @property
    def words(self) -> str:
        """Return everything of it that may bear numbers of a sentence."""
        return f"{self.label}\n{self.shown}\n{self.said}\n{self.where}\n{self.worked}"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a sentence and the ground it stands on; our own words have none, and no numbers."""

    text: str = field(repr=False)
    ground: str = ""

    def __post_init__(self) -> None:
        if not self.ground and has_number(self.text):
            raise ValueError(f"these words hold a number of their own: {self.text}")


class Author(StrEnum):
    """Who worded a sentence."""

    RULE = "rule"
    OFFICER = "officer"
    ENDPOINT = "endpoint"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a paper; ``basis`` is the ground that an officer named for what he wrote himself."""

    id: str
    fragments: tuple[Fragment, ...]
    author: Author = Author.RULE
    basis: str = field(repr=False, default="")

    @property
    def text(self) -> str:
        """Return the sentence."""
        return "".join(one.text for one in self.fragments)

    @property
    def grounds(self) -> tuple[str, ...]:
        """Return the ids of its grounds in the order in which they are first named."""
        return tuple(dict.fromkeys(one.ground for one in self.fragments if one.ground))


@dataclass(frozen=True, slots=True)
class Untraced:
    """A number of a paper that none of the grounds beside it bears."""

    number: str
    text: str = field(repr=False)


def has_number(text: str) -> bool:
    """Return whether a text holds a digit or a quantity in any writing.

    >>> has_number("売上高は"), has_number("三百万円"), has_number("第１回"), has_number("一括で返済する")
    (False, True, True, False)
    """
    return bool(_DIGIT.search(text)) or bool(read_quantities(text))


def plain_words(text: str) -> str:
    """Return words of others so that nothing in them looks like a mark of ours."""
    return text.translate({ord("〔"): "［", ord("〕"): "］"})


def read_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without its marks, and the marks in order.

    >>> read_marks("売上高は1,000円である。〔A3・F1〕")
    ('売上高は1,000円である。', ('A3', 'F1'))
    """
    marks = [mark for found in _MARKS.finditer(text) for mark in found[1].split("・")]
    return _MARKS.sub("", text), tuple(dict.fromkeys(marks))


def write_marks(marks: Iterable[str]) -> str:
    """Return marks as a paper shows them; nothing for none."""
    given = "・".join(marks)
    return f"〔{given}〕" if given else ""


def trace_numbers(text: str, sources: Iterable[str]) -> tuple[Untraced, ...]:
    """Return the numbers of ``text`` that no source bears, in order; equal is equal in whatever writing.

    >>> trace_numbers("300万円を5年で", ["3,000,000円", "5年"])
    ()
    >>> [one.number for one in trace_numbers("4百万円を5年で", ["3,000,000円", "5年"])]
    ['4百万円']
    """
    bearing = [one for source in sources for one in read_quantities(source, bare=True)]
    return tuple(
        Untraced(one.span.of(text), text)
        for one in read_quantities(text, bare=True)
        if not any(_is_borne(one, other) for other in bearing)
    )


def _is_borne(one: Quantity, other: Quantity) -> bool:
    if one.kind is Kind.COUNT and other.kind is Kind.NUMBER:
        return one.value == other.value
    return is_same(one, other) or (one.kind, one.value, one.unit) == (other.kind, other.value, other.unit)


def trace_marked(text: str, appendix: Mapping[str, str]) -> tuple[Untraced, ...]:
    """Return the numbers of a marked text that the rows of its own marks in the ``appendix`` do not bear.

    A mark that the appendix does not hold is itself untraced.
    """
    plain, marks = read_marks(text)
    unknown = tuple(Untraced(mark, text) for mark in marks if mark not in appendix)
    return (*unknown, *trace_numbers(plain, [appendix[mark] for mark in marks if mark in appendix]))
