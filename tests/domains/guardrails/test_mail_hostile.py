"""Mails as they really come, and as an attacker writes them: names, encodings, nesting, bombs, old files."""

from __future__ import annotations

import base64
import io
import lzma
import struct
import time
import zipfile

import pytest

from akashi.core.errors import InputError
from akashi.domains.guardrails.locked_files import lock_state
from akashi.domains.guardrails.mail import MailKind, check_mails
from tests.domains.guardrails.mail_files import compound_file, locked_zip

HEAD = b"From: a@bank.example\r\nTo: b@example.jp\r\n"
TOLD = "添付のパスワードは Ab12xyz9 です。"
LOCKED = locked_zip("a.txt", b"hello", b"pw")


def mixed(*parts: bytes, head: bytes = b"") -> bytes:
    """Return a mail of several parts, byte by byte as given."""
    body = b"".join(b"--B\r\n" + part + b"\r\n" for part in parts)
    return HEAD + head + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + body + b"--B--\r\n"


def text(raw: bytes, charset: str, kind: str = "plain") -> bytes:
    return f"Content-Type: text/{kind}; charset={charset}\r\n\r\n".encode() + raw


def attached(content: bytes, name: bytes = b"filename=a.zip", kind: bytes = b"application/x") -> bytes:
    head = (
        b"Content-Type: "
        + kind
        + b"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
    )
    return head + name + b"\r\n\r\n" + base64.encodebytes(content)


def found(mail: bytes) -> list[tuple[MailKind, str]]:
    return [(one.kind, one.what) for one in check_mails([("a.eml", mail)])]


def packed(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("declared", ["utf-8", "us-ascii", "undefined", "x-unknown", "punycode"])
@pytest.mark.parametrize("written", ["utf-8", "cp932", "iso-2022-jp", "euc-jp"])
def test_password_is_read_whatever_the_mail_says_of_its_letters(written: str, declared: str) -> None:
    mail = mixed(text(TOLD.encode(written), declared), attached(LOCKED))
    assert (MailKind.PASSWORD_HERE, "添付のパスワードは ***") in found(mail)


@pytest.mark.parametrize(
    "part",
    [
        text(
            ("<p>" + TOLD.encode("ascii", "xmlcharrefreplace").decode() + "</p>").encode(), "us-ascii", "html"
        ),
        text("<p>パスワード<b>は</b>：<span>Ab12xyz9</span></p>".encode(), "utf-8", "html"),
        attached(TOLD.encode(), b"filename=pw.txt", b"text/plain; charset=utf-8"),
    ],
)
def test_password_in_html_or_in_an_attached_text_is_read(part: bytes) -> None:
    assert MailKind.PASSWORD_HERE in {kind for kind, _ in found(mixed(part, attached(LOCKED)))}


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_password_in_a_subject_of_raw_bytes_is_read(encoding: str) -> None:
    head = b"Subject: " + TOLD.encode(encoding) + b"\r\n"
    assert MailKind.PASSWORD_HERE in {kind for kind, _ in found(mixed(attached(LOCKED), head=head))}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"filename*=utf-8''%E8%B3%87%E6%96%99.zip", "資料.zip"),
        (b"filename*0*=utf-8''%E8%B3%87; filename*1*=%E6%96%99.zip", "資料.zip"),
        (b"filename*=undefined''%E8%B3%87%E6%96%99.zip", "資料.zip"),
        (b"filename*=a%00''%E8%B3%87%E6%96%99.zip", "資料.zip"),
        (b'filename="=?ISO-2022-JP?B?GyRCO3FOQRsoQi56aXA=?="', "資料.zip"),
        (b'filename="=?iso-2022-jp?B?a?="', "a"),
        ('filename="資料.zip"'.encode("cp932"), "資料.zip"),
        (b'filename="a\x1b[31m.zip"', "a[31m.zip"),
    ],
)
def test_name_of_an_attachment_is_read_in_every_way_of_writing(name: bytes, shown: str) -> None:
    assert found(mixed(attached(LOCKED, name))) == [(MailKind.ENCRYPTED, shown)]


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?utf-8?B?a?=\r\n\r\nx",
        b"Subject: =?undefined?Q?abc?=\r\n\r\nx",
        b'Content-Type: text/plain; charset="ut\x00f"\r\n\r\n\xe3\x81\x82',
        b"Content-Type: text/plain; charset=undefined\r\n\r\n\xe3\x81\x82",
        b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"abc-" + b"b" * 1_000_000 + b"\xe3",
        b"Subject: " + b"=?utf-8?Q?a?= " * 100_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain; " + b"; ".join(b"name*%d=a" % at for at in range(20_000)) + b"\r\n\r\nx",
    ],
)
def test_hostile_headers_end_in_time_without_a_finding(head: bytes) -> None:
    started = time.process_time()
    assert found(HEAD + head) == []
    assert time.process_time() - started < 5


INNER = mixed(text(TOLD.encode(), "utf-8"), attached(LOCKED, b"filename=in.zip"))


@pytest.mark.parametrize(
    "part",
    [
        b"Content-Type: message/rfc822\r\n\r\n" + INNER,
        attached(INNER, b"filename=in.eml"),
        attached(INNER, b"filename=in.dat", b"message/rfc822"),
    ],
)
def test_mail_attached_to_a_mail_is_read_too(part: bytes) -> None:
    assert found(mixed(part)) == [
        (MailKind.ENCRYPTED, "in.zip"),
        (MailKind.PASSWORD_HERE, "添付のパスワードは ***"),
    ]


@pytest.mark.parametrize("depth", [1_200, 4_000])
def test_mail_nested_too_deeply_is_refused(depth: int) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        found(HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + HEAD + b"\r\nx")


def test_archive_that_unpacks_without_end_cannot_be_checked_and_says_so() -> None:
    bomb = packed(*((f"{at}.zip", bytes(20_000_000)) for at in range(20)))
    started = time.process_time()
    assert found(mixed(attached(packed(*((f"{at}.zip", bomb) for at in range(20)))))) == [
        (MailKind.UNREADABLE, "a.zip")
    ]
    assert time.process_time() - started < 10


def test_archive_in_archives_and_behind_a_program_is_found() -> None:
    deep = packed(("1.zip", packed(("2.zip", packed(("3.zip", LOCKED))))))
    program = b"MZ" + bytes(5_000) + LOCKED[:-2] + struct.pack("<H", 5) + b"hello"
    assert (lock_state(deep), lock_state(program), lock_state(b"MZ" + bytes(99))) == (
        "locked",
        "locked",
        "open",
    )


def test_what_cannot_be_unpacked_or_read_is_named() -> None:
    odd = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: odd\r\n\r\n" + base64.encodebytes(
        LOCKED
    )
    outlook = attached(b"\x78\x9f\x3e\x22" + bytes(50), b"filename=winmail.dat")
    assert [kind for kind, _ in found(mixed(odd, outlook))] == [MailKind.UNREADABLE] * 2


WORD = bytes(10) + b"\x00\x13" + bytes(4_084)
PLAIN_WORD = bytes(10) + b"\x00\x12" + bytes(4_084)
SHEET = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0x002F, 54) + bytes(54)
PLAIN_SHEET = struct.pack("<HH", 0x0809, 16) + bytes(16) + struct.pack("<HH", 0x00E1, 2) + bytes(4_000)
SLIDES = bytes(12) + struct.pack("<I", 0xF3D1C4DF) + bytes(40)


@pytest.mark.parametrize(
    ("name", "stream", "state"),
    [
        ("WordDocument", WORD, "locked"),
        ("WordDocument", PLAIN_WORD, "open"),
        ("Workbook", SHEET, "locked"),
        ("Book", SHEET + bytes(5_000), "locked"),
        ("Workbook", PLAIN_SHEET, "open"),
        ("Current User", SLIDES, "locked"),
        ("Current User", bytes(60), "open"),
        ("__properties_version1.0", bytes(60), "unread"),
    ],
)
def test_old_office_file_is_judged_by_its_own_mark(name: str, stream: bytes, state: str) -> None:
    assert lock_state(compound_file(name, stream)) == state


def seven_file(coders: bytes) -> bytes:
    """Return a 7z archive whose list of members names ``coders`` and is packed. Source: 7zFormat.txt."""
    listed = b"\x01\x04\x06\x00\x01\x09\x10\x00\x07\x0b\x01\x00" + coders * 40 + b"\x00\x00"
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 65_536, "lc": 3, "lp": 0, "pb": 2}]
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=filters)
    small = packer.compress(listed) + packer.flush()
    head = (
        b"\x17\x06\x00\x01\x09" + bytes([len(small)]) + b"\x0a\x01" + bytes(4) + b"\x00\x07\x0b\x01\x00\x01"
    )
    head += b"\x23\x03\x01\x01\x05" + struct.pack("<BI", 93, 65_536) + b"\x0c\x40\x00\x00"
    return (
        b"7z\xbc\xaf\x27\x1c\x00\x04"
        + bytes(4)
        + struct.pack("<QQI", len(small), len(head), 0)
        + small
        + head
    )


def test_seven_zip_with_a_packed_list_of_members_is_unpacked_first() -> None:
    locked, plain = seven_file(b"\x01\x24\x06\xf1\x07\x01"), seven_file(b"\x01\x23\x03\x01\x01\x05")
    assert b"\x06\xf1\x07\x01" not in locked
    assert (lock_state(locked), lock_state(plain), lock_state(plain[:-20])) == ("locked", "open", "unread")
