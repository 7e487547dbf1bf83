"""Papers: what goes to a board, an authority or a vendor, written once and given as HTML, PDF and DOCX.

Rooms write functions that return a ``Paper``; its words are already in the reader's language.
"""

from akashi.platform.papers.model import (
    Block,
    Bullets,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paper,
    PaperTable,
    Signatures,
    Text,
)

__all__ = [
    "Block",
    "Bullets",
    "Facts",
    "Figure",
    "Heading",
    "PageBreak",
    "Paper",
    "PaperTable",
    "Signatures",
    "Text",
]
