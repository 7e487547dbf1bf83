"""Where sentences begin and end in Japanese text."""

from __future__ import annotations

import bisect
import re

from akashi.core.spans import Interval

_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_MARK = r"(?:[。！？!?｡]|．(?![0-9０-９]))"
# Begins with a set of characters, because such patterns are searched for fastest.
_END = re.compile(
    rf"[。！？!?｡．.](?:(?<=[。！？!?｡]){_MARK}*|(?<=．)(?![0-9０-９]){_MARK}*|(?<=[a-z)]\.)(?=\s))[」』）)】〉》”\"']*"
)
_PAIRS = dict(zip("「『（(【〈《［[｢", "」』）)】〉》］]｣", strict=True))
_BRACKET = re.compile(f"[{re.escape(''.join((*_PAIRS, *_PAIRS.values())))}]")
# A quotation longer than this is split like other text: it is a passage of its own.
_LONGEST_QUOTATION = 200


def read_sentences(text: str) -> list[Interval]:
    """Return the spans of the sentences of ``text`` in order, without blanks around them.

    A sentence ends with 。！？ and the brackets that close after it, or with its line; an end mark
    inside a pair of brackets does not end the sentence around them. Every character that is not
    blank lies in exactly one span.

    >>> read_sentences("口座（普通。）です。次の文")
    [Interval(start=0, end=10), Interval(start=10, end=13)]
    """
    spans: list[Interval] = []
    for line in _LINE.finditer(text):
        shelter = _sheltered(line.group())
        start = 0
        for end in _END.finditer(line.group()):
            before = bisect.bisect_left(shelter, (end.start(), 0)) - 1
            if before < 0 or shelter[before][1] < end.start():
                spans.extend(_trimmed(text, line.start() + start, line.start() + end.end()))
                start = end.end()
        spans.extend(_trimmed(text, line.start() + start, line.end()))
    return spans


def _sheltered(line: str) -> list[tuple[int, int]]:
    """Return the outermost matched bracket pairs that are short enough to be one sentence's."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(line):
        at, character = found.start(), found.group()
        if character in _PAIRS:
            opened.append(at)
        elif opened and character == _PAIRS[line[opened[-1]]]:
            first = opened.pop()
            if at - first <= _LONGEST_QUOTATION:
                while pairs and pairs[-1][0] > first:
                    pairs.pop()
                pairs.append((first, at))
    return pairs


def _trimmed(text: str, start: int, end: int) -> list[Interval]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [Interval(start, end)] if end > start else []
