"""Functions that one room lends another; ``house.py`` hands the real ones over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
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


class Verdict(StrEnum):
    """What a comparison with the cited sources says of a sentence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNVERIFIED = "unverified"
    LEAKED = "leaked"


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """The verdict on one sentence of an answer, at ``span`` of it; reasons are message ids."""

    span: Interval
    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a text that goes out: only ``supported`` may be shown.

    ``sentences`` in order; a leak concerns the whole answer and then all of them.
    """

    supported: bool
    reasons: tuple[str, ...] = ()
    sentences: tuple[CheckedSentence, ...] = ()


class CheckOutput(Protocol):
    """Compare an answer with the sources it cites, and with what must not be shown.

    ``secret``: canaries and texts such as the system prompt of this very request, of which no 30
    characters may appear in any encoding. What the house holds for all requests (internal
    documents, others' texts) is already inside.
    """

    def __call__(self, answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What the house lends to rooms; ``None`` where the lending room does not exist yet."""

    screen: Screen | None = None
    check_output: CheckOutput | None = None
