"""Texts inside a text: base64, hexadecimal, URL and backslash escapes, ROT13, invisible characters."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence

from akashi.language.traced import Traced

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}+(?:\n[A-Za-z0-9+/_-]{4,}+)*+={0,2}")
_HEX = re.compile(r"(?:0x)?(?:[0-9A-Fa-f]{2}[ :,]?){8,}+")
_PERCENT = re.compile(r"(?:[A-Za-z0-9._~+-]{0,40}%[0-9A-Fa-f]{2}){2,}+[A-Za-z0-9._~+-]{0,40}+")
_ESCAPES = re.compile(r"(?:\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}))++")
_ESCAPE = re.compile(r"\\[uUx]([0-9A-Fa-f]+)")
_LETTERS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}+(?:[ ,.'’!?:;\"-]{1,2}[A-Za-z]++)+")
_TAGS = re.compile("[\U000e0020-\U000e007e]{2,}+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}+")
_REVERSED = re.compile("\u202e([^\u202c\u202e\n]{2,})")
_VISIBLE_SHARE = 0.9
_LEAST_BYTES = 6
_MARKS = frozenset("-@.:/,()+=_%&;#!?\\'")
# The commonest words of English, and what people hide in ROT13; two of them make a reading plausible.
_COMMON = frozenset(
    re.findall(
        "[a-z]+",
        """the of and to in is you that it for on are with as this your all from be have not or an
        ignore previous instructions system prompt password show tell reveal print forget act rules
        message customer account number please must now following secret text above""",
    )
)

Decoder = Callable[[str], Iterator[Traced]]


def decode_base64(text: str) -> Iterator[Traced]:
    """Yield each text written in base64 (plain or URL alphabet), exact to the encoded character."""
    for found in _BASE64.finditer(text):
        run = found.group().rstrip("=")
        if len(run) < 12 or run.isdecimal():
            continue
        places = [found.start() + at for at, one in enumerate(run) if one != "\n"]
        compact = run.replace("\n", "").replace("-", "+").replace("_", "/")
        compact = compact[: len(compact) - (len(compact) % 4 == 1)]
        raw = base64.b64decode(compact + "=" * (-len(compact) % 4))
        yield from _read_bytes(
            raw, [(places[at * 8 // 6], places[(at * 8 + 7) // 6] + 1) for at in range(len(raw))]
        )


def decode_hex(text: str) -> Iterator[Traced]:
    """Yield each text written as hexadecimal bytes, with or without separators."""
    for found in _HEX.finditer(text):
        start = found.start() + 2 * found.group().startswith("0x")
        places = [start + at for at, one in enumerate(text[start : found.end()]) if one not in " :,"]
        pairs = list(zip(places[::2], places[1::2], strict=False))
        raw = bytes(int(text[first] + text[last], 16) for first, last in pairs)
        if not raw.isdigit():
            yield from _read_bytes(raw, [(first, last + 1) for first, last in pairs])


def decode_percent(text: str) -> Iterator[Traced]:
    """Yield each text written with URL escapes (%E3%81%82)."""
    for found in _PERCENT.finditer(text):
        raw, spans, at = bytearray(), [], found.start()
        while at < found.end():
            size = 3 if text[at] == "%" else 1
            one = int(text[at + 1 : at + 3], 16) if size == 3 else ord(text[at])
            raw.append(0x20 if text[at] == "+" else one)
            spans.append((at, at + size))
            at += size
        yield from _read_bytes(bytes(raw), spans)


def decode_escapes(text: str) -> Iterator[Traced]:
    r"""Yield each text written with backslash escapes (\u3042, \x41)."""
    for found in _ESCAPES.finditer(text):
        marks = [(one, int(one[1], 16)) for one in _ESCAPE.finditer(text, found.start(), found.end())]
        if len(marks) >= 2 and all(value < 0x110000 and not 0xD800 <= value < 0xE000 for _, value in marks):
            yield _plain("".join(chr(value) for _, value in marks), [one.span() for one, _ in marks])


def decode_rot13(text: str) -> Iterator[Traced]:
    """Yield each passage of Latin letters that makes sense in ROT13 and not as it stands."""
    for found in _LETTERS.finditer(text):
        turned = codecs.encode(found.group(), "rot13")
        if _common_words(turned) >= 2 and _common_words(turned) > _common_words(found.group()):
            yield _plain(turned, [(at, at + 1) for at in range(*found.span())])


def _common_words(text: str) -> int:
    return sum(word in _COMMON for word in re.findall("[a-z]+", text.lower()))


def decode_invisible(text: str) -> Iterator[Traced]:
    """Yield what tag characters and variation selectors spell, and what is set to run backwards."""
    for found in _TAGS.finditer(text):
        yield _plain(
            "".join(chr(ord(one) - 0xE0000) for one in found.group()),
            [(at, at + 1) for at in range(*found.span())],
        )
    for found in _SELECTORS.finditer(text):
        raw = bytes(
            ord(one) - 0xFE00 if ord(one) < 0xE0000 else ord(one) - 0xE0100 + 16 for one in found.group()
        )
        yield from _read_bytes(raw, [(at, at + 1) for at in range(*found.span())])
    for found in _REVERSED.finditer(text):
        places = list(range(*found.span(1)))[::-1]
        yield _plain(found[1][::-1], [(at, at + 1) for at in places])


def _plain(text: str, spans: Sequence[tuple[int, int]]) -> Traced:
    return Traced(text, array("L", [start for start, _ in spans]), array("L", [end for _, end in spans]))


def _read_bytes(raw: bytes, spans: Sequence[tuple[int, int]]) -> Iterator[Traced]:
    """Yield the text that ``raw`` is in UTF-8, Shift_JIS or UTF-16, if a person could read it."""
    for encoding in ("utf-8", "shift_jis", "utf-16-le"):
        text = _decoded(raw, encoding)
        if text and len(raw) >= _LEAST_BYTES and _is_readable(text, encoding):
            starts, ends = array("L"), array("L")
            at = 0
            for one in text:
                size = len(one.encode(encoding))
                starts.append(spans[at][0])
                ends.append(spans[at + size - 1][1])
                at += size
            yield Traced(text, starts, ends)
            return


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, binascii.Error):
        return ""


def _is_readable(text: str, encoding: str) -> bool:
    """Return whether ``text`` looks written by a person; stricter where any bytes decode to something."""
    visible = sum(one in "\n\t" or unicodedata.category(one)[0] in "LNPSZ" for one in text)
    if visible < _VISIBLE_SHARE * len(text):
        return False
    words = sum(one.isascii() and (one.isalpha() or one in " \n") for one in text)
    japanese = sum(
        "ぁ" <= one <= "ヿ" or "一" <= one <= "鿿" or "！" <= one <= "ｚ" or one in "、。" for one in text
    )
    numbers = sum(one.isascii() and (one.isdecimal() or one in _MARKS) for one in text)
    kana = any("ぁ" <= one <= "ヿ" for one in text)
    share = (words + japanese + numbers) / len(text)
    return share > 0.95 if encoding == "utf-8" else share > 0.95 and kana and words <= len(text) // 2


DECODERS: tuple[tuple[str, Decoder], ...] = (
    ("base64", decode_base64),
    ("hex", decode_hex),
    ("url", decode_percent),
    ("escapes", decode_escapes),
    ("rot13", decode_rot13),
)
"""What is tried on every text, in this order."""
