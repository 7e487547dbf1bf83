"""Plain text: the text is the file itself, line by line; tables by tabs keep their header."""

from __future__ import annotations

import re
from itertools import groupby

from akashi.core.spans import Interval
from akashi.documents.parsing.decode import decode
from akashi.documents.parsing.draft import Draft, LineKind, Source

_RULE = re.compile(r"[-=_*－―─━ー~～]{3,}$")


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a plain text."""
    decoded = decode(content, source.name)
    draft = Draft(source, hard_wrapped=True, spaced=True)
    draft.note_encoding(decoded)
    draft.write(decoded.text)
    text = draft.text
    for tabbed, run in groupby(line_spans(text), key=lambda span: "\t" in span.of(text)):
        spans = list(run)
        if tabbed and len(spans) > 1:
            _mark_table(draft, text, spans)
        else:
            _mark_lines(draft, text, spans)
    return draft


def _mark_lines(draft: Draft, text: str, spans: list[Interval]) -> None:
    for span in spans:
        if len(span):
            rule = _RULE.match(span.of(text))
            draft.mark(span, LineKind.SKIP if rule else LineKind.TEXT)


def _mark_table(draft: Draft, text: str, spans: list[Interval]) -> None:
    """Every row below the first carries the first as its header."""
    header = " | ".join(cell.strip() for cell in spans[0].of(text).split("\t") if cell.strip())
    draft.mark(spans[0], LineKind.SKIP)
    for span in spans[1:]:
        draft.mark(span, LineKind.ROW, label=header)


def line_spans(text: str) -> list[Interval]:
    """Return the interval of every line without surrounding white space; blank lines are empty.

    >>> [span.of(" a\\n\\nb ") for span in line_spans(" a\\n\\nb ")]
    ['a', '', 'b']
    """
    spans: list[Interval] = []
    start = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        end = start + max(lead, len(line.rstrip()))
        spans.append(Interval(min(start + lead, end), end))
        start += len(line) + 1
    return spans
