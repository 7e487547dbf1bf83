"""A value as a person reads it, in Japanese and English; read back, it can be checked at a glance."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from akashi.domains.loans.model import Item, ItemKind, ItemValue
from akashi.language.calendar import format_era

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_COUNTER = re.compile("何(名|人|台|件|軒|店|回|枚|戸)")
"""People are told a count with the word by which they were asked for it."""
_PHONES = (
    (re.compile(r"(0[5789]0)(\d{4})(\d{4})"), "-"),
    (re.compile(r"(0120|0570)(\d{3})(\d{3})"), "-"),
    (re.compile(r"(0[36])(\d{4})(\d{4})"), "-"),
    (re.compile(r"(0\d{3})(\d{2})(\d{4})"), " "),
)
"""Mobile and internet, services, Tokyo and Osaka; elsewhere an area code has 3 to 5 digits."""
_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_UNITS = {
    "ja": (("年", "年"), ("か月", "か月"), ("週間", "週間"), ("日", "日")),
    "en": ((" year", " years"), (" month", " months"), (" week", " weeks"), (" day", " days")),
}


def show_value(item: Item, value: ItemValue, language: str) -> str:
    """Return ``value`` of ``item`` in the reader's language.

    Amounts stand twice, in digits and with 万 and 億, and dates in both calendars, so that a slip shows.
    """
    if item.kind is ItemKind.AMOUNT:
        return show_amount(int(value), language)
    if item.kind is ItemKind.COUNT:
        counter = _COUNTER.search(item.question["ja"]) if language == "ja" else None
        return f"{int(value):,}{counter[1] if counter else ''}"
    if item.kind is ItemKind.PHONE:
        return show_phone(str(value))
    if item.kind is ItemKind.YESNO:
        return {"ja": ("いいえ", "はい"), "en": ("No", "Yes")}[language][bool(value)]
    if item.kind is ItemKind.CHOICE:
        labels = {choice.id: choice.label[language] for choice in item.choices}
        return labels.get(str(value), str(value))
    if item.kind is ItemKind.DATE:
        return show_date(str(value), language)
    if item.kind is ItemKind.PERIOD:
        return show_period(str(value), language)
    if item.kind is ItemKind.RATE:
        percent = f"{Decimal(str(value)) * 100:f}"
        return f"{percent.rstrip('0').rstrip('.') if '.' in percent else percent}%"
    return str(value)


def show_phone(digits: str) -> str:
    """Return a telephone number in groups; where the length of the area code is not known, with gaps only.

    >>> show_phone("09012345678"), show_phone("0312345678"), show_phone("0776123456")
    ('090-1234-5678', '03-1234-5678', '0776 12 3456')
    """
    found = ((pattern.fullmatch(digits), mark) for pattern, mark in _PHONES)
    return next((mark.join(match.groups()) for match, mark in found if match), digits)


def show_amount(yen: int, language: str) -> str:
    """Return an amount in yen.

    >>> show_amount(135_000_000, "ja"), show_amount(-3_000_000, "ja"), show_amount(120, "en")
    ('135,000,000円（1億3,500万円）', '-3,000,000円（マイナス300万円）', '120 yen')
    """
    if language == "en":
        return f"{yen:,} yen"
    rest, words = abs(yen), ""
    for size, unit in ((10**12, "兆"), (10**8, "億"), (10**4, "万")):
        if rest >= size:
            words += f"{rest // size:,}{unit}"
            rest %= size
    if not words:
        return f"{yen:,}円"
    sign = "マイナス" if yen < 0 else ""
    return f"{yen:,}円（{sign}{words}{f'{rest:,}' if rest else ''}円）"


def show_date(text: str, language: str) -> str:
    """Return a date as exact as it is.

    >>> show_date("2027-02-10", "ja"), show_date("2027-02", "ja"), show_date("2027-02-10", "en")
    ('2027年2月10日（令和9年2月10日）', '2027年2月', '10 February 2027')
    """
    parts = [int(part) for part in text.split("-")]
    if language == "en":
        words = [str(parts[0]), *(_MONTHS[month - 1] for month in parts[1:2]), *map(str, parts[2:])]
        return " ".join(reversed(words))
    western = "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    return f"{western}（{format_era(date(*parts))}）" if len(parts) == len("年月日") else western


def show_period(text: str, language: str) -> str:
    """Return a duration in years, months, weeks and days.

    >>> show_period("P1Y6M", "ja"), show_period("P1Y", "en")
    ('1年6か月', '1 year')
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        return text
    counts = [int(part or 0) for part in match.groups()]
    shown = [
        f"{count}{units[count != 1]}" for count, units in zip(counts, _UNITS[language], strict=True) if count
    ]
    return (" " if language == "en" else "").join(shown) or f"0{_UNITS[language][3][1]}"
