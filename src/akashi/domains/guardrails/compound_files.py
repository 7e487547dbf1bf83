"""Office files of the old container (DOC, XLS, PPT, and the shell of an encrypted DOCX): is one locked?

Only the directory and the beginning of a stream are read. Source: MS-CFB 2, MS-DOC 2.5.2 (fEncrypted),
MS-XLS 2.4.117 (FilePass), MS-PPT 2.3.3 (headerToken).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_FAT_AT, _IN_HEAD = 76, 109
_MOST_SECTORS = 2_000
_LAST = 0xFFFFFFFA
_SMALL = 64
_SMALL_BELOW = 4_096
_BOF, _FILE_PASS, _WRITE_PROTECT = 0x0809, 0x002F, 0x0086
_SEALED_SLIDES = 0xF3D1C4DF
_STREAM, _ROOT = 2, 5
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PROVIDERS = tuple(
    text.encode("utf-16-le") for text in ("Microsoft Enhanced Cryptographic", "Microsoft Base Cryptographic")
)


class _Entry(NamedTuple):
    kind: int
    first: int
    size: int


def compound_state(content: bytes) -> str:
    """Return ``locked``, ``open``, or ``unread``: a mail saved by Outlook, which is not looked into.

    A broken container is judged by the names in its bytes alone: of a package under a password, of the
    providers of ciphers.
    """
    entries = _entries(content)
    if any(name in content for name in (_PACKAGE, *_PROVIDERS)):
        return "locked"
    if "__properties_version1.0" in entries:
        return "unread"
    checks = (
        ("WordDocument", _word_is_locked),
        ("Workbook", _sheet_is_locked),
        ("Book", _sheet_is_locked),
        ("Current User", _slides_are_locked),
    )
    for name, is_locked in checks:
        if name in entries and is_locked(_beginning(content, entries[name], entries.get("Root Entry"))):
            return "locked"
    return "open"


def _word_is_locked(start: bytes) -> bool:
    return len(start) >= 12 and bool(start[11] & 0x01)


def _sheet_is_locked(start: bytes) -> bool:
    at = 0
    while at + 4 <= len(start):
        kind, size = struct.unpack_from("<HH", start, at)
        if kind == _FILE_PASS:
            return True
        if kind not in (_BOF, _WRITE_PROTECT):
            return False
        at += 4 + size
    return False


def _slides_are_locked(start: bytes) -> bool:
    return len(start) >= 16 and int.from_bytes(start[12:16], "little") == _SEALED_SLIDES


def _sector_size(content: bytes) -> int:
    shift = int.from_bytes(content[30:32], "little")
    return 1 << shift if shift in (9, 12) else 512


def _sector(content: bytes, number: int) -> bytes:
    size = _sector_size(content)
    return content[(number + 1) * size : (number + 2) * size] if number < _LAST else b""


def _numbers(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _next_sector(content: bytes, number: int) -> int:
    """Return the sector after one; only the tables that the head itself names are followed."""
    each = _sector_size(content) // 4
    table, place = divmod(number, each)
    if table >= _IN_HEAD:
        return _LAST
    tables = _numbers(content[_FAT_AT : _FAT_AT + 4 * _IN_HEAD])
    row = _numbers(_sector(content, tables[table])) if table < len(tables) else ()
    return row[place] if place < len(row) else _LAST


def _chain(content: bytes, first: int) -> Iterator[bytes]:
    number = first
    for _ in range(_MOST_SECTORS):
        sector = _sector(content, number)
        if not sector:
            return
        yield sector
        number = _next_sector(content, number)


def _entries(content: bytes) -> dict[str, _Entry]:
    if len(content) < 512:
        return {}
    found: dict[str, _Entry] = {}
    for sector in _chain(content, int.from_bytes(content[48:52], "little")):
        for at in range(0, len(sector) - _ENTRY + 1, _ENTRY):
            raw = sector[at : at + _ENTRY]
            length = min(64, int.from_bytes(raw[64:66], "little"))
            name = raw[: max(0, length - 2)].decode("utf-16-le", "replace")
            if raw[66] in (_STREAM, _ROOT):
                found.setdefault(name, _Entry(raw[66], *struct.unpack_from("<II", raw, 116)))
    return found


def _beginning(content: bytes, entry: _Entry, root: _Entry | None) -> bytes:
    """Return the first bytes of a stream, at least 64 where it has them."""
    if entry.size >= _SMALL_BELOW or root is None:
        return _sector(content, entry.first)
    each = _sector_size(content) // _SMALL
    at, place = divmod(entry.first, each)
    for number, sector in enumerate(_chain(content, root.first)):
        if number == at:
            return sector[place * _SMALL :]
    return b""
