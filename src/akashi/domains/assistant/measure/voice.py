"""Whose words a question is in: of somebody with a matter of his own, or of a quiz about the world.

Customers say 「〜たいのですが」, 「〜って必要ですか」 and 「うちの〜」, a quiz says 「〜した人物は誰か」.
Only what stands between the words that say what a text is about is read, so the subject has no part in it.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from akashi.language.tokens import Token

_CLOSED = frozenset(["代名詞", "接続詞", "感動詞", "連体詞"])
_SYMBOLS = frozenset(["補助記号", "記号"])
NAME, NUMBER, WORD, MARK = "N", "0", "_", "#"
_OPEN = frozenset([NAME, NUMBER, WORD, MARK])
_STEEP = 0.5
"""How fast the voice goes from 0 to 1 as the sum of the turns grows. Ours; the fit of *topic* weighs it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What each turn of speech is worth; a turn that is not named is worth nothing."""

    intercept: float
    weights: Mapping[str, float]

    def rate(self, turns: frozenset[str]) -> float:
        """Return how much ``turns`` sound like a customer, 0..1; .5 says nothing.

        >>> Voice(0.0, {"たい": 1.0}).rate(frozenset(["たい"])) > 0.5
        True
        """
        line = self.intercept + sum(self.weights.get(turn, 0.0) for turn in turns)
        return 1 / (1 + math.exp(-max(min(_STEEP * line, 50.0), -50.0)))


def read_turns(tokens: Sequence[Token]) -> frozenset[str]:
    """Return the turns of speech of a text: its closed words, and what stands beside them.

    Every other word is only a name (N), a number (0), a word (_) or a mark (#).

    >>> from akashi.language.tokens import read_tokens
    >>> sorted(read_turns(read_tokens("通帳は？")))
    ['_ は', 'は', 'は #']
    """
    steps = [_step(token) for token in tokens]
    alone = {step for step in steps if step not in _OPEN}
    return frozenset(
        alone | {f"{one} {other}" for one, other in pairwise(steps) if not {one, other} <= _OPEN}
    )


def _step(token: Token) -> str:
    if token.part in _SYMBOLS:
        return MARK
    if not token.content or token.part in _CLOSED:
        return token.form
    if token.detail == "固有名詞":
        return NAME
    return NUMBER if token.form.isnumeric() else WORD


@functools.cache
def shipped_voice() -> Voice:
    """Return the voice in data/share_alike/voice.toml; its head says of what, and its licence."""
    raw = files("akashi.domains.assistant").joinpath("data/share_alike/voice.toml").read_text("utf-8")
    table = tomllib.loads(raw)
    return Voice(table["intercept"], table["weights"])


def measure_voice(tokens: Sequence[Token]) -> float:
    """Return how much a question sounds like a customer's, 0..1."""
    return shipped_voice().rate(read_turns(tokens))
