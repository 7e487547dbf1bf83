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


def stream_suite(source: Source, split: str) -> Iterator[Case]:
    """Yield the cases of one split, or all of them with ``all``. Raises: InputError: a line is no case."""
    for case in read_cases(source.path):
        if case.suite != source.name:
            raise InputError("The case names another suite: {suite}.", where=case.id, suite=case.suite)
        if split in ("all", case.split):
            yield case


def describe_suite(source: Source, split: str, scorers: dict[str, Scorer]) -> Suite:
    """Return what a suite holds, with every case checked by its scorer.

    Raises: InputError: an expectation cannot be read, the cases of a group do not stand together, or there
    is nothing in this split.
    """
    cases, last = 0, ""
    units: Counter[str] = Counter()
    templates: set[str] = set()
    risks: Counter[Risk] = Counter()
    for case in stream_suite(source, split):
        scorer_for(case, scorers).check(case)
        if case.unit != last and case.unit in units:
            raise InputError("The cases of a group must stand together.", where=case.id)
        last = case.unit
        units[case.unit] += 1
        if units[case.unit] > MOST_IN_GROUP:
            raise InputError("A group has at most {most} cases.", where=case.id, most=MOST_IN_GROUP)
        cases += 1
        templates.add(case.template)
        risks[case.risk] += 1
    if not cases:
        raise InputError("The suite has no case of the split {split}.", where=source.name, split=split)
    table = source.table
    risk = Risk(table["risk"]) if "risk" in table else risks.most_common(1)[0][0]
    return Suite(
        source.name,
        table.get("title_ja", source.name),
        table.get("title_en", source.name),
        risk,
        cases,
        len(units),
        len(templates),
        _digest(source.path),
        float(table.get("limit", 0.01)),
    )


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
