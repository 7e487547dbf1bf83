"""Places of a reply that a program opens or draws by itself: web addresses, links and tags.

A customer's data put into one of them would be carried away as soon as the reply is shown. What Markdown and
HTML take for a link is closed as a whole, however its address is written inside (entities, escapes, spaces).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = r"[^\s<>\"）」]*"
_ADDRESS = re.compile(
    rf"(?:https?|ftp|wss?|file|data|mailto|javascript|vbscript|blob):{_END}|[/\\]{{2}}{_END}|www\.{_END}"
    rf"|(?<![A-Za-z0-9.-])(?:[A-Za-z0-9-]{{1,63}}\.){{1,10}}[A-Za-z]{{2,24}}(?::[0-9]{{1,5}})?[/?#]{_END}",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"[^\s<>\"]+")
_TAG_OPEN = re.compile(r"<[A-Za-z/!?]")
_TAG_REST = re.compile(r"""(?:[^'">]++|"[^"]*+"|'[^']*+')*+>""")
_SHORT_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_LINK = re.compile(r"\]\(")
_PARAGRAPH = re.compile(r"\n[ \t]*\n|\Z")
_DEFINITION = re.compile(r"^ {0,3}(\[[^\[\]\n]{1,200}\]):[^\n]*(?:\n[^\n]+)?", re.MULTILINE)
_LINK_SIGNS = frozenset("/\\:.&%#")
_HOST_AFTER = r"(?=\.(?:[A-Za-z0-9-]{1,63}\.){1,10}[A-Za-z]{2,24})"


def closed_places(text: str, placeholder: re.Pattern[str]) -> list[tuple[int, int]]:
    """Return the stretches of ``text`` (start, end) in which no ``placeholder`` may be undone.

    >>> tag = re.compile(r"\\[PHONE-1-x\\]")
    >>> [text[a:b] for text in ["電話は[PHONE-1-x]、![図](<https://a.example/ [PHONE-1-x]>)です"]
    ...  for a, b in closed_places(text, tag) if "PHONE" in text[a:b]]
    ['](<https://a.example/ [PHONE-1-x]>)', '<https://a.example/ [PHONE-1-x]>']
    """
    own = {found.span() for found in placeholder.finditer(text)}
    hosts = re.compile(placeholder.pattern + _HOST_AFTER)
    return [
        *_links(text, {end for _, end in own}),
        *_tags(text),
        *(one.span() for one in _ADDRESS.finditer(text)),
        *(one.span() for one in hosts.finditer(text)),
        *(one.span() for one in _ESCAPED.finditer(text) if "\\u00" in one.group()),
        *(one.span() for one in _DEFINITION.finditer(text) if one.span(1) not in own),
    ]


def _links(text: str, ends: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the targets of Markdown links; brackets after a placeholder of ours are mostly plain words."""
    at = 0
    while (found := _LINK.search(text, at)) is not None:
        at = _close(text, found.end())
        is_plain = found.start() + 1 in ends and not _LINK_SIGNS & set(text[found.end() : at])
        if not is_plain:
            yield found.start(), at


def _close(text: str, start: int) -> int:
    """Return where the bracket that was opened before ``start`` is closed, else where its paragraph ends."""
    stop = _PARAGRAPH.search(text, start)
    last = stop.start() if stop else len(text)
    depth = 1
    for at in range(start, last):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at + 1
    return last


def _tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield the tags of HTML, quoted brackets inside them included."""
    at = 0
    while (found := _TAG_OPEN.search(text, at)) is not None:
        rest = _TAG_REST.match(text, found.end())
        if rest is None:  # a quotation mark that is never closed: what follows is judged tag by tag
            yield from (one.span() for one in _SHORT_TAG.finditer(text, found.start()))
            return
        yield found.start(), rest.end()
        at = rest.end()
