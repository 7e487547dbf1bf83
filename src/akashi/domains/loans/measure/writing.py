"""How values and figures stand in papers and tables, in one short form (`showing.py` is for read-backs)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

from akashi.domains.loans.measure.figures import Unit, round_figure
from akashi.domains.loans.measure.showing import show_period
from akashi.domains.loans.model import Item, ItemKind, ItemValue
from akashi.platform.kit.formats import write_date, write_era_year, write_money

_UNITS = {
    Unit.TIMES: {"ja": "倍", "en": " times"},
    Unit.SHARE: {"ja": "％", "en": "%"},
    Unit.YEARS: {"ja": "年", "en": " years"},
    Unit.MONTHS: {"ja": "か月分", "en": " months"},
}
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def write_value(item: Item, value: ItemValue, language: str) -> str:
    """Return an item's value: yen, days with weekday, periods as said, choices by their label."""
    match item.kind:
        case ItemKind.AMOUNT if isinstance(value, int):
            return write_money(value, language)
        case ItemKind.COUNT if isinstance(value, int):
            return f"{value:,}"
        case ItemKind.YESNO:
            return {"ja": ("なし", "あり"), "en": ("no", "yes")}[language][bool(value)]
        case ItemKind.CHOICE:
            labels = {choice.id: choice.label.get(language, choice.id) for choice in item.choices}
            return labels.get(str(value), str(value))
        case ItemKind.DATE:
            return write_day(str(value), language)
        case ItemKind.PERIOD:
            return show_period(str(value), language)
        case ItemKind.RATE:
            return write_percent(str(value))
        case _:
            return str(value)


def write_day(value: str, language: str) -> str:
    """Return a day, month or year as exact as it was said.

    >>> write_day("2026-11-20", "ja"), write_day("2027-03", "ja"), write_day("2027", "en")
    ('令和8年11月20日（金）', '令和9年3月', '2027')
    """
    match = _DAY.fullmatch(value)
    if match is None:
        return value
    if match[3]:
        return write_date(date.fromisoformat(value), language)
    if language != "ja":
        return value
    return write_era_year(date(int(match[1]), int(match[2] or 12), 1)) + (
        f"{int(match[2])}月" if match[2] else ""
    )


def write_percent(value: str) -> str:
    """Return a rate of 0..1 as a percentage, exactly.

    >>> write_percent("0.024"), write_percent("0.10")
    ('2.4％', '10％')
    """
    return f"{(Decimal(value) * 100).normalize():f}％"


def write_figure(amount: Fraction, unit: Unit, decimals: int, language: str) -> str:
    """Return a figure, rounded half up as its definition says.

    >>> write_figure(Fraction(36, 25), Unit.TIMES, 2, "ja"), write_figure(Fraction(1, 4), Unit.SHARE, 1, "en")
    ('1.44倍', '25.0%')
    """
    shown = round_figure(amount, unit, decimals)
    if unit is Unit.YEN:
        return write_money(int(shown), language)
    return f"{shown:,}{_UNITS[unit][language]}"
