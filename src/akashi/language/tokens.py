"""Words of a Japanese text: short units, normalised forms, synonym groups, character n-grams."""

from __future__ import annotations

import functools
import re
import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

from sudachipy import Dictionary, Morpheme, Tokenizer

from akashi.core.spans import Interval
from akashi.language.normalise import normalise
from akashi.language.synonyms import Phrases, match_groups, read_phrases

# Sudachi refuses more than 49,149 bytes (a character has at most four, and its own rewriting may
# lengthen them), and an unbroken run of katakana takes time with the square of its length.
_CHUNK = 1_000
_BREAKS = "\n。！？!?、, "
# Parts of speech that are not particles, auxiliaries or symbols.
WORD_PARTS = frozenset(["名詞", "動詞", "形容詞", "形状詞", "副詞", "接頭辞", "接尾辞", "代名詞", "連体詞"])
_SYMBOLS = frozenset(["補助記号", "記号"])
_KATAKANA_TO_HIRAGANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}
_NOT_WORD = re.compile(r"[\W_]+")
# What the dictionary says of words that were met, by number and writing; forgotten when it grows too large.
_MOST_UNITS = 200_000
_units: dict[tuple[int, str], tuple[tuple[int, Unit], ...]] = {}
_local = threading.local()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """A short unit (Sudachi mode A).

    ``form`` is the normalised form in lower case, ``span`` its place in the original text,
    ``part`` the first level of the part of speech, ``synonyms`` the ids of its synonym groups and
    of those of the longer word that it begins; ``content`` is false for particles, auxiliaries,
    symbols and the words of ``stopwords.toml``; ``detail`` is 固有名詞 for a proper noun,
    otherwise the third level of the part of speech (一般, サ変可能 …); ``reading`` is how it is said,
    in hiragana, and empty for symbols.
    """

    form: str
    span: Interval
    part: str
    synonyms: tuple[int, ...]
    content: bool
    detail: str = ""
    reading: str = ""


class Unit(NamedTuple):
    """A short unit as the dictionary has it, with the fields of a `Token` and its length."""

    length: int
    form: str
    part: str
    synonyms: tuple[int, ...]
    content: bool
    detail: str
    reading: str


def read_tokens(text: str) -> list[Token]:
    """Return the words of ``text`` in order, without blanks.

    Any string is accepted: long texts are analysed in pieces cut at punctuation, controls and lone
    surrogates are normalised away. Safe to call from several threads.

    >>> [token.form for token in read_tokens("ＡＴＭのふりこみ手数料は？") if token.content]
    ['atm', 'ふる', '込む', '手数', '料']
    """
    normal = normalise(text)
    tokens = []
    for begin, unit, everyday in read_units(normal.text):
        span = normal.to_original(Interval(begin, begin + unit.length))
        groups = unit.synonyms + everyday if everyday else unit.synonyms
        tokens.append(Token(unit.form, span, unit.part, groups, unit.content, unit.detail, unit.reading))
    return tokens


def read_units(text: str) -> Iterator[tuple[int, Unit, tuple[int, ...]]]:
    """Yield the words of a normalised ``text`` in order, without blanks.

    Each with its place and the everyday groups of the phrases that it is part of. What `read_tokens`
    says of words, for whoever needs no way back to the original.
    """
    placed = [
        (piece.start + begin, unit)
        for piece in _cut(text)
        for begin, unit in _analyse(text[piece.start : piece.end])
    ]
    groups = match_groups([unit.form for _, unit in placed], _phrases())
    for (begin, unit), everyday in zip(placed, groups, strict=True):
        yield begin, unit, everyday


def is_content(form: str, part: str) -> bool:
    """Return whether a word says what a text is about, by part of speech and stop list."""
    return part in WORD_PARTS and form not in stop_words()


def is_polite(form: str) -> bool:
    """Return whether a normalised form only says how politely something is asked."""
    return form in _stop_lists()["polite"]


@functools.cache
def stop_words() -> frozenset[str]:
    """Return the normalised forms of polite, light and asking words."""
    return frozenset().union(*_stop_lists().values())


@functools.cache
def _stop_lists() -> dict[str, frozenset[str]]:
    raw = files("akashi.language").joinpath("data/stopwords.toml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(raw).items()}


def read_ngrams(text: str, size: int) -> list[str]:
    """Return the runs of ``size`` characters inside words, in order.

    Runs do not cross blanks, punctuation or symbols; letters are in lower case and katakana become
    hiragana, so that ふりこみ and フリコミ agree.

    >>> read_ngrams("通帳、紛失", 2)
    ['通帳', '紛失']
    """
    return cut_ngrams(normalise(text).text, (size,))


def cut_ngrams(text: str, sizes: Sequence[int]) -> list[str]:
    """Return what `read_ngrams` returns of a normalised ``text``, for several sizes together."""
    runs = _runs(text.lower())
    return [run[at : at + size] for run in runs for size in sizes for at in range(len(run) - size + 1)]


def _runs(text: str) -> list[str]:
    return _NOT_WORD.sub(" ", text).translate(_KATAKANA_TO_HIRAGANA).split()


def _cut(text: str) -> Iterator[Interval]:
    start = 0
    while len(text) - start > _CHUNK:
        window = text[start : start + _CHUNK]
        best = max(window.rfind(mark, _CHUNK // 2) for mark in _BREAKS)
        end = start + (best + 1 if best >= 0 else _CHUNK)
        yield Interval(start, end)
        start = end
    if start < len(text):
        yield Interval(start, len(text))


def _analyse(text: str) -> Iterator[tuple[int, Unit]]:
    """Yield the short units of the long words of ``text`` with their places, without blanks.

    What the dictionary says of a word depends on its number and its writing alone, so it is asked once.
    """
    known = _units
    for word in _tokenizer().tokenize(text):
        start = word.begin()
        if word.dictionary_id() < 0:
            units = _read_units(word)
        else:
            key = (word.word_id(), text[start : word.end()])
            found = known.get(key)
            if found is None:
                if len(known) >= _MOST_UNITS:
                    known.clear()
                found = known[key] = _read_units(word)
            units = found
        for offset, unit in units:
            yield start + offset, unit


def _read_units(word: Morpheme) -> tuple[tuple[int, Unit], ...]:
    start, groups = word.begin(), tuple(word.synonym_group_ids())
    units = []
    for one in word.split("A", add_single=False) or [word]:
        part, kind, detail = one.part_of_speech()[:3]
        if part == "空白":
            continue
        own = tuple(group for group in one.synonym_group_ids() if group not in groups)
        form = one.normalized_form().lower()
        said = "" if part in _SYMBOLS else one.reading_form() or one.surface().lower()
        unit = Unit(
            length=one.end() - one.begin(),
            form=form,
            part=part,
            synonyms=groups + own,
            content=is_content(form, part),
            detail=kind if kind == "固有名詞" else detail,
            reading=said.translate(_KATAKANA_TO_HIRAGANA),
        )
        units.append((one.begin() - start, unit))
        groups = ()
    return tuple(units)


@functools.cache
def _phrases() -> Phrases:
    return read_phrases(lambda phrase: tuple(unit.form for _, unit in _analyse(normalise(phrase).text)))


@functools.cache
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Tokenizer:
    """Return this thread's own tokenizer: Sudachi's are not safe to share."""
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        with _lock:
            tokenizer = _dictionary().tokenizer("C")
        _local.tokenizer = tokenizer
    return tokenizer
