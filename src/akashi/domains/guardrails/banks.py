"""The national bank and branch codes, read where the zengin-code package keeps them."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import orjson

from akashi.core.errors import SetupError


@functools.cache
def _folder() -> Path:
    """Return the package's data; the package itself would load all branches into memory on import."""
    found = importlib.util.find_spec("zengin_code")
    if found is None or found.origin is None:
        raise SetupError("The package zengin-code is missing. Run: make setup")
    return Path(found.origin).parent / "source-data" / "data"


@functools.cache
def bank_names() -> dict[str, str]:
    """Return the names of all banks by their four-digit code."""
    banks: dict[str, dict[str, str]] = orjson.loads((_folder() / "banks.json").read_bytes())
    return {code: bank["name"] for code, bank in banks.items()}


@functools.lru_cache(maxsize=64)
def _branches(bank: str) -> frozenset[str]:
    branches: dict[str, Any] = orjson.loads((_folder() / "branches" / f"{bank}.json").read_bytes())
    return frozenset(branches)


def is_branch(bank: str, branch: str) -> bool:
    """Return whether the bank with this code has a branch with that code.

    >>> is_branch("0001", "001"), is_branch("0001", "999"), is_branch("9998", "001")
    (True, False, False)
    """
    return bank in bank_names() and branch in _branches(bank)
