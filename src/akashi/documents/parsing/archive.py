"""Office files are ZIP archives: what they would unpack to is known before anything is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn

from akashi.core.errors import InputError

from .draft import Source
from .formats import Format

_DEPTH = 3
_CHUNK = 1 << 20
_SMALL = 10_000_000  # members below this size may have any ratio: repetitive tables pack well
_MACRO_PARTS = ("vbaproject.bin", "vbadata.xml")
_XML = (".xml", ".rels", ".vml", ".svg", ".xhtml", ".html")
# Office never writes a document type; entities can only come from one.
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_DOCTYPE = re.compile(
    b"|".join(b"\x00?".join(re.escape(word[i : i + 1]) for i in range(len(word))) for word in _FORBIDDEN),
    re.IGNORECASE,
)
_ENCODING = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_ENCODINGS = (b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def inspect_archive(content: bytes, expected: Format, source: Source) -> int:
    """Return how many archives are embedded in this one, after checking that it is harmless.

    Raises: InputError: encrypted, macros, unpacks to too much, entity definitions, or damaged.
    """
    inspector = _Inspector(source)
    inspector.inspect(content, 0)
    if expected.main_part not in inspector.names:
        inspector.refuse(
            "The file is a ZIP archive, but not a {format} document.",
            "Give the document itself, not an archive of it.",
            format=expected.name,
        )
    return inspector.embedded


def part_matches(content: bytes, prefix: str, pattern: re.Pattern[bytes]) -> bool:
    """Return whether a part of the (inspected) archive whose name begins so matches ``pattern``.

    A match may be at most 64 bytes long.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.startswith(prefix):
                continue
            with archive.open(name) as stream:
                tail = b""
                while chunk := stream.read(_CHUNK):
                    if pattern.search(tail + chunk):
                        return True
                    tail = chunk[-64:]
    return False


def most_in_a_part(content: bytes, prefix: str, word: bytes) -> int:
    """Return how often ``word`` occurs in that part of the archive, named so, that has most of it."""
    counts = [0]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith(prefix):
                with archive.open(name) as stream:
                    counts.append(_count(iter(lambda: stream.read(_CHUNK), b""), word))
    return max(counts)


def _count(chunks: Iterator[bytes], word: bytes) -> int:
    total, tail = 0, b""
    for chunk in chunks:
        total += (tail + chunk).count(word)
        tail = (tail + chunk)[1 - len(word) :]  # too short to hold the word a second time
    return total


class _Inspector:
    """Totals over one archive and those embedded in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names: set[str] = set()
        self.embedded = 0
        self._total_bytes = 0
        self._entries = 0

    def inspect(self, content: bytes, depth: int) -> None:
        """Check one archive, declared sizes first, then what its parts hold."""
        if depth > _DEPTH:
            self.refuse("The file holds archives within archives.", "Remove the embedded files.")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = archive.infolist()
                self._check_declared(members)
                if depth == 0:
                    self.names = {member.filename for member in members}
                for member in members:
                    self._check_member(archive, member, depth)
        except _BROKEN as error:
            raise self._damaged() from error

    def refuse(self, message: str, next_step: str, **values: object) -> NoReturn:
        """Raise the InputError."""
        raise InputError(message, where=self.source.name, next_step=next_step, **values)

    def _damaged(self) -> InputError:
        return InputError(
            "The archive inside the file is damaged.",
            where=self.source.name,
            next_step="Open the file in the program that made it, save it again and add that file.",
        )

    def _check_declared(self, members: list[zipfile.ZipInfo]) -> None:
        limits = self.source.limits
        self._entries += len(members)
        self._total_bytes += sum(member.file_size for member in members)
        packed_too_well = any(
            member.file_size > max(_SMALL, limits.unpacked_ratio * member.compress_size) for member in members
        )
        too_many = self._entries > limits.entries
        if packed_too_well or too_many or self._total_bytes > limits.unpacked_bytes:
            self.refuse(
                "The file would unpack to more than is accepted ({limit} MB); it may be a bomb.",
                "Export the document again from the program that made it.",
                limit=limits.unpacked_bytes // 1_000_000,
            )

    def _check_member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, depth: int) -> None:
        name = member.filename.lower()
        if member.flag_bits & 1:
            self.refuse(
                "The file is protected with a password.",
                "Remove the password and add the file again.",
            )
        if name.endswith(_MACRO_PARTS):
            self.refuse("The file holds macros.", "Save the document without macros and add it again.")
        with archive.open(member) as stream:
            head = stream.read(_CHUNK)
            if head.startswith(b"PK\x03\x04"):
                self.embedded += 1
                self.inspect(head + stream.read(), depth + 1)
            elif name.endswith(_XML):
                self._check_xml(head, iter(lambda: stream.read(_CHUNK), b""))

    def _check_xml(self, head: bytes, rest: Iterator[bytes]) -> None:
        declared = _ENCODING.match(head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf"))
        odd = declared is not None and declared[1].lower() not in _ENCODINGS
        tail = b""
        for chunk in (head, *rest):
            if odd or _DOCTYPE.search(tail + chunk):
                self.refuse(
                    "The file defines XML entities, which can hide an attack.",
                    "Export the document again from the program that made it.",
                )
            tail = chunk[-32:]
