"""One way of writing for every text, with the way back to the original characters."""

from __future__ import annotations

import functools
import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from akashi.core.spans import Interval

# Characters that no rule below touches; a run of them is copied as it stands.
_AS_IS = " -~\nぁ-ゖァ-ヺー一-鿿、。「」『』【】・々"
_PLAIN = re.compile(f"[{_AS_IS}]+")
# Starters that may compose with the character before them (Unicode NFKC_Quick_Check=Maybe with
# combining class 0); a test compares the list with the running Unicode database.
_JOINERS = frozenset(
    map(
        chr,
        [
            *(0x09BE, 0x09D7, 0x0B3E, 0x0B56, 0x0B57, 0x0BBE, 0x0BD7, 0x0CC2, 0x0CD5, 0x0CD6),
            *(0x0D3E, 0x0D57, 0x0DCF, 0x0DDF, 0x102E, 0x1B35, 0x0F73, 0x0F75, 0x0F81),
            *range(0x1161, 0x1176),
            *range(0x11A8, 0x11C3),
            *range(0x3131, 0x3164),
            *range(0xFF9E, 0xFFDD),
            *(0x11127, 0x1133E, 0x11357, 0x114B0, 0x114BA, 0x114BD, 0x115AF, 0x11930),
        ],
    )
)
# Default_Ignorable_Code_Point that are not of category Cf, and the blank Braille cell.
_INVISIBLE = frozenset(
    map(
        chr,
        [
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
        ],
    )
)
_SINGLE = {
    "\t": " ",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
    "\u301c": "~",
}
# Full-width signs, half-width kana, circled digits, bars and frames stay or become one other character each,
# wherever they stand between such ones and plain ones: none of them composes with another.
_WIDE = "！-～　｡-ﾝ①-⑨⓪〇〒‐-―−〜─━※×○●◎■□◆◇★☆△▲▽▼→←↑↓《》〈〉〔〕"
_ZERO_WIDTH = "\u00ad\u200b-\u200f\u2060\ufeff"
_EASY = re.compile(f"[{_AS_IS}{_WIDE}]+(?=[{_ZERO_WIDTH}]*(?:[{_AS_IS}{_WIDE}]|\\Z))")
_EASY_BUT_HIDDEN = re.compile(f"[{_AS_IS}{_WIDE}{_ZERO_WIDTH}]+")
_HIDDEN = re.compile(f"[{_ZERO_WIDTH}]+")
_NARROW = {
    ord(one): _SINGLE.get(one) or unicodedata.normalize("NFKC", one)
    for one in map(chr, (0xD7, *range(0x2010, 0x2700), *range(0x3000, 0x3020), *range(0xFF01, 0xFFA0)))
    if re.match(f"[{_WIDE}]", one)
}
_BAR_BETWEEN_DIGITS = re.compile("[ー―—─━](?<=[0-9].)(?=[0-9])")


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text; ``offsets[i]`` is where character ``i`` stood in the original.

    ``starts`` and ``ends`` hold one entry per character of ``text``, in code points of the
    original, both non-decreasing; ``length`` is the length of the original.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    length: int

    @property
    def offsets(self) -> list[Interval]:
        """Return for each character of ``text`` its interval in the original."""
        return [Interval(start, end) for start, end in zip(self.starts, self.ends, strict=True)]

    def to_original(self, interval: Interval) -> Interval:
        """Return the smallest interval of the original that holds what ``interval`` came from.

        Characters that normalisation removed belong to the interval only when they lie inside.

        Raises: ValueError: the interval ends after the text.

        >>> normalise("㈱ｶﾞｽ").to_original(Interval(3, 5))
        Interval(start=1, end=4)
        """
        if interval.end > len(self.text):
            raise ValueError(f"{interval} ends after {len(self.text)} characters")
        if interval.start == interval.end:
            at = self.starts[interval.start] if interval.start < len(self.text) else self.length
            return Interval(at, at)
        return Interval(self.starts[interval.start], self.ends[interval.end - 1])


def normalise(text: str) -> Normalised:
    """Return ``text`` in one way of writing, with an exact map back.

    NFKC (full-width letters, half-width kana, circled digits, ligatures, compatibility
    ideographs), every decimal digit as ASCII, one kind of newline, hyphen and wave dash; controls,
    zero-width, bidirectional and variation characters and marks that strike letters through or
    underline them are removed, a lone surrogate becomes
    U+FFFD. Idempotent. Letter case and kanji numerals stay.

    >>> normalise("ＡＴＭ　①\\u200b２").text
    'ATM 12'
    """
    if _EASY.fullmatch(text) is not None:
        easy = _BAR_BETWEEN_DIGITS.sub("-", _narrowed(text))
        return Normalised(easy, range(len(text)), range(1, len(text) + 1), len(text))
    if _EASY_BUT_HIDDEN.fullmatch(text) is not None:
        return _without_zero_width(text)
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    at = 0
    while at < len(text):
        run = _EASY.match(text, at)
        if run is not None:
            end = run.end()
            pieces.append(_narrowed(run.group()))
            starts.extend(range(at, end))
            ends.extend(range(at + 1, end + 1))
        else:
            end = _append_segment(text, at, pieces, starts, ends)
        at = end
    joined = _BAR_BETWEEN_DIGITS.sub("-", "".join(pieces))
    return Normalised(joined, starts, ends, len(text))


def _without_zero_width(text: str) -> Normalised:
    """Return an easy text with nothing but zero-width characters in it besides."""
    starts, ends = array("L"), array("L")
    at = 0
    for gap in _HIDDEN.finditer(text):
        starts.extend(range(at, gap.start()))
        ends.extend(range(at + 1, gap.start() + 1))
        at = gap.end()
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    easy = _BAR_BETWEEN_DIGITS.sub("-", _narrowed(_HIDDEN.sub("", text)))
    return Normalised(easy, starts, ends, len(text))


def _narrowed(run: str) -> str:
    """Return a run of plain, full-width and half-width characters with plain ones alone."""
    return run if _PLAIN.fullmatch(run) is not None else run.translate(_NARROW)


def _append_segment(text: str, at: int, pieces: list[str], starts: array[int], ends: array[int]) -> int:
    """Append what the character at ``at`` and its combining marks become; return where they end."""
    if _is_removed(text, at):
        return at + 1
    kept = _replaced(text[at])
    end = after = at + 1
    while after < len(text):
        if not _is_removed(text, after):
            if not _joins(text[after]):
                break
            kept += _VOICED.get(text[after], text[after])
            end = after + 1
        after += 1
    composed = _composed(kept) if len(kept) <= _SHORT else _composed.__wrapped__(kept)
    pieces.append(composed)
    starts.extend([at] * len(composed))
    ends.extend([end] * len(composed))
    return end


_SHORT = 4


@functools.lru_cache(maxsize=8_192)
def _composed(kept: str) -> str:
    """Return what a character with its marks becomes; few different ones make up most texts."""
    return "".join(map(_digit_form, _without_marks(unicodedata.normalize("NFKC", kept))))


# Marks set over, under or through letters; those that belong to a letter have been composed with it.
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def _without_marks(composed: str) -> str:
    """Return ``composed`` (NFKC) without marks that are left over: strokes, underlines, frames."""
    if composed.isascii() or _MARKS.search(composed) is None:
        return composed
    return unicodedata.normalize("NFKC", _MARKS.sub("", composed))


@functools.lru_cache(maxsize=8_192)
def _joins(character: str) -> bool:
    return unicodedata.combining(character) != 0 or character in _JOINERS or character in _VOICED


_VOICED = {"\u309b": "\u3099", "\u309c": "\u309a"}
"""Marks that stand alone, as bank terminals print カ゛, and the ones that join the kana before them."""


def _is_removed(text: str, at: int) -> bool:
    character = text[at]
    if character == "\r":
        return text[at + 1 : at + 2] == "\n"
    return _is_hidden(character)


@functools.lru_cache(maxsize=8_192)
def _is_hidden(character: str) -> bool:
    if character in _SINGLE or character == "\n":
        return False
    return unicodedata.category(character) in {"Cf", "Cc"} or character in _INVISIBLE


@functools.lru_cache(maxsize=8_192)
def _replaced(character: str) -> str:
    if unicodedata.category(character) == "Cs":
        return "\ufffd"
    return _SINGLE.get(character, character)


def _digit_form(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) not in {"Nd", "No"}:
        return _SINGLE.get(character, character)
    value = unicodedata.numeric(character)
    return str(int(value)) if value == int(value) else character
