"""Bytes of a text file -> characters. Exact decoders first; Japanese plausibility decides a tie."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from akashi.core.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO2022 = re.compile(rb"\x1b(?:\$[@B]|\$\(|\([BIJ])")
_LEGACY = ("cp932", "euc_jp")
_SAMPLE_CHARS = 20_000
# Half of a short Japanese text may be rare kanji; text in the wrong encoding scores below zero.
_PLAUSIBLE = 0.3
_LONGER_CHARS = 10


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file and the encoding that gave them; ``doubtful`` if it may be another.

    Korean and Chinese bytes are valid EUC-JP and come out as kanji without kana. Names and
    addresses look the same, so this is for a person to judge.
    """

    text: str
    encoding: str
    doubtful: bool = False


def decode(content: bytes, where: str) -> Decoded:
    """Return the text of ``content``: UTF-8, UTF-16 with mark, Shift_JIS, EUC-JP or ISO-2022-JP.

    Raises: InputError: no encoding gives plausible Japanese or plain ASCII; names the byte.

    >>> decode("手数料".encode("cp932"), "fees.txt").encoding
    'cp932'
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_marked(content, encoding, where)
    if _ISO2022.search(content) and (text := _try(content, "iso2022_jp_2")) is not None:
        return Decoded(text, "iso2022_jp")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(content, where, error.start)
    if "\x00" in text:
        raise _undecodable(content, where, text[: text.index("\x00")].encode().__len__())
    return Decoded(text, "utf-8")


def _decode_marked(content: bytes, encoding: str, where: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding), encoding.removesuffix("-sig"))
    except UnicodeDecodeError as error:
        raise _undecodable(content, where, error.start) from error


def _decode_legacy(content: bytes, where: str, offset: int) -> Decoded:
    """Return the most plausible of the two old encodings, both of which accept many bytes."""
    candidates = (
        (plausibility(text), Decoded(text, encoding, _is_kanji_only(text)))
        for encoding in _LEGACY
        if (text := _try(content, encoding)) is not None
    )
    score, best = max(candidates, key=lambda scored: scored[0], default=(0.0, None))
    if best is None or score < _PLAUSIBLE:
        raise _undecodable(content, where, offset)
    return best


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _undecodable(content: bytes, where: str, offset: int) -> InputError:
    guess = from_bytes(content[:4096]).best()
    return InputError(
        "The text cannot be decoded: byte {offset} fits no Japanese encoding (it looks like {guess}).",
        where=where,
        next_step="Save the file as UTF-8 and add it again.",
        offset=offset,
        guess=guess.encoding if guess else "binary",
    )


def plausibility(text: str) -> float:
    """Return how much ``text`` looks like Japanese, about -4 (noise) to 1; 1 for plain ASCII.

    The mean over all characters that are not ASCII: kana, common kanji and full-width forms
    speak for it; half-width kana, rare kanji, private-use and control characters against.

    >>> plausibility("口座") > 0 > plausibility("縺吶∋縺ｦ")
    True
    """
    foreign = [char for char in text[:_SAMPLE_CHARS] if not "\t" <= char <= "~"]
    return sum(map(_weight, foreign)) / len(foreign) if foreign else 1.0


def _is_kanji_only(text: str) -> bool:
    """Return whether a longer text has no kana."""
    foreign = [char for char in text[:_SAMPLE_CHARS] if char > "~" and char != "\u3000"]
    return len(foreign) >= _LONGER_CHARS and all("\u4e00" <= char <= "\u9fff" for char in foreign)


def _weight(char: str) -> float:
    code = ord(char)
    if 0x3041 <= code <= 0x30FE or 0x3000 <= code <= 0x301F:
        return 1.0
    if 0xFF01 <= code <= 0xFF5E or char in "・※○●◎■□◆◇▼▽→⇒①②③④⑤⑥⑦⑧⑨⑩～―‐…※￥":
        return 0.8
    if 0x4E00 <= code <= 0x9FFF:
        return 0.9 if _is_common(char) else -1.0
    if 0xFF61 <= code <= 0xFF9F:
        return -0.6
    if code < 0x20 or 0x7F <= code < 0xA0:
        return -4.0
    return -1.0 if 0xE000 <= code <= 0xF8FF else -0.3


def _is_common(char: str) -> bool:
    """Return whether a kanji is in level 1 of JIS X 0208 (rows 16 to 47: the 2,965 usual ones)."""
    try:
        encoded = char.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xCF
