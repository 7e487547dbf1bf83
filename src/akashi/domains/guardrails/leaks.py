"""Texts that must not go out, found again in an answer however it is written or encoded."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from akashi.core.spans import Interval
from akashi.language.normalise import normalise

LEAST_RUN = 30
"""Characters of a held text that may not appear in one piece."""
_GRAM, _STRIDE, _MOST_PLACES = 8, 5, 200
_LEAST_CANARY = 6
INTERNAL = "The answer holds text that must stay inside."
FOREIGN = "The answer copies a text of others that was not approved."


class Owner(Enum):
    """Whose text it is: ours and internal, or others' and not to be copied."""

    INTERNAL = INTERNAL
    FOREIGN = FOREIGN


@dataclass(frozen=True, slots=True)
class Leak:
    """A run of a held text, at ``span`` of the answer (all of it where it was encoded)."""

    span: Interval
    reason: str


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The letters and digits of a text in one form; ``places[i]`` is where the i-th one stood."""

    text: str
    places: Sequence[int]

    def run(self, start: int, end: int) -> Interval:
        """Return the interval of the text it was made from."""
        return Interval(self.places[start], self.places[end - 1] + 1)


_KATAKANA = {code: code - 96 for code in range(ord("ァ"), ord("ヶ") + 1)}


def read_skeleton(text: str) -> Skeleton:
    """Return the letters and digits of ``text``: one width and case, katakana as hiragana, no marks.

    >>> read_skeleton("Ａ-ｂ  カ！").text
    'abか'
    """
    normal = normalise(text)
    kept, places = [], []
    for at, character in enumerate(normal.text):
        if unicodedata.category(character)[0] in "LN":
            for one in character.lower():
                kept.append(chr(_KATAKANA.get(ord(one), ord(one))))
                places.append(normal.starts[at])
    return Skeleton("".join(kept), places)


class HeldTexts:
    """Texts the house holds and must not show, ready to be looked for; add as they come in."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._texts: list[tuple[str, Skeleton, Owner]] = []
        self._grams: dict[str, list[tuple[int, int]]] = {}
        self._canaries: set[str] = set()

    def __len__(self) -> int:
        """Return how many texts and canaries are held."""
        return len(self._texts) + len(self._canaries)

    def add_text(self, text: str, owner: Owner) -> None:
        """Hold ``text``; pieces of less than ``LEAST_RUN`` characters of it may appear."""
        skeleton = read_skeleton(text)
        number = len(self._texts)
        self._texts.append((text, skeleton, owner))
        for at in range(0, len(skeleton.text) - _GRAM + 1, _STRIDE):
            places = self._grams.setdefault(skeleton.text[at : at + _GRAM], [])
            if len(places) < _MOST_PLACES:
                places.append((number, at))

    def add_canary(self, canary: str) -> None:
        """Hold a marker that must never appear at all; it has at least six letters or digits.

        Raises: ValueError: shorter than that.
        """
        marker = read_skeleton(canary).text
        if len(marker) < _LEAST_CANARY:
            raise ValueError("a canary needs at least six letters or digits")
        self._canaries.add(marker)

    def find_runs(self, text: str, allowed: Sequence[Skeleton] = ()) -> Iterator[Leak]:
        """Yield where ``text`` holds a canary or a run of a held text, unless ``allowed`` has the run too."""
        skeleton = read_skeleton(text)
        for canary in self._canaries:
            at = skeleton.text.find(canary)
            if at >= 0:
                yield Leak(skeleton.run(at, at + len(canary)), INTERNAL)
        reached: dict[tuple[int, int], int] = {}
        for at in range(len(skeleton.text) - _GRAM + 1):
            for number, place in self._grams.get(skeleton.text[at : at + _GRAM], ()):
                if at < reached.get((number, place - at), -1):
                    continue
                leak, end = self._extend(text, skeleton, at, number, place, allowed)
                reached[number, place - at] = end
                if leak is not None:
                    yield leak

    def _extend(
        self, text: str, skeleton: Skeleton, at: int, number: int, place: int, allowed: Sequence[Skeleton]
    ) -> tuple[Leak | None, int]:
        original, held, owner = self._texts[number]
        start, end = at, at + _GRAM
        shift = place - at
        while start and start + shift and skeleton.text[start - 1] == held.text[start + shift - 1]:
            start -= 1
        while (
            end < len(skeleton.text)
            and end + shift < len(held.text)
            and skeleton.text[end] == held.text[end + shift]
        ):
            end += 1
        run = held.run(start + shift, end + shift)
        span = skeleton.run(start, end)
        length = _without_blanks(original, run) + _same_edges(original, run, text, span)
        if length < LEAST_RUN or any(skeleton.text[start:end] in one.text for one in allowed):
            return None, end
        return Leak(span, owner.value), end


def _without_blanks(text: str, run: Interval) -> int:
    return len(re.sub(r"\s", "", run.of(text)))


def _same_edges(original: str, run: Interval, text: str, span: Interval) -> int:
    """Return how many marks beside the run are the same on both sides."""
    count = 0
    while _at(original, run.start - 1 - count) and _at(original, run.start - 1 - count) == _at(
        text, span.start - 1 - count
    ):
        count += 1
    after = 0
    while _at(original, run.end + after) and _at(original, run.end + after) == _at(text, span.end + after):
        after += 1
    return count + after


def _at(text: str, index: int) -> str:
    return text[index] if 0 <= index < len(text) else ""


def find_leaks(
    answer: str, sources: Sequence[str], secret: Sequence[str] = (), held: HeldTexts | None = None
) -> list[Leak]:
    """Return what of the held texts and of ``secret`` stands in ``answer``, in whatever encoding.

    A text of ``secret`` below ``LEAST_RUN`` characters is a canary. What also stands in a cited
    source may be said.
    """
    books = [book for book in (held, _book_of(secret)) if book]
    if not books:
        return []
    allowed = [read_skeleton(source) for source in sources]
    leaks = [leak for book in books for leak in book.find_runs(answer, allowed)]
    whole = Interval(0, len(answer))
    for reading in decoded_readings(answer):
        leaks += [Leak(whole, leak.reason) for book in books for leak in book.find_runs(reading, allowed)]
    return leaks


def _book_of(secret: Iterable[str]) -> HeldTexts:
    book = HeldTexts()
    for text in secret:
        if len(text) < LEAST_RUN:
            if len(read_skeleton(text).text) >= _LEAST_CANARY:
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
        if len(text) >= _LEAST_CANARY:
            yield text
    if raw[:1]:
        yield raw[1:].decode("utf-16-le", errors="ignore")
