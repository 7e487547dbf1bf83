"""Signed checkpoints: "at this moment the chain ended here", checkable by an outsider with the public key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from akashi.core.errors import InputError
from akashi.ledger.model import read_moment, write_moment
from akashi.platform.canonical import canonical_json

FORMAT = "akashi.ledger.checkpoint/1"
MAX_FILE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement about the end of the chain.

    ``sequence`` and ``digest`` are those of the last entry; ``public_key`` (32 bytes) and ``signature``
    (64 bytes, Ed25519) are hexadecimal.
    """

    sequence: int
    digest: str
    at: str
    installation: str
    public_key: str
    signature: str

    @property
    def moment(self) -> datetime:
        """Return when it was signed, as an aware moment."""
        return read_moment(self.at)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the public key: what outsiders compare with what they were told."""
        return hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()

    def signed_bytes(self) -> bytes:
        """Return the canonical JSON that the signature covers: everything except the signature."""
        fields = asdict(self)
        del fields["signature"]
        return canonical_json({"format": FORMAT, **fields})

    def is_genuine(self) -> bool:
        """Return whether the signature fits the content and the public key inside."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign_checkpoint(
    key: Ed25519PrivateKey, sequence: int, digest: str, at: datetime, installation: str
) -> Checkpoint:
    """Return a checkpoint over the chain that ends with ``sequence`` and ``digest``."""
    public = key.public_key().public_bytes_raw().hex()
    draft = Checkpoint(sequence, digest, write_moment(at), installation, public, "")
    return Checkpoint(sequence, digest, draft.at, installation, public, key.sign(draft.signed_bytes()).hex())


def write_checkpoint(checkpoint: Checkpoint) -> bytes:
    """Return the small JSON file that is handed to outsiders."""
    return orjson.dumps({"format": FORMAT, **asdict(checkpoint)}, option=orjson.OPT_INDENT_2) + b"\n"


def read_checkpoint(path: Path) -> Checkpoint:
    """Return the checkpoint in a file; its signature is not judged here.

    Raises: InputError: the file cannot be read or is not a checkpoint.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(
            "The file cannot be read: {reason}.", where=str(path), reason=error.strerror
        ) from error
    return parse_checkpoint(content, str(path))


def parse_checkpoint(content: bytes, where: str) -> Checkpoint:
    """Return the checkpoint written in ``content``. Raises: InputError: it is not one."""
    refusal = InputError(
        "This is not a checkpoint of the ledger.",
        where=where,
        next_step="Use a file written by: akashi ledger checkpoint --output FILE.",
    )
    if len(content) > MAX_FILE_BYTES:
        raise refusal
    try:
        values = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise refusal from error
    checkpoint = make_checkpoint(values) if isinstance(values, dict) else None
    if checkpoint is None or values.get("format") != FORMAT:
        raise refusal
    return checkpoint


def make_checkpoint(values: Mapping[str, object]) -> Checkpoint | None:
    """Return the checkpoint with these fields, or None when one is missing, unknown or of another type."""
    fields = {name: value for name, value in values.items() if name != "format"}
    kinds = {name: (int if name == "sequence" else str) for name in Checkpoint.__slots__}
    if set(fields) != set(kinds) or any(type(fields[name]) is not kind for name, kind in kinds.items()):
        return None
    return Checkpoint(**fields)  # type: ignore[arg-type]  # just checked
