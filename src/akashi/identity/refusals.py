"""Why a passkey was refused: one word for the ledger, one sentence for the person."""

from __future__ import annotations

from enum import StrEnum

from akashi.core.errors import InputError
from akashi.platform.kit import mark


class Refusal(StrEnum):
    """The reason, as the ledger keeps it."""

    MALFORMED = "malformed"
    UNKNOWN_CHALLENGE = "unknown_challenge"
    OTHER_BROWSER = "other_browser"
    REPLAYED = "replayed"
    EXPIRED = "expired"
    WRONG_ORIGIN = "wrong_origin"
    WRONG_RELYING_PARTY = "wrong_relying_party"
    NOT_VERIFIED = "not_verified"
    COUNTER_REGRESSED = "counter_regressed"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_CREDENTIAL = "unknown_credential"
    REVOKED_CREDENTIAL = "revoked_credential"
    FOREIGN_CREDENTIAL = "foreign_credential"
    ALREADY_REGISTERED = "already_registered"
    SUSPENDED = "suspended"
    UNKNOWN_LINK = "unknown_link"
    EXPIRED_LINK = "expired_link"
    USED_LINK = "used_link"


AGAIN = mark("Start again.")
ASK = mark("Ask an administrator.")
NEW_LINK = mark("Ask an administrator for a new link.")

SENTENCES: dict[Refusal, tuple[str, str]] = {
    Refusal.MALFORMED: (mark("The answer of the passkey cannot be read."), AGAIN),
    Refusal.UNKNOWN_CHALLENGE: (mark("This answer belongs to no question of ours."), AGAIN),
    Refusal.OTHER_BROWSER: (mark("The question was put to another browser."), AGAIN),
    Refusal.REPLAYED: (mark("This answer has already been used."), AGAIN),
    Refusal.EXPIRED: (mark("The answer came after more than two minutes."), AGAIN),
    Refusal.WRONG_ORIGIN: (
        mark("The passkey was used on another site."),
        mark("Open the address of this institution yourself."),
    ),
    Refusal.WRONG_RELYING_PARTY: (mark("The passkey belongs to another site."), ASK),
    Refusal.NOT_VERIFIED: (
        mark("The device did not check who you are."),
        mark("Use fingerprint, face or PIN of the device."),
    ),
    Refusal.COUNTER_REGRESSED: (mark("The counter of the passkey went backwards; it may be a copy."), ASK),
    Refusal.BAD_SIGNATURE: (mark("The signature of the passkey does not match."), AGAIN),
    Refusal.UNKNOWN_CREDENTIAL: (mark("This passkey is not registered here."), ASK),
    Refusal.REVOKED_CREDENTIAL: (mark("This passkey has been revoked."), NEW_LINK),
    Refusal.FOREIGN_CREDENTIAL: (mark("The passkey belongs to somebody else."), ASK),
    Refusal.ALREADY_REGISTERED: (mark("This passkey is registered already."), mark("Use it to sign in.")),
    Refusal.SUSPENDED: (mark("This person may not sign in at present."), ASK),
    Refusal.UNKNOWN_LINK: (mark("This link is not known."), NEW_LINK),
    Refusal.EXPIRED_LINK: (mark("This link is no longer good; a link lasts 15 minutes."), NEW_LINK),
    Refusal.USED_LINK: (mark("This link has already been used."), NEW_LINK),
}


class RefusedError(InputError):
    """A passkey or link was refused; the ledger has the reason."""

    def __init__(self, refusal: Refusal) -> None:
        sentence, next_step = SENTENCES[refusal]
        super().__init__(sentence, next_step=next_step)
        self.refusal = refusal
