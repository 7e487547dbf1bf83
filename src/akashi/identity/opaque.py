"""Opaque secrets: 256 random bits for the holder, a digest for the database."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token(prefix: str = "") -> str:
    """Return ``prefix`` and 256 random bits in base64url.

    >>> len(new_token())
    43
    """
    return prefix + secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return the SHA-256 of a token, hexadecimal.

    A fast digest is right here: a token has 256 bits of its own, so there is nothing to guess.

    >>> token_digest("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
