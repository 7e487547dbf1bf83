"""Real files under a password: ZIP by its own cipher, PDF by reportlab, Office as its container."""

from __future__ import annotations

import io
import struct
import zlib
from email.message import EmailMessage
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

SECTOR, END, FREE, FAT = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def locked_zip(name: str, content: bytes, password: bytes) -> bytes:
    """Return a ZIP whose member is encrypted by the traditional cipher. Source: APPNOTE 6.3, section 6.1."""
    keys = [0x12345678, 0x23456789, 0x34567890]
    for byte in password:
        _mix(keys, byte)
    plain = bytes(range(11)) + bytes([zlib.crc32(content) >> 24]) + content
    sealed = bytearray()
    for byte in plain:
        low = (keys[2] | 2) & 0xFFFF
        sealed.append(byte ^ ((low * (low ^ 1)) >> 8 & 0xFF))
        _mix(keys, byte)
    raw = name.encode()
    facts = struct.pack("<HHHHHIII", 20, 1, 0, 0, 33, zlib.crc32(content), len(sealed), len(content))
    local = b"PK\x03\x04" + facts + struct.pack("<HH", len(raw), 0) + raw + bytes(sealed)
    entry = (
        b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHHHII", len(raw), 0, 0, 0, 0, 0, 0)
    )
    entry += raw
    return local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)


def _mix(keys: list[int], byte: int) -> None:
    keys[0] = _crc(keys[0], byte)
    keys[1] = (keys[1] + (keys[0] & 0xFF)) * 134775813 + 1 & 0xFFFFFFFF
    keys[2] = _crc(keys[2], keys[1] >> 24)


def _crc(value: int, byte: int) -> int:
    return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def locked_pdf(text: str, password: str) -> bytes:
    """Return a PDF that asks for a password."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(password, canPrint=0))
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


def locked_office() -> bytes:
    """Return the container of an encrypted Office file: two streams. Source: MS-CFB, MS-OFFCRYPTO."""
    content = bytes(range(256)) * 16
    return _container([("EncryptedPackage", content), ("EncryptionInfo", content)])


def compound_file(name: str, stream: bytes) -> bytes:
    """Return a container with one stream; one below 4,096 bytes lies among the small ones. Source: MS-CFB."""
    return _container([(name, stream)])


def _container(streams: list[tuple[str, bytes]]) -> bytes:
    fat, content, entries = [FAT, END], b"", []
    small_first, small_size = END, 0
    for at, (name, stream) in enumerate(streams, 1):
        first, sectors = len(fat), -(-len(stream) // SECTOR)
        fat += [*range(first + 1, first + sectors), END]
        content += stream + bytes(sectors * SECTOR - len(stream))
        is_small = len(stream) < 4096
        small_first, small_size = (first, sectors * SECTOR) if is_small else (small_first, small_size)
        right = at + 1 if at < len(streams) else FREE
        entries.append(_entry(name, 2, FREE, 0 if is_small else first, len(stream), right))
    root = _entry("Root Entry", 5, 1, small_first, small_size, FREE)
    folder = b"".join([root, *entries, *[_entry("", 0, FREE, 0, 0, FREE)] * (3 - len(entries))])
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *([FREE] * 108))
    return head + struct.pack("<128I", *(fat + [FREE] * (128 - len(fat)))) + folder + content


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw + bytes(64 - len(raw)) + struct.pack("<HBB", len(raw) + 2 if name else 0, kind, 1)
    return head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def write_mail(path: Path, text: str, *attachments: tuple[str, bytes], subject: str = "資料の送付") -> Path:
    """Write a mail as a mail program would and return its path."""
    message = EmailMessage()
    message["From"], message["To"] = "業務部 <tanto@bank.example>", "お客さま <kokyaku@example.jp>"
    message["Subject"] = subject
    message.set_content(text, charset="iso-2022-jp")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    path.write_bytes(message.as_bytes())
    return path
