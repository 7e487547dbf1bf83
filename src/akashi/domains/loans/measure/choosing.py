"""Which choice an answer names: by its words, its number, or a slip of the pen that is then confirmed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from akashi.domains.loans.measure.asides import fold, strip_polite
from akashi.domains.loans.measure.reading import Read, Unsure
from akashi.domains.loans.model import Choice, Item

LIKE_ENOUGH = 0.72
_CIRCLED = {chr(0x2460 + at): at + 1 for at in range(20)}
MOST_BESIDE = 8
_NEGATION = re.compile(r"ない|ません|なく|ねえ|あらへん|以外|\bnot\b|n't\b")
_EXPLICIT = re.compile(r"(?:では|じゃ|や)なく(?:て|って)?")
_NUMBER = re.compile(r"(?:の|no\.?\s?)?([0-9]{1,2})(?:番(?:目)?|つ目|\))?(?:の?(?:方|ほう|やつ))?(?:です)?")
_DENIED = re.compile(r"^\s*(?:の)?(?:では|じゃ|でも|や)(?:ない|ありません|なく|なし|ねえ|あらへん)|^\s*以外")


def read_choice(item: Item, text: str) -> Read | Unsure:
    """Return the choice that ``text`` names; with two, or a denied one, the question back."""
    folded = fold(text)
    exact = [one for one in item.choices if strip_polite(folded) in _names(one)]
    if len(exact) == 1:
        return Read(exact[0].id)
    if picked := _pick_number(item, text, folded):
        return Read(picked.id)
    named = _find_named(item, folded)
    if len(named) == 1:
        return Read(named[0].id, certain=_is_plain(named[0], folded))
    if len(named) > 1:
        return Unsure("which", tuple(one.id for one in named))
    return _guess_slip(item, folded)


def _is_plain(choice: Choice, folded: str) -> bool:
    """Return whether an answer says hardly more than the choice; 法人格はありません does not choose 法人."""
    longest = max((len(name) for name in _names(choice) if name in folded), default=0)
    is_negative = any(_NEGATION.search(name) for name in _names(choice))
    is_denied = not is_negative and _NEGATION.search(_EXPLICIT.sub("", folded)) is not None
    return not is_denied and len(strip_polite(folded)) - longest <= MOST_BESIDE


def _names(choice: Choice) -> frozenset[str]:
    words = (*choice.label.values(), *choice.names, choice.id.replace("_", " "))
    return frozenset(fold(word) for word in words)


def _pick_number(item: Item, text: str, folded: str) -> Choice | None:
    if any(fold(name)[:1].isdigit() for choice in item.choices for name in choice.label.values()):
        return None
    circled = [_CIRCLED[one] for one in text if one in _CIRCLED]
    match = _NUMBER.fullmatch(folded)
    number = circled[0] if len(circled) == 1 else int(match[1]) if match else 0
    return item.choices[number - 1] if 1 <= number <= len(item.choices) else None


def _find_named(item: Item, folded: str) -> list[Choice]:
    """Return the choices whose words stand in the answer, not those inside another's longer word."""
    hits: list[tuple[int, int, Choice]] = []
    for choice in item.choices:
        for name in _names(choice):
            hits += [(at.start(), at.end(), choice) for at in re.finditer(_bounded(name), folded)]
    longest = [
        one for one in hits if not any(_inside(one, other) for other in hits if other[2] is not one[2])
    ]
    denied = {one[2].id for one in longest if _DENIED.match(folded[one[1] :])}
    found = {one[2].id for one in longest} - denied
    if denied and not found:
        found = set()
    return [choice for choice in item.choices if choice.id in found]


def _bounded(name: str) -> str:
    """Return a pattern for a word: one in Latin letters or digits stands alone, as 3年 does not in 13年."""
    start = r"(?<![0-9a-z])" if name[0].isascii() and name[0].isalnum() else ""
    end = r"(?![0-9a-z])" if name[-1].isascii() and name[-1].isalnum() else ""
    return start + re.escape(name) + end


def _inside(one: tuple[int, int, Choice], other: tuple[int, int, Choice]) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and (other[1] - other[0]) > (one[1] - one[0])


def _guess_slip(item: Item, folded: str) -> Read | Unsure:
    plain = strip_polite(folded)
    scores = sorted(
        (
            max(SequenceMatcher(None, plain, name).ratio() for name in _names(choice) if len(name) > 1),
            choice.id,
        )
        for choice in item.choices
    )
    best, second = scores[-1], scores[-2]
    if len(plain) >= 3 and best[0] >= LIKE_ENOUGH and best[0] - second[0] >= 0.15:
        return Read(best[1], certain=False)
    return Unsure("which", tuple(choice.id for choice in item.choices))
