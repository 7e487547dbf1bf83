"""What an application lacks, and what in it does not fit together, each with its reason.

Pure functions: application and what was read from its papers in, findings out. A breach refuses nobody; it is
shown to people beside both values.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any

from akashi.core.errors import InputError
from akashi.domains.loans.measure.figures import read_amounts
from akashi.domains.loans.measure.formulas import Amount, Formula, holds, read_formula
from akashi.domains.loans.measure.grounds import has_number
from akashi.domains.loans.model import (
    Application,
    Item,
    ItemKind,
    ItemValue,
    NeededDocument,
    Product,
    Term,
    Words,
)
from akashi.platform.rooms import package_folder

THOUSAND = 1_000
_LEGAL_FORMS = (
    ("株式会社", ("(株)", "㈱", "株式會社", "kk")),
    ("有限会社", ("(有)", "㈲")),
    ("合同会社", ("(同)",)),
)
_BLANK = re.compile(r"[\s・･.,、。\-ー‐―]+")
_EXACT = "9999-99-99"


class Lack(StrEnum):
    """Why something is missing."""

    NOT_ANSWERED = "not_answered"
    NOT_CONFIRMED = "not_confirmed"
    NOT_HANDED_IN = "not_handed_in"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Missing:
    """An item or a paper that the product needs and that is not there."""

    id: str
    label: Words
    lack: Lack
    clause: str
    have: int = 0
    need: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as a paper gives it: which item, what, as it is written, and where (upload, page, area)."""

    item: str
    value: ItemValue = field(repr=False)
    said: str = field(repr=False)
    upload: str
    document: str
    page: int = 1
    area: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that does not fit: the items it concerns, why, and what was compared, written out."""

    id: str
    items: tuple[str, ...]
    reason: Words
    compared: Formula | None = None
    reading: Reading | None = None
    looks_thousandfold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A comparison that has to hold; of one audience, or of all (empty)."""

    id: str
    formula: Formula
    reason: Words
    audience: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A condition of the product beside the application: kept, not kept, or None while nobody can say."""

    term: Term
    is_kept: bool | None


@cache
def list_rules() -> tuple[Rule, ...]:
    """Return the rules of consistency of this installation. Raises: InputError: the file is wrong."""
    path = package_folder("akashi.domains.loans") / "data" / "checks.toml"
    return read_rules(path.read_text(encoding="utf-8"), path.name)


def read_rules(text: str, where: str) -> tuple[Rule, ...]:
    """Return the rules of a TOML file. Raises: InputError: it cannot be used; names the rule."""
    try:
        rows: Sequence[Mapping[str, Any]] = tomllib.loads(text)["rule"]
        return tuple(
            Rule(row["id"], _comparison(row, where), row["reason"], row.get("audience", "")) for row in rows
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError("The rules cannot be read: {reason}", where=where, reason=str(error)) from error


def _comparison(row: Mapping[str, Any], where: str) -> Formula:
    formula = read_formula(row["holds"], f"{where}: {row['id']}")
    if any(has_number(words) for words in row["reason"].values()):
        raise InputError("This wording holds a number of its own.", where=f"{where}: {row['id']}")
    if not any(sign in formula.text for sign in "<>="):
        raise InputError("This rule compares nothing.", where=f"{where}: {row['id']}")
    return formula


def list_missing(
    application: Application, known: Mapping[str, ItemValue], handed_in: Mapping[str, int]
) -> tuple[Missing, ...]:
    """Return the required items and papers that lack, in the product's order.

    ``known``: what is confirmed, or entered by the officer. ``handed_in``: how many usable uploads there are
    for each needed paper.
    """
    found: list[Missing] = []
    for item in application.product.due_items(known):
        if item.required and item.id not in known:
            has_unconfirmed = item.id in application.values
            lack = Lack.NOT_CONFIRMED if has_unconfirmed else Lack.NOT_ANSWERED
            found.append(Missing(item.id, item.label, lack, item.clause))
    for paper in application.product.due_documents(known):
        have = handed_in.get(paper.id, 0)
        if have < paper.copies:
            lack = Lack.TOO_FEW if have else Lack.NOT_HANDED_IN
            found.append(Missing(paper.id, paper.label, lack, paper.clause, have, paper.copies))
    return tuple(found)


def list_breaches(
    product: Product, known: Mapping[str, ItemValue], readings: Iterable[Reading], today: date
) -> tuple[Breach, ...]:
    """Return what does not fit together: between values by the rules, and between values and papers."""
    return (*_check_rules(product, known, today), *_check_readings(product, known, readings))


def _check_rules(product: Product, known: Mapping[str, ItemValue], today: date) -> Iterator[Breach]:
    amounts: dict[str, Amount] = {**read_amounts(known), **_read_days(known), "today": today}
    for rule in list_rules():
        if rule.audience not in ("", product.audience) or any(
            name not in amounts for name in rule.formula.names
        ):
            continue
        kinds = {isinstance(amounts[name], Fraction) for name in rule.formula.names}
        if len(kinds) == 1 and holds(rule.formula, amounts) is False:
            items = tuple(name for name in rule.formula.names if name != "today")
            yield Breach(rule.id, items, rule.reason, compared=rule.formula)


def _read_days(known: Mapping[str, ItemValue]) -> dict[str, date]:
    """Return the values that are whole days; a month or a year alone is no day and is not compared."""
    found = {}
    for item, value in known.items():
        if isinstance(value, str) and len(value) == len(_EXACT):
            try:
                found[item] = date.fromisoformat(value)
            except ValueError:
                continue
    return found


def _check_readings(
    product: Product, known: Mapping[str, ItemValue], readings: Iterable[Reading]
) -> Iterator[Breach]:
    kinds = {item.id: item for item in product.items}
    for reading in readings:
        item = kinds.get(reading.item)
        if item is None or reading.item not in known:
            continue
        stated = known[reading.item]
        if not is_same(item, stated, reading.value):
            yield Breach(
                f"paper:{reading.document}:{reading.item}",
                (reading.item,),
                {
                    "ja": "申込みの内容と書類の記載が違います。",
                    "en": "The application and the paper do not say the same.",
                },
                reading=reading,
                looks_thousandfold=_is_thousandfold(stated, reading.value),
            )


def is_same(item: Item, stated: ItemValue, read: ItemValue) -> bool:
    """Return whether a paper says the same as the applicant; spelling of names and forms is forgiven."""
    if isinstance(stated, str) and isinstance(read, str):
        if item.kind is ItemKind.DATE:
            exact = min(len(stated), len(read))
            return stated[:exact] == read[:exact]
        return fold_name(stated) == fold_name(read)
    return stated == read


def fold_name(text: str) -> str:
    """Return a name as it is compared: width, case, blanks, dots and the short forms of companies aside.

    >>> fold_name("㈱ 汐見 ベーカリー") == fold_name("株式会社汐見ベーカリー")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    for full, short_forms in _LEGAL_FORMS:
        for short in short_forms:
            folded = folded.replace(unicodedata.normalize("NFKC", short), full)
    return _BLANK.sub("", folded)


def _is_thousandfold(stated: ItemValue, read: ItemValue) -> bool:
    if isinstance(stated, bool) or not isinstance(stated, int) or not isinstance(read, int):
        return False
    return bool(read) and (stated == read * THOUSAND or read == stated * THOUSAND)


def compare_terms(product: Product, known: Mapping[str, ItemValue], today: date) -> tuple[Compared, ...]:
    """Return the product's conditions beside the application, in the product's order."""
    return tuple(Compared(term, term.condition.holds(known, today)) for term in product.terms)


def count_complete(
    product: Product, known: Mapping[str, ItemValue], handed_in: Mapping[str, int]
) -> tuple[int, int]:
    """Return how many of the required items and papers are there, and how many are needed."""
    needed = [item for item in product.due_items(known) if item.required]
    papers: Sequence[NeededDocument] = product.due_documents(known)
    there = sum(item.id in known for item in needed)
    there += sum(min(handed_in.get(paper.id, 0), paper.copies) for paper in papers)
    return there, len(needed) + sum(paper.copies for paper in papers)
