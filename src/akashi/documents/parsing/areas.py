"""Pages as pictures with the place of every line: for papers whose values people confirm beside the original.

A PDF, or a photograph (JPEG, PNG), is read in a child process like every other file (`sandbox`). What comes
back is a new picture made there, never the file's own bytes, and lines with their areas.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

from akashi.core.errors import InputError

from .draft import Source
from .limits import Limits
from .sandbox import ask_child, check_name
from .wire import MalformedError, decode_error

CHILD = "akashi.documents.parsing.areas_child"
LIMITS = Limits(size_bytes=15_000_000, pages=12, response_bytes=48_000_000, ocr_pages=6)
"""What one uploaded paper may cost; our choice: a set of accounts has fewer than twelve pages that matter."""
MOST_LINES = 2_000
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a page, each side a share 0..1 of the page from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text on a page; ``confidence`` 0..1, 1 where the file itself holds the text."""

    text: str = field(repr=False)
    area: Area
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PageArea:
    """A page: its picture (PNG, grey), its lines, and whether recognition was too uncertain to be used."""

    number: int
    picture: bytes = field(repr=False)
    lines: tuple[Line, ...]
    is_recognised: bool
    is_too_uncertain: bool
    confidence: float


def read_areas(name: str, content: bytes, *, limits: Limits = LIMITS) -> tuple[PageArea, ...]:
    """Return the pages of a PDF, JPEG or PNG.

    Recognition below ``limits.ocr_confidence`` gives no lines: it invents text on noise.

    Raises: InputError: it cannot be used; says what, where and what to do.
    """
    source = Source(check_name(name), limits, None)
    try:
        answer = json.loads(ask_child(CHILD, source, content))
    except (ValueError, RecursionError) as error:
        raise _damaged(name) from error
    try:
        if isinstance(answer, dict) and "error" in answer:
            raise decode_error(answer["error"])
        return tuple(_decode_page(row, place) for place, row in enumerate(answer["pages"], 1))
    except (MalformedError, KeyError, TypeError, ValueError) as error:
        raise _damaged(name) from error


def _decode_page(row: object, number: int) -> PageArea:
    if not isinstance(row, dict) or len(row["lines"]) > MOST_LINES:
        raise MalformedError("not a page")
    picture = base64.b64decode(row["picture"], validate=True)
    if not picture.startswith(_PNG):
        raise MalformedError("not a picture of ours")
    lines = tuple(_decode_line(line) for line in row["lines"])
    return PageArea(
        number,
        picture,
        lines,
        bool(row["recognised"]),
        bool(row["uncertain"]),
        min(1.0, max(0.0, float(row["confidence"]))),
    )


def _decode_line(row: object) -> Line:
    if not isinstance(row, list) or len(row) != 6 or not isinstance(row[0], str):
        raise MalformedError("not a line")
    left, top, right, bottom = (min(1.0, max(0.0, float(side))) for side in row[1:5])
    return Line(row[0][:500], Area(left, top, right, bottom), min(1.0, max(0.0, float(row[5]))))


def _damaged(name: str) -> InputError:
    return InputError(
        "The file is damaged or is not what its name says.",
        where=name,
        next_step="Photograph or scan the paper again, or export it again, and add that file.",
    )
