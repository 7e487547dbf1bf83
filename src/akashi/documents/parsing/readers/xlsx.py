"""XLSX: tables of questions and answers, one on each visible sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Literal, Protocol, cast

from openpyxl import load_workbook

from akashi.core.errors import InputError
from akashi.documents.parsing.archive import most_in_a_part, part_matches
from akashi.documents.parsing.draft import Draft, Source, shorten
from akashi.documents.parsing.questions import Row, add_questions, missing_columns

_FORMULA = re.compile(rb"<f[ >]")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SHEETS = "xl/worksheets/"


class Sheet(Protocol):
    """A worksheet opened for reading only, whose published types are those of another class."""

    @property
    def title(self) -> str: ...
    @property
    def sheet_state(self) -> str: ...
    def reset_dimensions(self) -> None: ...
    def iter_rows(self, *, values_only: Literal[True]) -> Iterator[tuple[object, ...]]: ...


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of all tables of questions and answers in a workbook.

    Raises: InputError: no sheet has such columns, or too many rows, columns or cells.
    """
    draft = Draft(source)
    # Counting is much faster than reading, and a sheet may hold a million rows.
    if most_in_a_part(content, _SHEETS, b"<row ") > source.limits.rows:
        raise InputError(
            "The table has more than {limit} rows.",
            where=source.name,
            next_step="Delete the empty rows and columns, or divide the table.",
            limit=source.limits.rows,
        )
    if part_matches(content, _SHEETS, _FORMULA):
        draft.warn("The workbook holds formulas; their last stored results were read.")
    if part_matches(content, _SHEETS, _HIDDEN):
        draft.warn("The workbook has hidden rows or columns; they were read too.")
    workbook = load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False, rich_text=False
    )
    sheets = cast(list[Sheet], workbook.worksheets)
    found = [_read_sheet(draft, sheet) for sheet in sheets]
    if not any(found):
        raise _nothing_found(draft, source, sheets)
    return draft


def _read_sheet(draft: Draft, sheet: Sheet) -> bool:
    where = f"{draft.source.name} [{sheet.title}]"
    if sheet.sheet_state != "visible":
        draft.warn("The hidden sheet {sheet} was left out.", sheet=shorten(sheet.title, 40))
        return False
    found = add_questions(draft, _rows(draft, sheet), where)
    if not found:
        draft.warn(
            "The sheet {sheet} has no columns for question and answer and was left out.",
            sheet=shorten(sheet.title, 40),
        )
    return found


def _rows(draft: Draft, sheet: Sheet) -> Iterator[Row]:
    # The declared size of a sheet may be a lie in both directions.
    sheet.reset_dimensions()
    cells = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not values:  # a gap up to the next row that exists, perhaps a million lines below
            continue
        cells += len(values)
        if cells > draft.source.limits.cells:
            raise InputError(
                "The sheet has more than {limit} cells.",
                where=f"{draft.source.name} [{sheet.title}]:{line}",
                next_step="Delete the empty rows and columns, or divide the table.",
                limit=draft.source.limits.cells,
            )
        if any(isinstance(value, float | datetime | date | time) for value in values):
            draft.warn("Numbers and dates were read without the format in which they are shown.")
        yield line, [_show(value) for value in values]


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _nothing_found(draft: Draft, source: Source, sheets: list[Sheet]) -> InputError:
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    for sheet in visible:
        for line, cells in _rows(draft, sheet):
            if any(cell.strip() for cell in cells):
                return missing_columns(f"{source.name} [{sheet.title}]", line, cells)
    return missing_columns(source.name, 1, [])
