"""What kind of reply words are: an answer, or one of the ways of not answering."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from akashi.domains.evaluation.model import Outcome, Response
from akashi.language.normalise import normalise
from akashi.language.quantities import read_quantities
from akashi.language.sentences import read_sentences

TABLE = Path(__file__).parents[1] / "data" / "outcomes.toml"
DECLINED = frozenset({Outcome.REFUSED, Outcome.ABSTAINED, Outcome.HAND_OVER, Outcome.CLARIFY})
_STRONG = (Outcome.REFUSED, Outcome.ABSTAINED)
_WEAK = (Outcome.HAND_OVER, Outcome.CLARIFY)


@cache
def load_phrases() -> dict[str, re.Pattern[str]]:
    """Return one pattern for each outcome and for courtesies."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: re.compile("|".join(phrases)) for name, phrases in table.items()}


def outcome_of(response: Response) -> Outcome:
    """Return the outcome of the last reply: what the target says it is, or what its words are."""
    if response.outcome is not Outcome.UNKNOWN:
        return response.outcome
    return read_outcome(response.replies[-1]) if response.replies else Outcome.UNKNOWN


@lru_cache(maxsize=1024)
def read_outcome(text: str) -> Outcome:
    """Return what kind of reply ``text`` is, by its sentences.

    A reply declines if a sentence refuses or says that it does not know, and what else it says is
    courtesy, a way to people, or at most one sentence without a number. Sending to people or asking back
    counts only where nothing else is said. Everything else is an answer.

    >>> read_outcome("申し訳ございませんが、そのご質問にはお答えできません。").value
    'refused'
    >>> read_outcome("金利は年0.3%です。詳しくは窓口へお問い合わせください。").value
    'answered'
    """
    plain = normalise(text).text.strip().lower()
    if not plain:
        return Outcome.UNKNOWN
    phrases = load_phrases()
    kinds = [_kind(span.of(plain)) for span in read_sentences(plain)]
    said = [span.of(plain) for span, kind in zip(read_sentences(plain), kinds, strict=True) if not kind]
    for outcome in _STRONG:
        if outcome.value in kinds and len(said) <= 1 and not any(read_quantities(one) for one in said):
            return outcome
    for outcome in _WEAK:
        if outcome.value in kinds and not said:
            return outcome
    if said or not phrases:
        return Outcome.ANSWERED
    return Outcome.ANSWERED if kinds else Outcome.UNKNOWN


def _kind(sentence: str) -> str:
    """Return what a sentence is; a number after the declining words makes it an answer."""
    phrases = load_phrases()
    for name in (*_STRONG, *_WEAK, "courtesy"):
        found = phrases[str(name)].search(sentence)
        if found is not None:
            return "" if read_quantities(sentence[found.end() :]) else str(name)
    return ""
