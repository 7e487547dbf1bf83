"""Identifiers: random, 128 bits, without meaning."""

from __future__ import annotations

import secrets


def new_id(prefix: str) -> str:
    """Return a new identifier such as ``doc_3f0c…``: the prefix, a low line, 32 hexadecimal digits.

    >>> len(new_id("doc"))
    36
    """
    return f"{prefix}_{secrets.token_hex(16)}"
