"""A conversation at one moment, and a reply: values that the engine turns from one into the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import Item, ItemValue, Origin, Product, Value


class Stage(StrEnum):
    """What the conversation waits for."""

    CONSENT = "consent"
    ASKING = "asking"
    CONFIRMING = "confirming"
    SUMMARY = "summary"
    READY = "ready"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence of the applicant, when he said it, and the id of its turn."""

    text: str = field(repr=False)
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A value that counts only after the applicant's yes."""

    item: str
    value: ItemValue = field(repr=False)
    said: str = field(repr=False)
    origin: Origin = Origin.ANSWER


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a conversation stands. ``earlier`` are values that were corrected or became unnecessary.

    ``item`` is asked now; ``last`` was answered last; ``left`` are optional items left empty, ``put_off``
    needed ones that the applicant did not know yet; ``tries`` counts sentences not understood in a row.
    """

    product: Product
    language: str
    today: date
    stage: Stage = Stage.CONSENT
    item: str = ""
    last: str = ""
    pending: Pending | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    earlier: tuple[Value, ...] = ()
    left: tuple[str, ...] = ()
    put_off: tuple[str, ...] = ()
    turns: int = 0
    tries: int = 0

    @property
    def known(self) -> dict[str, ItemValue]:
        """Return the values by item."""
        return {item: value.value for item, value in self.values.items() if value.confirmed}

    @property
    def due(self) -> tuple[Item, ...]:
        """Return the items that the values so far make due."""
        return self.product.due_items(self.known)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """Return what is still to be asked, in order; what was put off comes last."""
        known = self.known
        waiting = [item for item in self.due if item.id not in known and item.id not in self.left]
        first = [item for item in waiting if item.id not in self.put_off]
        return (*first, *(item for item in waiting if item.id in self.put_off))

    @property
    def is_complete(self) -> bool:
        """Return whether every needed item has a confirmed value."""
        known = self.known
        return all(item.id in known for item in self.due if item.required)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to press instead of writing it: what is sent, and how it reads."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back.

    ``asks`` is the item asked now, empty where none is; ``taken`` the values that this sentence set or
    changed; ``question`` what the assistant should answer before the thread goes on; the rest are wishes.
    """

    phrases: tuple[Phrase, ...]
    asks: str = ""
    options: tuple[Option, ...] = ()
    taken: tuple[Value, ...] = ()
    question: str = field(default="", repr=False)
    wants_person: bool = False
    wants_pause: bool = False

    def say(self, language: str) -> str:
        """Return the reply in words, one phrase a line."""
        return "\n".join(phrase.say(language) for phrase in self.phrases)
