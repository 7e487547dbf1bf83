"""Texts inside a text: base64, base32, hexadecimal, bits, URL and other escapes, ROT13, what is invisible."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from akashi.language.traced import Traced

# Patterns begin with a set of characters where they can: such ones are searched for fastest.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-][A-Za-z0-9+/_-]{7,}+(?:\n[A-Za-z0-9+/_-]{4,}+)*+={0,2}")
_BASE32 = re.compile(r"[A-Z2-7](?<![A-Za-z0-9+/][A-Z2-7])[A-Z2-7]{15,}+(?![A-Za-z0-9+/])")
# How many characters of a last group of base32 carry no whole byte.
_SPARE = (0, 1, 0, 1, 0, 0, 1, 0)
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ :,\n]{0,2}){8,}+")
_HEX_WITHIN = re.compile(
    r"[0-9A-Fa-f][0-9A-Fa-f](?=[0-9A-Fa-f :,\nx\\]{14})[ :,\n]{0,2}"
    r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ :,\n]{0,2}){7}"
)
_HEX_BYTE = re.compile(r"(?:0x|\\x)?([0-9A-Fa-f]{2})[ :,\n]{0,2}")
_BITS = re.compile(r"[01][01]{7}[ ,\n]?(?:[01]{8}[ ,\n]?){5,}+")
_OCTET = re.compile("[01]{8}")
_PERCENT = re.compile(r"(?:[A-Za-z0-9._~+-]{0,40}%[0-9A-Fa-f]{2}){2,}+[A-Za-z0-9._~+-]{0,40}+")
_ESCAPE = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]{1,6})\}|([nrt\"']))"
    r"|U\+([0-9A-Fa-f]{4,6})(?:[ ,](?=U\+))?"
)
_CONTROLS = {"n": "\n", "r": "\n", "t": " "}
# What may stand unescaped between and around escapes: a text in two scripts has only one of them escaped.
_BETWEEN, _ASIDE = re.compile(r"[ -~\n]{0,40}"), 40
_LETTERS = re.compile(r"[A-Za-z](?<![A-Za-z][A-Za-z])[A-Za-z]++(?:[ ,.'’!?:;\"-]{1,2}[A-Za-z]++)+")
_TAGS = re.compile("[\U000e0020-\U000e007e]{2,}+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}+")
_HIDDEN = re.compile("[\u202e\ufe00-\ufe0f\U000e0020-\U000e007e\U000e0100-\U000e01ef]")
_REVERSED = re.compile("\u202e([^\u202c\u202e\n]{2,})")
_VISIBLE_SHARE = 0.9
_READABLE_SHARE = 0.95
_LEAST_SIGNS = 12
# Letters and signs of Japanese texts: punctuation, arrows, frames, enclosed and half-width forms.
_JAPANESE = re.compile("[\u2010-\u2049\u2190-\u21ff\u2460-\u27bf\u3000-\u33ff一-鿿\uff01-\uffef]")
_PLAINLY_JAPANESE = re.compile("[、-ヿ一-鿿！-ｚ…|<>]")
_KANA = re.compile("[ぁ-ヿ]")
_LEAST_BYTES = 6
# What is tried on bytes, each with the bytes of which kana need one: these are not readable without kana.
_ENCODINGS = (("utf-8", b""), ("shift_jis", b"\x81\x82\x83"), ("utf-16-le", b"\x30"))
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
        compact = run.replace("\n", "").replace("-", "+").replace("_", "/")
        compact = compact[: len(compact) - (len(compact) % 4 == 1)]
        raw = base64.b64decode(compact + "=" * (-len(compact) % 4))
        yield from _read_bytes(raw, _base64_places(run, found.start(), len(raw)))


def _base64_places(run: str, start: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield where each of ``count`` bytes stands in a run of base64 that begins at ``start``."""
    places = [start + at for at, one in enumerate(run) if one != "\n"]
    for at in range(count):
        yield places[at * 8 // 6], places[(at * 8 + 7) // 6] + 1


def decode_base32(text: str) -> Iterator[Traced]:
    """Yield each text written in base32."""
    for found in _BASE32.finditer(text):
        run = found.group()
        run = run[: len(run) - _SPARE[len(run) % 8]]
        raw = base64.b32decode(run + "=" * (-len(run) % 8))
        start = found.start()
        yield from _read_bytes(
            raw, ((start + at * 8 // 5, start + (at * 8 + 7) // 5 + 1) for at in range(len(raw)))
        )


def decode_hex(text: str) -> Iterator[Traced]:
    """Yield each text written as hexadecimal bytes, with or without separators and prefixes (0x, \\x)."""
    for found in _HEX.finditer(text):
        pairs = [one.span(1) for one in _HEX_BYTE.finditer(text, *found.span())]
        raw = bytes(int(text[start:end], 16) for start, end in pairs)
        if not raw.isdigit():
            yield from _read_bytes(raw, pairs)


def decode_bits(text: str) -> Iterator[Traced]:
    """Yield each text written as groups of eight bits."""
    for found in _BITS.finditer(text):
        octets = list(_OCTET.finditer(text, *found.span()))
        yield from _read_bytes(bytes(int(one.group(), 2) for one in octets), [one.span() for one in octets])


def decode_percent(text: str) -> Iterator[Traced]:
    """Yield each text written with URL escapes (%E3%81%82)."""
    if "%" not in text:
        return
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
    r"""Yield each text written with escapes of code points (\u3042, \x41, \u{3042}, U+3042).

    Latin letters and signs between and beside the escapes belong to it.
    """
    if "\\" not in text and "U+" not in text:
        return
    marks: list[re.Match[str]] = []
    for mark in _ESCAPE.finditer(text):
        if marks and _BETWEEN.fullmatch(text, marks[-1].end(), mark.start()) is None:
            yield from _unescaped(text, marks)
            marks = []
        marks.append(mark)
    yield from _unescaped(text, marks)


def _unescaped(text: str, marks: Sequence[re.Match[str]]) -> Iterator[Traced]:
    """Yield ``text`` from a little before the first of ``marks`` to a little after the last, read."""
    if sum(mark[5] is None for mark in marks) < 2:
        return
    first, last = marks[0].start(), marks[-1].end()
    start = first - len(_plain_end(text[max(0, first - _ASIDE) : first]))
    after = _BETWEEN.match(text, last)
    end = after.end() if after else last
    pieces: list[tuple[str, tuple[int, int]]] = []
    at = start
    for mark in marks:
        pieces += [(text[place], (place, place + 1)) for place in range(at, mark.start())]
        pieces.append((_escaped(mark), mark.span()))
        at = mark.end()
    pieces += [(text[place], (place, place + 1)) for place in range(at, end)]
    while pieces[0][0].isspace():
        pieces.pop(0)
    while pieces[-1][0].isspace():
        pieces.pop()
    joined = _paired(pieces)
    yield _plain("".join(one for one, _ in joined), [span for _, span in joined])


def _plain_end(text: str) -> str:
    return next((text[at:] for at in range(len(text)) if text[at:].isascii()), "")


def _escaped(mark: re.Match[str]) -> str:
    if mark[5] is not None:
        return _CONTROLS.get(mark[5], mark[5])
    value = int(next(filter(None, mark.groups())), 16)
    return chr(value) if value < 0x110000 else "\ufffd"


def _paired(pieces: Sequence[tuple[str, tuple[int, int]]]) -> list[tuple[str, tuple[int, int]]]:
    """Return ``pieces`` with the two halves of a character beyond the first plane made one."""
    joined: list[tuple[str, tuple[int, int]]] = []
    for one, span in pieces:
        before = joined[-1] if joined else ("", (0, 0))
        if "\udc00" <= one <= "\udfff" and "\ud800" <= before[0] <= "\udbff":
            both = 0x10000 + (ord(before[0]) - 0xD800) * 0x400 + ord(one) - 0xDC00
            joined[-1] = chr(both), (before[1][0], span[1])
        else:
            joined.append((one, span))
    return joined


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
    if _HIDDEN.search(text) is None:
        return
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


def _read_bytes(raw: bytes, places: Iterable[tuple[int, int]]) -> Iterator[Traced]:
    """Yield the text that ``raw`` is in UTF-8, Shift_JIS or UTF-16, if a person could read it."""
    if len(raw) < _LEAST_BYTES:
        return
    for encoding, needed in _ENCODINGS:
        if needed and not any(one in raw for one in needed):
            continue
        text = _decoded(raw, encoding)
        if text and _is_readable(text, encoding):
            spans = list(places)
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
    """Return whether ``text`` looks written by a person; stricter where any bytes decode to something.

    Bytes that are no text are rarely UTF-8 and hardly ever Japanese in it, so every sign that a Japanese
    text or its mark-up may hold counts there.
    """
    if encoding != "utf-8" and _KANA.search(text) is None:
        return False
    visible = sum(one in "\n\t\r" or unicodedata.category(one)[0] in "LNPSZ" for one in text)
    if visible < _VISIBLE_SHARE * len(text):
        return False
    words = sum(one.isascii() and (one.isalpha() or one in " \n\r\t") for one in text)
    if encoding == "utf-8":
        is_long = len(text) >= _LEAST_SIGNS
        signs = sum(
            one.isascii() and (one.isdecimal() or one in _MARKS or (is_long and one.isprintable()))
            for one in text
            if not (one.isalpha() or one == " ")
        )
        return words + signs + len(_JAPANESE.findall(text)) > _READABLE_SHARE * len(text)
    numbers = sum(one.isascii() and (one.isdecimal() or one in _MARKS) for one in text)
    japanese = len(_PLAINLY_JAPANESE.findall(text))
    return words + numbers + japanese > _READABLE_SHARE * len(text) and words <= len(text) // 2


DECODERS: tuple[tuple[str, re.Pattern[str], Decoder], ...] = (
    ("base64", _BASE64, decode_base64),
    ("base32", _BASE32, decode_base32),
    ("hex", _HEX_WITHIN, decode_hex),
    ("bits", _BITS, decode_bits),
    ("url", re.compile("%"), decode_percent),
    ("escapes", re.compile(r"\\|U\+"), decode_escapes),
    ("rot13", _LETTERS, decode_rot13),
)
"""What is tried on every text, in this order, each with what a text holds from which it reads anything."""
