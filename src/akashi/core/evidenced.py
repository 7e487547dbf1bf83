"""What shows that a requirement is met, or not: the word in which rooms tell the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Standing(StrEnum):
    """What a piece of evidence says; declared from the one that outweighs all others.

    ``RECORDED``: something was done or kept; whether it suffices is for a person to judge.
    """

    NOT_MET = "not_met"
    MET = "met"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Evidenced:
    """One requirement, evidenced by something since a moment, seen by one room.

    ``title`` is a message id of that room with ``values``; ``locator`` a page of this site. ``mode``
    names exactly what was measured, ``until`` the last Tokyo day on which the evidence holds.
    """

    requirement_id: str
    room: str
    standing: Standing
    title: str
    since: datetime
    locator: str = ""
    mode: str = ""
    until: date | None = None
    values: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.since.tzinfo is None:
            raise ValueError("evidence needs a moment with its time zone")


def decide_standing(evidence: Iterable[Evidenced]) -> Standing | None:
    """Return what the evidence says together; None when there is none.

    One thing that is not met outweighs everything that is.
    """
    found = {one.standing for one in evidence}
    return next((standing for standing in Standing if standing in found), None)
