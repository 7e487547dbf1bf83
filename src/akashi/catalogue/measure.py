"""Whether a text is the edition that the catalogue cites, and whether our words are really our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from akashi.catalogue.model import Catalogue, Entry, Source
from akashi.core.errors import InputError
from akashi.core.thread import digest_of

COPIED_RUN = 20
"""As many equal characters in a row as make a copied passage; the number is our reading."""
MOST_BYTES = 20 * 1024 * 1024
ENOUGH_ANCHORS = 0.3
"""A text in which this share of a source's anchors stands is an edition of it."""


class Edition(StrEnum):
    """What a comparison with the text found."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """One source compared with a file; ``lost`` are the entries whose anchor no longer stands in it."""

    source: Source
    edition: Edition
    found_sha256: str = ""
    lost: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Return whether the text is the cited edition and every anchor stands in it."""
        return self.edition is Edition.SAME and not self.lost


@dataclass(frozen=True, slots=True)
class Copied:
    """A run of characters of the cited text that stands in our own words."""

    entry_id: str
    field: str
    run: str


def check_sources(catalogue: Catalogue, folder: Path) -> tuple[SourceCheck, ...]:
    """Return one check for each source of which we hold a text, against the files in ``folder``.

    Raises: InputError: the folder does not exist.
    """
    if not folder.is_dir():
        raise InputError("The folder {folder} does not exist.", where="--seeds", folder=folder)
    return tuple(_check_source(catalogue, one, folder / one.file) for one in catalogue.sources if one.file)


def check_text(catalogue: Catalogue, name: str, content: bytes) -> SourceCheck | None:
    """Return which source a text is an edition of, and whether it is the cited one; None when of none.

    Recognised by digest; else by file name, or by the share of anchors that stand in it.
    """
    digest = digest_of(content)
    for source in catalogue.sources:
        if source.sha256 == digest:
            return compare_text(catalogue, source, content)
    named = [one for one in catalogue.sources if one.file and one.file == name]
    found = named[0] if named else _find_likeliest(catalogue, content)
    return compare_text(catalogue, found, content) if found else None


def compare_text(catalogue: Catalogue, source: Source, content: bytes) -> SourceCheck:
    """Return whether ``content`` is the cited edition of ``source``, and which anchors are lost."""
    digest = digest_of(content)
    edition = Edition.SAME if digest == source.sha256 else Edition.CHANGED
    text = squeeze(content.decode("utf-8", "replace"))
    entries = [entry for entry in catalogue.entries if entry.source == source]
    lost = tuple(entry.id for entry in entries if squeeze(entry.anchor) not in text)
    return SourceCheck(source, edition, digest, lost)


def find_copies(catalogue: Catalogue, folder: Path, run: int = COPIED_RUN) -> tuple[Copied, ...]:
    """Return where our words repeat ``run`` or more characters of any text in ``folder``.

    White space does not count. The anchor is a locator and shorter than ``run``.
    """
    paths = sorted(folder.glob("*.txt"))
    runs = {piece for path in paths for piece in _pieces(squeeze(path.read_text("utf-8", "replace")), run)}
    return tuple(copied for entry in catalogue.entries for copied in _find_copied(entry, runs, run))


def squeeze(text: str) -> str:
    """Return ``text`` without white space: the texts break lines anywhere.

    >>> squeeze("一 行\\n二")
    '一行二'
    """
    return re.sub(r"\s+", "", text)


def _check_source(catalogue: Catalogue, source: Source, path: Path) -> SourceCheck:
    if not path.is_file():
        return SourceCheck(source, Edition.MISSING)
    return compare_text(catalogue, source, path.read_bytes())


def _find_likeliest(catalogue: Catalogue, content: bytes) -> Source | None:
    text = squeeze(content.decode("utf-8", "replace"))
    best, most = None, ENOUGH_ANCHORS
    for source in catalogue.sources:
        anchors = [entry.anchor for entry in catalogue.entries if entry.source == source and source.file]
        share = sum(squeeze(one) in text for one in anchors) / len(anchors) if anchors else 0.0
        if share >= most:
            best, most = source, share
    return best


def _find_copied(entry: Entry, runs: set[str], run: int) -> Iterator[Copied]:
    for field in ("ja", "en", "evidence_ja", "evidence_en"):
        for piece in _pieces(squeeze(getattr(entry, field)), run):
            if piece in runs:
                yield Copied(entry.id, field, piece)
                break


def _pieces(text: str, run: int) -> Iterator[str]:
    return (text[start : start + run] for start in range(len(text) - run + 1))
