"""Pages that are only pictures: recognised where that is possible, refused where it guesses."""

from __future__ import annotations

import io
import random
import shutil

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from akashi.core.errors import InputError
from akashi.documents.parsing import Limits, parse_bytes
from akashi.documents.parsing.ocr import Picture, read_table, recognise

TESSERACT = shutil.which("tesseract") or ""
needs_tesseract = pytest.mark.skipif(not TESSERACT, reason="the program tesseract is not installed")
SIZE = (1240, 500)


def picture_of(words: str) -> Image.Image:
    picture = Image.new("L", SIZE, 255)
    ImageDraw.Draw(picture).text((60, 60), words, fill=0, font=ImageFont.load_default(64))
    return picture


def noise() -> Image.Image:
    return Image.frombytes("L", (300, 120), random.Random(1).randbytes(300 * 120))


def scan(*pictures: Image.Image) -> bytes:
    """Return a PDF whose pages are pictures."""
    packed = io.BytesIO()
    canvas = Canvas(packed)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 40, 400, 500, 200)
        canvas.showPage()
    canvas.save()
    return packed.getvalue()


@needs_tesseract
def test_clear_page_is_read_with_a_warning_and_noise_is_refused() -> None:
    document = parse_bytes("a.pdf", scan(picture_of("TRANSFER FEE 110 YEN"), noise()))
    assert "TRANSFER" in document.text
    assert {passage.page for passage in document.passages} == {1}
    read, refused = (str(warning) for warning in document.warnings)
    assert read.startswith("Page 1 is a picture; its text was recognised with confidence 0.")
    assert refused.startswith("Page 2 is a picture and was left out")


@needs_tesseract
def test_stricter_confidence_refuses_the_same_page() -> None:
    with pytest.raises(InputError, match="holds no text"):
        parse_bytes("a.pdf", scan(picture_of("TRANSFER FEE")), limits=Limits(ocr_confidence=0.999))


@needs_tesseract
def test_more_text_than_a_page_can_hold_is_refused() -> None:
    with pytest.raises(InputError, match="holds no text"):
        parse_bytes("a.pdf", scan(picture_of("TRANSFER FEE")), limits=Limits(ocr_page_chars=5))


def test_pages_beyond_the_limit_are_left_out_and_reported() -> None:
    with pytest.raises(InputError, match="holds no text"):
        parse_bytes("a.pdf", scan(picture_of("TRANSFER")), limits=Limits(ocr_pages=0))


@needs_tesseract
def test_recognition_that_takes_too_long_is_given_up() -> None:
    assert recognise(TESSERACT, Picture(300, 120, noise().tobytes()), 0.01) is None


def test_missing_or_failing_program_is_given_up() -> None:
    blank = Picture(1, 1, b"\xff")
    assert recognise("/nonexistent/tesseract", blank, 1.0) is None
    assert recognise("/bin/false", blank, 1.0) is None


@pytest.mark.parametrize("table", ["", "level\tpage", "5\t1\t1\t1\t1\t1\t0\t0\t1\t1\t-1\t "])
def test_page_without_words_has_no_confidence(table: str) -> None:
    assert read_table(table).confidence == 0.0


def test_latin_words_are_separated_and_japanese_ones_are_not() -> None:
    row = "5\t1\t1\t1\t{}\t1\t0\t0\t1\t1\t90\t{}"
    table = "\n".join(row.format(*cell) for cell in [(1, "A"), (1, "B"), (2, "振込"), (2, "手数料")])
    assert read_table(table).text == "A B\n振込手数料"
