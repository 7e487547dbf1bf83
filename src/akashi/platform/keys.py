"""Keys: one master key outside database and backup, everything else derived from it by purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from akashi.core.errors import EvidenceError, SetupError

KEY_BYTES = 32
NONCE_BYTES = 12


class Keys:
    """Keys derived from one master key; the same purpose always gives the same key."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise SetupError(f"The master key must have {KEY_BYTES} bytes, not {len(master)}.")
        self._master = master

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes bound to ``purpose`` (HKDF-SHA256, RFC 5869)."""
        return HKDF(SHA256(), KEY_BYTES, None, f"akashi/{purpose}".encode()).derive(self._master)

    def digest(self, purpose: str, text: str) -> str:
        """Return a keyed digest (HMAC-SHA256, hexadecimal) that tells nothing without the key."""
        return hmac.new(
            self.derive(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()

    def seal(self, purpose: str, plain: bytes, bound_to: str = "") -> bytes:
        """Return ``plain`` encrypted (AES-256-GCM) and bound to a record id."""
        return seal(self.derive(purpose), plain, bound_to)

    def unseal(self, purpose: str, sealed: bytes, bound_to: str = "") -> bytes:
        """Return what ``seal`` encrypted. Raises: EvidenceError: changed, or bound to something else."""
        return unseal(self.derive(purpose), sealed, bound_to)

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the installation's signing key."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("signing"))

    def fingerprint(self) -> str:
        """Return the SHA-256 of the public signing key, hexadecimal: what others trust explicitly."""
        return key_fingerprint(self.signing_key().public_key())


def key_fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the raw public key, hexadecimal."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def seal(key: bytes, plain: bytes, bound_to: str = "") -> bytes:
    """Return nonce and AES-256-GCM ciphertext of ``plain`` under ``key``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str = "") -> bytes:
    """Return the plain bytes. Raises: EvidenceError: wrong key, changed bytes or another record."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise EvidenceError("The encrypted record does not open with this key.") from error


def open_keys(key_file: Path, environment: Mapping[str, str] | None = None) -> Keys:
    """Return the keys from ``AKASHI_MASTER_KEY`` (base64 of 32 bytes) or from the 0600 key file.

    Raises: SetupError: no key, a key others may read, or one of the wrong size.
    """
    secret = (os.environ if environment is None else environment).get("AKASHI_MASTER_KEY", "")
    if secret:
        return Keys(_decode(secret, "AKASHI_MASTER_KEY"))
    try:
        mode = key_file.stat().st_mode & 0o077
        content = key_file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The master key {key_file} cannot be read. Run: akashi init") from error
    if mode:
        raise SetupError(f"Others may read the master key. Run: chmod 600 {key_file}")
    return Keys(_decode(content, str(key_file)))


def create_key_file(key_file: Path) -> bool:
    """Write a new master key if there is none; return whether one was written."""
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _decode(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SetupError(f"The master key in {where} is not base64.") from error
