"""The table of formats: which suffix, which first bytes, which reader. A new format is one line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from akashi.core.errors import InputError

Container = Literal["text", "pdf", "zip"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``reader`` is the module in ``readers`` that the child loads for it."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    container: Container
    reader: str
    main_part: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."

FORMATS = (
    Format("text", "text/plain", (".txt", ".text"), "text", "text"),
    Format("Markdown", "text/markdown", (".md", ".markdown"), "text", "markdown"),
    Format("HTML", "text/html", (".html", ".htm", ".xhtml"), "text", "html"),
    Format("CSV", "text/csv", (".csv", ".tsv"), "text", "csv"),
    Format("PDF", "application/pdf", (".pdf",), "pdf", "pdf"),
    Format(
        "DOCX",
        _OFFICE + "wordprocessingml.document",
        (".docx",),
        "zip",
        "docx",
        "word/document.xml",
    ),
    Format("XLSX", _OFFICE + "spreadsheetml.sheet", (".xlsx",), "zip", "xlsx", "xl/workbook.xml"),
    Format(
        "PPTX",
        _OFFICE + "presentationml.presentation",
        (".pptx",),
        "zip",
        "pptx",
        "ppt/presentation.xml",
    ),
)

_MACRO_SUFFIXES = frozenset((".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_OFFICE = "OLE"
_SHOWN = {"text": "TXT", "pdf": "PDF", "zip": "ZIP"}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (_OLE, _OLD_OFFICE),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90\x00", "EXE"),
    (b"SQLite format 3\x00", "SQLite"),
)


def find_format(name: str, head: bytes) -> Format:
    """Return the format of the file ``name`` that begins with the bytes ``head``.

    The suffix chooses and the first bytes must agree; nothing is guessed when they do not.

    Raises: InputError: an unknown or macro suffix, or a content of another kind.

    >>> find_format("fees.MD", b"# fees").name
    'Markdown'
    """
    suffix = PurePath(name).suffix.lower()
    if suffix in _MACRO_SUFFIXES:
        raise InputError(
            "Files that can hold macros ({suffix}) are not accepted.",
            where=name,
            next_step="Save the document without macros and add it again.",
            suffix=suffix,
        )
    chosen = next((known for known in FORMATS if suffix in known.suffixes), None)
    if chosen is None:
        raise InputError(
            "Files of the kind {suffix} cannot be read.",
            where=name,
            next_step="Use one of: {suffixes}.",
            suffix=suffix or "-",
            suffixes=", ".join(known.suffixes[0] for known in FORMATS),
        )
    actual = _sniff(head)
    if actual == _OLD_OFFICE and chosen.container == "zip":
        raise _ole_error(name, head)
    if actual != chosen.container:
        raise _mismatch(name, suffix, actual)
    return chosen


def _sniff(head: bytes) -> str:
    """Return the container, or the usual name of what the content is when it is none of ours."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    # Readers of PDF tolerate other bytes before the mark, and so do the files in circulation.
    return "pdf" if b"%PDF-" in head[:1024] else "text"


def _mismatch(name: str, suffix: str, actual: str) -> InputError:
    return InputError(
        "The file is named {suffix}, but its content is {actual}.",
        where=name,
        next_step="Give the file the suffix of its real format, or export it again.",
        suffix=suffix,
        actual=_SHOWN.get(actual, actual),
    )


def _ole_error(name: str, content: bytes) -> InputError:
    if _ENCRYPTED_PACKAGE in content:
        return InputError(
            "The file is protected with a password.",
            where=name,
            next_step="Remove the password and add the file again.",
        )
    return InputError(
        "The file is in the old Office format.",
        where=name,
        next_step="Save it as DOCX, XLSX or PPTX and add it again.",
    )
