"""What a room shows of itself on shared pages: dashboard tiles and health checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How urgent a tile or check is; always shown by words as well as by colour."""

    CALM = "calm"
    NOTICE = "notice"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the dashboard; ``title`` and ``unit`` are message ids, ``link`` leads to its evidence."""

    title: str
    value: int | str
    link: str
    unit: str = ""
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class Notice:
    """What every page of staff says until it is settled; ``text`` is a message id of its room.

    ``about`` is what it speaks of, in the institution's own words, ``about_en`` in English where it has any;
    ``link`` leads there.
    """

    text: str
    about: str
    link: str
    about_en: str = ""


class Health(StrEnum):
    """The outcome of one check of the installation."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """What ``akashi doctor`` found in one place, and what to do about it."""

    name: str
    health: Health
    detail: str
    next_step: str = ""
