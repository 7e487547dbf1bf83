"""The canonical container of a bundle: the same entries are always the same bytes.

It is a ZIP file that every tool opens: entries stored uncompressed in the given order, one fixed time,
no comments, no extra fields. A reader rebuilds it from what it found and compares byte by byte, so a
change of any byte, ZIP metadata included, is seen and its place is named.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akashi.core.errors import InputError

MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 2_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*")
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _FLAGS, _STORED, _TIME, _DAY = 20, 0, 0, 0, (1 << 5) | 1
"""ZIP 2.0, no flags, stored, 1980-01-01 00:00: the least that the format can say. Source: APPNOTE 6.3.3."""
_LOCAL_FORM = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL_FORM = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END_FORM = struct.Struct("<4sHHHHIIH")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a container."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a container's bytes, and what stands there."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a container is not what its own entries make: byte offset, and what stands there."""

    offset: int
    what: str


def build_container(entries: Sequence[Entry]) -> bytes:
    """Return the container of ``entries`` in their order.

    Raises: ValueError: a name stands twice or is not plain, or it grows too large.

    >>> build_container([Entry("a.txt", b"x")]) == build_container([Entry("a.txt", b"x")])
    True
    """
    return _build(entries)[0]


def read_container(content: bytes, where: str = "bundle") -> tuple[Entry, ...]:
    """Return the entries as they stand in the file, whatever the rest of it says.

    Raises: InputError: it is not a container, is cut off, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise InputError("The file is larger than {most} megabytes.", where=where, most=MOST_BYTES >> 20)
    entries: list[Entry] = []
    place = 0
    while content[place : place + 4] == _LOCAL:
        if len(entries) == MOST_ENTRIES:
            raise InputError("The bundle has more than {most} entries.", where=where, most=MOST_ENTRIES)
        entry, place = _read_entry(content, place, where)
        entries.append(entry)
    if not entries:
        raise InputError(
            "The file is not a bundle.", where=where, next_step="Choose a file ending in .akashi."
        )
    return tuple(entries)


def compare_container(content: bytes, entries: Sequence[Entry]) -> Difference | None:
    """Return the first place at which ``content`` is not the container of ``entries``; None: it is."""
    try:
        wanted, regions = _build(entries)
    except ValueError as error:
        return Difference(0, str(error))
    if content == wanted:
        return None
    shared = min(len(content), len(wanted))
    offset = next((place for place in _differing(content, wanted, shared)), shared)
    found = next((region for region in regions if region.start <= offset < region.end), None)
    return Difference(offset, found.what if found else "after the end")


def _differing(left: bytes, right: bytes, shared: int) -> Iterable[int]:
    """Yield the first differing offset, found block by block."""
    for start in range(0, shared, 65_536):
        end = min(start + 65_536, shared)
        if left[start:end] != right[start:end]:
            yield next(place for place in range(start, end) if left[place] != right[place])
            return


def _build(entries: Sequence[Entry]) -> tuple[bytes, list[Region]]:
    _check(entries)
    body, index, regions = bytearray(), bytearray(), []
    for entry in entries:
        name, start = entry.name.encode(), len(body)
        facts = (zlib.crc32(entry.content), len(entry.content), len(entry.content), len(name), 0)
        body += _LOCAL_FORM.pack(_LOCAL, _VERSION, _FLAGS, _STORED, _TIME, _DAY, *facts) + name
        regions.append(Region(start, len(body), f"header of {entry.name}"))
        body += entry.content
        regions.append(Region(len(body) - len(entry.content), len(body), f"content of {entry.name}"))
        index += _CENTRAL_FORM.pack(
            _CENTRAL, _VERSION, _VERSION, _FLAGS, _STORED, _TIME, _DAY, *facts, 0, 0, 0, 0, start
        )
        index += name
    place = len(body)
    end = _END_FORM.pack(_END, 0, 0, len(entries), len(entries), len(index), place, 0)
    regions.append(Region(place, place + len(index), "directory"))
    regions.append(Region(place + len(index), place + len(index) + len(end), "end of the directory"))
    return bytes(body) + bytes(index) + end, regions


def _check(entries: Sequence[Entry]) -> None:
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names):
        raise ValueError("an entry stands twice")
    for name in names:
        if not _NAME.fullmatch(name) or len(name) > 200:
            raise ValueError(f"not a plain name: {name!r}")
    if not entries or len(entries) > MOST_ENTRIES or sum(len(one.content) for one in entries) > MOST_BYTES:
        raise ValueError("empty or too large")


def _read_entry(content: bytes, place: int, where: str) -> tuple[Entry, int]:
    head = content[place : place + _LOCAL_FORM.size]
    if len(head) < _LOCAL_FORM.size:
        raise InputError("The bundle is cut off.", where=where)
    size, name_size, extra_size = *_LOCAL_FORM.unpack(head)[8:10], _LOCAL_FORM.unpack(head)[10]
    start = place + _LOCAL_FORM.size
    end = start + name_size + extra_size + size
    if end > len(content):
        raise InputError("The bundle is cut off.", where=where)
    name = content[start : start + name_size].decode("utf-8", "backslashreplace")
    return Entry(name, content[end - size : end]), end
