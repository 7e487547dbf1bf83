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


def holds_secret(text: str, secret: str) -> bool:
    """Return whether a short secret stands in ``text``, written out or hidden behind an encoding.

    Read for: marks, blanks and invisible characters between, other width or case, kanji digits, backwards,
    ROT13, hexadecimal, character codes, percent and other escapes, base64 and base32 at any alignment.
    """
    flat, plain = flatten(text), flatten(secret)
    if plain in flat or plain[::-1] in flat or plain in flat.translate(_DIGITS):
        return True
    if plain.isascii() and codecs.encode(plain, "rot13") in flat:
        return True
    if not _ENCODED.search(text):
        return False
    bare = flatten(_PREFIXES.sub(" ", text))
    if any(form in flat or form in bare for form in _code_forms(secret)):
        return True
    dense = _BLANKS.sub("", text).replace("-", "+").replace("_", "/")
    return any(form in dense for form in _aligned_forms(secret))


_ENCODED = re.compile(
    r"[A-Za-z0-9+/=_-](?:[\s\"'|,]{0,3}[A-Za-z0-9+/=_-]){9}|(?:%|\\[xu]|&#|U\+|0x)[0-9A-Fa-f]"
    r"|(?:[0-9]{2,6}[\s,;]{1,3}){4}"
)
"""Only a text with such a run can hide a secret behind an encoding; most replies have none."""
_LEAST = 6


def _writings(secret: str) -> set[str]:
    return {secret, normalise(secret).text, flatten(secret), secret.lower(), secret.upper()}


@lru_cache(maxsize=256)
def _code_forms(secret: str) -> frozenset[str]:
    """Return the secret as hexadecimal bytes and as character codes, for a flattened text."""
    forms: set[str] = set()
    for raw in _writings(secret):
        data = raw.encode("utf-8", "replace")
        forms |= {data.hex(), data[::-1].hex(), raw.encode("utf-16-be", "replace").hex()}
        forms.add("".join(str(ord(character)) for character in raw))
        forms.add("".join(f"{ord(character):x}" for character in raw))
    return frozenset(forms)


@lru_cache(maxsize=256)
def _aligned_forms(secret: str) -> frozenset[str]:
    """Return the secret in base64 and base32, without the characters that depend on its neighbours."""
    forms: set[str] = set()
    for raw in _writings(secret):
        data = raw.encode("utf-8", "replace")
        forms |= {*_aligned(data), *_aligned(data[::-1])}
    return frozenset(form for form in forms if len(form) >= _LEAST)


def _aligned(data: bytes) -> Iterator[str]:
    for shift in range(3):
        head = -(-shift * 8 // 6)
        code = base64.b64encode(b"\0" * shift + data).decode()
        yield code[head : (shift + len(data)) * 8 // 6]
    for shift in range(5):
        head = -(-shift * 8 // 5)
        code = base64.b32encode(b"\0" * shift + data).decode()
        yield code[head : (shift + len(data)) * 8 // 5]


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
