"""A workbook as pictures of its sheets with the area of every cell; only inside the child process."""

from __future__ import annotations

import base64
import io
import warnings
import zipfile
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from PIL import Image, ImageDraw, ImageFont

from akashi.core.errors import InputError
from akashi.documents.parsing.archive import inspect_archive
from akashi.documents.parsing.draft import Source
from akashi.documents.parsing.formats import find_format

SHEETS, ROWS, COLUMNS, LETTERS = 6, 60, 10, 24
_WIDTH, _HEIGHT, _SIZE = 140, 24, 13
Row = list[Any]
"""A line: text, left, top, right, bottom (shares 0..1), confidence."""


def read_workbook(content: bytes, source: Source) -> list[dict[str, Any]]:
    """Return the first sheets, each as a picture drawn here and its cells.

    Raises: InputError: no workbook, damaged, or a bomb.
    """
    inspect_archive(content, find_format(source.name, content), source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [_draw(_cells(sheet)) for sheet in book.worksheets[:SHEETS]]
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        ParseError,
        OSError,
        DefusedXmlException,
    ) as error:
        raise InputError(
            "The file is damaged or is not what its name says.",
            where=source.name,
            next_step="Export it again and add that file.",
        ) from error


def _cells(sheet: Any) -> list[tuple[int, int, str]]:
    rows = sheet.iter_rows(max_row=ROWS, max_col=COLUMNS, values_only=True)
    return [
        (line, column, _write(value))
        for line, row in enumerate(rows)
        for column, value in enumerate(row)
        if value is not None and _write(value)
    ]


def _write(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float) and float(value).is_integer():
        return f"{int(value):,}"
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).strip()[:200]


def _draw(cells: list[tuple[int, int, str]]) -> dict[str, Any]:
    columns = max((column for _, column, _ in cells), default=0) + 1
    lines = max((line for line, _, _ in cells), default=0) + 1
    width, height = columns * _WIDTH + 20, lines * _HEIGHT + 20
    picture = Image.new("L", (width, height), 255)
    pen, font = ImageDraw.Draw(picture), _font()
    found: list[Row] = []
    for line, column, text in cells:
        left, top = 10 + column * _WIDTH, 10 + line * _HEIGHT
        pen.rectangle((left, top, left + _WIDTH, top + _HEIGHT), outline=190)
        shown = text.replace("\n", " ")
        pen.text((left + 4, top + 4), shown[:LETTERS], font=font, fill=0)
        sides = (left / width, top / height, (left + _WIDTH) / width, (top + _HEIGHT) / height)
        found.append([text, *sides, 1.0])
    return answer_page(picture, found, recognised=False, uncertain=False, confidence=1.0)


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    package = find_spec("matplotlib_fontja")
    for place in (package.submodule_search_locations or ()) if package else ():
        path = Path(place) / "fonts" / "ipaexg.ttf"
        if path.is_file():
            return ImageFont.truetype(str(path), _SIZE)
    return ImageFont.load_default()


def answer_page(
    picture: Image.Image, lines: list[Row], *, recognised: bool, uncertain: bool, confidence: float
) -> dict[str, Any]:
    """Return a page as the child answers it: a picture made here, lines with areas."""
    file = io.BytesIO()
    picture.convert("L").save(file, "PNG", optimize=False)
    return {
        "picture": base64.b64encode(file.getvalue()).decode(),
        "lines": lines,
        "recognised": recognised,
        "uncertain": uncertain,
        "confidence": confidence,
    }
