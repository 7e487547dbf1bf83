"""Requirement files (TOML: one ``[source]``, many ``[[requirement]]``) into the catalogue.

A long document takes several files: the later ones say ``continues = "source-id"`` instead of ``[source]``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from akashi.catalogue.model import Catalogue, Entry, Kind, Source
from akashi.core.errors import InputError
from akashi.platform.rooms import package_folder

MOST_WORDS = 40
MOST_CHARACTERS = 80
"""40 words of Japanese, counted as two characters a word. The count of characters is our reading."""
MOST_ANCHOR = 19
"""An anchor finds a clause; it is too short to be a copied sentence."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SOURCE_FIELDS = {
    "id": str,
    "title_ja": str,
    "title_en": str,
    "issuer_ja": str,
    "issuer_en": str,
    "edition": str,
}
_SOURCE_EXTRA = {
    "sha256": str,
    "file": str,
    "address": str,
    "force_ja": str,
    "force_en": str,
    "confirm": bool,
}
_ENTRY_FIELDS = {
    "id": str,
    "clause": str,
    "anchor": str,
    "kind": str,
    "ja": str,
    "en": str,
    "evidence_ja": str,
    "evidence_en": str,
}
_ENTRY_EXTRA = {"page": int, "our_reading": bool}

Table = Mapping[str, Any]


@cache
def shipped_catalogue() -> Catalogue:
    """Return the requirements that come with the product."""
    folder = package_folder("akashi.catalogue") / "data" / "requirements"
    return load_catalogue(sorted(folder.glob("*.toml")))


def load_catalogue(files: Iterable[Path]) -> Catalogue:
    """Return the catalogue that ``files`` describe.

    Raises: InputError: a file cannot be read, a field is unknown, missing, of the wrong type or too long,
    or an id stands twice. It names the file and the entry.
    """
    sources: list[Source] = []
    entries: list[Entry] = []
    for path in files:
        source, found = _load_file(path, {one.id: one for one in sources})
        _refuse_twice(path, [entry.id for entry in found], {entry.id for entry in entries})
        if source not in sources:
            _refuse_twice(path, [source.id], {one.id for one in sources})
            sources.append(source)
        entries += found
    return Catalogue(tuple(sources), tuple(entries))


def _load_file(path: Path, known: Mapping[str, Source]) -> tuple[Source, list[Entry]]:
    table = _read(path)
    unknown = sorted(set(table) - {"source", "continues", "requirement"})
    if unknown:
        raise _wrong(path, "The file has an unknown part {name}.", name=unknown[0])
    source = _find_source(path, table, known)
    rows = table.get("requirement", [])
    if not isinstance(rows, list) or not rows:
        raise _wrong(path, "The file has no requirements.")
    return source, [_read_entry(path, source, place, row) for place, row in enumerate(rows, 1)]


def _find_source(path: Path, table: Table, known: Mapping[str, Source]) -> Source:
    if "continues" not in table:
        return _read_source(path, table.get("source"))
    if "source" in table:
        raise _wrong(path, "The file has both [source] and continues.")
    if table["continues"] not in known:
        raise _wrong(path, "The source {id} stands in no earlier file.", id=table["continues"])
    return known[table["continues"]]


def _read(path: Path) -> Table:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(path, "The file cannot be opened: {reason}.", reason=error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, "The file is not TOML in UTF-8: {reason}.", reason=str(error)) from error


def _read_source(path: Path, table: object) -> Source:
    if not isinstance(table, dict):
        raise _wrong(path, "The file has no [source].")
    _check_fields(path, "[source]", table, _SOURCE_FIELDS, _SOURCE_EXTRA)
    if table.get("sha256") and not _SHA256.fullmatch(table["sha256"]):
        raise _wrong(path, "The sha256 of the source is not 64 hexadecimal digits.", "[source]")
    return Source(**table)


def _read_entry(path: Path, source: Source, place: int, table: object) -> Entry:
    if not isinstance(table, dict):
        raise _wrong(path, "Requirement {place} is not a table.", place=place)
    name = str(table.get("id") or f"requirement {place}")
    _check_fields(path, name, table, _ENTRY_FIELDS, _ENTRY_EXTRA)
    if not _ID.fullmatch(table["id"]):
        raise _wrong(path, "The id may hold small letters, digits and hyphens only.", name)
    if table["kind"] not in set(Kind):
        raise _wrong(path, "The kind {kind} is not automatic, attest or document.", name, kind=table["kind"])
    for field in ("ja", "en", "evidence_ja", "evidence_en"):
        _check_length(path, name, field, table[field])
    if len(table["anchor"]) > MOST_ANCHOR:
        raise _wrong(path, "The field anchor has more than {most} characters.", name, most=MOST_ANCHOR)
    return Entry(source=source, **{**table, "kind": Kind(table["kind"])})


def _check_fields(
    path: Path, name: str, table: Table, required: Mapping[str, type], extra: Mapping[str, type]
) -> None:
    unknown = sorted(set(table) - set(required) - set(extra))
    if unknown:
        raise _wrong(path, "The field {field} is unknown.", name, field=unknown[0])
    for field, kind in {**required, **extra}.items():
        if field in required and table.get(field) in (None, ""):
            raise _wrong(path, "The field {field} is missing.", name, field=field)
        if field in table and type(table[field]) is not kind:
            raise _wrong(path, "The field {field} has the wrong type.", name, field=field)


def _check_length(path: Path, name: str, field: str, text: str) -> None:
    is_japanese = field.endswith("ja")
    length, most = (len(text), MOST_CHARACTERS) if is_japanese else (len(text.split()), MOST_WORDS)
    if length > most:
        unit = "characters" if is_japanese else "words"
        message = f"The field {{field}} has {{length}} {unit}; at most {{most}} are allowed."
        raise _wrong(path, message, name, field=field, length=length, most=most)


def _refuse_twice(path: Path, names: list[str], known: set[str]) -> None:
    for place, name in enumerate(names):
        if name in known or name in names[:place]:
            raise _wrong(path, "The id {id} stands twice.", name, id=name)


def _wrong(path: Path, message: str, entry: str = "", **values: object) -> InputError:
    where = f"{path.name}: {entry}" if entry else path.name
    return InputError(message, where=where, next_step="Correct the file and load it again.", **values)
