"""Vaults in the hands of a caller: sealed under this installation's key, useless anywhere else."""

from __future__ import annotations

import base64
import binascii

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
