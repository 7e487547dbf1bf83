"""The verdict of the screen as JSON and as pieces of a page."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from akashi.core.spans import Interval
from akashi.domains.guardrails.guards import Ruling
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
    """A stretch of the text as it was written; ``kind`` is a message id, empty outside spans.

    ``attack``: it lies where somebody tries to give orders. ``number`` counts the spans from 1.
    """

    text: str
    kind: str = ""
    reason: str = ""
    treatment: str = ""
    attack: bool = False
    number: int = 0
    start: int = 0


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


def describe_ruling(ruling: Ruling) -> dict[str, Any]:
    """Return what a policy makes of a text, for machines."""
    verdict = Verdict(ruling.masked, ruling.hijack)
    treatment = ruling.treatment.value if ruling.treatment else ""
    said = {"refused": not ruling.goes_on, "treatment": treatment, "reasons": list(ruling.reasons)}
    return describe(verdict) | said | {"spans": [describe_span(one) for one in ruling.found]}


def cut_pieces(text: str, ruling: Ruling, policy: Policy) -> list[Piece]:
    """Return ``text`` cut at the borders of its spans and of an attack, each piece with what it is."""
    attack = ruling.hijack.span if ruling.hijack.flagged else Interval(0, 0)
    spans = {(one.span.start, one.span.end): (number, one) for number, one in enumerate(ruling.found, 1)}
    marks = {0, len(text), *(place for span in spans for place in span)}
    if attack.end > attack.start:
        marks |= {place for place in (attack.start, attack.end) if not _inside(place, ruling.found)}
    pieces = []
    for start, end in itertools.pairwise(sorted(marks)):
        number, found = spans.get((start, end), (0, None))
        is_attack = attack.start <= start < attack.end
        if found is None:
            pieces.append(Piece(text[start:end], attack=is_attack))
        else:
            treatment = policy.treat(found.kind).value
            pieces.append(
                Piece(
                    text[start:end],
                    KIND_TITLES[found.kind],
                    found.reason,
                    treatment,
                    is_attack,
                    number,
                    start,
                )
            )
    return pieces


def _inside(place: int, found: Sequence[Found]) -> bool:
    return any(one.span.start < place < one.span.end for one in found)


def count_kinds(ruling: Ruling, policy: Policy) -> list[tuple[str, int, str]]:
    """Return each kind that was found as message id, how often, and what the policy makes of it."""
    counted = Counter(one.kind for one in ruling.found)
    return [(KIND_TITLES[kind], counted[kind], policy.treat(kind).value) for kind in Kind if kind in counted]


def describe_policy(policy: Policy, is_own: bool) -> dict[str, Any]:
    """Return one policy for machines."""
    return {
        "use_case": policy.use_case,
        "title": policy.title,
        "title_en": policy.title_en,
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
