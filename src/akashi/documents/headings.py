"""A document's text by its headings: what other rooms borrow to read rules and manuals."""

from __future__ import annotations

from itertools import groupby

from akashi.core.ports import Headed
from akashi.documents.parsing import parse_bytes


def read_headings(name: str, content: bytes) -> tuple[Headed, ...]:
    """Return the text under each path of headings, in order; text before the first heading has no path.

    Raises: InputError: the file cannot be used.

    >>> found = read_headings("rule.md", "# 第1条（目的）\\n\\n定める。\\n".encode())
    >>> [(one.headings, one.text) for one in found]
    [(('第1条（目的）',), '定める。')]
    """
    document = parse_bytes(name, content)
    found = []
    for headings, passages in groupby(document.passages, key=lambda one: one.heading):
        listed = list(passages)
        text = "\n".join(one.body.of(document.text) for one in listed)
        found.append(Headed(headings, text, listed[0].page))
    return tuple(found)
