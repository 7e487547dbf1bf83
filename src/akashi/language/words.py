"""Words as they are written, with the whole part of speech: for those who look for names."""

from __future__ import annotations

import functools
import itertools
import operator
import threading
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sudachipy import Dictionary, Morpheme, Tokenizer

_CHUNK = 1_000
_BREAKS = "\n。！？!?、, "
_local = threading.local()
_lock = threading.Lock()


class Word(NamedTuple):
    """A short unit (Sudachi mode A) at ``start`` to ``end`` of the text.

    ``tag`` joins the first four levels of the part of speech, ``known`` says whether the
    dictionary has the word.
    """

    start: int
    end: int
    surface: str
    tag: str
    known: bool


def read_words(text: str) -> list[Word]:
    """Return the words of a normalised ``text`` in order, blanks included.

    Long texts are analysed in pieces cut at punctuation. Safe to call from several threads.

    >>> [(word.surface, word.tag) for word in read_words("山田さん")]
    [('山田', '名詞-固有名詞-人名-姓'), ('さん', '接尾辞-名詞的-一般')]
    """
    tokenizer = _tokenizer()
    tags = _tags()
    words: list[Word] = []
    for at, piece in _pieces(text):
        found = list(tokenizer.tokenize(piece))
        surfaces = list(map(Morpheme.surface, found))  # They follow one another without gaps.
        places = list(itertools.accumulate(map(len, surfaces), initial=at))
        parts = [
            tags.get(number) or tags.setdefault(number, _joined(one.part_of_speech()))
            for number, one in zip(map(Morpheme.part_of_speech_id, found), found, strict=True)
        ]
        known = map(operator.not_, map(Morpheme.is_oov, found))
        words += map(_word, zip(places, places[1:], surfaces, parts, known, strict=False))
    return words


# Makes a word of a tuple of its fields without a call of Python for each.
_word: Callable[[tuple[int, int, str, str, bool]], Word] = functools.partial(tuple.__new__, Word)


def _joined(part: tuple[str, ...]) -> str:
    return "-".join(level for level in part[:4] if level != "*")


@functools.cache
def _tags() -> dict[int, str]:
    return {}


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield pieces short enough for Sudachi; an unbroken run of katakana costs the square of its length."""
    start = 0
    while len(text) - start > _CHUNK:
        window = text[start : start + _CHUNK]
        best = max(window.rfind(mark, _CHUNK // 2) for mark in _BREAKS)
        end = start + (best + 1 if best >= 0 else _CHUNK)
        yield start, text[start:end]
        start = end
    yield start, text[start:]


@functools.cache
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Tokenizer:
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        with _lock:
            tokenizer = _dictionary().tokenizer("A")
        _local.tokenizer = tokenizer
    return tokenizer
