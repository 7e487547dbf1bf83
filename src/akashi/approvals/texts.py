"""What people type into a matter: bounded, visible characters only."""

from __future__ import annotations

import re
import unicodedata

from akashi.core.errors import InputError

TITLE_LIMIT, SUMMARY_LIMIT, REASON_LIMIT = 200, 4000, 2000
NAME_LIMIT_BYTES = 200

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_text(value: str, where: str, limit: int, *, required: bool = False) -> str:
    r"""Return ``value`` in NFC without surrounding space; line ends become ``\n``.

    Raises: InputError: empty though required, longer than ``limit`` characters, or with characters that
    nobody can see (controls, direction marks).

    >>> check_text("  手数料改定 \r\n", "title", 20)
    '手数料改定'
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if required and not text:
        raise InputError("Fill in this field.", where=where)
    if len(text) > limit:
        raise InputError(
            "This text has {count} characters; at most {limit} are allowed.",
            where=where,
            next_step="Shorten it or attach a file.",
            count=len(text),
            limit=limit,
        )
    if any(unicodedata.category(char) in _HIDDEN and char not in "\n\t" for char in text):
        raise InputError("This text has characters that nobody can see.", where=where)
    return text


def check_digest(value: str, where: str) -> str:
    """Return a SHA-256 in lower-case hexadecimal. Raises: InputError: it is none."""
    if not _SHA256.fullmatch(value):
        raise InputError("The digest of what is decided must be a SHA-256.", where=where)
    return value


def clean_name(name: str) -> str:
    r"""Return a file name that is safe to show and to save: no folders, no hidden characters, no leading dot.

    >>> clean_name("..\\..\\議事録\u202e.pdf"), clean_name("/"), clean_name("a<b>.txt")
    ('議事録.pdf', 'file', 'a_b_.txt')
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char for char in last if unicodedata.category(char) not in _HIDDEN)
    safe = re.sub(r'[<>:"|?*%;\']', "_", seen).strip().lstrip(".").strip() or "file"
    if len(safe.encode()) <= NAME_LIMIT_BYTES:
        return safe
    stem, dot, suffix = safe.rpartition(".")
    ending = dot + suffix if stem and len(suffix.encode()) <= 10 else ""
    body = safe.removesuffix(ending).encode()[: NAME_LIMIT_BYTES - len(ending.encode())]
    return body.decode(errors="ignore") + ending
