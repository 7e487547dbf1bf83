"""Hostile Office files: bombs, passwords, macros, entities. Each is made here as a real file."""

from __future__ import annotations

import io
import os
import zipfile

import pytest

from akashi.documents.parsing import parse_bytes

from .files import child_seconds, make_docx, make_pptx, make_xlsx, refuse, rezip, show

OFFICE = ["docx", "xlsx", "pptx"]
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 12))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.fixture
def office() -> dict[str, bytes]:
    return {
        "docx": make_docx(["振込は110円です。"]),
        "xlsx": make_xlsx([["質問", "回答"], ["いくら", "110円です。"]]),
        "pptx": make_pptx(["手数料"]),
    }


@pytest.mark.parametrize("kind", OFFICE)
def test_part_that_unpacks_to_a_thousand_times_its_size_is_refused(
    kind: str, office: dict[str, bytes]
) -> None:
    bomb = rezip(office[kind], {"media/zero.bin": bytes(200_000_000)})
    started = child_seconds()
    assert "it may be a bomb" in str(refuse(f"a.{kind}", bomb))
    assert child_seconds() - started < 5.0


def test_many_parts_that_are_small_alone_are_refused_together(office: dict[str, bytes]) -> None:
    parts = {f"media/{n}.bin": bytes(900_000) for n in range(400)}
    assert "it may be a bomb" in str(refuse("a.docx", rezip(office["docx"], parts)))


def test_bomb_inside_an_embedded_file_is_refused(office: dict[str, bytes]) -> None:
    inner = rezip(office["xlsx"], {"zero.bin": bytes(200_000_000)})
    outer = rezip(office["pptx"], {"ppt/embeddings/sheet.xlsx": inner})
    assert "it may be a bomb" in str(refuse("a.pptx", outer))


def test_archives_nested_without_end_are_refused(office: dict[str, bytes]) -> None:
    content = office["docx"]
    for _ in range(6):
        content = rezip(office["docx"], {"word/embeddings/inner.docx": content})
    assert "archives within archives" in str(refuse("a.docx", content))


def test_embedded_file_is_not_read_and_said_so(office: dict[str, bytes]) -> None:
    outer = rezip(office["pptx"], {"ppt/embeddings/sheet.xlsx": office["xlsx"]})
    document = parse_bytes("a.pptx", outer)
    assert [str(warning) for warning in document.warnings] == ["1 embedded files were not read."]


def test_declared_size_that_lies_does_not_help_a_bomb(office: dict[str, bytes]) -> None:
    honest = rezip(office["docx"], {"media/zero.bin": bytes(50_000_000)})
    size = (50_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (1000).to_bytes(4, "little"))
    assert lying != honest
    assert refuse("a.docx", lying).message


@pytest.mark.parametrize("kind", OFFICE)
@pytest.mark.parametrize("prologue", [LAUGHS, EXTERNAL], ids=["laughs", "external"])
def test_entity_definitions_are_refused(kind: str, prologue: str, office: dict[str, bytes]) -> None:
    part = {"docx": "word/document.xml", "xlsx": "xl/sharedStrings.xml", "pptx": "ppt/presentation.xml"}
    hostile = rezip(office[kind], {part[kind]: f"{prologue}<z>&a9;&x;</z>".encode()})
    assert "XML entities" in str(refuse(f"a.{kind}", hostile))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_entity_definitions_in_another_encoding_are_refused(encoding: str, office: dict[str, bytes]) -> None:
    hostile = rezip(office["docx"], {"word/styles.xml": f"{LAUGHS}<z/>".encode(encoding)})
    assert "XML entities" in str(refuse("a.docx", hostile))


def test_entity_definitions_behind_a_long_comment_are_refused(office: dict[str, bytes]) -> None:
    hidden = f"<?xml version='1.0'?><!--{os.urandom(1 << 20).hex()}-->" + LAUGHS.split("?>")[1] + "<z/>"
    hostile = rezip(office["docx"], {"word/styles.xml": hidden.encode()})
    assert "XML entities" in str(refuse("a.docx", hostile))


def test_entity_definitions_in_an_embedded_drawing_are_refused(office: dict[str, bytes]) -> None:
    hostile = rezip(office["docx"], {"word/media/a.svg": f"{LAUGHS}<svg/>".encode()})
    assert "XML entities" in str(refuse("a.docx", hostile))


def test_odd_declared_encoding_is_refused(office: dict[str, bytes]) -> None:
    part = b"<?xml version='1.0' encoding='UTF-7'?><z/>"
    assert "XML entities" in str(refuse("a.docx", rezip(office["docx"], {"word/styles.xml": part})))


@pytest.mark.parametrize("kind", OFFICE)
def test_macro_part_under_a_harmless_suffix_is_refused(kind: str, office: dict[str, bytes]) -> None:
    hostile = rezip(office[kind], {"word/vbaProject.bin": b"macro"})
    assert "holds macros" in str(refuse(f"a.{kind}", hostile))


def test_encrypted_archive_is_refused(office: dict[str, bytes]) -> None:
    content = bytearray(office["docx"])
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(magic, at + 4)
    assert "protected with a password" in str(refuse("a.docx", bytes(content)))


def test_encrypted_office_container_is_refused() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le")
    assert "protected with a password" in str(refuse("a.docx", ole))


def test_old_office_file_is_refused() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
    assert "old Office format" in str(refuse("a.xlsx", ole))


def test_presentation_named_docx_is_refused(office: dict[str, bytes]) -> None:
    assert "not a DOCX document" in str(refuse("a.docx", office["pptx"]))


@pytest.mark.parametrize("kind", OFFICE)
def test_archive_cut_in_half_is_refused(kind: str, office: dict[str, bytes]) -> None:
    content = office[kind]
    assert "damaged" in str(refuse(f"a.{kind}", content[: len(content) // 2]))


@pytest.mark.parametrize("kind", OFFICE)
def test_archive_with_only_its_main_part_is_refused(kind: str) -> None:
    packed = io.BytesIO()
    names = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(names[kind], "<a/>")
    assert "damaged" in str(refuse(f"a.{kind}", packed.getvalue()))


def test_harmless_office_files_pass_the_same_checks(office: dict[str, bytes]) -> None:
    assert show(parse_bytes("a.docx", office["docx"])) == [((), "振込は110円です。")]
    assert show(parse_bytes("a.pptx", office["pptx"])) == [(("手数料",), "手数料の本文です。")]
