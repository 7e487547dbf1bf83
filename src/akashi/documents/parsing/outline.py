"""Finds the headings of a document that does not mark them as such, from marks and from spacing.

A mark alone proves nothing, because lists carry the same marks: a run of marked lines with
nothing between them is a list, and stays in the body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from akashi.core.spans import Interval

from .draft import Draft, Line, LineKind, shorten
from .marks import Mark, could_be_heading, is_item, read_mark

_LONGEST_BARE = 32
_LEGAL_RANKS = 10  # ranks from here on are those of 編 to 条
_NARROWEST_PAGE = 40  # columns; a kanji takes two
_SLACK = 4  # columns by which a full line may fall short of the page width


@dataclass(slots=True)
class _Candidate:
    """A line and what speaks for its being a heading; ``repeated`` if the next one is the same."""

    line: Line
    mark: Mark | None
    repeated: bool = False


def find_headings(draft: Draft) -> list[Line]:
    """Return the lines of ``draft`` with those that are headings marked as such.

    Only lines of kind TEXT are judged. In hard-wrapped text a heading may go on in the next line;
    in spaced text short lines that stand apart are headings even without a mark.
    """
    lines = draft.lines
    layout = _Layout(draft)
    candidates: list[_Candidate] = []
    index = 0
    while index < len(lines):
        candidate, used = _judge(layout, index)
        candidates.append(candidate)
        index += used
    _demote_lists(candidates)
    return list(_align_ranks([_settle(candidate) for candidate in candidates]))


class _Layout:
    """The lines with their spacing."""

    def __init__(self, draft: Draft) -> None:
        self.text = draft.text
        self.lines = draft.lines
        self.spaced = draft.spaced
        self.gaps = [2, *(_blank_lines(self.text, *pair) for pair in pairwise(self.lines)), 2]
        self.wrap_columns = self._find_wrap() if draft.hard_wrapped else 0
        single = sum(gap == 1 for gap in self.gaps)
        self.double_spaced = single > 0.7 * len(self.gaps)

    def words(self, index: int) -> str:
        """Return the words of a line, empty beyond the end."""
        return self.lines[index].span.of(self.text) if index < len(self.lines) else ""

    def is_full(self, index: int) -> bool:
        """Return whether a line is as wide as the page, so that its sentence may go on."""
        return 0 < self.wrap_columns - _SLACK <= _columns(self.words(index))

    def is_text(self, index: int) -> bool:
        """Return whether there is such a line and it is ordinary text."""
        return index < len(self.lines) and self.lines[index].kind is LineKind.TEXT

    def _find_wrap(self) -> int:
        """Return the width at which lines were broken, 0 if they were not."""
        widths = sorted(_columns(self.words(index)) for index in range(len(self.lines)))
        if len(widths) < 8:
            return 0
        wrap = widths[int(len(widths) * 0.9)]
        near = sum(wrap - _SLACK <= width <= wrap + _SLACK for width in widths)
        return wrap if wrap >= _NARROWEST_PAGE and near > 0.25 * len(widths) else 0


def _blank_lines(text: str, before: Line, after: Line) -> int:
    return max(0, text.count("\n", before.span.end, after.span.start) - 1)


def _columns(words: str) -> int:
    return sum(2 if ord(char) > 0x2E7F or char in "○①②③④⑤⑥⑦⑧⑨→■" else 1 for char in words)


def _judge(layout: _Layout, index: int) -> tuple[_Candidate, int]:
    """Return the candidate that begins at a line, and how many lines it takes."""
    line, words = layout.lines[index], layout.words(index)
    if line.kind is not LineKind.TEXT:
        return _Candidate(line, None), 1
    mark = read_mark(words)
    if mark is None:
        return _Candidate(line, _read_bare(layout, index)), 1
    if mark.style == "round":
        return _judge_round(layout, index, mark)
    if mark.rank is None and layout.is_full(index) and layout.is_text(index + 1):
        return _judge_wrapped(layout, index, mark)
    return _Candidate(line, mark), 1


def _judge_round(layout: _Layout, index: int, mark: Mark) -> tuple[_Candidate, int]:
    """（適用範囲） before 第１条 is its title; before a list or another mark it is a heading."""
    line, following = layout.lines[index], layout.words(index + 1)
    below = read_mark(following) if layout.is_text(index + 1) else None
    if below is not None and below.style == "条" and layout.gaps[index + 1] == 0:
        own = layout.lines[index + 1]
        title = below.label + mark.label
        whole = Interval(line.span.start, own.span.end)
        return _Candidate(replace(line, span=whole), replace(below, label=title)), 2
    alone = layout.gaps[index] > 0
    leads = is_item(following) or (below is not None and below.style != "round")
    return _Candidate(line, mark if alone and leads else None), 1


def _judge_wrapped(layout: _Layout, index: int, mark: Mark) -> tuple[_Candidate, int]:
    """A marked line as wide as the page goes on in the next: a heading or the start of a text."""
    line, following = layout.lines[index], layout.words(index + 1)
    if layout.gaps[index + 1] > 1 or is_item(following) or read_mark(following):
        return _Candidate(line, mark), 1
    label = layout.words(index) + following
    if layout.is_full(index + 1) or not could_be_heading(following):
        return _Candidate(line, None), 1
    whole = Interval(line.span.start, layout.lines[index + 1].span.end)
    return _Candidate(replace(line, span=whole), replace(mark, label=label)), 2


def _read_bare(layout: _Layout, index: int) -> Mark | None:
    """Return a mark for a short line that stands apart: after two blank lines, or above a list."""
    words = layout.words(index)
    if not layout.spaced or not layout.is_text(index + 1) or len(words) > _LONGEST_BARE:
        return None
    if is_item(words) or not could_be_heading(words) or words.endswith(tuple(")）:：|？?")):
        return None
    if sum(char.isalpha() for char in words) * 2 < len(words) or "、" in words:
        return None
    before, after = layout.gaps[index], layout.gaps[index + 1]
    above_list = before == after == 1 and is_item(layout.words(index + 1))
    if before >= 2:
        return Mark("block", words)
    return Mark("bare", words) if above_list and not layout.double_spaced else None


def _demote_lists(candidates: list[_Candidate]) -> None:
    """Take the mark from every run that is a list."""
    start = 0
    for index in range(1, len(candidates) + 1):
        if index < len(candidates) and _continues(candidates[index - 1], candidates[index]):
            continue
        run = candidates[start:index]
        first = run[0].mark
        if first is not None and len(run) >= _shortest_list(first):
            for candidate in run:
                candidate.mark = None
        start = index


def _continues(before: _Candidate, after: _Candidate) -> bool:
    one, two = before.mark, after.mark
    if one is None or two is None or one.style != two.style or one.inline:
        return False
    if one.label == two.label:
        before.repeated = True
        return False
    # 第３条, 第３条の２: the same number may come twice in a row, but never a smaller one.
    return one.number is None or two.number is None or two.number >= one.number


def _is_legal(mark: Mark) -> bool:
    return mark.rank is not None and mark.rank >= _LEGAL_RANKS


def _shortest_list(mark: Mark) -> int:
    """Return how many marked lines without anything between them make a list."""
    if mark.rank is not None and not _is_legal(mark):
        return 1 << 30  # Markdown says what it means
    return 3 if _is_legal(mark) or mark.style in ("bare", "block") else 2


def _settle(candidate: _Candidate) -> Line:
    line, mark = candidate.line, candidate.mark
    if mark is None:
        return line
    if candidate.repeated:
        return replace(line, kind=LineKind.SKIP)
    return replace(
        line,
        kind=LineKind.HEADING,
        label=shorten(mark.label),
        style=mark.style,
        rank=mark.rank,
        inline=mark.inline,
    )


def _align_ranks(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield ``lines``; a heading that continues a numbering takes the rank of the numbering.

    Authors and converters slip: ⑤ on level 3 is followed by ⑥ on level 2, and one article is
    styled as a heading while the next is only a paragraph.
    """
    last_numbers: dict[tuple[str, int], int] = {}
    legal_ranks: dict[str, int] = {}
    for line in lines:
        mark = read_mark(line.label) if line.kind is LineKind.HEADING else None
        if line.rank is None or mark is None:
            yield line
            continue
        rank = line.rank
        if _is_legal(mark):
            rank = legal_ranks.setdefault(mark.style, rank)
        elif mark.number is not None:
            before = [key for key, last in last_numbers.items() if last == mark.number - 1]
            before = [key for key in before if key[0] == mark.style]
            if before and (mark.style, rank) not in before:
                rank = before[-1][1]
            last_numbers[mark.style, rank] = mark.number
        yield replace(line, rank=rank)
