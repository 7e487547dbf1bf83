"""Days as Japan counts them: eras, bank holidays and business days, fiscal years."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

import jpholiday

from akashi.core.errors import InputError
from akashi.language.normalise import normalise

_MONTH_OF_FISCAL_YEAR = 4
_MONTH_OF_SUPERVISORY_YEAR = 7


@dataclass(frozen=True, slots=True)
class Era:
    """An era 元号, its letter in short forms and its first day."""

    name: str
    letter: str
    first: date


@functools.cache
def known_eras() -> tuple[Era, ...]:
    """Return the eras since 明治, oldest first."""
    raw = files("akashi.language").joinpath("data/eras.toml").read_text(encoding="utf-8")
    return tuple(Era(**row) for row in tomllib.loads(raw)["era"])


def format_era(day: date) -> str:
    """Return ``day`` in its era.

    Raises: ValueError: a day before 明治.

    >>> format_era(date(2026, 11, 21)), format_era(date(2019, 5, 1))
    ('令和8年11月21日', '令和元年5月1日')
    """
    return f"{format_era_year(day)}{day.month}月{day.day}日"


def format_era_year(day: date) -> str:
    """Return the year of ``day`` in its era.

    Raises: ValueError: a day before 明治.

    >>> format_era_year(date(1989, 1, 7)), format_era_year(date(1989, 1, 8))
    ('昭和64年', '平成元年')
    """
    era = next((era for era in reversed(known_eras()) if era.first <= day), None)
    if era is None:
        raise ValueError(f"{day} lies before the first known era")
    number = day.year - era.first.year + 1
    return f"{era.name}{'元' if number == 1 else number}年"


def western_year(era: str, number: int) -> int:
    """Return the western year of a year of an era, named or by letter.

    Years beyond the end of an era go on counting: papers written before the change say 平成35年.

    Raises: InputError: no such era, or a year below 1.

    >>> western_year("令和", 6), western_year("H", 35)
    (2024, 2023)
    """
    for known in known_eras():
        if era.upper() in (known.name, known.letter) and number >= 1:
            return known.first.year + number - 1
    raise InputError(
        "There is no year {number} of the era {era}.",
        next_step="Write the year as 令和8年 or 2026年.",
        number=number,
        era=era,
    )


_SEPARATORS = r"[./-]"
_DAY = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHRmtshr])\s?)?(?P<year>元|[0-9]{1,4})"
    rf"(?:\s?年\s?|{_SEPARATORS})(?P<month>[0-9]{{1,2}})(?:\s?月\s?|{_SEPARATORS})"
    r"(?P<day>[0-9]{1,2})日?"
)


def read_day(text: str) -> date:
    """Return the day that a person wrote: 令和8年11月21日, R8.11.21, 2026年11月21日, 2026-11-21.

    Raises: InputError: not a day, or a day that does not exist.

    >>> read_day("令和８年１１月２１日"), read_day("H31.4.30")
    (datetime.date(2026, 11, 21), datetime.date(2019, 4, 30))
    """
    found = _DAY.fullmatch(normalise(text).text.strip())
    if found is None or (found["era"] is None and len(found["year"]) != 4):
        raise _not_a_day(text)
    number = 1 if found["year"] == "元" else int(found["year"])
    year = number if found["era"] is None else western_year(found["era"], number)
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise _not_a_day(text) from None


def _not_a_day(text: str) -> InputError:
    return InputError(
        "{text} is not a day.",
        next_step="Write it as 2026-11-21 or 令和8年11月21日.",
        text=text[:40],
    )


def is_bank_holiday(day: date) -> bool:
    """Return whether banks are closed: Saturday, Sunday, national holiday, 31 December to 3 January.

    Source: 銀行法施行令 第5条.
    """
    year_end = (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() >= 5 or year_end or bool(jpholiday.is_holiday(day))


def next_business_day(day: date) -> date:
    """Return the first business day after ``day``.

    >>> next_business_day(date(2026, 12, 30))
    datetime.date(2027, 1, 4)
    """
    return add_business_days(day, 1)


def add_business_days(day: date, count: int) -> date:
    """Return the business day ``count`` business days after (before, if negative) ``day``.

    ``day`` itself is never counted; with 0 it is returned, moved on to the next business day when
    it is a holiday (翌営業日).
    """
    step = timedelta(days=-1 if count < 0 else 1)
    if count == 0:
        while is_bank_holiday(day):
            day += step
    for _ in range(abs(count)):
        day += step
        while is_bank_holiday(day):
            day += step
    return day


def count_business_days(first: date, last: date) -> int:
    """Return how many business days lie after ``first`` up to and with ``last``; 0 if none."""
    days = range(1, (last - first).days + 1)
    return sum(not is_bank_holiday(first + timedelta(days=passed)) for passed in days)


def fiscal_year(day: date) -> int:
    """Return the fiscal year 年度 of ``day``: it begins on 1 April.

    >>> fiscal_year(date(2027, 3, 31))
    2026
    """
    return day.year - (day.month < _MONTH_OF_FISCAL_YEAR)


def supervisory_year(day: date) -> int:
    """Return the FSA's programme year 事務年度 of ``day``: it begins on 1 July.

    >>> supervisory_year(date(2026, 6, 30))
    2025
    """
    return day.year - (day.month < _MONTH_OF_SUPERVISORY_YEAR)


def fiscal_year_days(year: int) -> tuple[date, date]:
    """Return the first and the last day of fiscal year ``year``."""
    return date(year, 4, 1), date(year + 1, 3, 31)


def supervisory_year_days(year: int) -> tuple[date, date]:
    """Return the first and the last day of programme year ``year``."""
    return date(year, 7, 1), date(year + 1, 6, 30)


def format_fiscal_year(year: int) -> str:
    """Return the Japanese name of a fiscal year, in the era of its first day but for 2019.

    >>> format_fiscal_year(2026), format_fiscal_year(2019)
    ('令和8年度', '令和元年度')
    """
    # The government called the year that began under 平成31年4月 令和元年度 from May on.
    return format_era_year(date(year, 5, 1)) + "度"
