"""What a reader writes while it walks through a file: text, line after line, and what each is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from akashi.core.errors import InputError
from akashi.core.spans import Interval
from akashi.documents.model import FieldValue, ParsingWarning, Passage

from .clean import MESSAGES, Invisible, clean
from .decode import Decoded
from .limits import Limits


class LineKind(Enum):
    """What a stretch of the text is."""

    TEXT = "text"  # ordinary; may turn out to be a heading
    BODY = "body"  # certainly no heading: a list item, code, a quotation
    HEADING = "heading"
    ROW = "row"  # one row of a table, answers alone
    BREAK = "break"  # what follows is under no heading so far: a new slide
    SKIP = "skip"  # stays in the text but belongs to no passage: rules, table borders


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of the text, without its line end.

    ``label`` is the heading as shown in paths, or for a row the header line of its table.
    ``rank`` orders headings: a smaller rank is further out; None nests as the document does.
    ``inline`` says that a heading is followed by its body on the same line.
    """

    span: Interval
    kind: LineKind = LineKind.TEXT
    page: int | None = None
    label: str = ""
    style: str = ""
    rank: int | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The file being read: its name for messages, its limits, the OCR program if there is one."""

    name: str
    limits: Limits
    tesseract: str | None = None


class Draft:
    """The growing text of one document. Only readers write it; ``compose`` turns it into passages.

    ``hard_wrapped`` says that lines may be broken in the middle of a sentence (text, PDF),
    ``spaced`` that blank lines are the author's, so that a line standing apart may be a heading.
    """

    def __init__(self, source: Source, *, hard_wrapped: bool = False, spaced: bool = False) -> None:
        self.source = source
        self.hard_wrapped = hard_wrapped
        self.spaced = spaced
        self.encoding: str | None = None
        self.page_count: int | None = None
        self.lines: list[Line] = []
        self.pairs: list[Passage] = []
        self._pieces: list[str] = []
        self._length = 0
        self._removed: Counter[Invisible] = Counter()
        self._warnings: dict[ParsingWarning, None] = {}

    @property
    def text(self) -> str:
        """Return everything written so far."""
        return "".join(self._pieces)

    @property
    def warnings(self) -> tuple[ParsingWarning, ...]:
        """Return what was noticed, each once, in the order of noticing, removed characters last."""
        removed = (
            ParsingWarning(message, (("count", self._removed[kind]),))
            for kind, message in MESSAGES.items()
            if self._removed[kind]
        )
        return (*self._warnings, *removed)

    def warn(self, message: str, **values: FieldValue) -> None:
        """Record a warning; the same warning is recorded once."""
        self._warnings[ParsingWarning(message, tuple(values.items()))] = None

    def note_encoding(self, decoded: Decoded) -> None:
        """Record which encoding the text had, and whether that is doubtful."""
        self.encoding = decoded.encoding
        if decoded.doubtful:
            self.warn(
                "The text holds no kana; check that it is Japanese and that its encoding ({encoding})"
                " was recognised correctly.",
                encoding=decoded.encoding,
            )

    def write(self, raw: str) -> Interval:
        """Append ``raw``, cleaned, and return where it stands.

        Raises: InputError: the text grows beyond the limit.
        """
        text, removed = clean(raw)
        self._removed.update(removed)
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        if self._length > self.source.limits.text_chars:
            raise InputError(
                "The text of the file is longer than {limit} characters.",
                where=self.source.name,
                next_step="Divide the document and add the parts.",
                limit=self.source.limits.text_chars,
            )
        return Interval(start, self._length)

    def add(
        self, raw: str, kind: LineKind = LineKind.TEXT, *, level: int = 0, page: int | None = None
    ) -> None:
        """Append ``raw`` as lines of their own, each of ``kind``; a heading becomes one line."""
        text, removed = clean(raw)
        self._removed.update(removed)
        heading = kind is LineKind.HEADING
        parts = [" ".join(text.split())] if heading else text.split("\n")
        for part in parts:
            stripped = part.strip()
            if stripped:
                label = stripped if heading else ""
                self.mark(self.write(stripped), kind, level=level, page=page, label=label)
                self.write("\n")

    def mark(
        self,
        span: Interval,
        kind: LineKind = LineKind.TEXT,
        *,
        level: int = 0,
        page: int | None = None,
        label: str = "",
    ) -> None:
        """Say what the text at ``span`` is. ``level`` is that of a heading, 1 is outermost."""
        heading = kind is LineKind.HEADING
        style, rank = (f"h{level}", level) if heading else ("", None)
        self.lines.append(Line(span, kind, page, shorten(label), style, rank))

    def leave_headings(self) -> None:
        """Say that what follows stands under none of the headings so far."""
        self.lines.append(Line(Interval(self._length, self._length), LineKind.BREAK))

    def gap(self) -> None:
        """End a paragraph with one blank line."""
        if self._pieces and not "".join(self._pieces[-2:]).endswith("\n\n"):
            self.write("\n")

    def pair(self, question: str, answer: str, heading: tuple[str, ...]) -> bool:
        """Append one question with its answer; return False if one of them is blank."""
        cleaned = [clean(part) for part in (question, answer)]
        asked_text, body_text = (text.strip() for text, _ in cleaned)
        for _, removed in cleaned:
            self._removed.update(removed)
        if not (asked_text and body_text):
            return False
        asked = self.write(asked_text)
        self.write("\n")
        body = self.write(body_text)
        self.write("\n\n")
        labels = tuple(shorten(clean(part)[0]) for part in heading)
        self.pairs.append(Passage("qa", labels, asked, body, None))
        return True


def shorten(label: str, limit: int = 120) -> str:
    """Return ``label`` on one line and at most ``limit`` characters long.

    >>> shorten("第１条\\n（目的）")
    '第１条 （目的）'
    """
    flat = " ".join(label.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
