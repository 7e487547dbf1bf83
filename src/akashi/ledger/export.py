"""The ledger as a file of JSON lines that anybody can verify without an installation.

The first line is the header, then one line an entry, oldest first, then the checkpoints in between:

    {"first":1,"format":"akashi.ledger.export/1","last":3,"previous":"000…","public_key":"…"}
    {"digest":"…","entry":{…}}          the digest is the SHA-256 of the bytes after "entry": up to the last }
    {"checkpoint":{…}}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.ledger.chain import Fault, FaultKind, Link, Progress, Row, Walk, ignore_progress, walk_chain
from akashi.ledger.checkpoints import Checkpoint, make_checkpoint
from akashi.ledger.model import GENESIS, Entry, entry_bytes
from akashi.ledger.store import Filter, list_checkpoints, read_entry, read_link, stream_entries
from akashi.platform.canonical import canonical_json

FORMAT = "akashi.ledger.export/1"
MAX_LINE_BYTES = 1024 * 1024
_ENTRY, _CHECKPOINT = b'{"digest":"', b'{"checkpoint":'
_CONTENT_AT = len(_ENTRY) + 64 + len(b'","entry":')


@dataclass(frozen=True, slots=True)
class Exported:
    """The header of an export: entries ``first`` to ``last``, following the digest ``previous``."""

    first: int
    last: int
    previous: str
    public_key: str

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the public key, to be compared with what the institution published."""
        return hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()


def write_export(
    connection: Connection,
    public_key: str,
    file: IO[bytes],
    first: int = 1,
    last: int = 0,
    progress: Progress = ignore_progress,
) -> Exported:
    """Write entries ``first`` to ``last`` (0: the end) with their checkpoints; return the header.

    Raises: InputError: there are no such entries.
    """
    end, _digest = read_link(connection)
    last = min(last or end, end)
    if not 1 <= first <= last:
        raise InputError(
            "The ledger has no entries from {first} to {last}.",
            next_step="Its last entry is {end}.",
            first=first,
            last=last,
            end=end,
        )
    for done, line in enumerate(export_lines(connection, public_key, first, last)):
        file.write(line)
        if not done % 5000:
            progress(done)
    return Exported(first, last, _previous_digest(connection, first), public_key)


def export_lines(connection: Connection, public_key: str, first: int, last: int) -> Iterator[bytes]:
    """Yield the lines of an export of the entries ``first`` to ``last``, which must exist."""
    previous = _previous_digest(connection, first)
    yield _header_line(Exported(first, last, previous, public_key)) + b"\n"
    for entry in stream_entries(connection, Filter(), first, last):
        yield entry_line(entry)
    for checkpoint in list_checkpoints(connection):
        if first <= checkpoint.sequence <= last:
            yield _checkpoint_line(checkpoint) + b"\n"


def entry_line(entry: Entry) -> bytes:
    """Return one line of an export."""
    return _ENTRY + entry.digest.encode() + b'","entry":' + entry.canonical() + b"}\n"


def _previous_digest(connection: Connection, first: int) -> str:
    before = read_entry(connection, first - 1)
    return before.digest if before else GENESIS


def read_header(path: Path) -> Exported:
    """Return the header of an exported file. Raises: InputError: unreadable, or not an export."""
    line = next(_read_lines(path), b"")
    try:
        values = {name: value for name, value in orjson.loads(line).items() if name != "format"}
        header = Exported(**values)
        if _header_line(header) != line or len(header.fingerprint) != 64 or header.first < 1:
            raise ValueError(line)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "This is not an export of the ledger.",
            where=str(path),
            next_step="Use a file written by: akashi ledger export FILE.",
        ) from error
    return header


def _header_line(header: Exported) -> bytes:
    return canonical_json({"format": FORMAT, **asdict(header)})


def verify_export(
    path: Path, others: Sequence[Checkpoint] = (), progress: Progress = ignore_progress
) -> tuple[Exported, Walk]:
    """Return the header of an exported file and the walk over its entries.

    ``others`` are checkpoints kept elsewhere. Every signature must be of the key in the header; whether
    that is the institution's key, the reader finds out by its fingerprint.

    Raises: InputError: the file cannot be read or is not an export.
    """
    header = read_header(path)
    inside = list(_read_checkpoints(path, header))
    known = [item for item in (*inside, *others) if item.sequence >= header.first]

    def find_successor(digest: str) -> int | None:
        return next((row.sequence for row in _read_rows(path, header) if row.previous == digest), None)

    start = Link(header.first - 1, header.previous)
    walk = walk_chain(_read_rows(path, header), known, header.public_key, find_successor, start, progress)
    return header, _compare_end(walk, header)


def _compare_end(walk: Walk, header: Exported) -> Walk:
    """The header says where the file ends; fewer entries were cut off, further ones do not belong to it."""
    found = walk.last.sequence
    if walk.fault or found == header.last:
        return walk
    if found < header.last:
        fault = Fault(FaultKind.TRUNCATED, found + 1, header.last, "", walk.last.at)
    else:
        fault = Fault(FaultKind.INSERTED, header.last + 1, found)
    return replace(walk, fault=fault)


def _read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file without their ends; a line that is too long comes in pieces."""
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE_BYTES):
                yield line.removesuffix(b"\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("The file cannot be read: {reason}.", where=str(path), reason=reason) from error


def _read_rows(path: Path, header: Exported) -> Iterator[Row]:
    lines: Iterable[bytes] = _read_lines(path)
    for number, line in enumerate(lines, header.first - 1):
        if number >= header.first and not line.startswith(_CHECKPOINT):
            yield _read_row(number, line)


def _read_row(number: int, line: bytes) -> Row:
    """Return the row a line stands for, or one that fits nowhere when the line is not as it was written."""
    content = line[_CONTENT_AT:-1]
    try:
        values: Mapping[str, Any] = orjson.loads(content)
        payload = content[content.index(b',"payload":') + 11 : content.rindex(b',"previous":"')].decode()
        digest = line[len(_ENTRY) : len(_ENTRY) + 64].decode()
        row = Row(
            values["sequence"],
            digest,
            values["previous"],
            values["kind"],
            values["subject"],
            values["actor"],
            values["at"],
            payload,
        )
        if _write_row(row) == line:
            return row
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    return Row(number, "", "", "", "", "", "", "")


def _write_row(row: Row) -> bytes:
    content = entry_bytes(row.sequence, row.previous, row.kind, row.subject, row.actor, row.at, row.payload)
    return _ENTRY + row.digest.encode() + b'","entry":' + content + b"}"


def _read_checkpoints(path: Path, header: Exported) -> Iterator[Checkpoint]:
    for line in _read_lines(path):
        if line.startswith(_CHECKPOINT):
            yield _read_checkpoint(line, header)


def _read_checkpoint(line: bytes, header: Exported) -> Checkpoint:
    """Return the checkpoint of a line; one that no key has signed when the line is not as it was written."""
    damaged = Checkpoint(header.last, "", "", "", "", "")
    try:
        values = orjson.loads(line)["checkpoint"]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return damaged
    checkpoint = make_checkpoint(values) if isinstance(values, dict) else None
    if checkpoint is None or not header.first <= checkpoint.sequence <= header.last:
        return damaged
    return checkpoint if _checkpoint_line(checkpoint) == line else damaged


def _checkpoint_line(checkpoint: Checkpoint) -> bytes:
    return _CHECKPOINT + canonical_json(asdict(checkpoint)) + b"}"
