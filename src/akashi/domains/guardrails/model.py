"""What the guards find: kinds of personal and confidential data, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from akashi.core.spans import Interval


class Kind(StrEnum):
    """What a span of a text is; the order is the order in which overlapping spans are named."""

    SECRET = "secret"  # noqa: S105 - the name of a kind
    CARD = "card"
    MY_NUMBER = "my_number"
    CORPORATE_NUMBER = "corporate_number"
    DRIVER_LICENCE = "driver_licence"
    PASSPORT = "passport"
    BANK_ACCOUNT = "bank_account"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    BIRTH_DATE = "birth_date"
    TERM = "term"
    ADDRESS = "address"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Found:
    """One span of the original text, what it is, and why (a message id)."""

    span: Interval
    kind: Kind
    reason: str
