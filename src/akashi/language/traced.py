"""A text made from another one, each character with the place it came from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from akashi.core.spans import Interval


@dataclass(frozen=True, slots=True)
class Traced:
    """``text`` with, for each character, the interval of the source that it came from.

    ``starts`` and ``ends`` have one entry per character of ``text``, in code points of the source,
    both non-decreasing unless characters were put in another order.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def to_source(self, interval: Interval) -> Interval:
        """Return the smallest interval of the source that holds what ``interval`` came from.

        Raises: ValueError: the interval is empty or ends after the text.
        """
        return Interval(*self.place(interval.start, interval.end))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the smallest interval of the source that holds ``start`` to ``end`` begins and ends.

        Raises: ValueError: as `to_source`.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start}..{end} holds no character of {len(self.text)}")
        if isinstance(self.starts, range):
            return self.starts[start], self.ends[end - 1]
        return min(self.starts[start:end]), max(self.ends[start:end])

    def onto(self, base: Traced) -> Traced:
        """Return the same text with places in the source of ``base``, this text's source."""
        if isinstance(base.starts, range) and isinstance(
            base.ends, range
        ):  # only a text as written has ranges
            return self
        starts = array("L", [base.starts[at] for at in self.starts])
        ends = array("L", [base.ends[at - 1] for at in self.ends])
        return Traced(self.text, starts, ends)


Edit = tuple[int, int, str]
"""A replacement: start, end, and the text that stands for it."""


def as_written(text: str) -> Traced:
    """Return ``text`` as its own source."""
    return Traced(text, range(len(text)), range(1, len(text) + 1))


def apply_edits(text: str, edits: Iterable[Edit]) -> Traced:
    """Return ``text`` after ``edits``, which do not overlap and come in order.

    Each character of a replacement comes from the whole of what it replaces.

    >>> apply_edits("a&lt;b", [(1, 5, "<")]).to_source(Interval(1, 2))
    Interval(start=1, end=5)
    """
    edits = list(edits)
    if not edits:
        return as_written(text)
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    at = 0
    for start, end, put in edits:
        pieces += (text[at:start], put)
        starts.extend(range(at, start))
        ends.extend(range(at + 1, start + 1))
        starts.extend([start] * len(put))
        ends.extend([end] * len(put))
        at = end
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Traced("".join(pieces), starts, ends)
