"""Where amounts, dates, periods and rates of an answer are read: a value, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from akashi.domains.loans.model import TODAY, Item, ItemKind, ItemValue
from akashi.language.expressions import AskBack, Reason, read_expression
from akashi.language.normalise import normalise

_WORDINGS = {
    Reason.NOTHING: "unclear",
    Reason.NO_UNIT: "unclear_unit",
    Reason.RANGE: "unclear_range",
    Reason.SEVERAL: "unclear_several",
    Reason.VAGUE: "unclear_vague",
    Reason.NO_YEAR: "unclear_year",
    Reason.NO_TODAY: "unclear_year",
    Reason.IMPOSSIBLE: "unclear_impossible",
    Reason.CONTRADICTION: "unclear_contradiction",
    Reason.FOREIGN: "unclear_foreign",
    Reason.RELATIVE: "unclear",
    Reason.NEGATED: "unclear_negated",
    Reason.TOO_LONG: "unclear_long",
}
_LOSS = re.compile(r"赤字|損失|欠損|\bloss\b|マイナス(?=\s*で)|赤(?=が)")
_TIMES = re.compile(r"([0-9]{1,3})回(?:払い?|返済|分割)?")
_ALONE = re.compile(r"[0-9]{1,3}")
_ENGLISH = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)\s*(million|m|thousand|k|billion)\b(?:\s*(?:yen|jpy))?", re.IGNORECASE
)
_SIZES = {"million": 10**6, "m": 10**6, "thousand": 10**3, "k": 10**3, "billion": 10**9}


@dataclass(frozen=True, slots=True)
class Read:
    """One value that a text says; ``certain`` is false where the applicant is asked whether it is right."""

    value: ItemValue
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody could tell: the wording that asks back, and the values that may have been meant."""

    wording: str = "unclear"
    candidates: tuple[ItemValue, ...] = ()


def read_measure(text: str, item: Item, today: date) -> Read | Unsure:
    """Return the amount, date, period or rate that ``text`` says as an answer to ``item``.

    What is approximate (about 3 million) and what only its wording makes a loss is read, but not certain.
    """
    text = _write_out(text)
    found = read_expression(text, item.kind.value, today, towards=_towards(item))
    if isinstance(found, AskBack):
        return _ask_back(text, item, found)
    if item.kind is ItemKind.AMOUNT and isinstance(found.value, int) and _LOSS.search(text.lower()):
        return Read(-abs(found.value), certain=False)
    return Read(found.value, certain=not found.approximate)


def _towards(item: Item) -> Literal["future", "past"] | None:
    if isinstance(item.least, str) and item.least.startswith(TODAY):
        return "future"
    return "past" if isinstance(item.most, str) and item.most.startswith(TODAY) else None


def _ask_back(text: str, item: Item, found: AskBack) -> Read | Unsure:
    plain = normalise(text).text.strip()
    if item.kind is ItemKind.PERIOD and found.reason is Reason.NOTHING:
        if times := _TIMES.search(plain):
            return Read(f"P{int(times[1])}M", certain=False)
        if _ALONE.fullmatch(plain):
            return Unsure("unclear_unit", (f"P{int(plain)}Y", f"P{int(plain)}M"))
    if found.reason is Reason.NO_YEAR and len(found.candidates) == 1:
        return Read(found.candidates[0], certain=False)
    return Unsure(_WORDINGS[found.reason], found.candidates)


def _write_out(text: str) -> str:
    """Return a text with English amounts and durations as Japanese has them: 3.5 million yen is 3500000円."""

    def digits(match: re.Match[str]) -> str:
        return f"{int(Decimal(match[1]) * _SIZES[match[2].lower()])}円"

    plain = _ENGLISH.sub(digits, normalise(text).text)
    for pattern, unit in _SPANS:
        plain = pattern.sub(rf"\1{unit}", plain)
    return _MINUS.sub("▲", plain)


_SPANS = tuple(
    (re.compile(rf"([0-9]+)\s*{word}s?\b(?:\s+and\b)?\s*", re.IGNORECASE), unit)
    for word, unit in (
        ("(?:year|yr)", "年"),
        ("(?:month|mo)", "か月"),
        ("(?:week|wk)", "週間"),
        ("day", "日間"),
    )
)
_MINUS = re.compile(r"^\s*-(?=[0-9])")
