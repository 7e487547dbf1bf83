"""Masking that can be undone: placeholders that stay the same within a conversation."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from akashi.core.spans import Interval
from akashi.domains.guardrails.model import Found
from akashi.domains.guardrails.personal import find_personal
from akashi.language.digits import plain_digits
from akashi.language.normalise import normalise
from akashi.language.traced import Traced, apply_edits

_TAG_LETTERS = "bcdfghjkmnpqrstvwxz"
_TAG_LENGTH = 6
_SAME = re.compile(r"[\s()・.,-]+")
# Letters that no step of `same_value` changes; runs of kanji numerals are read as digits there.
_PLAIN = re.compile("[0-9A-Za-z@. ()-]+")
_LETTERS = re.compile("(?:[ぁ-ゖァ-ヺ]|(?![一二三四五六七八九零壱弐参肆伍陸漆捌玖壹貳參])[一-鿿])+")

Detector = Callable[[str], Sequence[Found]]


def _new_tag() -> str:
    """Return letters that nobody outside can guess, so that nobody can write a placeholder of ours."""
    return "".join(secrets.choice(_TAG_LETTERS) for _ in range(_TAG_LENGTH))


@dataclass(frozen=True, slots=True)
class Vault:
    """What the placeholders of one conversation stand for; kept only sealed.

    A placeholder is ``[PERSON-1-tag]``; the same person or number written in another way is
    ``[PERSON-1B-tag]``, so that a reader sees they are one and unmasking still gives every byte back.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    tag: str = field(default_factory=_new_tag)

    def __repr__(self) -> str:
        return f"Vault({len(self.values)} values)"

    def pattern(self) -> re.Pattern[str]:
        """Return what the placeholders of this vault look like."""
        return re.compile(rf"\[[A-Z_]{{2,20}}-[0-9]{{1,6}}[A-Z]{{0,3}}-{re.escape(self.tag)}\]")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, the spans that they replaced, and the vault that undoes it."""

    text: str
    found: tuple[Found, ...]
    vault: Vault


def mask(text: str, vault: Vault | None = None, detect: Detector = find_personal) -> Masked:
    """Return ``text`` with a placeholder for each personal datum.

    Placeholders of the same vault in ``text`` are read as what they stand for, so that masking twice
    changes nothing. Nothing outside the found spans changes.

    >>> masked = mask("電話は090-1234-5678です。", Vault(tag="xyz"))
    >>> masked.text, unmask(masked.text, masked.vault)
    ('電話は[PHONE-1-xyz]です。', '電話は090-1234-5678です。')
    """
    vault = Vault() if vault is None else vault
    plain = _expand(text, vault)
    names = _Names(vault, text)
    found = detect(plain.text)
    pieces: list[str] = []
    at = 0
    for one in found:
        pieces += (plain.text[at : one.span.start], names.placeholder(one, one.span.of(plain.text)))
        at = one.span.end
    masked = "".join([*pieces, plain.text[at:]])
    if plain.text != text:
        found = [replace(one, span=plain.to_source(one.span)) for one in found]
    return Masked(masked, tuple(found), names.vault())


def unmask(text: str, vault: Vault) -> str:
    """Return ``text`` with every placeholder of ``vault`` replaced by what it stands for."""
    return _expand(text, vault).text


def _expand(text: str, vault: Vault) -> Traced:
    if not vault.values:
        return apply_edits(text, [])
    known = (one for one in vault.pattern().finditer(text) if one.group() in vault.values)
    return apply_edits(text, [(*one.span(), vault.values[one.group()]) for one in known])


class _Names:
    """Gives each value its placeholder; the same value always the same."""

    def __init__(self, vault: Vault, text: str) -> None:
        self._tag = vault.tag
        self._text = text
        self._values = dict(vault.values)
        self._placeholders = {(_kind(name), value): name for name, value in vault.values.items()}
        self._things: dict[tuple[str, str], str] = {}
        for name, value in vault.values.items():
            number = re.sub("[A-Z]", "", name[1:-1].split("-")[1])
            self._things.setdefault((_kind(name), same_value(value)), number)
        self._numbers: dict[str, int] = {}
        for (kind, _), number in self._things.items():
            self._numbers[kind] = max(self._numbers.get(kind, 0), int(number))

    def placeholder(self, found: Found, value: str) -> str:
        """Return the placeholder of ``value``, a new one if it has none."""
        kind = found.kind.value.upper()
        known = self._placeholders.get((kind, value))
        if known is not None:
            return known
        thing = (kind, same_value(value))
        number = self._things.get(thing) or self._next(kind)
        self._things[thing] = number
        name = self._free(kind, number)
        self._values[name] = value
        self._placeholders[kind, value] = name
        return name

    def _next(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return str(self._numbers[kind])

    def _free(self, kind: str, number: str) -> str:
        """Return the first placeholder of a thing that is neither taken nor already in the text."""
        at = 0
        while True:
            name = f"[{kind}-{number}{_letters(at)}-{self._tag}]"
            if name not in self._values and name not in self._text:
                return name
            at += 1

    def vault(self) -> Vault:
        """Return the vault with the new values."""
        return Vault(self._values, self._tag)


def _kind(name: str) -> str:
    return name[1:].split("-", 1)[0]


def _letters(at: int) -> str:
    """Return the letters of the n-th way of writing: nothing, B, C … Z, BA …"""
    if at == 0:
        return ""
    letters = ""
    while at:
        at, rest = divmod(at, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def same_value(value: str) -> str:
    """Return one form for all ways of writing a value.

    >>> same_value("０９０ー１２３４ー５６７８") == same_value("090 1234 5678")
    True
    """
    if _LETTERS.fullmatch(value):
        return value
    if _PLAIN.fullmatch(value):
        return _SAME.sub("", value).casefold()
    return _SAME.sub("", plain_digits(normalise(value).text).text).casefold()


def covered(found: Sequence[Found]) -> tuple[Interval, ...]:
    """Return the spans alone."""
    return tuple(one.span for one in found)
