"""7z archives: is one under a password? The list of members is itself packed, so it is unpacked first.

Source: 7zFormat.txt of the 7-Zip distribution (signature header, EncodedHeader, Folder).
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator

SEVEN = b"7z\xbc\xaf\x27\x1c"
_AES = b"\x06\xf1\x07\x01"
_LZMA, _LZMA2 = b"\x03\x01\x01", b"\x21"
_HEAD = 32
_MOST_LIST = 4_000_000
_ENCODED, _PACK, _SIZES, _UNPACK, _FOLDERS, _END = 0x17, 0x06, 0x09, 0x07, 0x0B, 0x00


def seven_state(content: bytes) -> str:
    """Return ``locked``, ``open``, or ``unread``: its list of members cannot be unpacked here."""
    if _AES in content:
        return "locked"
    at, size = int.from_bytes(content[12:20], "little"), int.from_bytes(content[20:28], "little")
    listed = content[_HEAD + at : _HEAD + at + size]
    if len(listed) < size:
        return "unread"
    if not listed or listed[0] != _ENCODED:
        return "open"
    try:
        return "locked" if _AES in _unpack(content, listed) else "open"
    except (lzma.LZMAError, EOFError, ValueError, IndexError, StopIteration):
        return "unread"


def _unpack(content: bytes, listed: bytes) -> bytes:
    """Return the list of members. Raises: ValueError and others: packed in a way that is not read here."""
    bytes_left = iter(listed[1:])
    _expect(bytes_left, _PACK)
    start = _HEAD + _number(bytes_left)
    _expect(bytes_left, 1)
    _expect(bytes_left, _SIZES)
    size = _number(bytes_left)
    _skip_to(bytes_left, _UNPACK)
    _expect(bytes_left, _FOLDERS)
    _expect(bytes_left, 1)
    _expect(bytes_left, 0)
    _expect(bytes_left, 1)
    flags = next(bytes_left)
    codec = bytes(next(bytes_left) for _ in range(flags & 0x0F))
    properties = bytes(next(bytes_left) for _ in range(_number(bytes_left))) if flags & 0x20 else b""
    packed = content[start : start + size]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[_filter(codec, properties)]).decompress(
        packed, _MOST_LIST
    )


def _filter(codec: bytes, properties: bytes) -> dict[str, int]:
    if codec == _LZMA and len(properties) == 5:
        rest, lc = divmod(properties[0], 9)
        pb, lp = divmod(rest, 5)
        size = max(4096, min(_MOST_LIST, int.from_bytes(properties[1:], "little")))
        return {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": size}
    if codec == _LZMA2:
        return {"id": lzma.FILTER_LZMA2, "dict_size": _MOST_LIST}
    raise ValueError("another codec")


def _expect(bytes_left: Iterator[int], wanted: int) -> None:
    if next(bytes_left) != wanted:
        raise ValueError("another layout")


def _skip_to(bytes_left: Iterator[int], wanted: int) -> None:
    """Pass the checksums of the packed list, if it has any, and the marks that end a part."""
    for one in bytes_left:
        if one == wanted:
            return
        if one == 0x0A:
            _expect(bytes_left, 1)
            for _ in range(4):
                next(bytes_left)
        elif one != _END:
            raise ValueError("another layout")
    raise ValueError("cut off")


def _number(bytes_left: Iterator[int]) -> int:
    """Return a number as 7z writes it: the leading ones of its first byte tell how many bytes follow."""
    first = next(bytes_left)
    value, mask = 0, 0x80
    for place in range(8):
        if not first & mask:
            return value | (first & (mask - 1)) << (8 * place)
        value |= next(bytes_left) << (8 * place)
        mask >>= 1
    return value
