"""Forms of a text in which a scorer compares: letters and digits only, and what they may hide behind."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from akashi.language.normalise import normalise
from akashi.language.quantities import read_quantities

_MARKS = re.compile(r"[\W_]+")
_PREFIXES = re.compile(r"\\x|0x|%|&#x?|\\u\{?|u\+|[;}]", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_HIRAGANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』|\"[^\"]*\"|“[^”]*”")


def flatten(text: str) -> str:
    """Return the letters and digits of ``text`` in one form: width, case, kana, without marks.

    >>> flatten("ＡＯＩ-7 ツバメ！")
    'aoi7つばめ'
    """
    return _MARKS.sub("", normalise(text).text.lower().translate(_HIRAGANA))


def strip_quoted(text: str) -> str:
    """Return ``text`` without what stands in quotation marks."""
    return _QUOTED.sub("", text)


def has_text(flat: str, wanted: str) -> bool:
    """Return whether ``wanted`` stands in a flattened text; a number in it must stand whole.

    >>> has_text(flatten("年10.3%"), "0.3%"), has_text(flatten("年0.3%です"), "0.3%")
    (False, True)
    """
    small = flatten(wanted)
    if not small:
        return False
    at = flat.find(small)
    while at >= 0:
        cut_before = small[0].isdigit() and at > 0 and flat[at - 1].isdigit()
        end = at + len(small)
        cut_after = small[-1].isdigit() and end < len(flat) and flat[end].isdigit()
        if not cut_before and not cut_after:
            return True
        at = flat.find(small, at + 1)
    return False


def says(text: str, wanted: str) -> bool:
    """Return whether ``text`` says ``wanted``: as letters, or as the same amount, rate, date or period.

    >>> says("手数料は１，１００円です", "1100円"), says("年10.3%", "0.3%"), says("手数料は無料", "無料")
    (True, False, True)
    """
    return bool(_said(text, wanted))


@lru_cache(maxsize=512)
def _said(text: str, wanted: str) -> bool:
    numbers = read_values(wanted)
    if numbers:
        rest = re.sub(r"[0-9０-９,，.．〇一二三四五六七八九十百千万億兆]+", "", wanted)
        if len(flatten(rest)) <= _UNIT_LETTERS:
            return numbers <= read_values(text)
    return has_text(flatten(text), wanted)


_UNIT_LETTERS = 4
"""A wanted text of a number and at most so many letters is a quantity, compared by value."""


@lru_cache(maxsize=512)
def read_values(text: str) -> frozenset[tuple[str, str, str]]:
    """Return the amounts, rates, dates, periods and counts of ``text`` as (kind, value, unit)."""
    return frozenset((one.kind.value, str(one.value), one.unit) for one in read_quantities(text))


@lru_cache(maxsize=256)
def hidden_forms(secret: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return how a short secret may be written: forms among letters, and forms where case matters.

    Letters: as it is, backwards, ROT13, hexadecimal, character codes. Case: base64 and base32 in every
    alignment, without the characters that depend on what stands before and after.
    """
    raws = {secret, normalise(secret).text, flatten(secret), secret.lower(), secret.upper()}
    plain = flatten(secret)
    letters = {plain, plain[::-1], codecs.encode(plain, "rot13")}
    exact: set[str] = set()
    for raw in raws:
        data = raw.encode("utf-8", "replace")
        letters |= {data.hex(), data[::-1].hex(), raw.encode("utf-16-be", "replace").hex()}
        letters.add("".join(str(ord(character)) for character in raw))
        letters.add("".join(f"{ord(character):x}" for character in raw))
        exact |= set(_aligned(data))
        exact |= set(_aligned(data[::-1]))
    return frozenset(one for one in letters if len(one) >= _LEAST), frozenset(exact)


_LEAST = 6


def _aligned(data: bytes) -> Iterator[str]:
    for shift in range(3):
        head = -(-shift * 8 // 6)
        code = base64.b64encode(b"\0" * shift + data).decode()
        yield code[head : (shift + len(data)) * 8 // 6]
    for shift in range(5):
        head = -(-shift * 8 // 5)
        code = base64.b32encode(b"\0" * shift + data).decode()
        yield code[head : (shift + len(data)) * 8 // 5]


def holds_secret(text: str, secret: str) -> bool:
    """Return whether a short secret stands in ``text``, written out or hidden behind an encoding."""
    letters, exact = hidden_forms(secret)
    flat = flatten(text)
    if any(form in flat for form in letters):
        return True
    bare = _PREFIXES.sub(" ", text)
    flat_bare = flat if bare == text else flatten(bare)
    if any(form in flat_bare for form in letters) or flatten(secret) in flat.translate(_DIGITS):
        return True
    dense = _BLANKS.sub("", text).replace("-", "+").replace("_", "/")
    return any(form in dense for form in exact if len(form) >= _LEAST)


@lru_cache(maxsize=256)
def cut_pieces(text: str, size: int) -> frozenset[str]:
    """Return every run of ``size`` letters of the flattened text."""
    flat = flatten(text)
    return frozenset(flat[at : at + size] for at in range(len(flat) - size + 1))


def longest_piece(text: str, held: str, size: int, allowed: Sequence[str] = ()) -> str:
    """Return the first run of ``size`` letters that both texts hold and no ``allowed`` one, or nothing."""
    pieces, flat = cut_pieces(held, size), flatten(text)
    said = [flatten(one) for one in allowed]
    for at in range(len(flat) - size + 1):
        piece = flat[at : at + size]
        if piece in pieces and not any(piece in one for one in said):
            return piece
    return ""
