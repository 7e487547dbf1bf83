"""Optical recognition of one page through the ``tesseract`` program, with its own confidence."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_WORD_LEVEL = "5"
_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A grey picture: ``pixels`` holds width * height bytes, row by row, 0 is black."""

    width: int
    height: int
    pixels: bytes

    def as_pgm(self) -> bytes:
        """Return the picture as a binary PGM file."""
        return b"P5 %d %d 255\n" % (self.width, self.height) + self.pixels


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of a page and the mean confidence of its words, 0..1 (0 if there are none)."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class WordBox:
    """A recognised word, its box in pixels, the line it stands in, and how sure it is, 0..1."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[str, ...]
    confidence: float


def recognise_words(program: str, pgm: bytes, seconds: float) -> list[WordBox]:
    """Return the words of a grey picture (PGM) with their places; none if the program failed.

    With English beside Japanese, digits come out surer; the page is read as one block, so that a label and
    its amount far to the right are both found.
    """
    table = _run(program, pgm, seconds, ("-l", "jpn+eng", "--psm", "6"))
    rows = [row.split("\t") for row in (table or "").splitlines()]
    return [
        WordBox(
            row[11].strip(),
            int(row[6]),
            int(row[7]),
            int(row[6]) + int(row[8]),
            int(row[7]) + int(row[9]),
            tuple(row[1:5]),
            float(row[10]) / 100,
        )
        for row in rows
        if len(row) == _FIELDS and row[0] == _WORD_LEVEL and row[11].strip()
    ]


def recognise(program: str, picture: Picture, seconds: float) -> Recognised | None:
    """Return the Japanese text of ``picture``, None if the program failed or took too long."""
    table = _run(program, picture.as_pgm(), seconds)
    return None if table is None else read_table(table)


def _run(program: str, pgm: bytes, seconds: float, how: tuple[str, ...] = ("-l", "jpn")) -> str | None:
    """Return the program's table of words, None if it failed or took too long."""
    command = (program, "stdin", "stdout", *how, "--dpi", "300", "tsv")
    try:
        # One thread: the time limit is one of processor time, shared by all threads.
        done = subprocess.run(  # noqa: S603 - a fixed command found by the parent, no shell
            command,
            input=pgm,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={"OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout.decode("utf-8", "replace")


def read_table(table: str) -> Recognised:
    """Return the text in the TSV of tesseract: one line of text for each line of the page.

    >>> row = "5\\t1\\t1\\t1\\t1\\t{}\\t0\\t0\\t9\\t9\\t{}\\t{}"
    >>> read_table("\\n".join([row.format(1, 100, "普通"), row.format(2, 50, "預金")]))
    Recognised(text='普通預金', confidence=0.75)
    """
    rows = [row.split("\t") for row in table.splitlines()]
    words = [row for row in rows if len(row) == _FIELDS and row[0] == _WORD_LEVEL and row[11].strip()]
    lines = (
        "".join(_spaced([row[11].strip() for row in group]))
        for _, group in groupby(words, key=lambda row: tuple(row[1:5]))
    )
    confidences = [float(row[10]) / 100 for row in words]
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    return Recognised("\n".join(lines), mean)


def _spaced(words: list[str]) -> Iterator[str]:
    """Yield the words of a line with a space where two of them are written in Latin letters."""
    before = ""
    for word in words:
        if before and before[-1].isascii() and word[0].isascii():
            yield " "
        yield word
        before = word
