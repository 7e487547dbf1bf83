"""Half-open intervals of Unicode code points, the unit in which everything is cited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """``[start, end)`` in code points of one text.

    >>> Interval(0, 3).of("口座を開く")
    '口座を'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not an interval: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of ``text`` inside the interval."""
        return text[self.start : self.end]

    def touches(self, other: Interval) -> bool:
        """Return whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Interval) -> bool:
        """Return whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end
