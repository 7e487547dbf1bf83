"""A question that holds several, and candidates that a customer may choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from akashi.domains.assistant.measure.confidence import SAME_ANSWER
from akashi.domains.assistant.measure.index import Hit
from akashi.language.sentences import read_sentences
from akashi.language.tokens import read_tokens

MOST_PARTS = 6
MOST_CHOICES = 4
NEAR = 0.6
"""A candidate whose score is less than this share of the first one's is no choice. Chosen on dev."""
_JOINTS = re.compile(r"[、\s]?(?:それと|あと|それから|また|ついでに|あわせて)、?(?=.{4})")


def read_parts(text: str) -> list[str]:
    """Return the parts of ``text`` that may be questions of their own; one part when there is only one.

    >>> read_parts("口座を作りたい。あと、振込手数料はいくらですか")
    ['口座を作りたい。', '振込手数料はいくらですか']
    """
    pieces = [piece for one in read_sentences(text) for piece in _JOINTS.split(one.of(text))]
    parts = [piece for piece in pieces if any(token.content for token in read_tokens(piece))]
    return parts if 2 <= len(parts) <= MOST_PARTS else [text]


def pick_choices(hits: Sequence[Hit]) -> list[Hit]:
    """Return the close but different candidates among ``hits`` (best first), at most `MOST_CHOICES`."""
    choices: list[Hit] = []
    for hit in hits:
        if hit.score < NEAR * hits[0].score or len(choices) == MOST_CHOICES:
            break
        if not choices or hit.likeness < SAME_ANSWER:
            choices.append(hit)
    return choices
