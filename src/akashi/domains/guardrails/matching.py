"""Patterns tried only where they can match: what ``finditer`` would find, in less time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LONGEST_RUN = 4


def match_at(starts: Iterable[int], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what ``pattern.finditer`` would, if a match can begin at ``starts`` alone.

    ``starts`` come in order; no match is empty.

    >>> [found.span() for found in match_at([0, 1, 4], re.compile("[0-9]{2,}"), "123 45")]
    [(0, 3), (4, 6)]
    """
    reached = 0
    for at in starts:
        if at >= reached and (found := pattern.match(text, at)) is not None:
            reached = found.end()
            yield found


def match_before_gaps(
    gap: re.Pattern[str], run: re.Pattern[str], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Yield what ``pattern.finditer`` would of a pattern that begins with a whole run of kanji and a blank.

    ``gap`` finds the blanks, ``run`` a whole run of at most four kanji before one (it ends with \\Z).
    """
    ends = [blank.start() for blank in gap.finditer(text)]
    runs = [run.search(text, max(0, end - _LONGEST_RUN), end) for end in ends]
    return match_at([one.start() for one in runs if one is not None], pattern, text)
