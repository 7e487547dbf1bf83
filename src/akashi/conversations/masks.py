"""Words of customers as staff see them: personal data masked 伏せ字, opened only by a recorded deed.

Nothing stored changes: texts stay whole under the conversation's key, and are masked for the eye.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from akashi.conversations.model import Author, Message
from akashi.core.errors import ConflictError
from akashi.core.people import Actor
from akashi.core.ports import FindPersonal, Personal
from akashi.core.spans import Interval
from akashi.language.normalise import normalise
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append

MASKED_AUTHORS = frozenset({Author.CUSTOMER, Author.OPERATOR})
"""Whose words may tell of a person; the automatic service speaks in approved words only."""
KIND = "conversations.unmasked"
UNKNOWN = "personal"

_DIGITS = re.compile(r"\d(?:[-‐－ー−ー ]?\d){3,}")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LOOSE = re.compile(r"[\s()（）・.,‐－ー−-]+")


class Purpose(StrEnum):
    """Why somebody looks at what is masked."""

    IDENTIFY = "identify"
    CONTACT = "contact"
    PROCEDURE = "procedure"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as one person sees it; ``hidden`` counts what is masked in it, by kind."""

    message: Message
    hidden: Mapping[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many spans are masked."""
        return sum(self.hidden.values())


def find_numbers(text: str) -> tuple[Personal, ...]:
    """Return numbers of four digits or more and mail addresses: what is masked where no guard is lent.

    >>> [one.span.of("口座1234567、3万円") for one in find_numbers("口座1234567、3万円")]
    ['1234567']
    """
    mails = [found.span() for found in _MAIL.finditer(text)]
    rest = _MAIL.sub(lambda found: "\0" * len(found[0]), text)
    spans = sorted([*mails, *(found.span() for found in _DIGITS.finditer(rest))])
    return tuple(Personal(Interval(start, end), UNKNOWN) for start, end in spans)


class Masker:
    """Masks the texts of one conversation; the same value is called the same throughout."""

    def __init__(
        self, find: FindPersonal | None, name: Callable[[str], str], staff: Collection[str] = ()
    ) -> None:
        """Mask with the guard that is lent; ``name`` says a kind in the reader's language.

        ``staff`` are names by which operators call themselves: not masked in operators' own words.
        """
        self._find = find or find_numbers
        self._name = name
        self._staff = frozenset(map(_same, staff))
        self._numbers: dict[tuple[str, str], int] = {}

    def mask(self, text: str, spared: Collection[str] = ()) -> tuple[str, Counter[str]]:
        """Return ``text`` with 〔kind number〕 in place of each personal datum, and how many of each kind."""
        pieces, at, kinds = [], 0, Counter[str]()
        for one in self._find(text):
            if _same(one.span.of(text)) in spared:
                continue
            pieces += [text[at : one.span.start], self._call(one, text)]
            at = one.span.end
            kinds[one.kind] += 1
        return "".join([*pieces, text[at:]]), kinds

    def show(self, messages: Sequence[Message], opened: Collection[int] = ()) -> tuple[Shown, ...]:
        """Return messages as they are shown; those with a number in ``opened`` in the clear."""
        return tuple(self._show(message, message.sequence in opened) for message in messages)

    def _show(self, message: Message, is_opened: bool) -> Shown:
        if message.author not in MASKED_AUTHORS:
            return Shown(message)
        text, kinds = self.mask(message.text, self._staff if message.author is Author.OPERATOR else ())
        return Shown(message) if is_opened else Shown(replace(message, text=text), kinds)

    def _call(self, one: Personal, text: str) -> str:
        value = _same(one.span.of(text))
        known = sum(kind == one.kind for kind, _ in self._numbers)
        number = self._numbers.setdefault((one.kind, value), known + 1)
        return f"〔{self._name(one.kind)}{number}〕"


def _same(value: str) -> str:
    return _LOOSE.sub("", normalise(value).text).casefold()


def record_unmasking(
    connection: Connection,
    conversation_id: str,
    hidden: Mapping[int, Mapping[str, int]],
    purpose: Purpose,
    actor: Actor,
    now: datetime,
) -> None:
    """Record that somebody looks at what is masked in some messages: which, how many, why; never what.

    Raises: ConflictError: nothing is masked there.
    """
    kinds: Counter[str] = Counter()
    for counts in hidden.values():
        kinds.update(counts)
    if not kinds:
        raise ConflictError("Nothing is masked there.", next_step="Open the page again.")
    payload: dict[str, JsonValue] = {
        "messages": sorted(number for number, counts in hidden.items() if counts),
        "purpose": purpose.value,
        "kinds": dict(sorted(kinds.items())),
    }
    append(connection, Record(KIND, conversation_id, actor.id, now, payload))
