"""Functions that one room lends another; ``house.py`` hands the real ones over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from akashi.core.spans import Interval


@dataclass(frozen=True, slots=True)
class Screened:
    """The verdict on a text that comes in: what may go on, and why something was refused."""

    text: str
    refused: bool
    reasons: tuple[str, ...] = ()
    masked: tuple[Interval, ...] = ()


class Screen(Protocol):
    """Look at a customer's text before anything else sees it."""

    def __call__(self, text: str) -> Screened: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a text that goes out: only ``supported`` may be shown."""

    supported: bool
    reasons: tuple[str, ...] = ()


class CheckOutput(Protocol):
    """Compare a sentence with the sources it cites."""

    def __call__(self, answer: str, sources: Sequence[str]) -> Checked: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the house lends to rooms; ``None`` where the lending room does not exist yet."""

    screen: Screen | None = None
    check_output: CheckOutput | None = None
