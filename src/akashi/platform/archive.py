"""The container of a backup: a ZIP written once, sealed by a digest of the whole file, signed inside.

Members are ``tables/NAME.jsonl``, then ``manifest.json`` and ``manifest.sig``. The file ends with the
SHA-256 of everything before it (as the ZIP comment), so that any changed byte is noticed before anything
is read. A file that was not finished has neither directory nor seal, and another name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from akashi.core.errors import InputError
from akashi.platform.canonical import canonical_json

FORMAT = "akashi.backup/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SEAL_BYTES = 64
BLOCK_BYTES = 1024 * 1024
MAX_MANIFEST_BYTES = 16 * 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    TypeError,
    OSError,
)
"""What zipfile and the JSON reader raise on damaged files."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What the manifest says about one table: columns as (name, kind), rows, and the digest of its lines."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    bytes: int
    sha256: str

    @property
    def member(self) -> str:
        """Return the member's name in the ZIP."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself. ``proofs`` holds what rooms vouch for, such as the ledger's end."""

    product_version: str
    created_at: str
    installation_id: str
    database: str
    heads: tuple[str, ...]
    proofs: Mapping[str, Mapping[str, Any]]
    public_key: str
    tables: tuple[TableFacts, ...]

    @property
    def rows(self) -> int:
        """Return the rows of all tables."""
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """A backup being written; ``finish`` seals it. Members are written one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """Yield a file to write one member into."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as target:
            yield target

    def finish(self, manifest: Manifest, key: Ed25519PrivateKey) -> None:
        """Write manifest, signature, directory and seal, and bring them to the disk."""
        content = canonical_json({"format": FORMAT, **asdict(manifest)})
        with self.member(MANIFEST) as target:
            target.write(content)
        with self.member(SIGNATURE) as target:
            target.write(key.sign(content).hex().encode())
        self._zip.comment = b"0" * SEAL_BYTES
        self._zip.close()
        self._file.seek(0)
        seal = _hash_content(self._file)
        self._file.seek(-SEAL_BYTES, os.SEEK_END)
        self._file.write(seal.encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def abandon(self) -> None:
        """Let go of an unfinished archive; otherwise its directory would still be written in the end."""
        self._zip.fp = None


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file under another name, which becomes ``path`` only when everything went well.

    Raises: InputError: ``path`` exists already, its folder is missing, or the disk is full; no file is left.
    """
    if path.exists():
        raise InputError(
            "There is a file with this name already.", where=str(path), next_step="Choose another name."
        )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            yield file
        draft.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise explain_os_error(error, path) from error
    finally:
        draft.unlink(missing_ok=True)


def explain_os_error(error: OSError, path: Path) -> InputError:
    """Return what a person should read about a file that could not be written or read."""
    if error.errno in NO_SPACE:
        return InputError(
            "There is not enough space on the disk.",
            where=str(path),
            next_step="Free some space or choose another disk.",
        )
    return InputError(
        "The file cannot be used: {reason}.", where=str(path), reason=error.strerror or str(error)
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash_content(file: IO[bytes]) -> str:
    """Return the digest of everything from here to the seal."""
    digest, held = hashlib.sha256(), b""
    while block := file.read(BLOCK_BYTES):
        held += block
        digest.update(held[:-SEAL_BYTES])
        held = held[-SEAL_BYTES:]
    return digest.hexdigest()


def read_manifest(path: Path, trusted: Ed25519PublicKey) -> Manifest:
    """Return the manifest of a whole, unchanged backup that ``trusted`` has signed.

    Raises: InputError: no backup, incomplete, changed (names the table), or of another installation.
    """
    try:
        with path.open("rb") as file:
            found = _hash_content(file)
            file.seek(-min(SEAL_BYTES, file.tell()), os.SEEK_END)
            seal = file.read().decode("ascii", "replace")
    except OSError as error:
        raise explain_os_error(error, path) from error
    try:
        content, manifest = _read_manifest(path)
    except DAMAGED as error:
        raise _refuse_container(path) from error
    if seal != found:
        raise _locate_change(path, manifest)
    _check_signature(path, content, manifest, trusted)
    return manifest


def _read_manifest(path: Path) -> tuple[bytes, Manifest]:
    with zipfile.ZipFile(path) as archive, archive.open(MANIFEST) as file:
        content = file.read(MAX_MANIFEST_BYTES)
    values = orjson.loads(content)
    if values.pop("format") != FORMAT:
        raise ValueError(FORMAT)
    tables = tuple(
        TableFacts(**{**table, "columns": tuple((name, kind) for name, kind in table["columns"])})
        for table in values.pop("tables")
    )
    return content, Manifest(**{**values, "tables": tables, "heads": tuple(values["heads"])})


def _refuse_container(path: Path) -> InputError:
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if is_zip:
        message, step = "This file is incomplete or damaged, or not a backup.", "Use another copy of it."
    else:
        message, step = "This is not a backup of Akashi.", "Use a file written by: akashi backup FILE."
    return InputError(message, where=str(path), next_step=step)


def _locate_change(path: Path, manifest: Manifest) -> InputError:
    """Say which table was changed, or that it was the frame around the tables."""
    with zipfile.ZipFile(path) as archive:
        changed = [table.name for table in manifest.tables if not _is_unchanged(archive, table)]
    if changed:
        message = "The backup was changed after it was written: table {table}."
    else:
        message = "The backup was changed after it was written: outside the tables."
    return InputError(
        message,
        where=str(path),
        next_step="Use another copy of it; nothing was restored.",
        table=", ".join(changed),
    )


def _is_unchanged(archive: zipfile.ZipFile, table: TableFacts) -> bool:
    digest = hashlib.sha256()
    try:
        with archive.open(table.member) as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
    except DAMAGED:
        return False
    return digest.hexdigest() == table.sha256


def _check_signature(path: Path, content: bytes, manifest: Manifest, trusted: Ed25519PublicKey) -> None:
    if manifest.public_key != trusted.public_bytes_raw().hex():
        raise InputError(
            "This backup was made with another master key (installation {installation}).",
            where=str(path),
            next_step="Put that installation's key file in place first, then restore.",
            installation=manifest.installation_id,
        )
    try:
        with zipfile.ZipFile(path) as archive, archive.open(SIGNATURE) as file:
            signature = bytes.fromhex(file.read(SEAL_BYTES * 2).decode())
        trusted.verify(signature, content)
    except (InvalidSignature, *DAMAGED) as error:
        raise InputError(
            "The signature of this backup does not fit its content.",
            where=str(path),
            next_step="Use another copy of it; nothing was restored.",
        ) from error


def read_lines(path: Path, table: TableFacts) -> Iterator[bytes]:
    """Yield the lines of one table and check them against the manifest at the end.

    Raises: InputError: more, fewer or other bytes than the manifest says.
    """
    digest, size, rows = hashlib.sha256(), 0, 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(table.member) as file:
            while size <= table.bytes and (line := file.readline(table.bytes + 1)):
                digest.update(line)
                size, rows = size + len(line), rows + 1
                yield line
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise _refuse_table(path, table) from error
    if (rows, size, digest.hexdigest()) != (table.rows, table.bytes, table.sha256):
        raise _refuse_table(path, table)


def _refuse_table(path: Path, table: TableFacts) -> InputError:
    return InputError(
        "The backup was changed after it was written: table {table}.",
        where=str(path),
        next_step="Use another copy of it; nothing was restored.",
        table=table.name,
    )
