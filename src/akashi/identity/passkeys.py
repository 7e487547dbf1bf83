"""Passkeys: what is asked of an authenticator and whether its answer holds. No database here.

Every verification is done by ``webauthn``; user verification is always required. What it refuses is
looked at once more only to say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorData,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from akashi.identity.model import CHALLENGE_LIFETIME, Credential, Person
from akashi.identity.refusals import Refusal
from akashi.platform.settings import Settings

TIMEOUT_MS = int(CHALLENGE_LIFETIME.total_seconds() * 1000)
PARTY_NAME = "Akashi"
MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)
"""What ``webauthn`` lets out when an answer is not of the expected form."""

T = TypeVar("T")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey that answered a registration properly."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asserted:
    """A passkey that answered a sign-in properly."""

    credential_id: str
    sign_count: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says about itself, before anything of it has been believed."""

    challenge: bytes
    origin: str
    is_framed: bool
    credential_id: str
    user_handle: str
    data: AuthenticatorData


def registration_options(
    settings: Settings, person: Person, challenge: bytes, known: Iterable[Credential]
) -> dict[str, Any]:
    """Return what the browser needs for ``navigator.credentials.create``."""
    options = generate_registration_options(
        rp_id=settings.relying_party,
        rp_name=PARTY_NAME,
        user_id=base64url_to_bytes(person.handle),
        user_name=person.mail or person.name,
        user_display_name=person.name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(item.id)) for item in known],
    )
    return options_to_json_dict(options)


def sign_in_options(settings: Settings, challenge: bytes) -> dict[str, Any]:
    """Return what the browser needs for ``navigator.credentials.get``; the passkey says who it is."""
    options = generate_authentication_options(
        rp_id=settings.relying_party,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read_registration(answer: Json) -> Claim | Refusal:
    """Return what the answer to a registration claims, or that it cannot be read."""

    def read() -> Claim:
        credential = parse_registration_credential_json(dict(answer))
        data = parse_attestation_object(credential.response.attestation_object).auth_data
        return _make_claim(credential.response.client_data_json, credential.raw_id, b"", data)

    return _attempt(read)


def read_assertion(answer: Json) -> Claim | Refusal:
    """Return what the answer to a sign-in claims, or that it cannot be read."""

    def read() -> Claim:
        credential = parse_authentication_credential_json(dict(answer))
        response = credential.response
        data = parse_authenticator_data(response.authenticator_data)
        return _make_claim(response.client_data_json, credential.raw_id, response.user_handle or b"", data)

    return _attempt(read)


def verify_registration(settings: Settings, answer: Json, claim: Claim) -> Registered | Refusal:
    """Return the new passkey, or why it is refused. The caller has already used the challenge up."""
    if (refusal := _refuse_frame(claim)) is not None:
        return refusal

    def verify() -> Registered:
        verified = verify_registration_response(
            credential=dict(answer),
            expected_challenge=claim.challenge,
            expected_rp_id=settings.relying_party,
            expected_origin=settings.public_origin,
            require_user_verification=True,
        )
        transports = parse_registration_credential_json(dict(answer)).response.transports or []
        return Registered(
            bytes_to_base64url(verified.credential_id),
            verified.credential_public_key,
            verified.sign_count,
            tuple(sorted({transport.value for transport in transports})),
        )

    verified = _attempt(verify)
    return _explain(settings, claim, None) if isinstance(verified, Refusal) else verified


def verify_assertion(
    settings: Settings, answer: Json, claim: Claim, stored: Credential, handle: str
) -> Asserted | Refusal:
    """Return the use of a known passkey, or why it is refused.

    ``handle`` is the user handle of the passkey's owner; the answer must carry the same one.
    """
    if (refusal := _refuse_frame(claim)) is not None:
        return refusal
    if claim.user_handle != handle:
        return Refusal.FOREIGN_CREDENTIAL

    def verify() -> Asserted:
        verified = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=claim.challenge,
            expected_rp_id=settings.relying_party,
            expected_origin=settings.public_origin,
            credential_public_key=stored.public_key,
            credential_current_sign_count=stored.sign_count,
            require_user_verification=True,
        )
        return Asserted(bytes_to_base64url(verified.credential_id), verified.new_sign_count)

    verified = _attempt(verify)
    return _explain(settings, claim, stored) if isinstance(verified, Refusal) else verified


def _make_claim(client_data: bytes, raw_id: bytes, user_handle: bytes, data: AuthenticatorData) -> Claim:
    client = parse_client_data_json(client_data)
    return Claim(
        challenge=client.challenge,
        origin=client.origin,
        is_framed=bool(client.cross_origin),
        credential_id=bytes_to_base64url(raw_id),
        user_handle=bytes_to_base64url(user_handle),
        data=data,
    )


def _attempt(read: Callable[[], T]) -> T | Refusal:
    try:
        return read()
    except MALFORMED:
        return Refusal.MALFORMED


def _refuse_frame(claim: Claim) -> Refusal | None:
    return Refusal.WRONG_ORIGIN if claim.is_framed else None


def _explain(settings: Settings, claim: Claim, stored: Credential | None) -> Refusal:
    """Return the likeliest reason for what ``webauthn`` has already refused."""
    if claim.origin != settings.public_origin:
        return Refusal.WRONG_ORIGIN
    if claim.data.rp_id_hash != sha256(settings.relying_party.encode()).digest():
        return Refusal.WRONG_RELYING_PARTY
    if not (claim.data.flags.up and claim.data.flags.uv):
        return Refusal.NOT_VERIFIED
    if stored is not None and stored.sign_count and claim.data.sign_count <= stored.sign_count:
        return Refusal.COUNTER_REGRESSED
    return Refusal.BAD_SIGNATURE
