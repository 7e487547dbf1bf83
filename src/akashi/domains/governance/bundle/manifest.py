"""What a bundle says of itself: manifest and signature, and every way in which they can be untrue."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.governance.bundle.container import (
    Entry,
    build_container,
    compare_container,
    read_container,
)
from akashi.platform.canonical import CanonicalError, Json, canonical_json
from akashi.platform.keys import Keys, key_fingerprint

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
FORMAT = "akashi-bundle-1"
_PURPOSE = b"akashi bundle 1\n"
"""Stands before the signed bytes, so that no other signature of the same key can be taken for this one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was published: what kind, where."""

    kind: str
    where: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was read; ``faults`` is empty when every byte is as published.

    ``fingerprint`` is of the key that signed it: whether it is the publisher's is for people to find out.
    """

    manifest: Mapping[str, Any]
    entries: Mapping[str, bytes]
    fingerprint: str
    digest: str
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether nothing was changed, dropped, added or reordered, and the signature holds."""
        return not self.faults


def seal_bundle(facts: Mapping[str, Json], entries: Sequence[Entry], keys: Keys) -> bytes:
    """Return the signed container of ``entries`` (in the order of their names) and ``facts`` about them."""
    ordered = sorted(entries, key=lambda entry: entry.name)
    listed: list[Json] = [
        {"name": one.name, "size": len(one.content), "sha256": digest_of(one.content)} for one in ordered
    ]
    manifest = canonical_json({**facts, "format": FORMAT, "entries": listed})
    key = keys.signing_key()
    public = key.public_key()
    signature: dict[str, Json] = {
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(public.public_bytes_raw()).decode(),
        "fingerprint": key_fingerprint(public),
        "signature": base64.b64encode(key.sign(_PURPOSE + manifest)).decode(),
    }
    head = [Entry(MANIFEST, manifest), Entry(SIGNATURE, canonical_json(signature))]
    return build_container([*head, *ordered])


def open_bundle(content: bytes, where: str = "bundle") -> Bundle:
    """Return what a file holds, with everything that is not as published; nothing in it is run.

    Raises: InputError: it is no bundle at all, or was made for another format.
    """
    entries = read_container(content, where)
    by_name = {entry.name: entry.content for entry in entries}
    manifest = _read_json(by_name.get(MANIFEST, b""), MANIFEST, where)
    if manifest.get("format") != FORMAT:
        raise InputError("The bundle has a format that this version does not read.", where=where)
    signature = _read_json(by_name.get(SIGNATURE, b""), SIGNATURE, where)
    faults = [*_check_signature(by_name, signature), *_check_entries(manifest, entries)]
    difference = compare_container(content, entries)
    if difference is not None:
        faults.append(Fault("container", f"byte {difference.offset}, {difference.what}"))
    if _canonical(manifest) != by_name.get(MANIFEST) or _canonical(signature) != by_name.get(SIGNATURE):
        faults.append(Fault("form", "manifest or signature"))
    fingerprint = str(signature.get("fingerprint", ""))
    return Bundle(manifest, by_name, fingerprint, digest_of(content), tuple(faults))


def _check_signature(entries: Mapping[str, bytes], signature: Mapping[str, Any]) -> list[Fault]:
    try:
        raw = base64.b64decode(str(signature.get("public_key", "")), validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
        signed = base64.b64decode(str(signature.get("signature", "")), validate=True)
        key.verify(signed, _PURPOSE + entries[MANIFEST])
    except (InvalidSignature, ValueError, binascii.Error):
        return [Fault("signature", SIGNATURE)]
    if signature.get("fingerprint") != key_fingerprint(key):
        return [Fault("fingerprint", SIGNATURE)]
    return []


def _check_entries(manifest: Mapping[str, Any], entries: Sequence[Entry]) -> list[Fault]:
    listed = manifest.get("entries")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return [Fault("manifest", "entries")]
    wanted = {str(one.get("name")): one for one in listed}
    found = {entry.name: entry.content for entry in entries}
    faults = [Fault("missing", name) for name in wanted if name not in found]
    faults += [
        Fault("added", name) for name in found if name not in wanted and name not in (MANIFEST, SIGNATURE)
    ]
    faults += [
        Fault("changed", name)
        for name, one in wanted.items()
        if name in found
        and (one.get("size"), one.get("sha256")) != (len(found[name]), digest_of(found[name]))
    ]
    order = [MANIFEST, SIGNATURE, *wanted]
    if not faults and [entry.name for entry in entries] != order:
        faults.append(Fault("reordered", "entries"))
    return faults


def _read_json(content: bytes, name: str, where: str) -> dict[str, Any]:
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InputError("The bundle has no readable {name}.", where=where, name=name) from error
    if not isinstance(value, dict):
        raise InputError("The bundle has no readable {name}.", where=where, name=name)
    return value


def _canonical(value: Mapping[str, Any]) -> bytes | None:
    try:
        return canonical_json(dict(value))
    except CanonicalError:
        return None
