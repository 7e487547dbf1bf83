"""The verdict of the screen as JSON and as pieces of a page."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any, NamedTuple

from akashi.domains.guardrails.hijack import Hijack
from akashi.domains.guardrails.model import Found, Kind
from akashi.domains.guardrails.policy import Policy
from akashi.domains.guardrails.screening import Verdict

KIND_TITLES = {
    Kind.SECRET: "Password or key",
    Kind.CARD: "Card number",
    Kind.MY_NUMBER: "My Number",
    Kind.CORPORATE_NUMBER: "Corporate number",
    Kind.DRIVER_LICENCE: "Driver's licence number",
    Kind.PASSPORT: "Passport number",
    Kind.BANK_ACCOUNT: "Bank account",
    Kind.EMAIL: "E-mail address",
    Kind.PHONE: "Telephone number",
    Kind.POSTAL_CODE: "Postal code",
    Kind.BIRTH_DATE: "Date of birth",
    Kind.TERM: "Internal word",
    Kind.ADDRESS: "Address",
    Kind.PERSON: "Person",
}
"""Message ids of the kinds."""


class Piece(NamedTuple):
    """A stretch of the text as it was written; ``kind`` is a message id, empty outside spans."""

    text: str
    kind: str = ""
    reason: str = ""
    attack: bool = False


def describe(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict for machines; places in code points of the original text."""
    return {
        "refused": verdict.refused,
        "masked": verdict.masked.text,
        "spans": [describe_span(one) for one in verdict.masked.found],
        "hijack": describe_hijack(verdict.hijack),
    }


def describe_span(found: Found) -> dict[str, Any]:
    """Return one span for machines; never the text in it."""
    return {
        "start": found.span.start,
        "end": found.span.end,
        "type": found.kind.value,
        "reason": found.reason,
    }


def describe_hijack(hijack: Hijack) -> dict[str, Any]:
    """Return the verdict on hijacking for machines."""
    place = {"start": hijack.span.start, "end": hijack.span.end} if hijack.flagged else None
    return {
        "flagged": hijack.flagged,
        "score": round(hijack.score, 3),
        "reason": hijack.reason,
        "span": place,
        "through": list(hijack.path),
    }


def cut_pieces(text: str, verdict: Verdict) -> list[Piece]:
    """Return ``text`` cut at the borders of its spans, each piece with what it is."""
    pieces: list[Piece] = []
    at = 0
    for one in verdict.masked.found:
        if one.span.start > at:
            pieces.append(Piece(text[at : one.span.start]))
        pieces.append(Piece(one.span.of(text), KIND_TITLES[one.kind], one.reason))
        at = one.span.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def count_kinds(verdict: Verdict) -> list[tuple[str, int]]:
    """Return how often each kind was found, as message id and count."""
    counted = Counter(one.kind for one in verdict.masked.found)
    return [(KIND_TITLES[kind], counted[kind]) for kind in Kind if kind in counted]


def describe_policy(policy: Policy, is_own: bool) -> dict[str, Any]:
    """Return one policy for machines."""
    return {
        "use_case": policy.use_case,
        "title": policy.title,
        "digest": policy.digest,
        "own": is_own,
        "incoming": {kind.value: policy.treat(kind).value for kind in Kind} | {"hijack": policy.hijack.value},
        "outgoing": {
            "leak": policy.leak.value,
            "hijack": policy.out_hijack.value,
            "personal": policy.out_personal.value,
        },
        "limits": dataclasses.asdict(policy.limits),
        "models": list(policy.models),
    }
