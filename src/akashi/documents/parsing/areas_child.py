"""The child process that turns a PDF or a photograph into pictures of its pages with lines and their areas.

Started by ``sandbox`` like ``child``: empty environment, bounds on memory and time, one request, one answer.
"""

from __future__ import annotations

import io
import json
import os
import sys
import time
from itertools import groupby
from typing import Any

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from akashi.core.errors import InputError
from akashi.documents.parsing.areas import MOST_LINES
from akashi.documents.parsing.areas_workbook import Row, answer_page, read_workbook
from akashi.documents.parsing.child import detach_streams, restrict, too_much
from akashi.documents.parsing.draft import Source
from akashi.documents.parsing.ocr import WordBox, recognise_words
from akashi.documents.parsing.wire import decode_request, encode_error

SHOWN_PIXELS = 1_400
READ_PIXELS = 2400
MOST_PIXELS = 60_000_000
_FEWEST_CHARS = 4
_OCR_SHARE = 0.8
_LEAST_SECONDS = 1.0


def main() -> int:
    """Answer the one request on standard input and return the exit status."""
    source = decode_request(sys.stdin.buffer.readline())
    restrict(source.limits)
    content = sys.stdin.buffer.read()
    answer_fd = detach_streams()
    try:
        answer = json.dumps({"pages": list(_read(content, source))}, ensure_ascii=False).encode()
    except InputError as error:
        answer = encode_error(error)
    except (MemoryError, RecursionError):
        answer = encode_error(too_much(source))
    if len(answer) > source.limits.response_bytes:
        answer = encode_error(too_much(source))
    with os.fdopen(answer_fd, "wb") as stream:
        stream.write(answer)
    return 0


def _read(content: bytes, source: Source) -> list[dict[str, Any]]:
    scans = _Scans(source)
    if content[:4] == b"PK\x03\x04":
        return read_workbook(content, source)
    if content[:5] == b"%PDF-":
        return [_read_page(page, scans) for page in _pages(content, source)]
    return [scans.read(_open_picture(content, source))]


def _pages(content: bytes, source: Source) -> list[pypdfium2.PdfPage]:
    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
        if count > source.limits.pages:
            raise InputError(
                "The document has {count} pages; at most {limit} are accepted.",
                where=source.name,
                next_step="Divide the document and add the parts.",
                count=count,
                limit=source.limits.pages,
            )
        return [document[place] for place in range(count)]
    except pypdfium2.PdfiumError as error:
        raise _damaged(source) from error


def _read_page(page: pypdfium2.PdfPage, scans: _Scans) -> dict[str, Any]:
    lines = _text_lines(page)
    width, height = page.get_size()
    longest = max(1.0, width, height)
    if sum(len(line[0]) for line in lines) < _FEWEST_CHARS:
        return scans.read(page.render(scale=READ_PIXELS / longest, grayscale=True).to_pil())
    picture = page.render(scale=SHOWN_PIXELS / longest, grayscale=True).to_pil()
    return answer_page(picture, lines, recognised=False, uncertain=False, confidence=1.0)


def _text_lines(page: pypdfium2.PdfPage) -> list[Row]:
    words = page.get_textpage()
    width, height = (max(1.0, side) for side in page.get_size())
    lines: list[Row] = []
    for place in range(min(words.count_rects(), MOST_LINES)):
        left, bottom, right, top = words.get_rect(place)
        text = words.get_text_bounded(left, bottom, right, top).strip()
        if text:
            lines.append([text, left / width, 1 - top / height, right / width, 1 - bottom / height, 1.0])
    return lines


def _open_picture(content: bytes, source: Source) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise too_much(source)
            upright = ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _damaged(source) from error
    return upright


class _Scans:
    """Optical recognition within the limits of pages and time for the whole file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._deadline = time.monotonic() + source.limits.seconds * _OCR_SHARE
        self._pages = 0

    def read(self, picture: Image.Image) -> dict[str, Any]:
        """Return a page that is a picture, with the lines that were recognised if they can be trusted."""
        limits = self._source.limits
        large = _fit(ImageOps.autocontrast(picture.convert("L")), READ_PIXELS)
        words = self._recognise(large)
        confidence = sum(word.confidence for word in words) / len(words) if words else 0.0
        is_sure = confidence >= limits.ocr_confidence
        lines = _lines_of(words, large) if is_sure else []
        shown = _fit(picture.convert("L"), SHOWN_PIXELS, may_grow=False)
        return answer_page(shown, lines, recognised=True, uncertain=not is_sure, confidence=confidence)

    def _recognise(self, picture: Image.Image) -> list[WordBox]:
        left = min(self._source.limits.ocr_page_seconds, self._deadline - time.monotonic())
        program = self._source.tesseract
        if program is None or self._pages >= self._source.limits.ocr_pages or left < _LEAST_SECONDS:
            return []
        self._pages += 1
        head = b"P5 %d %d 255\n" % picture.size
        return recognise_words(program, head + picture.tobytes(), left)


def _fit(picture: Image.Image, longest: int, may_grow: bool = True) -> Image.Image:
    """Return a picture whose longer side has ``longest`` pixels; never grown more than threefold."""
    scale = min(longest / max(picture.size), 3.0 if may_grow else 1.0)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def _lines_of(words: list[WordBox], picture: Image.Image) -> list[Row]:
    width, height = picture.size
    lines: list[Row] = []
    for _, group in groupby(words, key=lambda word: word.line):
        for part in _split_wide(list(group), height):
            sides = (
                min(word.left for word in part) / width,
                min(word.top for word in part) / height,
                max(word.right for word in part) / width,
                max(word.bottom for word in part) / height,
            )
            sure = sum(word.confidence for word in part) / len(part)
            lines.append(["".join(word.text for word in part), *sides, sure])
    return lines[:MOST_LINES]


def _split_wide(words: list[WordBox], height: int) -> list[list[WordBox]]:
    """Return the words of a line in parts, cut where the gap is wider than two letters: cells of a table."""
    parts: list[list[WordBox]] = []
    for word in words:
        letter = max(8, word.bottom - word.top, height // 120)
        if parts and word.left - parts[-1][-1].right < 2 * letter:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _damaged(source: Source) -> InputError:
    return InputError(
        "The file is damaged or is not what its name says.",
        where=source.name,
        next_step="Photograph or scan the paper again, or export it again, and add that file.",
    )


if __name__ == "__main__":
    sys.exit(main())
