"""Mails under a password and the password beside them; hostile mails end within bounds."""

from __future__ import annotations

import io
import time
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.errors import InputError
from akashi.domains.guardrails.locked_files import lock_state
from akashi.domains.guardrails.mail import MAX_PARTS, MailKind, check_mails
from akashi.domains.guardrails.mail_passwords import find_password


def locked_zip() -> bytes:
    """Return a ZIP whose only member carries the flag of encryption."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("meibo.csv", "a,b\n")
    raw = bytearray(buffer.getvalue())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def open_zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
LOCKED_PDF = b"%PDF-1.7\n...\ntrailer << /Root 1 0 R /Encrypt 9 0 R >>\n%%EOF"


def mail(text: str, *attachments: tuple[str, bytes], to: str = "kokyaku@example.jp") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tanto@bank.example", to, "資料の送付"
    message.set_content(text)
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    "content",
    [
        locked_zip(),
        LOCKED_OFFICE,
        LOCKED_PDF,
        open_zip(("naka.zip", locked_zip())),
        b"7z\xbc\xaf\x27\x1c\x06\xf1\x07\x01",
    ],
)
def test_attachment_under_a_password_is_found_by_content(content: bytes) -> None:
    (finding,) = check_mails([("a.eml", mail("お送りします。", ("資料.dat", content)))])
    assert (finding.kind, finding.what) == (MailKind.ENCRYPTED, "資料.dat")
    assert "file service" in finding.advice


@pytest.mark.parametrize(
    "content", [open_zip(("a.csv", b"1,2")), b"%PDF-1.7 plain", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"text"]
)
def test_open_attachment_is_not_flagged(content: bytes) -> None:
    assert check_mails([("a.eml", mail("パスワードは Ab12xyz です。", ("資料.zip", content)))]) == []


def test_password_in_the_same_mail_is_found_and_not_repeated() -> None:
    findings = check_mails([("a.eml", mail("解凍パスワード：Zx9!kk21", ("資料.zip", locked_zip())))])
    assert [one.kind for one in findings] == [MailKind.ENCRYPTED, MailKind.PASSWORD_HERE]
    assert "Zx9!kk21" not in str(findings)


def test_password_in_a_second_mail_between_the_same_people_is_found() -> None:
    first = ("1.eml", mail("資料をお送りします。", ("資料.zip", locked_zip())))
    second = ("2.eml", mail("先ほどの添付ファイルのパスワードは「Zx9kk21」です。"))
    stranger = ("3.eml", mail("パスワードは「Zx9kk21」です。", to="betsu@other.example"))
    assert MailKind.PASSWORD_APART in {one.kind for one in check_mails([first, second])}
    assert [one.kind for one in check_mails([first, stranger])] == [MailKind.ENCRYPTED]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("パスワードは\nab12cd\nです", True),
        ("PW: 20261121", True),
        ("ﾊﾟｽﾜｰﾄﾞは Ｔ０ｋｙｏ！", True),
        ("パスワードはお客さまの電話番号の下4桁です", True),
        ("パスワードは別途お電話でお伝えします。", False),
        ("パスワードをお忘れの場合は再設定してください。", False),
        ("今月のお知らせです。", False),
    ],
)
def test_phrase_that_tells_a_password_is_told_apart(text: str, told: bool) -> None:
    assert bool(find_password(text)) is told


def test_what_is_no_mail_or_has_too_many_parts_is_refused() -> None:
    with pytest.raises(InputError, match="not a mail"):
        check_mails([("a.eml", b"\x00\x01")])
    parts = [(f"{number}.txt", b"x") for number in range(MAX_PARTS + 5)]
    with pytest.raises(InputError, match="parts"):
        check_mails([("a.eml", mail("多い", *parts))])


def test_damaged_archive_cannot_be_checked_and_says_so() -> None:
    (finding,) = check_mails([("a.eml", mail("添付です", ("a.zip", b"PK\x03\x04broken")))])
    assert finding.kind is MailKind.UNREADABLE


@pytest.mark.parametrize("unit", ["パスワード", "pass ", "<", "「", "パスワードは "])
def test_long_text_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    find_password(unit * 60_000)
    assert time.process_time() - started < 5


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_attachment_ends_in_a_state(content: bytes) -> None:
    assert lock_state(b"PK\x03\x04" + content) in ("open", "locked", "damaged")
    assert lock_state(b"Rar!\x1a\x07" + content) in ("open", "locked")
