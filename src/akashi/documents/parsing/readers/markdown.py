"""Markdown: the text is the file itself; markdown-it says which lines are headings and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from akashi.core.spans import Interval
from akashi.documents.parsing.decode import decode
from akashi.documents.parsing.draft import Draft, LineKind, Source

from .text import line_spans

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROW = re.compile(r"[|\s]*([^|\s](?:.*[^|\s])?)[|\s]*")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|\bhidden\b|<script|<style", re.IGNORECASE)
_KIND_OF = {
    "paragraph_open": LineKind.TEXT,
    # 「1. 目的」 between paragraphs is a list to Markdown but a heading to its author.
    "ordered_list_open": LineKind.TEXT,
    "bullet_list_open": LineKind.BODY,
    "blockquote_open": LineKind.BODY,
    "fence": LineKind.BODY,
    "code_block": LineKind.BODY,
    "hr": LineKind.SKIP,
}


def read(content: bytes, source: Source) -> Draft:
    """Return the draft of a Markdown text; comments are removed and counted."""
    decoded = decode(content, source.name)
    draft = Draft(source)
    draft.note_encoding(decoded)
    visible, comments = _COMMENT.subn("", decoded.text)
    if comments:
        draft.warn("{count} hidden comments were removed.", count=comments)
    draft.write(visible)
    spans = line_spans(draft.text)
    tokens = MarkdownIt("commonmark").enable("table").parse(draft.text)
    seen = _Marker(draft, spans).mark(tokens)
    unseen = sum(len(span) > 0 for index, span in enumerate(spans) if index not in seen)
    if unseen:
        draft.warn("{count} lines that readers of the page do not see were left out.", count=unseen)
    return draft


class _Marker:
    """Marks the lines of a draft as the tokens say."""

    def __init__(self, draft: Draft, spans: Sequence[Interval]) -> None:
        self._draft = draft
        self._spans = spans
        self._seen: set[int] = set()

    def mark(self, tokens: Sequence[Token]) -> set[int]:
        """Mark everything and return the numbers of the lines that were dealt with."""
        for index, token in enumerate(tokens):
            if token.level or token.map is None:
                continue
            if token.type == "heading_open":
                self._mark_heading(token, tokens[index + 1])
            elif token.type == "table_open":
                self._mark_table(token, tokens[index + 1 :])
            elif token.type == "html_block":
                hidden = _HIDDEN.search(token.content)
                if not hidden:
                    self._mark_lines(token.map, LineKind.BODY)
            else:
                self._mark_lines(token.map, _KIND_OF.get(token.type, LineKind.BODY))
        return self._seen

    def _mark_heading(self, token: Token, words: Token) -> None:
        first, last = words.map or token.map or [0, 0]
        span = Interval(self._spans[first].start, self._spans[max(first, last - 1)].end)
        self._seen.update(range(*(token.map or [0, 0])))
        label = plain_words(words)
        if label.strip():
            self._draft.mark(span, LineKind.HEADING, level=int(token.tag[1]), label=label)

    def _mark_table(self, table: Token, tokens: Sequence[Token]) -> None:
        """The header goes with every row; its line and the rule below it are no passage."""
        first, last = table.map or [0, 0]
        self._seen.update(range(first, last))
        header = " | ".join(_header_cells(tokens))
        for line in range(first, last):
            span = self._spans[line]
            if line < first + 2:
                self._draft.mark(span, LineKind.SKIP)
            elif inner := _ROW.fullmatch(span.of(self._draft.text)):
                cells = Interval(span.start + inner.start(1), span.start + inner.end(1))
                self._draft.mark(cells, LineKind.ROW, label=header)

    def _mark_lines(self, lines: Sequence[int], kind: LineKind) -> None:
        for line in range(lines[0], min(lines[1], len(self._spans))):
            if line not in self._seen and len(self._spans[line]):
                self._draft.mark(self._spans[line], kind)
            self._seen.add(line)


def _header_cells(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "thead_close":
            return
        if token.type == "inline" and token.content.strip():
            yield plain_words(token)


def plain_words(inline: Token) -> str:
    """Return the words of an inline token without its marks."""
    parts = ((" " if "break" in child.type else child.content) for child in inline.children or ())
    return "".join(parts).strip()
