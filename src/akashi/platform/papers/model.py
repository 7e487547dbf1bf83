"""The blocks of a paper. All words in them are final: data, never markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 starts a chapter, 2 a section, 3 a part of a section."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading has level 1, 2 or 3, not {self.level}")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; line breaks in it are kept. ``tone`` is plain, strong, small or warning."""

    text: str
    tone: str = "plain"

    def __post_init__(self) -> None:
        if self.tone not in ("plain", "strong", "small", "warning"):
            raise ValueError(f"unknown tone of a paragraph: {self.tone}")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, numbered where the order counts."""

    items: tuple[str, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table with a header line that is repeated on every page.

    ``widths`` are shares of the line, one a column; ``numbers`` are the columns (from 0) set to the right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()
    numbers: tuple[int, ...] = ()
    empty: str = "—"

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError("a table has at least one column")
        if self.widths and len(self.widths) != len(self.columns):
            raise ValueError("a table has one width for each column")
        for place, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {place} has {len(row)} cells, the table {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture (SVG of `akashi.platform.papers.charts`) with its figures as a table beside it.

    ``alt`` says in a sentence what the picture shows, for whoever cannot see it.
    """

    svg: str
    caption: str
    alt: str
    table: PaperTable | None = None


@dataclass(frozen=True, slots=True)
class Signatures:
    """Boxes for a date and a seal or signature, one for each name; on paper people still use them."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block starts a page."""


Block = Heading | Text | Bullets | Facts | PaperTable | Figure | Signatures | PageBreak


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: who speaks (``issuer``) to whom (``addressee``), when, under which number and marking.

    ``marking`` stands at the head of every page, for example 社外秘 or TLP:AMBER; ``language`` is ja or en.
    """

    title: str
    blocks: tuple[Block, ...]
    day: date
    language: str = "ja"
    subtitle: str = ""
    issuer: str = ""
    addressee: str = ""
    number: str = ""
    marking: str = ""
