"""Which circumstances of a customer bear on the question: those that a fitting approved text speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.core.spans import Interval
from akashi.domains.assistant.measure.circumstances import (
    MASKED,
    Circumstance,
    Kind,
    find_circumstances,
    hide_masks,
)
from akashi.domains.assistant.measure.features import Concept, Stream, read_question_terms
from akashi.domains.assistant.measure.index import Index
from akashi.language.dialects import read_common
from akashi.language.normalise import normalise
from akashi.language.tokens import read_tokens

CLOSE = 0.75
"""An entry fits the rest of the question when it scores this share of the best one. Ours, on dev."""
LOOKED = 10
"""So many entries are asked whether they speak of a circumstance."""
ANYWHERE = frozenset([Kind.NAME, Kind.PLACE, Kind.AGE])
_EMPTY = frozenset(
    Stream.WORD.value + word for word in ("代", "者", "人", "世代", "市", "町", "村", "県", "郡", "区")
)


def leave_circumstances(index: Index, text: str) -> str:
    """Return ``text`` without what it tells of a person and no fitting entry speaks of; in the common form.

    A circumstance stays where an entry that answers the rest of the question nearly as well as the best one
    says it: a name, a town or an age anywhere, the others in its own question or heading. What the guards
    masked never stays. Where nothing to search for would be left, all of it stays.

    >>> from akashi.domains.assistant.measure.index import Entry, build_index
    >>> index = build_index([Entry("a", "通帳の再発行", "窓口でお申し込みください。")])
    >>> leave_circumstances(index, "25歳の会社員です。通帳をなくしました。").strip()
    '通帳をなくしました。'
    """
    plain = read_common(hide_masks(normalise(text).text))
    found = find_circumstances(plain)
    if not found:
        return plain
    rest = _without(plain, [one.span for one in found])
    if not any(token.content for token in read_tokens(rest)):
        return plain.replace(MASKED, " ")
    asked = [one for one in found if MASKED not in one.told.of(plain)]
    marks = [_marks_of(plain, one) for one in asked]
    anywhere = [one.kind in ANYWHERE for one in asked]
    spoken = index.speaks_of(rest, marks, anywhere, CLOSE, LOOKED)
    bears = {one for one, is_spoken in zip(asked, spoken, strict=True) if is_spoken}
    return _without(plain, [one.span for one in found if one not in bears])


def _marks_of(text: str, one: Circumstance) -> frozenset[str]:
    """Return the terms by which an entry would speak of a circumstance; of a number only its unit."""
    concepts: tuple[Concept, ...] = read_question_terms(one.told.of(text)).concepts
    terms = {term for concept in concepts for term in (concept.word, *concept.synonyms)}
    return frozenset(
        term for term in terms - _EMPTY if not term[1:].isdecimal() or term[0] != Stream.WORD.value
    )


def _without(text: str, spans: Sequence[Interval]) -> str:
    kept, at = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        kept += [text[at : span.start], " "]
        at = span.end
    return "".join([*kept, text[at:]])
