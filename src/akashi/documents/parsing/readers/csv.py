"""CSV and TSV: tables of questions and answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from akashi.core.errors import InputError
from akashi.documents.parsing.clean import clean
from akashi.documents.parsing.decode import decode
from akashi.documents.parsing.draft import Draft, Source
from akashi.documents.parsing.questions import Row, add_questions, find_columns, missing_columns

_DELIMITERS = ",\t;"


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a table of questions and answers.

    Raises: InputError: no such columns, or not a valid table.
    """
    decoded = decode(content, source.name)
    draft = Draft(source)
    draft.note_encoding(decoded)
    csv.field_size_limit(source.limits.cell_chars)
    delimiter = _find_delimiter(decoded.text)
    if not add_questions(draft, _rows(decoded.text, delimiter, source), source.name):
        line, cells = next(_filled_rows(decoded.text, delimiter, source), (1, []))
        raise missing_columns(source.name, line, cells)
    return draft


def _find_delimiter(text: str) -> str:
    """Return the delimiter with which one of the first lines names the columns, or the commonest."""
    head = [clean(line)[0] for line in text[:10_000].splitlines()[:10]]
    for delimiter in _DELIMITERS:
        if any(find_columns([c.strip('"') for c in line.split(delimiter)]) for line in head):
            return delimiter
    return max(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in head))


def _filled_rows(text: str, delimiter: str, source: Source) -> Iterator[Row]:
    return ((line, cells) for line, cells in _rows(text, delimiter, source) if any(cells))


def _rows(text: str, delimiter: str, source: Source) -> Iterator[Row]:
    """Yield each row with the number of the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                "The row that begins on line {line} is not valid CSV.",
                where=f"{source.name}:{line}",
                next_step="Check the quotation marks, or save the table again as CSV.",
                line=line,
            ) from error
        yield line, cells
