"""What each benchmark is held to, beside what it showed; the goals themselves are in goals.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

GOALS = Path(__file__).with_name("goals.toml")


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on one figure: places in the benchmark's JSON, summed, less others, over others."""

    what: str
    value: tuple[str, ...]
    less: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @property
    def bound(self) -> str:
        """The bound as one reads it."""
        return f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"

    def is_met(self, seen: float) -> bool:
        """Return whether ``seen`` keeps the bound."""
        return (self.least is None or seen >= self.least) and (self.most is None or seen <= self.most)


def read_goals(path: Path = GOALS) -> dict[str, list[Goal]]:
    """Return the goals by benchmark.

    Raises: ValueError: a goal without exactly one bound, or without a place to look at.
    """
    goals: dict[str, list[Goal]] = {}
    for name, written in tomllib.loads(path.read_text("utf-8")).items():
        goals[name] = []
        for what, fields in written.items():
            places = {key: tuple(fields[key]) for key in ("value", "less", "of") if key in fields}
            goal = Goal(what, **places, least=fields.get("least"), most=fields.get("most"))
            if (goal.least is None) == (goal.most is None) or not goal.value:
                raise ValueError(f"{path.name}: {name}: {what}: one place and one bound are needed")
            goals[name].append(goal)
    return goals


def read_figure(figures: Mapping[str, object], goal: Goal) -> float:
    """Return what the benchmark showed for ``goal``.

    >>> read_figure({"a": {"hit": 3, "n": 4}}, Goal("share", ("a/hit",), of=("a/n",), least=0.5))
    0.75

    Raises: KeyError: the benchmark prints no such figure; ZeroDivisionError: nothing was counted.
    """
    seen = _sum(figures, goal.value) - _sum(figures, goal.less)
    return seen / _sum(figures, goal.of) if goal.of else seen


def hold_against(figures: Mapping[str, object], goals: Iterable[Goal]) -> list[dict[str, object]]:
    """Return each goal with what was seen; a figure that is not there is seen as nothing and not met."""
    held: list[dict[str, object]] = []
    for goal in goals:
        try:
            seen: float | None = read_figure(figures, goal)
        except (KeyError, ZeroDivisionError):
            seen = None
        met = seen is not None and goal.is_met(seen)
        held.append({"what": goal.what, "goal": goal.bound, "seen": seen, "met": met})
    return held


def show_goals(held: Iterable[Mapping[str, object]]) -> str:
    """Return the goals as lines for people, the missed ones marked."""
    return "\n".join(
        f"  {'met   ' if one['met'] else 'MISSED'} {one['what']}: {_figure(one['seen'])} (goal {one['goal']})"
        for one in held
    )


def _figure(seen: object) -> str:
    return "not measured" if seen is None else f"{cast(float, seen):.4g}"


def _sum(figures: Mapping[str, object], places: Iterable[str]) -> float:
    return sum(float(cast(float, _find(figures, place))) for place in places)


def _find(figures: Mapping[str, object], place: str) -> object:
    found: object = figures
    for part in place.split("/"):
        found = cast(Mapping[str, object], found)[part]
    return found
