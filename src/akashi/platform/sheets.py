"""Tables to and from CSV and XLSX files, as spreadsheets in Japan write and read them.

Cells are text. A cell that a spreadsheet would run as a formula goes out with an apostrophe before it
and comes back without: ``write`` and ``read`` are inverse to each other for every text.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from akashi.core.errors import InputError

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELL = 32_000
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_PARTS = 2_000

Table = list[list[str]]

_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_QUOTED = re.compile(r'"[^"]*"')
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def neutralise(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it as a formula.

    >>> neutralise("=1+1"), neutralise("普通")
    ("'=1+1", '普通')
    """
    return "'" + text if _RISKY.match(text) else text


def restore(text: str) -> str:
    """Return what ``neutralise`` was given.

    >>> restore(neutralise("=1+1")), restore("'普通'")
    ('=1+1', "'普通'")
    """
    return text[1:] if _ESCAPED.match(text) else text


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte order mark, which spreadsheets need to see Japanese."""
    file = io.StringIO(newline="")
    lines = [[neutralise(cell) for cell in row] for row in rows]
    has_tab = any("\t" in cell for cell in lines[0]) if lines else False
    if has_tab:
        csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(lines)
    else:
        csv.writer(file, lineterminator="\r\n").writerows(lines)
    return file.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as a workbook with one sheet; the first row is the header. No cell is a formula."""
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Sheet"
    for place, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(place, column)
            cell.value = neutralise(_UNPRINTABLE.sub("", text))
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if place == 1:
                cell.font = Font(bold=True)
                sheet.column_dimensions[get_column_letter(column)].width = max(12, min(40, 2 * len(text) + 4))
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read_table(name: str, content: bytes) -> Table:
    """Return the cells of a CSV or XLSX file; ``name`` appears in errors only. Empty rows are kept.

    CSV may be UTF-8 (with or without mark), UTF-16 with mark, or Shift_JIS as spreadsheets in Japan write.

    Raises: InputError: empty, not such a file, encrypted, too large, or it carries an entity declaration.
    """
    if not content.strip(b"\x00\t\r\n "):
        raise InputError("The file is empty.", where=name, next_step="Choose another file.")
    table = _read_xlsx(name, content) if content.startswith(b"PK\x03\x04") else _read_csv(name, content)
    for place, row in enumerate(table, 1):
        if any(len(cell) > MOST_CELL for cell in row):
            raise InputError(
                "Line {line} has a cell of more than {most} characters.",
                where=name,
                line=place,
                most=MOST_CELL,
            )
    return [[restore(cell) for cell in row] for row in table]


def _read_csv(name: str, content: bytes) -> Table:
    text = _decode(name, content)
    first = _QUOTED.sub("", text).split("\n", 1)[0]
    tabs = first.count("\t")
    delimiter = "\t" if tabs and tabs >= first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            "The file is not well-formed CSV: {reason}.",
            where=name,
            next_step="Save it again from the spreadsheet.",
            reason=str(error),
        ) from error
    _check_size(name, len(rows), max((len(row) for row in rows), default=0))
    return rows


def _decode(name: str, content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(
        "The characters of the file cannot be read.",
        where=name,
        next_step="Save it as CSV in UTF-8 or Shift_JIS.",
    )


def _read_xlsx(name: str, content: bytes) -> Table:
    _check_archive(name, content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows: Table = []
        for row in sheet.iter_rows(values_only=True):
            _check_size(name, len(rows) + 1, len(row))
            rows.append([_write_cell(value) for value in row])
        book.close()
    except (
        InvalidFileException,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise InputError(
            "The file is not a workbook that can be read.",
            where=name,
            next_step="Save it again as XLSX or CSV.",
        ) from error
    return rows


def _check_archive(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
                raise InputError(
                    "The workbook is too large when unpacked.", where=name, next_step="Split it."
                )
            if any(part.flag_bits & 0x1 for part in parts):
                raise InputError(
                    "The workbook is encrypted.", where=name, next_step="Save it without a password."
                )
            for part in parts:
                _check_part(name, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise InputError("The file is not a workbook that can be read.", where=name) from error


def _check_part(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a part that unpacks to more than it says, or that declares entities."""
    with archive.open(part) as file:
        unpacked = file.read(MOST_UNPACKED_BYTES + 1)
    if len(unpacked) > MOST_UNPACKED_BYTES:
        raise InputError("The workbook is too large when unpacked.", where=name, next_step="Split it.")
    if b"<!" in unpacked.replace(b"\x00", b"") and b"<!DOCTYPE" in unpacked.replace(b"\x00", b"").upper():
        raise InputError("The workbook declares entities, which is not allowed.", where=name)


def _check_size(name: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise InputError(
            "The table has more than {rows} lines or {columns} columns.",
            where=name,
            next_step="Split it.",
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        )


def _write_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
