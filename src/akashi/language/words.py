"""Words as they are written, with the whole part of speech: for those who look for names."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, getitem
from typing import NamedTuple, TypeVar, overload

from sudachipy import Dictionary, Morpheme, Tokenizer

V = TypeVar("V")
_CHUNK = 1_000
_BREAKS = "\n。！？!?、, "
# What is asked of words, and what Sudachi needs to divide and join them as it does with all of its fields.
_FIELDS = {"surface", "pos", "normalized_form", "split_a"}
# Words by their number in the dictionary and their writing; unknown ones of a part of speech share a number.
_MOST_FORMS = 50_000
_MOST_WRITINGS = 5_000
_parts: dict[int, dict[str, Form]] = {}
_units: dict[int, dict[str, tuple[Form, ...]]] = {}
"""The short units of the long words. How a word is divided depends on its number and writing alone, so it is
asked once: Sudachi would divide each word anew, in a third of its time."""
_NOTHING: dict[str, tuple[Form, ...]] = {}
_SURFACE = attrgetter("surface")
_local = threading.local()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What a word is wherever it stands; the same object each time, until too many are remembered.

    ``tag`` joins the first four levels of the part of speech, ``known`` says whether the
    dictionary has the word.
    """

    surface: str
    tag: str
    known: bool


class Word(NamedTuple):
    """A short unit (Sudachi mode A) at ``start`` to ``end`` of the text."""

    start: int
    end: int
    form: Form

    @property
    def surface(self) -> str:
        """Return the word as it is written."""
        return self.form.surface

    @property
    def tag(self) -> str:
        """Return the part of speech."""
        return self.form.tag

    @property
    def known(self) -> bool:
        """Return whether the dictionary has the word."""
        return self.form.known


class Words(Sequence[Word]):
    """The words of a text, which follow one another without gaps: the first stands at ``places[0]`` to
    ``places[1]`` and is ``forms[0]``. One object a word would take longer than all that is asked of most."""

    def __init__(self, places: Sequence[int], forms: Sequence[Form]) -> None:
        self.places, self.forms = places, forms

    def __len__(self) -> int:
        return len(self.forms)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> list[Word]: ...
    def __getitem__(self, at: int | slice) -> Word | list[Word]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return Word(self.places[at], self.places[at + 1], self.forms[at])


def read_words(text: str) -> Words:
    """Return the words of a normalised ``text`` in order, blanks included.

    Long texts are analysed in pieces cut at punctuation. Safe to call from several threads.

    >>> [(word.surface, word.tag) for word in read_words("山田さん")]
    [('山田', '名詞-固有名詞-人名-姓'), ('さん', '接尾辞-名詞的-一般')]
    """
    tokenizer = _tokenizer()
    places, forms = [0], list[Form]()
    for piece in _pieces(text):
        found = list(tokenizer.tokenize(piece))
        surfaces, numbers = list(map(Morpheme.surface, found)), list(map(Morpheme.word_id, found))
        try:
            units = list(map(getitem, map(_units.__getitem__, numbers), surfaces))
        except KeyError:
            units = [
                _units.get(number, _NOTHING).get(surface) or _divide(surface, number, one)
                for surface, number, one in zip(surfaces, numbers, found, strict=True)
            ]
        inside = list(itertools.chain.from_iterable(units))
        places += itertools.accumulate(map(len, map(_SURFACE, inside)), initial=places.pop())
        forms += inside
    return Words(places, forms)


def _divide(surface: str, number: int, found: Morpheme) -> tuple[Form, ...]:
    """Return the short units of a word; unknown ones are one."""
    written = _remembered(_units, number)
    met = written.get(surface)
    if met is not None:
        return met
    units = None if found.is_oov() else found.split("A", add_single=False)
    forms = tuple(map(_learn, units)) if units else (_describe(surface, found),)
    if len(written) >= _MOST_WRITINGS:
        written.clear()
    return written.setdefault(surface, forms)


def _remembered(memory: dict[int, dict[str, V]], number: int) -> dict[str, V]:
    """Return what is remembered of the words of a number, by their writing."""
    written = memory.get(number)
    if written is None:
        if len(memory) >= _MOST_FORMS:
            memory.clear()
        written = memory.setdefault(number, {})
    return written


def _learn(unit: Morpheme) -> Form:
    """Return what the dictionary says of a part of a long word, as of the word by itself if that was met."""
    surface, number = unit.surface(), unit.word_id()
    written = _remembered(_parts, number)
    met = written.get(surface)
    if met is None:
        alone = _units.get(number, _NOTHING).get(surface, ())
        met = written.setdefault(surface, alone[0] if len(alone) == 1 else _describe(surface, unit))
    return met


def _describe(surface: str, found: Morpheme) -> Form:
    """Return what the dictionary says of a word; its number there tells its part of speech, known or not."""
    tag = "-".join(level for level in found.part_of_speech()[:4] if level != "*")
    return Form(surface, tag, not found.is_oov())


_LONGEST_ENTRY = 64
"""Characters that no entry of the dictionary has."""


def dictionary_tags(surface: str) -> frozenset[str]:
    """Return every part of speech that the dictionary has for ``surface``, whatever stands around it.

    >>> "名詞-固有名詞-人名-姓" in dictionary_tags("久慈"), dictionary_tags("久慈" * 20_000)
    (True, frozenset())
    """
    return _known_tags(surface) if len(surface) <= _LONGEST_ENTRY else frozenset()


@functools.lru_cache(maxsize=20_000)
def _known_tags(surface: str) -> frozenset[str]:
    found = _dictionary().lookup(surface)
    levels = [one.part_of_speech()[:4] for one in found if one.surface() == surface]
    return frozenset("-".join(level for level in row if level != "*") for row in levels)


def _pieces(text: str) -> Iterator[str]:
    """Yield pieces short enough for Sudachi; an unbroken run of katakana costs the square of its length."""
    start = 0
    while len(text) - start > _CHUNK:
        window = text[start : start + _CHUNK]
        best = max(window.rfind(mark, _CHUNK // 2) for mark in _BREAKS)
        end = start + (best + 1 if best >= 0 else _CHUNK)
        yield text[start:end]
        start = end
    yield text[start:]


@functools.cache
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Tokenizer:
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        with _lock:
            tokenizer = _dictionary().tokenizer("C", fields=_FIELDS)
        _local.tokenizer = tokenizer
    return tokenizer
