"""How much one document may cost; every number is a field that the caller can change."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file. Bytes are bytes, characters are code points, rates are 0..1.

    The defaults are our choice: ten times the largest document that we expect from a regional
    bank, and far below what would disturb a machine with two cores.
    """

    size_bytes: int = 50_000_000
    seconds: float = 30.0
    memory_bytes: int = 1 << 30
    response_bytes: int = 64_000_000
    text_chars: int = 5_000_000
    pages: int = 2_000
    rows: int = 100_000
    columns: int = 256
    cells: int = 5_000_000
    cell_chars: int = 100_000
    unpacked_bytes: int = 300_000_000
    unpacked_ratio: int = 200
    entries: int = 10_000
    ocr_pages: int = 20
    ocr_page_seconds: float = 15.0
    ocr_page_chars: int = 6_000
    ocr_confidence: float = 0.70
