"""What a demonstration programme is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ItemKind(StrEnum):
    """The parts of a programme that people write down."""

    THEME = "theme"
    PARTY = "party"
    MILESTONE = "milestone"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the programme; ``values`` are its fields as text."""

    id: str
    kind: ItemKind
    title: str
    values: Mapping[str, str]
    actor: str
    at: datetime

    def day(self, name: str) -> date | None:
        """Return a field as a day, or None."""
        text = self.values.get(name, "")
        return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Reached:
    """A figure that follows from the records: what is aimed at, what is reached, and where that stands."""

    title: str
    target: int
    reached: int
    path: str
    rule: str

    @property
    def is_reached(self) -> bool:
        """Return whether the aim is reached."""
        return self.reached >= self.target


@dataclass(frozen=True, slots=True)
class Result:
    """One suite of one use case at one institution. ``ours_upper`` is our own re-run of another's suite.

    Bounds are one-sided 95 %, everything unscored counted as failed. ``is_comparable``: the same cases.
    """

    institution: str
    use_case: str
    mode: str
    suite_ja: str
    suite_en: str
    n: int
    failed: int
    upper: float
    accepted: float
    ours_upper: float | None
    is_own: bool
    is_comparable: bool
    path: str

    @property
    def is_kept(self) -> bool:
        """Return whether the bound is within what that institution accepts."""
        return self.upper <= self.accepted


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything of the page and the paper."""

    items: Mapping[ItemKind, tuple[Item, ...]]
    reached: tuple[Reached, ...]
    results: tuple[Result, ...]
    use_cases: Mapping[str, str]
