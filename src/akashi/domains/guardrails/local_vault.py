"""Vaults in the hands of a caller: sealed under this installation's key, useless anywhere else."""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from akashi.core.errors import EvidenceError, InputError
from akashi.domains.guardrails.masking import Vault
from akashi.platform.keys import Keys

LENT = "guardrails/vault"
"""Vaults that the machine interface gives out: opened only there, by those who may, and recorded."""
OWN = "guardrails/vault/own"
"""Vaults that the command line keeps for what it masked itself."""


def seal_vault(keys: Keys, vault: Vault, purpose: str = LENT) -> str:
    """Return the vault sealed for a purpose, in base64."""
    plain = orjson.dumps({"tag": vault.tag, "values": dict(vault.values)}, option=orjson.OPT_SORT_KEYS)
    return base64.b64encode(keys.seal(purpose, plain)).decode()


def open_sealed(keys: Keys, sealed: str, purpose: str = LENT) -> Vault:
    """Return the vault that ``seal_vault`` sealed for the same purpose.

    Raises: InputError: not a vault of this installation, of another purpose, or a changed one.
    """
    try:
        content = orjson.loads(keys.unseal(purpose, base64.b64decode(sealed, validate=True)))
    except (binascii.Error, ValueError, EvidenceError) as error:
        raise InputError(
            "This is not a vault of this installation.",
            where="vault",
            next_step="Give back exactly what masking returned.",
        ) from error
    return Vault(content["values"], content["tag"])


@contextmanager
def hold_file(path: Path) -> Iterator[None]:
    """Keep other writers away from a vault file for the block. Raises: InputError: there is no such folder.

    The folder is what is locked: the file itself is another one after each writing.
    """
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unwritable(path) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_file(path: Path) -> str:
    """Return the sealed vault in a file. Raises: InputError: it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("The file {name} cannot be read.", where=path.name, name=path.name) from error


def write_file(path: Path, sealed: str) -> None:
    """Put a sealed vault, for its owner alone, in the place of the one before: the whole of it or nothing.

    Raises: InputError: the file cannot be written.
    """
    whole = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=whole.parent, prefix=f".{whole.name[:100]}.")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(sealed + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(whole)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path) from error


def _unwritable(path: Path) -> InputError:
    return InputError(
        "The file {name} cannot be written.",
        where=str(path),
        next_step="Choose another place.",
        name=path.name,
    )
