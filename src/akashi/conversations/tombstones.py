"""The tombstone file beside the master key: outside database and backup, so that a restore obeys it.

One JSON line for each erased conversation, appended under a file lock and on disk before the erasure is
committed. Each line carries a keyed digest; a line that this master key did not write is refused.
"""

from __future__ import annotations

import fcntl
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from akashi.conversations.model import ErasureReason, Tombstone
from akashi.core.errors import EvidenceError
from akashi.platform.keys import Keys
from akashi.platform.settings import Settings

PURPOSE = "conversations/tombstone"


@dataclass(frozen=True, slots=True)
class Graveyard:
    """What a tombstone file holds: the lines that are ours, and the numbers of those that are not."""

    tombstones: tuple[Tombstone, ...]
    bad_lines: tuple[int, ...] = ()


def tombstone_file(settings: Settings) -> Path:
    """Return where the tombstones of this installation lie: beside its master key."""
    return settings.key_file.with_suffix(".tombstones")


def make_tombstone(
    keys: Keys, conversation_id: str, at: datetime, reason: ErasureReason, erased_by: str
) -> Tombstone:
    """Return a tombstone with its keyed digest."""
    moment = at.astimezone(UTC)
    digest = keys.digest(PURPOSE, _signed_text(conversation_id, moment, reason, erased_by))
    return Tombstone(conversation_id, moment, reason, erased_by, digest)


def is_ours(keys: Keys, stone: Tombstone) -> bool:
    """Return whether this master key wrote the tombstone and nothing in it has changed."""
    text = _signed_text(stone.conversation_id, stone.erased_at, stone.reason, stone.erased_by)
    return hmac.compare_digest(keys.digest(PURPOSE, text), stone.digest)


def append_tombstones(path: Path, stones: Iterable[Tombstone]) -> None:
    """Write tombstones at the end of the file and return when they are on disk.

    A half line, left by a process that died before its erasure was committed, is cut off first.
    """
    lines = b"".join(_dump(stone) for stone in stones)
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    with _locked(path) as handle:
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, _whole_bytes(path))
        os.lseek(handle, 0, os.SEEK_END)
        _write_all(handle, lines)
        os.fsync(handle)
    if is_new:
        _sync_folder(path.parent)


def read_tombstones(path: Path, keys: Keys) -> Graveyard:
    """Return the tombstones of a file; no file is an empty graveyard; a half last line does not count."""
    if not path.exists():
        return Graveyard(())
    content = path.read_bytes()
    stones, bad = [], []
    for number, line in enumerate(content[: _last_end(content)].splitlines(), 1):
        try:
            stone = _load(line)
        except (KeyError, TypeError, ValueError):
            bad.append(number)
            continue
        if is_ours(keys, stone):
            stones.append(stone)
        else:
            bad.append(number)
    return Graveyard(tuple(stones), tuple(bad))


def require_whole(graveyard: Graveyard, path: Path) -> None:
    """Say which lines are not ours. Raises: EvidenceError."""
    if graveyard.bad_lines:
        lines = ", ".join(str(number) for number in graveyard.bad_lines[:10])
        raise EvidenceError(
            f"{path}: lines {lines} were not written under this master key or have been changed. "
            "The others have been applied."
        )


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _whole_bytes(path: Path) -> int:
    return _last_end(path.read_bytes())


def _last_end(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _dump(stone: Tombstone) -> bytes:
    values = {
        "conversation": stone.conversation_id,
        "at": _write_moment(stone.erased_at),
        "reason": stone.reason.value,
        "by": stone.erased_by,
        "digest": stone.digest,
    }
    return orjson.dumps(values) + b"\n"


def _load(line: bytes) -> Tombstone:
    values = orjson.loads(line)
    return Tombstone(
        str(values["conversation"]),
        datetime.fromisoformat(values["at"]),
        ErasureReason(values["reason"]),
        str(values["by"]),
        str(values["digest"]),
    )


def _signed_text(conversation_id: str, at: datetime, reason: ErasureReason, erased_by: str) -> str:
    return "\n".join((conversation_id, _write_moment(at), reason.value, erased_by))


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
