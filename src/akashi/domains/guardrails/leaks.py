"""Texts that must not go out, found again in an answer however it is written or encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import contextlib
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
_BROKEN_RUN = re.compile(r"[A-Za-z0-9+/](?:[^A-Za-z0-9+/\w]{0,3}[A-Za-z0-9+/]){15,}")
_BASE32_RUN = re.compile(r"[A-Za-z2-7](?:\s{0,2}[A-Za-z2-7]){23,}")
_HEX_RUN = re.compile(r"(?:(?:0x|\\x|%)?[0-9A-Fa-f]{2}[\s:,;-]{0,3}){10,}")
_CODES = re.compile(r"(?:&#x?[0-9A-Fa-f]{1,6};|\\u\{?[0-9A-Fa-f]{4,6}\}?|U\+[0-9A-Fa-f]{4,6}\s?)+")
_NUMBERS = re.compile(r"(?:[0-9]{2,6}[\s,]{1,2}){9,}[0-9]{2,6}")
_CODE = re.compile(r"(?:&#|\\u\{?|U\+)(?P<hex>x)?(?P<digits>[0-9A-Fa-f]+)")
_OCTAL_RUN = re.compile(r"(?:\\[0-7]{3}){6,}")
_BIT_RUN = re.compile(r"(?:[01]{8}[\s,]{0,2}){6,}")
_QUOTED = re.compile(r"(?:=[0-9A-Fa-f]{2}){3}")
_TAGGED = re.compile("[\U000e0020-\U000e007e]{6,}")
_MARKUP = re.compile(r"<rt\b[^<>]{0,100}>[^<>]{0,100}</rt\s*>|<[^<>]{0,100}>", re.IGNORECASE)
_COUNTED = re.compile(r"(?<!\d)\d{1,4}\s?[.):、．）]\s*(?=\S)")
_FILLED = re.compile(r"(\S)(?:[^\n]\1){8,}")
_ORDINARY = re.compile(r"[\t\n -~、。ぁ-ヺー]")
_MOST_GARBAGE, _LEAST_ORDINARY = 0.1, 0.3


def decoded_readings(text: str, depth: int = _MAX_DEPTH) -> Iterator[str]:
    """Yield what ``text`` says backwards, between fillers, in ROT13 and behind base64, hex, bits and others.

    Looser than reading for people: wrong readings do no harm, because they are only compared with
    texts that are known.
    """
    seen = {text}
    front = [text]
    yield from _arranged_otherwise(text)
    for level in range(depth):
        following: list[str] = []
        for one in front:
            for reading in _readings_once(one):
                if reading not in seen and len(seen) < _MAX_READINGS * (level + 1) // depth:
                    seen.add(reading)
                    following.append(reading)
                    yield reading
        front = sorted(following, key=_is_garbage)  # what is plain is read on first, and not crowded out


def _is_garbage(text: str) -> bool:
    """Return whether few letters of ``text`` are Latin ones, kana or marks: bytes read in a wrong way."""
    return len(_ORDINARY.findall(text)) < _LEAST_ORDINARY * len(text)


def _arranged_otherwise(text: str) -> Iterator[str]:
    """Yield ``text`` with its letters put back: lines turned, fillers, numbers and tags taken out."""
    if "\n" in text:
        yield "\n".join(line[::-1] for line in text.split("\n"))
    for found in _FILLED.finditer(text):
        yield found.group()[1::2]
        yield text[max(0, found.start() - 1) : found.end()][::2]
    if "<" in text:
        yield _MARKUP.sub("", text)
    counted = _COUNTED.sub("", text)
    if counted != text:
        yield counted
    for found in _TAGGED.finditer(text):
        yield "".join(chr(ord(one) - 0xE0000) for one in found.group())


def _readings_once(text: str) -> Iterator[str]:
    yield text[::-1]
    plain = normalise(text).text
    if plain != text:
        yield plain
    if re.search("[A-Za-z]{4}", plain):
        yield codecs.encode(plain, "rot13")
    if "%" in plain:
        yield urllib.parse.unquote(plain)
    if _QUOTED.search(plain):
        yield binascii.a2b_qp(plain.encode("utf-8", "surrogatepass")).decode("utf-8", "ignore")
    for found in _CODES.finditer(text):
        yield "".join(map(_code_point, _CODE.finditer(found.group())))
    yield from _decoded_letters(plain)
    yield from _decoded_numbers(plain)


def _code_point(match: re.Match[str]) -> str:
    is_decimal = match.group().startswith("&#") and not match["hex"]
    if is_decimal and not match["digits"].isdecimal():
        return ""
    value = int(match["digits"], 10 if is_decimal else 16)
    return chr(value) if value < 0x110000 else ""


def _decoded_letters(plain: str) -> Iterator[str]:
    for found in _BASE64_RUN.finditer(plain):
        run = re.sub(r"[^A-Za-z0-9+/_-]", "", found.group()).replace("-", "+").replace("_", "/")
        yield from _from_base64(run)
    for found in _BROKEN_RUN.finditer(plain):
        if all(re.search(kind, found.group()) for kind in ("[A-Z]", "[a-z]", "[0-9]")):
            yield from _from_base64(re.sub(r"[^A-Za-z0-9+/]", "", found.group()))
    for found in _BASE32_RUN.finditer(plain):
        run = re.sub(r"\s", "", found.group()).upper()
        with contextlib.suppress(binascii.Error):
            yield from _texts_of(base64.b32decode(run + "=" * (-len(run) % 8)))
        yield from _texts_of(base64.b32decode(run[: len(run) // 8 * 8]))


def _decoded_numbers(plain: str) -> Iterator[str]:
    for found in _HEX_RUN.finditer(plain):
        digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", found.group())
        for skip in range(2):
            piece = digits[skip:]
            yield from _texts_of(bytes.fromhex(piece[: len(piece) // 2 * 2]))
    for found in _OCTAL_RUN.finditer(plain):
        yield from _texts_of(bytes(int(one, 8) & 0xFF for one in found.group().split("\\")[1:]))
    for found in _BIT_RUN.finditer(plain):
        yield from _texts_of(bytes(int(one, 2) for one in re.findall("[01]{8}", found.group())))
    for found in _NUMBERS.finditer(plain):
        values = [int(number) for number in re.findall("[0-9]+", found.group())]
        yield "".join(chr(value) for value in values if value < 0x110000)
        if max(values) < 256:
            yield from _texts_of(bytes(values))


def _from_base64(run: str) -> Iterator[str]:
    """Yield readings of a run that may begin anywhere; where one of them is text, the others are not read."""
    raws = []
    for skip in range(4):
        piece = run[skip:]
        whole = piece if len(piece) % 4 != 1 else piece[:-1]
        raws.append(base64.b64decode(whole + "=" * (-len(whole) % 4)))
    plain = [raw for raw in raws if _is_text(raw)]
    for raw in plain or raws:
        yield from _texts_of(raw)


def _is_text(raw: bytes) -> bool:
    """Return whether bytes are letters of UTF-8 but for their ends, where a run may be cut."""
    text = raw.decode("utf-8", errors="ignore")
    lost = len(raw) - len(text.encode())
    hidden = sum(not one.isprintable() and not one.isspace() for one in text)
    return bool(raw) and lost + hidden <= _MOST_GARBAGE * len(raw)


def _texts_of(raw: bytes) -> Iterator[str]:
    """Yield readings of bytes that may begin in the middle of a character."""
    if _is_text(raw):
        yield raw.decode("utf-8", errors="ignore")
        return
    for encoding in ("utf-8", "shift_jis", "utf-16-le", "utf-16-be", "euc_jp"):
        text = raw.decode(encoding, errors="ignore")
        if len(text) >= LEAST_CANARY:
            yield text
    if raw[:1]:
        yield raw[1:].decode("utf-16-le", errors="ignore")
