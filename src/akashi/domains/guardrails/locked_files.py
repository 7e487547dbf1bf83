"""Does a file ask for a password? ZIP, Office, PDF, 7z and RAR, judged by content and within bounds."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from akashi.domains.guardrails.compound_files import COMPOUND, compound_state
from akashi.domains.guardrails.seven_files import SEVEN, seven_state

_MOST_MEMBERS = 5_000
_MOST_LOOKED_INTO = 500
_MOST_MEMBER = 30_000_000
_MOST_UNPACKED = 120_000_000
_DEPTH = 4
_RAR = b"Rar!\x1a\x07"
_OUTLOOK = b"\x78\x9f\x3e\x22"
_PDF_LOCK = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 65_557
_LOCKABLE = (
    ".zip",
    ".7z",
    ".rar",
    ".pdf",
    ".xls",
    ".doc",
    ".ppt",
    ".xlsx",
    ".docx",
    ".pptx",
    ".xlsm",
    ".exe",
)


@dataclass(slots=True)
class Allowance:
    """How many bytes may still be unpacked for one mail."""

    bytes_left: int = _MOST_UNPACKED


def lock_state(content: bytes, allowance: Allowance | None = None, depth: int = 0) -> str:
    """Return what a file is.

    ``locked``: it asks for a password; ``damaged``: a broken archive; ``unread``: it holds what is not
    looked into (too deep, too much, a format of Outlook); else ``open``. ZIP also inside ZIP and behind a
    program that unpacks itself. A PDF that only limits printing is locked too: the sender cannot rely on
    it either.
    """
    if content.startswith(COMPOUND):
        return compound_state(content)
    if b"%PDF-" in content[:1_024]:
        return "locked" if _PDF_LOCK.search(content) else "open"
    if content.startswith(SEVEN):
        return seven_state(content)
    if content.startswith(_RAR):
        return "locked" if _rar_is_locked(content) else "open"
    if content.startswith(_OUTLOOK):
        return "unread"
    if content[:4] in (b"PK\x03\x04", _ZIP_END) or _ZIP_END in content[-_ZIP_END_WITHIN:]:
        state = _zip_state(content, allowance or Allowance(), depth)
        return "open" if state == "damaged" and not content.startswith(b"PK") else state
    return "open"


def _rar_is_locked(content: bytes) -> bool:
    if content[6:8] == b"\x01\x00":  # RAR 5: block type 4 is the encryption header
        return len(content) > 14 and (content[13] == 4 or b"\x01\x00\x0f" in content[:400])
    if len(content) < 12:
        return False
    main = int.from_bytes(content[10:12], "little")
    return bool(main & 0x80) or (len(content) > 26 and bool(content[23] & 0x04))


def _zip_state(content: bytes, allowance: Allowance, depth: int) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                return "locked"
            inner = [member for member in members if member.filename.lower().endswith(_LOCKABLE)]
            states = {
                _member_state(archive, member, allowance, depth) for member in inner[:_MOST_LOOKED_INTO]
            }
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return "damaged"
    if "locked" in states:
        return "locked"
    is_part = "unread" in states or len(members) > _MOST_MEMBERS or len(inner) > _MOST_LOOKED_INTO
    return "unread" if is_part else "open"


def _member_state(archive: zipfile.ZipFile, member: zipfile.ZipInfo, allowance: Allowance, depth: int) -> str:
    size = member.file_size
    if depth >= _DEPTH or size > min(_MOST_MEMBER, allowance.bytes_left):
        return "unread"
    with archive.open(member) as stream:
        content = stream.read(size)
    allowance.bytes_left -= len(content)
    return lock_state(content, allowance, depth + 1)
