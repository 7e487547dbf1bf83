"""Hostile and broken spreadsheets end in one clear sentence."""

from __future__ import annotations

import io
import zipfile

import pytest

from akashi.core.errors import InputError
from akashi.platform.sheets import read_table, write_csv, write_xlsx


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x93\x81\xff\xfe\x00\x01", "characters"),
        (b'a,"b\r\nc', "well-formed"),
        (b"PK\x03\x04 not a zip", "workbook"),
        (zipped(hello=b"x"), "workbook"),
        (zipped(bomb=bytes(80_000_000)), "too large"),
        (zipped(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "entities"),
        (("a," * 300).encode(), "columns"),
        (b"a\n" * 20_002, "lines"),
        (b"x" * 40_000, "more than 32000"),
    ],
)
def test_hostile_file_is_refused_in_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_table("file", content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_encodings_of_japanese_spreadsheets_are_understood(encoding: str) -> None:
    assert read_table("x", "名称,髙橋\r\n".encode(encoding)) == [["名称", "髙橋"]]


def test_tab_separated_text_is_understood() -> None:
    assert read_table("x", b"a\tb\n1\t2\n") == [["a", "b"], ["1", "2"]]


def test_truncated_workbook_is_refused() -> None:
    whole = write_xlsx("表", [["a"], ["b"]])
    for length in range(10, len(whole) - 1, 97):
        with pytest.raises(InputError):
            read_table("x", whole[:length])


def test_tabs_inside_the_first_line_do_not_make_it_a_file_of_tabs() -> None:
    for rows in ([["\t=x", "\t=x"]], [["a\tb\tc", "d"], ["e", "f"]], [['"\t"', "x"]]):
        assert read_table("x.csv", write_csv(rows)) == rows


def test_a_file_of_tabs_is_still_read() -> None:
    assert read_table("x.csv", "名称\t備考, 補足\n甲\t乙".encode()) == [["名称", "備考, 補足"], ["甲", "乙"]]
