"""Whether the texts that the catalogue cites are still the editions it was written from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from akashi.catalogue.model import Catalogue, Source
from akashi.core.errors import InputError
from akashi.core.thread import digest_of


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


def check_sources(catalogue: Catalogue, folder: Path) -> tuple[SourceCheck, ...]:
    """Return one check for each source of which we hold a text, against the files in ``folder``.

    Raises: InputError: the folder does not exist.
    """
    if not folder.is_dir():
        raise InputError("The folder {folder} does not exist.", where="--seeds", folder=folder)
    return tuple(_check_source(catalogue, one, folder / one.file) for one in catalogue.sources if one.file)


def _check_source(catalogue: Catalogue, source: Source, path: Path) -> SourceCheck:
    if not path.is_file():
        return SourceCheck(source, Edition.MISSING)
    content = path.read_bytes()
    digest = digest_of(content)
    edition = Edition.SAME if digest == source.sha256 else Edition.CHANGED
    text = _squeeze(content.decode("utf-8", "replace"))
    entries = [entry for entry in catalogue.entries if entry.source is source]
    lost = tuple(entry.id for entry in entries if _squeeze(entry.anchor) not in text)
    return SourceCheck(source, edition, digest, lost)


def _squeeze(text: str) -> str:
    """Return ``text`` without white space: the texts break lines anywhere."""
    return re.sub(r"\s+", "", text)
