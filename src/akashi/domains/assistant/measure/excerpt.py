"""Which sentences of a long passage answer a question, verbatim."""

from __future__ import annotations

import math
from collections.abc import Sequence

from akashi.core.spans import Interval
from akashi.domains.assistant.measure.features import Stream, Terms, read_question_terms, read_terms
from akashi.language.sentences import read_sentences

_STREAM_WEIGHT = {
    Stream.WORD: 1.0,
    Stream.SYNONYM: 0.3,
    Stream.EVERYDAY: 0.5,
    Stream.GRAM: 0.3,
}
# A sentence that adds less than this share of the question is left out.
_WORTH = 0.08


def best_excerpt(query: str, text: str, span: Interval, limit: int = 300) -> Interval:
    """Return the run of whole sentences inside ``span`` of ``text`` that answers ``query`` best.

    The run has at most ``limit`` characters unless its only sentence is longer; a passage that fits
    is returned whole. Without any word in common it begins with the first sentence.

    >>> text = "窓口は9時からです。通帳の再発行には1,100円かかります。"
    >>> best_excerpt("再発行はいくら", text, Interval(0, len(text)), limit=25).of(text)
    '通帳の再発行には1,100円かかります。'
    """
    sentences = [
        Interval(span.start + one.start, span.start + one.end) for one in read_sentences(span.of(text))
    ]
    if not sentences:
        return span
    if sentences[-1].end - sentences[0].start <= limit:
        return Interval(sentences[0].start, sentences[-1].end)
    asked = read_question_terms(query)
    told = [read_terms(one.of(text)) for one in sentences]
    gains = _gains(asked, told)
    return _best_run(sentences, [_found(asked, one) for one in told], gains, limit)


def _gains(asked: Terms, told: Sequence[Terms]) -> dict[str, float]:
    """Return what each term of the question is worth: rarer in the passage, worth more."""
    gains = {}
    for stream, weight in _STREAM_WEIGHT.items():
        for term in asked.counts[stream]:
            count = sum(term in one.counts[stream] for one in told)
            gains[term] = weight * math.log1p((len(told) - count + 0.5) / (count + 0.5))
    return gains


def _found(asked: Terms, told: Terms) -> frozenset[str]:
    return frozenset(
        term for stream in _STREAM_WEIGHT for term in asked.counts[stream] if term in told.counts[stream]
    )


def _best_run(
    sentences: Sequence[Interval],
    found: Sequence[frozenset[str]],
    gains: dict[str, float],
    limit: int,
) -> Interval:
    """Return the run whose terms are worth most; of equal ones the shorter, then the earlier."""
    whole = sum(gains.values()) or 1.0
    best, best_worth = sentences[0], -math.inf
    for first, start in enumerate(sentences):
        held: frozenset[str] = frozenset()
        for last in range(first, len(sentences)):
            end = sentences[last].end
            if last > first and end - start.start > limit:
                break
            held |= found[last]
            worth = sum(gains[term] for term in sorted(held)) / whole - _WORTH * (last - first)
            if worth > best_worth + 1e-9:
                best, best_worth = Interval(start.start, end), worth
    return best
