"""A question that holds several, and candidates that a customer may choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from akashi.domains.assistant.measure.confidence import SAME_ANSWER
from akashi.domains.assistant.measure.index import Hit
from akashi.language.quantities import Quantity, is_same, read_quantities, supports
from akashi.language.quantity_forms import Kind
from akashi.language.sentences import read_sentences
from akashi.language.tokens import Token, read_tokens

MOST_PARTS = 6
MOST_CHOICES = 4
NEAR = 0.6
"""A candidate whose score is less than this share of the first one's is no choice. Chosen on dev."""
_LONGEST_PAIR, _LONGEST_SIDE = 120, 25
_AND = frozenset(["と", "及び", "並びに"])
_LINKS = frozenset(["助詞", "接続詞"])
_CLOSES = frozenset(["は", "を", "が", "も", "?", "。", "!"])
# Whoever compares wants one answer about both.
_COMPARES = re.compile("違|比べ|比較|どちら|どっち|一緒|同時|セット|同じ")
_SIDES = re.compile(
    "(?P<before>[^、。と]{1,20}?(?:まで|以前|より前|前))と、?(?P<after>[^、。と]{1,20}?(?:から|以降|より後|後))の(?P<rest>.+)"
)
_JOINTS = re.compile(r"[、\s]?(?:それと|あと|それから|また|ついでに|あわせて)、?(?=.{4})")


def read_parts(text: str) -> list[str]:
    """Return the parts of ``text`` that may be questions of their own; one part when there is only one.

    >>> read_parts("口座を作りたい。あと、振込手数料はいくらですか")
    ['口座を作りたい。', '振込手数料はいくらですか']
    """
    pieces = [piece for one in read_sentences(text) for piece in _JOINTS.split(one.of(text))]
    parts = [piece for piece in pieces if any(token.content for token in read_tokens(piece))]
    return parts if 2 <= len(parts) <= MOST_PARTS else [text]


def read_pair(text: str) -> list[str]:
    """Return the two questions in a sentence that asks for two things at once; empty where it does not.

    A guess of the grammar: whoever uses it must check that both were meant.

    >>> read_pair("繰上返済の手数料と条件を教えて")
    ['繰上返済の手数料を教えて', '繰上返済の条件を教えて']
    >>> read_pair("9月30日までと10月1日からの振込手数料はいくら")
    ['9月30日までの振込手数料はいくら', '10月1日からの振込手数料はいくら']
    """
    if len(text) > _LONGEST_PAIR or _COMPARES.search(text):
        return []
    sides = _SIDES.fullmatch(text)
    if sides is not None:
        return [f"{sides[side]}の{sides['rest']}" for side in ("before", "after")]
    tokens = read_tokens(text)
    for at in range(1, len(tokens) - 1):
        if tokens[at].form in _AND and tokens[at].part in _LINKS and _is_noun(tokens[at - 1]):
            pair = _split_at(text, tokens, at)
            if pair:
                return pair
    return []


def _split_at(text: str, tokens: Sequence[Token], at: int) -> list[str]:
    """Return both questions around the word for "and" at ``at``, or nothing."""
    first = at + 1 + (tokens[at + 1].part == "補助記号")
    if first >= len(tokens) or tokens[first].part not in ("名詞", "接頭辞"):
        return []
    ends = (
        end
        for end in range(first + 1, len(tokens) + 1)
        if _is_noun(tokens[end - 1]) and (end == len(tokens) or tokens[end].form in _CLOSES)
    )
    end = next(ends, None)
    if end is None:
        return []
    left = text[: tokens[at - 1].span.end]
    right = text[tokens[first].span.start : tokens[end - 1].span.end]
    tail = text[tokens[end - 1].span.end :]
    if max(len(right), len(tail)) > _LONGEST_SIDE:
        return []
    borrows = not any(token.part == "動詞" or token.form == "の" for token in tokens[first:end])
    head = left[: left.rfind("の") + 1] if borrows else ""
    return [left + tail, head + right + tail]


def _is_noun(token: Token) -> bool:
    return token.part in ("名詞", "接尾辞")


def are_two_sides(one: str, told: str, other: str, told_other: str) -> bool:
    """Return whether two questions name different days and each answer the day of its own question.

    Then two nearly equal answers do not contradict each other: they say what holds before and after.

    >>> are_two_sides("9月30日までは", "9月30日までは330円", "10月1日からは", "10月1日からは440円")
    True
    """
    days, days_other = _read_days(one), _read_days(other)
    return (
        bool(days)
        and bool(days_other)
        and not any(is_same(day, day_other) for day in days for day_other in days_other)
        and _tells(told, days, days_other)
        and _tells(told_other, days_other, days)
    )


def _tells(told: str, days: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    said = _read_days(told)
    return all(any(supports(one, day) for one in said) for day in days) and not any(
        supports(one, day) for one in said for day in others
    )


def _read_days(text: str) -> list[Quantity]:
    return [one for one in read_quantities(text) if one.kind is Kind.DATE]


def pick_choices(hits: Sequence[Hit]) -> list[Hit]:
    """Return the close but different candidates among ``hits`` (best first), at most `MOST_CHOICES`."""
    choices: list[Hit] = []
    for hit in hits:
        if hit.score < NEAR * hits[0].score or len(choices) == MOST_CHOICES:
            break
        if not choices or hit.likeness < SAME_ANSWER:
            choices.append(hit)
    return choices
