"""Words of a Japanese text: short units, normalised forms, synonym groups, character n-grams."""

from __future__ import annotations

import functools
import re
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

from sudachipy import Dictionary, Tokenizer

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


def read_tokens(text: str) -> list[Token]:
    """Return the words of ``text`` in order, without blanks.

    Any string is accepted: long texts are analysed in pieces cut at punctuation, controls and lone
    surrogates are normalised away. Safe to call from several threads.

    >>> [token.form for token in read_tokens("ＡＴＭのふりこみ手数料は？") if token.content]
    ['atm', 'ふる', '込む', '手数', '料']
    """
    normal = normalise(text)
    units = [
        (piece.start, unit)
        for piece in _cut(normal.text)
        for unit in _analyse(normal.text[piece.start : piece.end])
    ]
    groups = match_groups([unit.form for _, unit in units], _phrases())
    tokens = []
    for (start, unit), everyday in zip(units, groups, strict=True):
        span = normal.to_original(Interval(start + unit.begin, start + unit.end))
        content = is_content(unit.form, unit.part)
        reading = unit.reading.translate(_KATAKANA_TO_HIRAGANA)
        groups_of = unit.synonyms + everyday
        tokens.append(Token(unit.form, span, unit.part, groups_of, content, unit.detail, reading))
    return tokens


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
    grams: list[str] = []
    for run in _runs(normalise(text).text.lower()):
        grams.extend(run[at : at + size] for at in range(len(run) - size + 1))
    return grams


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


class _Unit(NamedTuple):
    begin: int
    end: int
    form: str
    part: str
    synonyms: tuple[int, ...]
    detail: str
    reading: str


def _analyse(text: str) -> Iterator[_Unit]:
    """Yield the short units of the long words of ``text``, without blanks."""
    for word in _tokenizer().tokenize(text):
        groups = tuple(word.synonym_group_ids())
        for unit in word.split("A", add_single=False) or [word]:
            part, kind, detail = unit.part_of_speech()[:3]
            if part == "空白":
                continue
            own = tuple(group for group in unit.synonym_group_ids() if group not in groups)
            form = unit.normalized_form().lower()
            said = "" if part in _SYMBOLS else unit.reading_form() or unit.surface().lower()
            detail = kind if kind == "固有名詞" else detail
            yield _Unit(unit.begin(), unit.end(), form, part, groups + own, detail, said)
            groups = ()


@functools.cache
def _phrases() -> Phrases:
    return read_phrases(lambda phrase: tuple(unit.form for unit in _analyse(normalise(phrase).text)))


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
