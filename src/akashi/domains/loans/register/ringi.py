"""The wording of the 融資稟議書, from ``data/ringi.toml``; no wording holds a number of its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.loans.measure.formulas import Formula, read_formula
from akashi.domains.loans.measure.grounds import has_number
from akashi.platform.rooms import package_folder

_PLACE = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True)
class SentenceText:
    """Wording with places; of a ``group`` only the first that can be said appears."""

    id: str
    text: str
    group: str
    when: Formula | None


@dataclass(frozen=True, slots=True)
class SectionText:
    """A chapter's wording."""

    id: str
    title: str
    sentences: tuple[SentenceText, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """What is said when a key figure lies beyond its bound, and what is to be done."""

    figure: str
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole wording of the paper."""

    sections: tuple[SectionText, ...]
    risks: tuple[Risk, ...]


@cache
def read_wording() -> Wording:
    """Return the wording of this installation. Raises: InputError: the file is wrong."""
    path = package_folder("akashi.domains.loans") / "data" / "ringi.toml"
    return parse_wording(path.read_text(encoding="utf-8"), path.name)


def parse_wording(text: str, where: str) -> Wording:
    """Return the wording of a TOML file.

    Raises: InputError: it cannot be read, or a sentence holds a number of its own; names the sentence.
    """
    try:
        content: Mapping[str, Any] = tomllib.loads(text)
        wording = Wording(
            tuple(_section(row, where) for row in content["section"]),
            tuple(Risk(row["figure"], row["text"], row["answer"]) for row in content.get("risk", ())),
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError("The wording cannot be read: {reason}", where=where, reason=str(error)) from error
    for name, words in _all_words(wording):
        if has_number(_PLACE.sub(" ", words)):
            raise InputError("This wording holds a number of its own.", where=f"{where}: {name}")
    return wording


def _section(row: Mapping[str, Any], where: str) -> SectionText:
    sentences = tuple(
        SentenceText(
            one["id"],
            one["text"],
            one.get("group", ""),
            read_formula(one["when"], f"{where}: {one['id']}") if "when" in one else None,
        )
        for one in row.get("sentence", ())
    )
    return SectionText(row["id"], row["title"], sentences)


def _all_words(wording: Wording) -> Iterator[tuple[str, str]]:
    for section in wording.sections:
        yield section.id, section.title
        yield from ((f"{section.id}.{one.id}", one.text) for one in section.sentences)
    for risk in wording.risks:
        yield f"risk {risk.figure}", f"{risk.text}{risk.answer}"
