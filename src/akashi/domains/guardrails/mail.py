"""Mail going out: attachments under a password, and the password on the same path (document 003, item 5)."""

from __future__ import annotations

import email
import email.header
import email.policy
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from akashi.core.errors import InputError
from akashi.language.normalise import normalise

MAX_BYTES = 60_000_000
MAX_PARTS = 500
MAX_TEXT = 400_000
_MAX_MEMBERS = 5_000
_MAX_NESTED = 30_000_000
_DEPTH = 2
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
    """Return what matters of a mail in RFC 5322 form.

    Raises: InputError: too large, too many parts, or no mail at all.
    """
    if len(content) > MAX_BYTES:
        raise InputError(
            "The mail has {size} bytes; at most {most} can be checked.",
            where=name,
            next_step="Check its attachments one by one.",
            size=f"{len(content):,}",
            most=f"{MAX_BYTES:,}",
        )
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    if not message.keys():
        raise InputError("This is not a mail.", where=name, next_step="Give a file in EML form.")
    parts = list(_parts(message, name))
    locked, unreadable, texts = [], [], [_header(message, "subject")]
    for part in parts:
        file_name, body = _file_name(part), _body(part)
        if file_name or part.get_content_maintype() not in ("text", "multipart"):
            state = lock_state(body)
            locked += [file_name or part.get_content_type()] if state == "locked" else []
            unreadable += [file_name or part.get_content_type()] if state == "damaged" else []
        elif part.get_content_maintype() == "text":
            texts.append(_decoded(body, part.get_content_charset()))
    people = frozenset(_ADDRESS.findall(" ".join(_header(message, field) for field in _FIELDS).lower()))
    phrase = find_password(_without_tags("\n".join(texts))[:MAX_TEXT])
    return Letter(name, people, texts[0], tuple(locked), phrase, tuple(unreadable))


_FIELDS = ("from", "to", "cc", "bcc", "reply-to")
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,255}")
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _header(message: Message, field: str) -> str:
    values = message.get_all(field, [])
    pieces = []
    for value in values[:50]:
        for text, charset in email.header.decode_header(str(value)[:20_000]):
            pieces.append(_decoded(text, charset) if isinstance(text, bytes) else text)
    return " ".join(pieces)


def _parts(message: Message, name: str) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            raise InputError(
                "The mail has more than {most} parts.",
                where=name,
                next_step="Check its attachments one by one.",
                most=MAX_PARTS,
            )
        if not part.is_multipart():
            yield part


def _file_name(part: Message) -> str:
    raw = part.get_filename() or ""
    text = "".join(
        _decoded(piece, charset) if isinstance(piece, bytes) else piece
        for piece, charset in email.header.decode_header(raw[:1_000])
    )
    return re.sub(r"[^\S ]+", " ", normalise(text).text)[:200]


def _body(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(raw: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8", "iso-2022-jp", "cp932"):
        try:
            return raw[: MAX_TEXT * 4].decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw[: MAX_TEXT * 4].decode("utf-8", errors="replace")


def _without_tags(text: str) -> str:
    return _TAG.sub(" ", text) if "<" in text else text


_SECRET = r"(?P<secret>(?=[^\s]{0,40}[0-9A-Za-z])[!-~]{4,64})"  # noqa: S105
_WORD = (
    r"(?:(?:解凍|展開|閲覧|開封|添付(?:ファイル)?の?)?\s?"
    r"(?:パスワード|パスコード|password|passwd|pass\s?word|pw|pass|暗証(?:番号)?|解凍キー|キーワード))"
)
_PASSWORD = re.compile(
    rf"{_WORD}\s?(?:\([^()\n]{{0,20}}\))?(?:は|が|\s?[:=→⇒]|\s?\n)"
    rf"[\s「『\"'【\[]{{0,4}}(?:次の通り(?:です)?[。:]?\s{{0,3}})?{_SECRET}"
    rf"|[「『\"'\[]{_SECRET.replace('secret', 'quoted')}[」』\"'\]]\s?(?:が|を|は)\s?{_WORD}",
    re.IGNORECASE,
)
_HINT = re.compile(
    rf"{_WORD}\s?(?:は|が|には)[^。\n]{{0,30}}"
    r"(?:下\s?[0-9]\s?(?:桁|ケタ)|誕生日|生年月日|電話番号|社員番号|口座番号|西暦|代表番号)",
    re.IGNORECASE,
)


def find_password(text: str) -> str:
    """Return the phrase that tells a password, without the password itself; empty if none does.

    >>> find_password("添付ファイルのパスワードは Ab12!xyz です。")
    '添付ファイルのパスワードは ***'
    >>> find_password("パスワードは別途お電話でお伝えします。")
    ''
    """
    plain = normalise(text).text
    found = _PASSWORD.search(plain)
    if found is not None:
        secret = found["secret"] or found["quoted"]
        return re.sub(r"\s+", " ", found.group().replace(secret, "***")).strip()[-60:]
    hint = _HINT.search(plain)
    return hint.group()[:60] if hint is not None else ""


_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PROVIDERS = tuple(
    text.encode("utf-16-le") for text in ("Microsoft Enhanced Cryptographic", "Microsoft Base Cryptographic")
)
_SEVEN = b"7z\xbc\xaf\x27\x1c"
_SEVEN_AES = b"\x06\xf1\x07\x01"
_RAR = b"Rar!\x1a\x07"
_PDF_LOCK = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def lock_state(content: bytes, depth: int = 0) -> str:
    """Return ``locked`` for a file that asks for a password, ``damaged`` for a broken archive, else ``open``.

    ZIP (also inside ZIP), Office files old and new, PDF, 7z and RAR; judged by content, not by name.
    A PDF that only limits printing is locked too: the sender cannot rely on it either.
    """
    if content.startswith(_OFFICE):
        return "locked" if _PACKAGE in content or any(one in content for one in _PROVIDERS) else "open"
    if b"%PDF-" in content[:1_024]:
        return "locked" if _PDF_LOCK.search(content) else "open"
    if content.startswith(_SEVEN):
        return "locked" if _SEVEN_AES in content else "open"
    if content.startswith(_RAR):
        return "locked" if _rar_is_locked(content) else "open"
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or content[-22:-18] == b"PK\x05\x06":
        return _zip_state(content, depth)
    return "open"


def _rar_is_locked(content: bytes) -> bool:
    if content[6:8] == b"\x01\x00":  # RAR 5: block type 4 is the encryption header
        return len(content) > 14 and (content[13] == 4 or b"\x01\x00\x0f" in content[:400])
    if len(content) < 12:
        return False
    main = int.from_bytes(content[10:12], "little")
    return bool(main & 0x80) or (len(content) > 26 and bool(content[23] & 0x04))


_LOCKABLE = (".zip", ".7z", ".rar", ".pdf", ".xlsx", ".docx", ".pptx", ".xls", ".doc")


def _zip_state(content: bytes, depth: int) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()[:_MAX_MEMBERS]
            if any(member.flag_bits & 1 for member in members):
                return "locked"
            for member in members[:100]:
                if (
                    member.filename.lower().endswith(_LOCKABLE)
                    and depth < _DEPTH
                    and member.file_size <= _MAX_NESTED
                ):
                    with archive.open(member) as stream:
                        if lock_state(stream.read(_MAX_NESTED), depth + 1) == "locked":
                            return "locked"
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return "damaged"
    return "open"
