"""Characters that a reader cannot see are kept out of the stored text, and counted."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import Literal

Invisible = Literal["control", "bidi", "zero-width", "tag", "selector"]

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ZERO_WIDTH = (
    *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0x200B, 0x200E),
    *range(0x2060, 0x2066),
    *range(0x206A, 0x2070),
    *range(0xFFF9, 0xFFFC),
)
_CONTROL = (
    *(code for code in range(0x20) if code not in (0x09, 0x0A)),
    *range(0x7F, 0xA0),
    *(0xFFFE, 0xFFFF),
    *range(0xFDD0, 0xFDF0),
)
_KIND_OF: dict[int, Invisible] = dict(
    chain(
        ((code, "control") for code in _CONTROL),
        ((code, "bidi") for code in _BIDI),
        ((code, "zero-width") for code in _ZERO_WIDTH),
    )
)
_SELECTOR = r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_TAG = r"\U000e0000-\U000e007f"
_LONE = r"\ud800-\udfff"
_INVISIBLE = re.compile(
    "(?<!" + _SELECTOR + r")(?<=[^\s])(?P<kept>" + _SELECTOR + ")"
    "|" + _SELECTOR + f"|[{_TAG}{_LONE}" + "".join(re.escape(chr(code)) for code in _KIND_OF) + "]"
)
_NEWLINES = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")

MESSAGES: dict[Invisible, str] = {
    "control": "{count} control characters were removed.",
    "bidi": "{count} characters that change the direction of text were removed; they can hide instructions.",
    "zero-width": "{count} zero-width characters were removed; they can hide instructions.",
    "tag": "{count} invisible tag characters were removed; they can hide instructions.",
    "selector": "{count} stray variation selectors were removed; they can hide instructions.",
}


def clean(text: str) -> tuple[str, Counter[Invisible]]:
    """Return ``text`` with LF newlines and without invisible characters, and how many of each kind.

    One variation selector after a visible character is kept: Japanese names need it. Tabs and
    private-use characters (gaiji) are kept. Nothing else is changed.

    >>> clean("残高\\u200b照会\\r\\n")
    ('残高照会\\n', Counter({'zero-width': 1}))
    """
    removed: Counter[Invisible] = Counter()

    def replace(match: re.Match[str]) -> str:
        if match["kept"]:
            return match[0]
        removed[_kind_of(match[0])] += 1
        return ""

    return _INVISIBLE.sub(replace, _NEWLINES.sub("\n", text)), removed


def _kind_of(character: str) -> Invisible:
    code = ord(character)
    if 0xE0000 <= code < 0xE0080:
        return "tag"
    if 0xE0100 <= code < 0xE01F0 or 0xFE00 <= code < 0xFE10:
        return "selector"
    return _KIND_OF.get(code, "control")
