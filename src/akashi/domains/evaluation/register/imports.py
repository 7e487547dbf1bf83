"""What other tools wrote -> files of cases: AISI presets (CSV) and promptfoo (YAML)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.evaluation.model import Case
from akashi.domains.evaluation.register.aisi import read_preset
from akashi.domains.evaluation.register.cases import dump_cases
from akashi.domains.evaluation.register.promptfoo import read_promptfoo

MOST_BYTES = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Imported:
    """Cases out of another tool's file, and what could not be taken over."""

    cases: tuple[Case, ...]
    remarks: tuple[str, ...] = ()


def import_file(path: Path, out: Path) -> dict[str, Any]:
    """Write the cases of another tool's file to ``out``; returns how many, and what was left out.

    Raises: InputError: the file cannot be read, or nothing in it can be used.
    """
    if not _NAME.fullmatch(out.stem) or out.suffix != ".jsonl":
        raise InputError(
            "The new file is called after the suite, in small letters: name.jsonl.", where=str(out)
        )
    imported = read_foreign(path, out.stem)
    if not imported.cases:
        raise InputError("The file holds nothing that can be used.", where=path.name)
    try:
        out.write_bytes(dump_cases(imported.cases))
    except OSError as error:
        raise InputError(
            "The file cannot be written: {reason}.", where=str(out), reason=error.strerror
        ) from error
    return {"suite": out.stem, "cases": len(imported.cases), "remarks": list(imported.remarks)}


def read_foreign(path: Path, suite: str) -> Imported:
    """Return the cases of a file by its ending. Raises: InputError: it is neither of the two kinds."""
    content = _read(path)
    if path.suffix == ".csv":
        cases, remarks = read_preset(path.name, content)
    elif path.suffix in {".yaml", ".yml"}:
        cases, remarks = read_promptfoo(path.name, content)
    else:
        raise InputError("Only .csv of AISI and .yaml of promptfoo can be imported.", where=path.name)
    return Imported(tuple(replace(case, suite=suite) for case in cases), _shorten(remarks))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError("The file is larger than {most} bytes.", where=path.name, most=f"{MOST_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "The file cannot be opened: {reason}.", where=str(path), reason=error.strerror
        ) from error


def _shorten(remarks: Sequence[str], most: int = 50) -> tuple[str, ...]:
    more = len(remarks) - most
    return (*remarks[:most], f"and {more} more") if more > 0 else tuple(remarks)
