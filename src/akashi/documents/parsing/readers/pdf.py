"""PDF: the text layer page by page; pages that are only pictures through optical recognition."""

from __future__ import annotations

import ctypes
import time

import pypdfium2
import pypdfium2.raw as pdfium_c

from akashi.core.errors import InputError
from akashi.documents.parsing.draft import Draft, LineKind, Source, shorten
from akashi.documents.parsing.ocr import Picture, Recognised, recognise

_INVISIBLE_MODES = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_WHITE = (255, 255, 255)
_OCR_DPI = 300
_OCR_PIXELS = 25_000_000
_OCR_SHARE = 0.8  # of the time allowed; the rest is for cutting and answering
_LEAST_SECONDS = 1.0
_FEWEST_CHARS = 4  # a stamped page number is no text layer


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a PDF; every line knows its page.

    Raises: InputError: encrypted, damaged, or too many pages.
    """
    document = _open(content, source)
    draft = Draft(source, hard_wrapped=True)
    draft.page_count = _count_pages(document, source)
    if pdfium_c.FPDF_GetSecurityHandlerRevision(document.raw) >= 0:
        draft.warn("The author restricted what may be done with this PDF; check that you may use it.")
    scans = _Scans(draft)
    for number in range(1, draft.page_count + 1):
        _read_page(draft, document, number, scans)
    return draft


def _open(content: bytes, source: Source) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise InputError(
                "The file is protected with a password.",
                where=source.name,
                next_step="Remove the password and add the file again.",
            ) from error
        raise _damaged(source) from error


def _damaged(source: Source) -> InputError:
    return InputError(
        "The PDF is damaged.",
        where=source.name,
        next_step="Open it in the program that made it, export it again and add that file.",
    )


def _count_pages(document: pypdfium2.PdfDocument, source: Source) -> int:
    count = len(document)
    if count > source.limits.pages:
        raise InputError(
            "The document has {count} pages; at most {limit} are accepted.",
            where=source.name,
            next_step="Divide the document and add the parts.",
            count=count,
            limit=source.limits.pages,
        )
    return count


def _read_page(draft: Draft, document: pypdfium2.PdfDocument, number: int, scans: _Scans) -> None:
    try:
        page = document[number - 1]
        words = page.get_textpage().get_text_range().replace("\ufffe", "")
    except pypdfium2.PdfiumError:
        draft.warn("Page {page} is damaged and was left out.", page=number)
        return
    if len("".join(words.split())) < _FEWEST_CHARS and _has_picture(page):
        words = scans.read(page, number)
    elif hidden := _hidden_words(page):
        draft.warn("Page {page} holds text that a reader cannot see: {words}", page=number, words=hidden)
    draft.add(words, LineKind.TEXT, page=number)
    draft.gap()
    page.close()


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return next(iter(pictures), None) is not None


def _hidden_words(page: pypdfium2.PdfPage) -> str:
    """Return the beginning of the text in white or invisible ink. White on a picture counts too:
    whether the ground is dark is not examined, so this is a hint and the text stays.
    """
    words: list[str] = []
    textpage = page.get_textpage()
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], textpage=textpage):
        if sum(map(len, words)) > 60:
            break
        if _is_hidden(item.raw):
            words.append(item.extract())
    return shorten("".join(words), 60)


def _is_hidden(item: pdfium_c.FPDF_PAGEOBJECT) -> bool:
    if pdfium_c.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_MODES:
        return True
    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium_c.FPDFPageObj_GetFillColor(item, *(ctypes.byref(part) for part in channels)):
        return False
    red, green, blue, alpha = (part.value for part in channels)
    return (red, green, blue) == _WHITE or alpha == 0


class _Scans:
    """Optical recognition of pages, within the limits of pages and time for the whole document."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._limits = draft.source.limits
        self._deadline = time.monotonic() + self._limits.seconds * _OCR_SHARE
        self._pages = 0

    def read(self, page: pypdfium2.PdfPage, number: int) -> str:
        """Return the recognised text of a page; empty, with a warning, if it cannot be trusted."""
        program = self._draft.source.tesseract
        left = min(self._limits.ocr_page_seconds, self._deadline - time.monotonic())
        if program is None:
            self._draft.warn(
                "Page {page} is a picture and was left out: no program that recognises text is installed.",
                page=number,
            )
        elif self._pages >= self._limits.ocr_pages or left < _LEAST_SECONDS:
            self._draft.warn(
                "Page {page} is a picture and was left out: too many pages to recognise.",
                page=number,
            )
        else:
            self._pages += 1
            return self._judge(number, recognise(program, _render(page), left))
        return ""

    def _judge(self, number: int, result: Recognised | None) -> str:
        """Recognition invents text on noise: too uncertain or too much of it is refused."""
        limits = self._limits
        if result is None:
            self._draft.warn(
                "Page {page} is a picture and was left out: its text could not be recognised.",
                page=number,
            )
        elif result.confidence < limits.ocr_confidence or len(result.text) > limits.ocr_page_chars:
            self._draft.warn(
                "Page {page} is a picture and was left out: the recognised text is too uncertain"
                " (confidence {confidence}, {count} characters).",
                page=number,
                confidence=round(result.confidence, 2),
                count=len(result.text),
            )
        else:
            self._draft.warn(
                "Page {page} is a picture; its text was recognised with confidence {confidence}."
                " Compare it with the original.",
                page=number,
                confidence=round(result.confidence, 2),
            )
            return result.text
        return ""


def _render(page: pypdfium2.PdfPage) -> Picture:
    """Return the page as a grey picture of 300 dots per inch, coarser if that would be huge."""
    width, height = page.get_size()
    scale = min(_OCR_DPI / 72, (_OCR_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    packed = b"".join(
        bytes(rows[start : start + bitmap.width])
        for start in range(0, bitmap.height * bitmap.stride, bitmap.stride)
    )
    return Picture(bitmap.width, bitmap.height, packed)
