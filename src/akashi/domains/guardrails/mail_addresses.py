"""E-mail addresses, however the sign in their middle is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit

_BARS = "ー―—─━‒–−‐"
_LOCAL = rf"[A-Za-z0-9._%+{_BARS}〇一二三四五六七八九-]"
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9]{_LOCAL}{{0,63}}+(?: ?@ ?| ?[(\[<] ?(?:at|アット) ?[)\]>] ?)"
    rf"(?:[A-Za-z0-9](?:[A-Za-z0-9{_BARS}〇一二三四五六七八九-]{{0,62}})[.。])+[A-Za-z]{{2,24}}"
)


def find_emails(text: str) -> Iterator[Hit]:
    """Yield the e-mail addresses of a normalised text.

    >>> [text[hit.start : hit.end] for text in ["宛先はtaro@example.jpです"] for hit in find_emails(text)]
    ['taro@example.jp']
    """
    if "@" in text or "at" in text or "アット" in text:
        for found in _EMAIL.finditer(text):
            yield Hit(*found.span(), Kind.EMAIL, "An e-mail address.")
