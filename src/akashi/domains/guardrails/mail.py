"""Mail going out: attachments under a password, and the password on the same path (document 003, item 5)."""

from __future__ import annotations

import binascii
import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from akashi.core.errors import InputError
from akashi.domains.guardrails.locked_files import Allowance, lock_state
from akashi.domains.guardrails.mail_passwords import find_password
from akashi.domains.guardrails.mail_text import (
    MAX_TEXT,
    first_reading,
    header_text,
    html_text,
    parameter,
    readings,
    words_of,
)
from akashi.language.normalise import normalise

MAX_BYTES = 60_000_000
MAX_PARTS = 500
ADVICE = (
    "Send the file through the institution's file service with sign-in, or agree on the password by "
    "another path (telephone, post) beforehand."
)


class MailKind(StrEnum):
    """What is wrong with a mail."""

    ENCRYPTED = "encrypted_attachment"
    PASSWORD_HERE = "password_in_same_mail"  # noqa: S105
    PASSWORD_APART = "password_in_other_mail"  # noqa: S105
    UNREADABLE = "cannot_be_checked"


@dataclass(frozen=True, slots=True)
class MailFinding:
    """One finding: the mail, what is wrong, the attachment or phrase that shows it (never the password)."""

    mail: str
    kind: MailKind
    what: str
    advice: str = ADVICE


@dataclass(frozen=True, slots=True)
class Letter:
    """What matters of a mail: addresses, subject, locked attachments, the phrase that tells a password."""

    name: str
    people: frozenset[str]
    subject: str
    locked: tuple[str, ...]
    password_phrase: str
    unreadable: tuple[str, ...]


def check_mails(mails: Sequence[tuple[str, bytes]]) -> list[MailFinding]:
    """Return what is wrong with mails given as (file name, bytes), in order.

    A password counts as sent on the same path when the mail with the locked attachment says it, or
    another of the given mails between the same people does.

    Raises: InputError: a file is too large or not a mail.
    """
    letters = [read_letter(name, content) for name, content in mails]
    return [finding for letter in letters for finding in _findings(letter, letters)]


def _findings(letter: Letter, letters: Sequence[Letter]) -> Iterator[MailFinding]:
    for what in letter.locked:
        yield MailFinding(letter.name, MailKind.ENCRYPTED, what)
    for what in letter.unreadable:
        yield MailFinding(letter.name, MailKind.UNREADABLE, what)
    if not letter.password_phrase:
        return
    if letter.locked:
        yield MailFinding(letter.name, MailKind.PASSWORD_HERE, letter.password_phrase)
    for other in letters:
        if other is not letter and other.locked and _same_path(letter, other):
            yield MailFinding(
                letter.name, MailKind.PASSWORD_APART, f"{letter.password_phrase} -> {other.name}"
            )


def _same_path(one: Letter, other: Letter) -> bool:
    shared = one.people & other.people
    return len(shared) >= 2 or (bool(shared) and min(len(one.people), len(other.people)) == 1)


def read_letter(name: str, content: bytes) -> Letter:
    """Return what matters of a mail in RFC 5322 form, also of mails that are attached to it.

    Raises: InputError: too large, too many parts, nested too deeply, or no mail at all.
    """
    if len(content) > MAX_BYTES:
        raise InputError(
            "The mail has {size} bytes; at most {most} can be checked.",
            where=name,
            next_step="Check its attachments one by one.",
            size=f"{len(content):,}",
            most=f"{MAX_BYTES:,}",
        )
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        if not message.keys():
            raise InputError("This is not a mail.", where=name, next_step="Give a file in EML form.")
        seen = _Seen(name)
        seen.take(message)
    except RecursionError:
        raise InputError(
            "The mail is nested too deeply.", where=name, next_step="Check its attachments one by one."
        ) from None
    people = frozenset(_ADDRESS.findall(header_text(message, *_FIELDS).lower()))
    phrase = next(filter(None, map(find_password, seen.texts)), "")
    subject = header_text(message, "subject")
    return Letter(name, people, subject, tuple(seen.locked), phrase, tuple(seen.unreadable))


_FIELDS = ("from", "to", "cc", "bcc", "reply-to")
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,255}")
_ENCODINGS = frozenset(
    ("", "7bit", "8bit", "binary", "quoted-printable", "base64", "x-uuencode", "uuencode", "uue", "x-uue")
)
_MOST_NESTED = 4
_LEAST_MAIL = re.compile(rb"(?im)^(?:from|to|subject|content-type|mime-version|received|return-path):")


class _Seen:
    """What has been read of one mail; one allowance and one number of parts for all that is nested in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.texts: list[str] = []
        self.locked: list[str] = []
        self.unreadable: list[str] = []
        self._allowance = Allowance()
        self._parts = 0

    def take(self, message: Message, depth: int = 0) -> None:
        """Read a mail with everything in it. Raises: InputError: too many parts."""
        self.texts.append(header_text(message, "subject"))
        for part in message.walk():
            self._parts += 1
            if self._parts > MAX_PARTS + 1:
                raise InputError(
                    "The mail has more than {most} parts.",
                    where=self.name,
                    next_step="Check its attachments one by one.",
                    most=MAX_PARTS,
                )
            if not part.is_multipart():
                self._take_part(part, depth)
            elif part.get_content_type() == "message/rfc822" and part is not message:
                self._take_attached(part, depth)

    def _take_attached(self, part: Message, depth: int) -> None:
        """Read the subject of an attached mail, and all of one that was packed although none may be."""
        inner = part.get_payload(0)
        if not isinstance(inner, Message):
            return
        self.texts.append(header_text(inner, "subject"))
        if header_text(part, "content-transfer-encoding").strip().lower() == "base64":
            try:
                self._take_mail(binascii.a2b_base64(str(inner.get_payload())), _file_name(part), depth)
            except (binascii.Error, ValueError):
                self.unreadable.append(_file_name(part) or "message/rfc822")

    def _take_part(self, part: Message, depth: int) -> None:
        file_name, charset, kind = _file_name(part), _charset(part), part.get_content_type()
        body, is_known = _body(part)
        called = file_name or kind
        if not is_known and body.strip():
            self.unreadable.append(called)
        elif kind == "message/rfc822" or file_name.lower().endswith(".eml"):
            self._take_mail(body, called, depth)
        elif file_name or not kind.startswith("text/"):
            state = lock_state(body, self._allowance)
            self.locked += [called] if state == "locked" else []
            self.unreadable += [called] if state in ("damaged", "unread") else []
        if kind.startswith("text/"):
            found = (html_text(one) if kind == "text/html" else one for one in readings(body, charset))
            self.texts += [one[:MAX_TEXT] for one in found]

    def _take_mail(self, body: bytes, called: str, depth: int) -> None:
        if depth >= _MOST_NESTED:
            self.unreadable.append(called)
        elif _LEAST_MAIL.search(body[:20_000]):
            self.take(email.message_from_bytes(body, policy=email.policy.compat32), depth + 1)


def _file_name(part: Message) -> str:
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        raw, charset = parameter(part, header, name)
        if raw:
            text = (
                first_reading(raw, charset) if charset else words_of(raw.decode("utf-8", "surrogateescape"))
            )
            return re.sub(r"[^\S ]+|[\x00-\x1f\x7f]", " ", normalise(text[:1_000]).text)[:200]
    return ""


def _charset(part: Message) -> str:
    return parameter(part, "content-type", "charset")[0].decode("ascii", errors="replace")


def _body(part: Message) -> tuple[bytes, bool]:
    """Return the bytes of a part, and whether the way they are packed is known.

    The encoding that the part names is taken away first: the library would try whatever stands there.
    """
    way = header_text(part, "content-transfer-encoding").strip().lower()
    del part["content-type"]
    payload = part.get_payload(decode=True)
    return (payload if isinstance(payload, bytes) else b""), way in _ENCODINGS
