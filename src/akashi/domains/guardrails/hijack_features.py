"""What the hijack model sees of a text: character n-grams, runs of script, and concepts with their pairs."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
import tomllib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from akashi.core.spans import Interval
from akashi.language.sentences import read_sentences

BITS = 18
BUCKETS = 1 << BITS
SIZES = (2, 3, 4)
LONGEST, _STEP = 160, 80
_JOINED = 240
VEIL = "\ufdd0"
"""Stands for a sign that is not read: no feature holds it. No character, so that no text needs it."""
_HIRAGANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL_KATAKANA = _HIRAGANA | {code: ord("0") for code in range(ord("1"), ord("9") + 1)}
_SMALL_KATAKANA |= dict.fromkeys(map(ord, "\n\t\r　"), ord(" "))
_RUN = re.compile(
    "[一-鿿々ァ-ヺーa-z0-9](?:(?<=[一-鿿々])[一-鿿々]*|(?<=[ァ-ヺー])[ァ-ヺー]*|(?<=[a-z])[a-z]*|(?<=[0-9])[0-9]*)"
)
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], dtype=np.uint64
)


@functools.cache
def shipped_concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the concepts in the order of their features; they read hiragana for katakana."""
    raw = files("akashi.domains.guardrails").joinpath("data/hijack_concepts.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)["concepts"]
    return tuple((name, re.compile(pattern.translate(_HIRAGANA))) for name, pattern in table.items())


@functools.cache
def concept_pairs() -> tuple[tuple[int, int], ...]:
    """Return which two concepts each pair feature joins."""
    return tuple(itertools.combinations(range(len(shipped_concepts())), 2))


def dimensions() -> int:
    """Return how many features there are: buckets, concepts, pairs."""
    return BUCKETS + len(shipped_concepts()) + len(concept_pairs())


@dataclass(frozen=True, slots=True)
class Grams:
    """The hashed features of a text by place: ``buckets[i]`` begins at ``starts[i]``, ends at ``ends[i]``."""

    buckets: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def _tabled(table: dict[int, int]) -> NDArray[np.uint32]:
    """Return ``table`` for `_translated`, which takes a fifth of the time of ``str.translate``."""
    codes = np.arange(_TABLED, dtype=np.uint32)
    codes[list(table)] = list(table.values())
    return codes


def _translated(text: str, table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the code points of ``text`` with those of ``table`` in their place."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    within = codes < _TABLED
    return np.where(within, table[codes * within], codes)


_TABLED = 0x4000
_TO_HIRAGANA, _FOLDED = _tabled(_HIRAGANA), _tabled(_SMALL_KATAKANA)


def _lower(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def read_grams(text: str) -> Grams:
    """Return the character n-grams and script runs of a normalised text."""
    # In lower case, katakana as hiragana, one digit for all.
    codes = _translated(_lower(text), _FOLDED).astype(np.uint64)
    places = np.arange(len(codes))
    # All sizes together, a row each: in a short text most of the time goes into calls.
    mixed = np.empty((len(SIZES), len(codes)), dtype=np.uint64)
    mixed[:] = np.array(SIZES, dtype=np.uint64)[:, None]
    for at in range(SIZES[-1]):
        rows = mixed[bisect.bisect_right(SIZES, at) :, : max(0, len(codes) - at)]
        rows ^= codes[at:]
        rows *= _FACTORS[at]
        rows ^= rows >> np.uint64(29)
    grams = (mixed >> np.uint64(64 - BITS)).astype(np.int64)
    counts = [max(0, len(codes) - size + 1) for size in SIZES]
    buckets, starts, ends = _words(_lower(text))
    found = Grams(
        np.concatenate([*(row[:count] for row, count in zip(grams, counts, strict=True)), buckets]),
        np.concatenate([*(places[:count] for count in counts), starts]),
        np.concatenate([*(places[:count] + size for size, count in zip(SIZES, counts, strict=True)), ends]),
    )
    return _unveiled(found, codes) if VEIL in text else found


def _unveiled(grams: Grams, codes: NDArray[np.uint64]) -> Grams:
    """Return those features that hold no veiled sign."""
    veiled = np.concatenate([[0], np.cumsum(codes == ord(VEIL))])
    is_read = veiled[grams.ends] == veiled[grams.starts]
    return Grams(grams.buckets[is_read], grams.starts[is_read], grams.ends[is_read])


def _words(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return runs of one script, alone and with the run after them: hashes, starts and ends."""
    spans = [found.span() for found in _RUN.finditer(text)]
    words = [_hashed(text[start:end]) if end - start <= LONGEST else (0, b"") for start, end in spans]
    hashes = [hashed for hashed, _ in words]
    hashes += [zlib.crc32(after, hashed) for (hashed, _), (_, after) in itertools.pairwise(words)]
    flat = np.fromiter(itertools.chain.from_iterable(spans), np.int64, 2 * len(spans))
    starts, ends = flat[::2], flat[1::2]
    starts, ends = np.concatenate([starts, starts[:-1]]), np.concatenate([ends, ends[1:]])
    fits = ends - starts <= LONGEST
    buckets = np.array(hashes, dtype=np.int64)[fits] >> (32 - BITS)
    return buckets, starts[fits], ends[fits]


@functools.lru_cache(maxsize=20_000)
def _hashed(word: str) -> tuple[int, bytes]:
    """Return the hash of a word, and what makes the hash of the word before one of both together."""
    written = word.encode("utf-8", "surrogatepass")
    return zlib.crc32(b"w " + written), b" " + written


def find_concepts(text: str) -> list[list[int]]:
    """Return for each concept the places where it begins in a normalised text, in whichever kana."""
    plain = _translated(_lower(text), _TO_HIRAGANA).tobytes().decode("utf-32-le", "surrogatepass")
    return [[found.start() for found in pattern.finditer(plain)] for _, pattern in shipped_concepts()]


def cut_windows(text: str) -> list[Interval]:
    """Return the windows of a text: each sentence, in pieces if long, and each two neighbours together.

    >>> [window.of("ABC。DE。") for window in cut_windows("ABC。DE。")]
    ['ABC。', 'DE。', 'ABC。DE。']
    """
    sentences = read_sentences(text)
    windows = [piece for sentence in sentences for piece in _pieces(sentence)]
    for one, other in itertools.pairwise(sentences):
        if other.end - one.start <= _JOINED:
            windows.append(Interval(one.start, other.end))
    for first, last in zip(sentences, sentences[2:], strict=False):
        if last.end - first.start <= LONGEST:
            windows.append(Interval(first.start, last.end))
    return windows


def _pieces(sentence: Interval) -> list[Interval]:
    if len(sentence) <= LONGEST:
        return [sentence]
    starts = range(sentence.start, sentence.end - _STEP, _STEP)
    return [Interval(start, min(start + LONGEST, sentence.end)) for start in starts]


def concept_matrix(places: Sequence[Sequence[int]], windows: Sequence[Interval]) -> NDArray[np.bool_]:
    """Return which concepts each window holds, shape (windows, concepts)."""
    matrix = np.zeros((len(windows), len(places)), dtype=bool)
    starts = np.array([window.start for window in windows])
    ends = np.array([window.end for window in windows])
    for column, found in enumerate(places):
        if found:
            marks = np.array(found)
            matrix[:, column] = np.searchsorted(marks, ends) > np.searchsorted(marks, starts)
    return matrix
