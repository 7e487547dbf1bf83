"""Suites: those that come with the product, and files of the institution's own."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.evaluation.interfaces import Scorer
from akashi.domains.evaluation.model import Case, Risk, Suite
from akashi.domains.evaluation.register.cases import read_cases
from akashi.domains.evaluation.scorers import scorer_for

FOLDER = Path(__file__).parents[1] / "data" / "suites"
MOST_IN_GROUP = 20
MOST_PER_TEMPLATE = 5
"""At most five units of one template. Source: DESIGN, statistics."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a suite lies, and what its table says."""

    name: str
    path: Path
    table: Mapping[str, Any]


@cache
def shipped_suites() -> Mapping[str, Source]:
    """Return the suites that come with the product, in the order of their table."""
    tables = tomllib.loads((FOLDER / "suites.toml").read_text(encoding="utf-8"))
    found = {name: Source(name, FOLDER / f"{name}.jsonl", table) for name, table in tables.items()}
    return {name: one for name, one in found.items() if one.path.is_file()}


def find_suite(name: str) -> Source:
    """Return a suite by name, or a file of one's own by its path.

    Raises: InputError: there is neither.
    """
    if name in shipped_suites():
        return shipped_suites()[name]
    path = Path(name)
    if path.suffix == ".jsonl" and path.is_file():
        return Source(path.stem, path, {})
    raise InputError("There is no suite {name}.", where="suites", name=name)


class SuiteCount:
    """Reads a suite once: every case is checked by its scorer and counted as it goes by."""

    def __init__(self, source: Source, split: str, share: float = 1.0) -> None:
        """Read one split of a suite, or all of it with ``all``; a share keeps the same units each time."""
        self._source, self._split, self._share = source, split, share
        self._cases, self._members, self._unit = 0, 0, ""
        self._groups: set[str] = set()
        self._units = 0
        self._templates: set[str] = set()
        self._risks: Counter[Risk] = Counter()

    def stream(self, scorers: dict[str, Scorer]) -> Iterator[Case]:
        """Yield the cases.

        Raises: InputError: a line is no case, an expectation cannot be read, the cases of a group do not
        stand together or are too many, or there is nothing in this split.
        """
        for case in read_cases(self._source.path):
            if case.suite != self._source.name:
                raise InputError("The case names another suite: {suite}.", where=case.id, suite=case.suite)
            if self._split in ("all", case.split) and is_drawn(case.unit, self._share):
                scorer_for(case, scorers).check(case)
                self._count(case)
                yield case
        if not self._cases:
            raise InputError(
                "The suite has no case of the split {split}.", where=self._source.name, split=self._split
            )

    def describe(self) -> Suite:
        """Return what the suite holds, once all its cases have gone by."""
        table = self._source.table
        risk = Risk(table["risk"]) if "risk" in table else self._risks.most_common(1)[0][0]
        return Suite(
            self._source.name,
            table.get("title_ja", self._source.name),
            table.get("title_en", self._source.name),
            risk,
            self._cases,
            self._units,
            len(self._templates),
            _digest(self._source.path),
            float(table.get("limit", 0.01)),
        )

    def _count(self, case: Case) -> None:
        self._cases += 1
        self._templates.add(case.template)
        self._risks[case.risk] += 1
        is_same = case.unit == self._unit
        self._members = self._members + 1 if is_same else 1
        self._unit = case.unit
        if self._members > MOST_IN_GROUP:
            raise InputError("A group has at most {most} cases.", where=case.id, most=MOST_IN_GROUP)
        if is_same:
            return
        self._units += 1
        if "group" in case.expectation.values:
            if case.unit in self._groups:
                raise InputError("The cases of a group must stand together.", where=case.id)
            self._groups.add(case.unit)


def is_drawn(unit: str, share: float) -> bool:
    """Return whether a unit belongs to a share of all units; the same ones every time and everywhere."""
    return share >= 1 or int(sha256(unit.encode()).hexdigest()[:8], 16) < share * 2**32


def describe_suite(source: Source, split: str, scorers: dict[str, Scorer]) -> Suite:
    """Return what a suite holds. Raises: InputError, as ``SuiteCount.stream``."""
    count = SuiteCount(source, split)
    for _ in count.stream(scorers):
        pass
    return count.describe()


def crowded_templates(source: Source) -> dict[str, int]:
    """Return the templates with more than five units, with how many there are."""
    seen: set[str] = set()
    counts: Counter[str] = Counter()
    for case in read_cases(source.path):
        if case.unit not in seen:
            seen.add(case.unit)
            counts[case.template] += 1
    return {name: count for name, count in counts.items() if count > MOST_PER_TEMPLATE}


def _digest(path: Path) -> str:
    hasher = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()
