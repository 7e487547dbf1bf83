"""Texts that must not go out, found again in an answer however it is written or encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import functools
import re
import urllib.parse
from collections.abc import Iterator, Sequence

from akashi.core.spans import Interval
from akashi.domains.guardrails.held_texts import (
    LEAST_CANARY,
    LEAST_RUN,
    HeldTexts,
    Leak,
    Owner,
    read_skeleton,
)
from akashi.language.normalise import normalise


def find_leaks(
    answer: str, sources: Sequence[str], secret: Sequence[str] = (), held: HeldTexts | None = None
) -> list[Leak]:
    """Return what of the held texts and of ``secret`` stands in ``answer``, in whatever encoding.

    A text of ``secret`` below ``LEAST_RUN`` characters is a canary. What also stands in a cited
    source may be said.
    """
    books = [book for book in (held, _book_of(tuple(secret))) if book]
    if not books:
        return []
    allowed = [read_skeleton(source) for source in sources]
    leaks = [leak for book in books for leak in book.find_runs(answer, allowed)]
    whole = Interval(0, len(answer))
    for reading in decoded_readings(answer):
        leaks += [Leak(whole, leak.reason) for book in books for leak in book.find_runs(reading, allowed)]
    return leaks


@functools.lru_cache(maxsize=16)
def _book_of(secret: tuple[str, ...]) -> HeldTexts:
    book = HeldTexts()
    for text in secret:
        if len(text) < LEAST_RUN:
            if len(read_skeleton(text).text) >= LEAST_CANARY:
                book.add_canary(text)
        else:
            book.add_text(text, Owner.INTERNAL)
    return book


_MAX_DEPTH = 3
_MAX_READINGS = 200
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-](?:[\s\"'|,]{0,3}[A-Za-z0-9+/_-]){15,}")
_BASE32_RUN = re.compile(r"[A-Za-z2-7](?:\s{0,2}[A-Za-z2-7]){23,}")
_HEX_RUN = re.compile(r"(?:(?:0x|\\x|%)?[0-9A-Fa-f]{2}[\s:,;-]{0,3}){10,}")
_CODES = re.compile(r"(?:&#x?[0-9A-Fa-f]{1,6};|\\u\{?[0-9A-Fa-f]{4,6}\}?|U\+[0-9A-Fa-f]{4,6}\s?)+")
_NUMBERS = re.compile(r"(?:[0-9]{2,6}[\s,]{1,2}){9,}[0-9]{2,6}")
_CODE = re.compile(r"(?:&#|\\u\{?|U\+)(?P<hex>x)?(?P<digits>[0-9A-Fa-f]+)")


def decoded_readings(text: str, depth: int = _MAX_DEPTH) -> Iterator[str]:
    """Yield what ``text`` says backwards, in ROT13 and behind base64, base32, hex and escapes.

    Looser than reading for people: wrong readings do no harm, because they are only compared with
    texts that are known.
    """
    seen = {text}
    front = [text]
    for _ in range(depth):
        following: list[str] = []
        for one in front:
            for reading in _readings_once(one):
                if reading not in seen and len(seen) < _MAX_READINGS:
                    seen.add(reading)
                    following.append(reading)
                    yield reading
        front = following


def _readings_once(text: str) -> Iterator[str]:
    yield text[::-1]
    plain = normalise(text).text
    if plain != text:
        yield plain
    if re.search("[A-Za-z]{4}", plain):
        yield codecs.encode(plain, "rot13")
    if "%" in plain:
        yield urllib.parse.unquote(plain)
    for found in _CODES.finditer(text):
        yield "".join(map(_code_point, _CODE.finditer(found.group())))
    yield from _decoded_bytes(plain)


def _code_point(match: re.Match[str]) -> str:
    is_decimal = match.group().startswith("&#") and not match["hex"]
    if is_decimal and not match["digits"].isdecimal():
        return ""
    value = int(match["digits"], 10 if is_decimal else 16)
    return chr(value) if value < 0x110000 else ""


def _decoded_bytes(plain: str) -> Iterator[str]:
    for found in _BASE64_RUN.finditer(plain):
        run = re.sub(r"[^A-Za-z0-9+/_-]", "", found.group()).replace("-", "+").replace("_", "/")
        for skip in range(4):
            piece = run[skip:]
            yield from _texts_of(base64.b64decode(piece[: len(piece) // 4 * 4]))
    for found in _BASE32_RUN.finditer(plain):
        run = re.sub(r"\s", "", found.group()).upper()
        try:
            yield from _texts_of(base64.b32decode(run[: len(run) // 8 * 8]))
        except binascii.Error:
            continue
    for found in _HEX_RUN.finditer(plain):
        digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", found.group())
        for skip in range(2):
            piece = digits[skip:]
            yield from _texts_of(bytes.fromhex(piece[: len(piece) // 2 * 2]))
    for found in _NUMBERS.finditer(plain):
        values = [int(number) for number in re.findall("[0-9]+", found.group())]
        yield "".join(chr(value) for value in values if value < 0x110000)


def _texts_of(raw: bytes) -> Iterator[str]:
    """Yield readings of bytes that may begin in the middle of a character."""
    for encoding in ("utf-8", "shift_jis", "utf-16-le", "utf-16-be", "euc_jp"):
        text = raw.decode(encoding, errors="ignore")
        if len(text) >= LEAST_CANARY:
            yield text
    if raw[:1]:
        yield raw[1:].decode("utf-16-le", errors="ignore")
