"""A finished draft -> the document: sections under their path of headings, cut into passages."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from akashi.core.errors import InputError
from akashi.core.spans import Interval
from akashi.documents.model import ParsedDocument, Passage, PassageKind

from .draft import Draft, Line, LineKind
from .outline import find_headings

LONGEST_PASSAGE = 600

_SENTENCE_ENDS = tuple("。！？!?.」』）)")
_ITEM = r"[-*+•・○●◎◯‣✓➔→※■◆①-⑳(（【＜\uf0a7-\uf0fc]|\d{1,2}[.．)）]|[０-９]{1,2}[．）]"
_BOUNDARIES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<=[。！？!?」』）)】:：.])\s*\n[ \t　]*\n\s*|(?<!\s)[^\S\n]*+\n\s*+(?={_ITEM})",  # paragraph
        r"[。！？!?][」』）)】]*\s*|[.](?=\s)",  # sentence
        r"\n\s*",
        r"[、，,;；]",
    )
)

_FAMILY = {"block": "bare"}
_DRESSED = ("circled", "paren", "lenticular", "angle", "round", "square")
_NEVER_ABOVE: dict[str, tuple[str, ...]] = {
    "roman": ("number", "bare", "block", *_DRESSED),
    "number": ("bare", "block", "circled", "paren"),
    "block": _DRESSED,
}


def compose(draft: Draft, media_type: str) -> ParsedDocument:
    """Return the document that ``draft`` describes.

    Raises: InputError: nothing in it can be cited.
    """
    text = draft.text
    passages = [*_Sections(text).cut(find_headings(draft)), *draft.pairs]
    if not passages:
        raise InputError(
            "The file holds no text.",
            where=draft.source.name,
            next_step="Choose a file with text in it; a picture needs a text layer.",
        )
    passages.sort(key=lambda passage: passage.body)
    return ParsedDocument(text, tuple(passages), media_type, draft.encoding, draft.page_count, draft.warnings)


class _Sections:
    """Walks over the lines with the path of headings that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._path: list[Line] = []
        self._body: list[Line] = []

    def cut(self, lines: Sequence[Line]) -> Iterator[Passage]:
        """Yield the passages of ``lines`` in order."""
        bare: Line | None = None  # the last heading, while nothing stands below it
        for line in lines:
            if line.kind in (LineKind.TEXT, LineKind.BODY):
                self._body.append(line)
                bare = None
                continue
            yield from self._close()
            if line.kind in (LineKind.HEADING, LineKind.BREAK):
                path = _descend(self._path, line)
                if bare is not None and bare not in path:
                    yield self._heading_alone(bare)
                self._path = path
                bare = None if line.inline or line.kind is LineKind.BREAK else line
                if line.inline:
                    self._body.append(line)
            elif line.kind is LineKind.ROW:
                yield from self._passages("table", [line], line.label)
                bare = None
        yield from self._close()
        if bare is not None:
            yield self._heading_alone(bare)

    def _heading_alone(self, heading: Line) -> Passage:
        """A heading with nothing below it is said somewhere: it becomes the body."""
        path = tuple(line.label for line in self._path if line is not heading)
        span = heading.span
        offset = span.of(self._text).find(heading.label)
        if offset > 0:  # without the marks of Markdown
            start = span.start + offset
            span = Interval(start, start + len(heading.label))
        return Passage("section", path, None, span, heading.page)

    def _close(self) -> Iterator[Passage]:
        """Yield the open section; a page ends a passage when it ends with a sentence."""
        group: list[Line] = []
        for line in self._body:
            if group and line.page != group[-1].page and self._ends_sentence(group[-1]):
                yield from self._passages("section", group, "")
                group = []
            group.append(line)
        if group:
            yield from self._passages("section", group, "")
        self._body = []

    def _ends_sentence(self, line: Line) -> bool:
        return line.span.of(self._text).endswith(_SENTENCE_ENDS)

    def _passages(self, kind: PassageKind, group: Sequence[Line], label: str) -> Iterator[Passage]:
        path = tuple(line.label for line in self._path) + ((label,) if label else ())
        starts = [line.span.start for line in group]
        span = Interval(starts[0], group[-1].span.end)
        for body in split_passage(self._text, span):
            page = group[bisect_right(starts, body.start) - 1].page
            yield Passage(kind, path, None, body, page)


def _descend(path: Sequence[Line], heading: Line) -> list[Line]:
    """Return the path of headings after ``heading`` has been met.

    A heading with a rank closes all that are not further out. One without closes back to the
    last of its own style, and stands below everything else, as the document first used it.
    """
    if heading.kind is LineKind.BREAK:
        return []
    kept = list(path)
    if heading.rank is not None:
        while kept and (kept[-1].rank is None or kept[-1].rank >= heading.rank):
            kept.pop()
        return [*kept, heading]
    family = _FAMILY.get(heading.style, heading.style)
    families = [_FAMILY.get(line.style, line.style) for line in kept]
    if family in families:
        kept = kept[: families.index(family)]
    below = _NEVER_ABOVE.get(heading.style.rstrip("0123456789"), ())
    while kept and kept[-1].style.startswith(below):
        kept.pop()
    return [*kept, heading]


def split_passage(text: str, span: Interval, limit: int = LONGEST_PASSAGE) -> list[Interval]:
    """Return ``span`` cut into stripped pieces of at most ``limit`` characters.

    Cuts fall between paragraphs where possible, then sentences, lines, clauses. Nothing but
    white space lies between the pieces.

    >>> text = "一つ目の文です。二つ目の文です。"
    >>> [piece.of(text) for piece in split_passage(text, Interval(0, 16), 10)]
    ['一つ目の文です。', '二つ目の文です。']
    """
    span = _strip(text, span)
    if len(span) <= limit:
        return [span] if len(span) else []
    cuts = [
        [match.end() for match in pattern.finditer(text, span.start, span.end)] for pattern in _BOUNDARIES
    ]
    pieces: list[Interval] = []
    start = span.start
    while span.end - start > limit:
        cut = _best_cut(text, cuts, start, limit)
        pieces.append(_strip(text, Interval(start, cut)))
        start = cut
    pieces.append(_strip(text, Interval(start, span.end)))
    return [piece for piece in pieces if len(piece)]


def _best_cut(text: str, cuts: Sequence[Sequence[int]], start: int, limit: int) -> int:
    for ends in cuts:
        index = bisect_right(ends, start + limit) - 1
        if index >= 0 and ends[index] > start + limit // 3:
            return ends[index]
    cut = start + limit
    while cut > start + 1 and _joins(text[cut]):
        cut -= 1
    return cut


def _joins(char: str) -> bool:
    """Return whether a character belongs to the one before it."""
    return unicodedata.combining(char) > 0 or unicodedata.category(char) == "Mn"


def _strip(text: str, span: Interval) -> Interval:
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Interval(start, max(start, span.start + len(words.rstrip())))
