"""The words of conversations as message ids, and the tone in which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from akashi.conversations.masks import UNKNOWN, Masker, Purpose
from akashi.conversations.model import Author, ErasureReason, HandoverReason, Thumb, Urgency
from akashi.core.ports import FindPersonal
from akashi.identity.model import Person
from akashi.platform.kit.catalogs import mark

AUTHORS = {
    Author.CUSTOMER: (mark("Customer"), "customer"),
    Author.ASSISTANT: (mark("Automatic answer"), "automatic"),
    Author.OPERATOR: (mark("Operator"), "person"),
    Author.SYSTEM: (mark("System"), "system"),
}

REASONS = {
    HandoverReason.CUSTOMER_ASKED: mark("The customer asked for a person"),
    HandoverReason.NO_ANSWER: mark("No approved document answers it"),
    HandoverReason.COMPLAINT: mark("Complaint"),
    HandoverReason.SENSITIVE: mark("Sensitive matter"),
    HandoverReason.SUSPICIOUS: mark("Suspicious request"),
}

URGENCIES = {
    Urgency.NORMAL: (mark("Normal"), "calm"),
    Urgency.SOON: (mark("Soon"), "notice"),
    Urgency.AT_ONCE: (mark("At once"), "alert"),
}

THUMBS = {Thumb.UP: (mark("Helpful"), "done"), Thumb.DOWN: (mark("Not helpful"), "notice")}

ERASURES = {
    ErasureReason.RETENTION_OVER: mark("Retention period over"),
    ErasureReason.CUSTOMER_REQUEST: mark("Request of the customer"),
    ErasureReason.WRONGLY_COLLECTED: mark("Should not have been collected"),
}

STATE_CHOICES = [
    ("waiting", mark("Waits for a person")),
    ("held", mark("Under legal hold")),
    ("erased", mark("Erased")),
]

CHANNELS = {
    "web": mark("Web page"),
    "branch": mark("Branch"),
    "app": mark("App"),
    "telephone": mark("By telephone"),
}
LANGUAGE_NAMES = {"ja": mark("Japanese"), "en": mark("English")}

KINDS = {
    "secret": mark("Secret "),
    "card": mark("Card number "),
    "my_number": mark("Individual number "),
    "corporate_number": mark("Corporate number "),
    "driver_licence": mark("Licence number "),
    "passport": mark("Passport number "),
    "bank_account": mark("Account number "),
    "email": mark("Mail address "),
    "phone": mark("Telephone number "),
    "postal_code": mark("Postal code "),
    "birth_date": mark("Date of birth "),
    "term": mark("Own word "),
    "address": mark("Address "),
    "person": mark("Name of a person "),
    UNKNOWN: mark("Masked "),
}
"""What a masked span is called; a number follows."""

PURPOSES = {
    Purpose.IDENTIFY: mark("To identify the customer"),
    Purpose.CONTACT: mark("To contact the customer"),
    Purpose.PROCEDURE: mark("To do what the customer asks for"),
    Purpose.REVIEW: mark("To review how personal data is handled"),
}


def make_masker(
    find: FindPersonal | None, said: Callable[[str], str], staff: Iterable[Person] = ()
) -> Masker:
    """Return what masks one conversation; ``said`` translates the message ids of this room.

    ``staff`` are the people whose own names operators may say.
    """
    names = {part for person in staff for part in (person.name, *person.name.split())}
    return Masker(find, lambda kind: said(KINDS.get(kind, KINDS[UNKNOWN])), names)
