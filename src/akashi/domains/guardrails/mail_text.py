"""The words of a mail as a reader sees them: headers, bodies, names of attachments.

Mails say which letters they are written in, and are often wrong. Only encodings of this list are ever used:
some of Python's own take minutes for a megabyte or are no encodings of letters at all.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

MAX_TEXT = 400_000
_GUESSED = ("utf-8", "cp932", "euc_jp")
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("shift_jis", "shift-jis", "x-sjis", "sjis", "cp932", "windows-31j", "ms932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp", "cp51932"), "euc_jp"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), "gb18030"),
    **{name: name for name in ("utf-16", "utf-16le", "utf-16be", "utf-7", "big5", "euc-kr")},
    **{f"iso-8859-{number}": f"iso-8859-{number}" for number in (1, 2, 15)},
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
}
_ESCAPES = (b"\x1b$", b"\x1b(")
_WORD = re.compile(r"=\?([A-Za-z0-9_.:*-]{1,40})\?([BbQq])\?([^? ]{0,2000})\?=")
_BETWEEN = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")
_BLOCK = re.compile(r"(?i)<(?:/?(?:p|div|tr|td|th|li|h[1-6]|table|blockquote)\b|br\b)[^<>]{0,2000}>")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_INVISIBLE = re.compile(r"(?is)<(style|script)\b.{0,100000}?</\1\s*>")


def readings(raw: bytes, charset: str) -> Iterator[str]:
    """Yield what ``raw`` may say: as its encoding tells, or else as each one that fits.

    >>> list(readings("証".encode("iso-2022-jp"), "us-ascii")), "証" in readings("証".encode(), "undefined")
    (['証'], True)
    """
    raw = raw[: MAX_TEXT * 4]
    if any(mark in raw for mark in _ESCAPES):
        yield raw.decode("iso2022_jp_ext", errors="replace")
        return
    named = _CODECS.get(charset.lower().strip())
    found = False
    for codec in (named,) if named else _GUESSED:
        try:
            yield raw.decode(codec)
            found = True
        except UnicodeDecodeError:
            continue
        if raw.isascii():
            return
    if not found and named:
        yield from readings(raw, "")
    elif not found:
        yield raw.decode("utf-8", errors="replace")


def first_reading(raw: bytes, charset: str = "") -> str:
    """Return the likeliest of ``readings``."""
    return next(readings(raw, charset))


def header_text(message: Message, *names: str) -> str:
    """Return the values of headers as people read them, however they are encoded."""
    wanted = {name.lower() for name in names}
    values = [str(value) for name, value in message.raw_items() if name.lower() in wanted]
    return " ".join(words_of(value[:20_000]) for value in values[:50])


def words_of(value: str) -> str:
    """Return one header value with its encoded words read and its raw bytes guessed.

    >>> words_of("=?utf-8?B?6LOH?= =?utf-8?B?5paZ?=.zip")
    '資料.zip'
    """
    pieces: list[tuple[bytes, str]] = []
    at = 0
    joined = _BETWEEN.sub("", value)
    for found in _WORD.finditer(joined):
        pieces += [(_raw(joined[at : found.start()]), ""), (_word_bytes(found[2], found[3]), found[1])]
        at = found.end()
    pieces.append((_raw(joined[at:]), ""))
    return "".join(first_reading(raw, charset) for raw, charset in _merge(pieces))


def _merge(pieces: list[tuple[bytes, str]]) -> Iterator[tuple[bytes, str]]:
    """Yield the pieces, neighbours of one encoding joined: a letter may lie in two words."""
    held, named = b"", ""
    for raw, charset in pieces:
        if not raw and not charset:
            continue
        if charset != named:
            if held:
                yield held, named
            held, named = b"", charset
        held += raw
    if held:
        yield held, named


def _raw(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")


def _word_bytes(way: str, text: str) -> bytes:
    try:
        if way in "Bb":
            return binascii.a2b_base64(text + "=" * (-len(text) % 4))
        return binascii.a2b_qp(_raw(text), header=True)
    except binascii.Error:
        return _raw(text)


def parameter(part: Message, header: str, name: str) -> tuple[bytes, str]:
    """Return the bytes and the encoding of a header's parameter, also in the pieces of RFC 2231."""
    found: list[tuple[str, Any]] = list(part.get_params([], header))
    for key, value in found[:200]:
        if key.lower() == name and isinstance(value, tuple):
            return value[2].encode("latin-1", errors="replace"), value[0] or ""
        if key.lower() == name:
            return _raw(value) if "\ufffd" not in value else _raw_parameter(part, header, name), ""
    return b"", ""


def _raw_parameter(part: Message, header: str, name: str) -> bytes:
    """Return a parameter with bytes that the library takes for damage."""
    for key, value in part.raw_items():
        found = re.search(rf'(?i)\b{name}\s*=\s*(?:"([^"]*)"|([^\s;]*))', str(value)[:20_000])
        if key.lower() == header and found:
            return _raw(found[1] or found[2] or "")
    return b""


def html_text(text: str) -> str:
    """Return the text of an HTML body: blocks are lines, other tags vanish, entities are read.

    >>> html_text("<p>パスワード<b>は</b>&#58;</p>x")
    '\\nパスワードは:\\nx'
    """
    plain = _TAG.sub("", _BLOCK.sub("\n", _INVISIBLE.sub(" ", text))) if "<" in text else text
    return html.unescape(plain) if "&" in plain else plain
