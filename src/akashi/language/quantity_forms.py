"""The ways of writing a quantity: one pattern and one small reader for each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files

from akashi.language.calendar import western_year
from akashi.language.numerals import NUMBER, NUMERALS, read_number

__all__ = ["NUMBER", "READERS", "SCALES", "Kind", "Reading", "plain", "read_decimal"]


class Kind(StrEnum):
    """What a quantity measures."""

    AMOUNT = "amount"
    RATE = "rate"
    DATE = "date"
    PERIOD = "period"
    TIME = "time"
    COUNT = "count"
    NUMBER = "number"


Reading = tuple[Kind, Decimal | str, str, bool]
"""Kind, value, unit and whether it can only be read this way."""

_Match = re.Match[str]


def _units(section: str) -> dict[str, str]:
    raw = files("akashi.language").joinpath("data/units.toml").read_text(encoding="utf-8")
    return {word: key for key, words in tomllib.loads(raw)[section].items() for word in words}


_CURRENCIES, _SIGNS, _COUNTERS = _units("currencies"), _units("signs"), _units("counters")


def _any_of(words: dict[str, str]) -> str:
    """Return a pattern of words, the longest first; a Latin one ends where its letters end."""
    ends = {word: "(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else "" for word in words}
    return "|".join(re.escape(word) + ends[word] for word in sorted(words, key=len, reverse=True))


def _read_scales() -> dict[str, tuple[tuple[str, Decimal], ...]]:
    raw = files("akashi.language").joinpath("data/units.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)["scales"]
    return {unit: tuple((base, Decimal(factor)) for base, factor in rows) for unit, rows in table.items()}


SCALES = _read_scales()
"""A counter as other counters: kg as 1000 g. Those with two are read either way."""


def plain(value: Decimal) -> Decimal:
    """Return ``value`` without trailing zeros or exponent: 150000000.0 is 150000000."""
    return Decimal(f"{value.normalize():f}")


def _signed(match: _Match, value: Decimal) -> Decimal:
    return -plain(value) if match["minus"] else plain(value)


def _amount(match: _Match) -> Reading | None:
    groups = match.groupdict()
    value = read_decimal(match["number"])
    if value is None:
        return None
    if groups.get("sen"):
        value += (read_number(match["sen"]) or Decimal(0)) / 100
    sign = groups.get("sign")
    unit = _SIGNS[sign] if sign else _CURRENCIES[match["unit"]]
    return Kind.AMOUNT, _signed(match, value), unit, True


def _sen(match: _Match) -> Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.AMOUNT, plain(value / 100), "JPY", True)


def _bare_amount(match: _Match) -> Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.AMOUNT, plain(value), "JPY", False)


def _percent(match: _Match) -> Reading | None:
    value = read_decimal(match["number"])
    return None if value is None else (Kind.RATE, _signed(match, value / 100), "fraction", True)


def read_decimal(text: str) -> Decimal | None:
    """Return a numeral that may have a decimal point written as 点 or ・.

    >>> read_decimal("〇・一二五"), read_decimal("三点五")
    (Decimal('0.125'), Decimal('3.5'))
    """
    whole, point, tail = re.sub("[点・]", "\0", text).partition("\0")
    if not point:
        return read_number(text)
    number, digits = read_number(whole), [read_number(digit) for digit in tail]
    if number is None or any(digit is None or digit > 9 for digit in digits):
        return None
    return number + Decimal("0." + "".join(f"{int(digit or 0)}" for digit in digits))


_PARTS = (("wari", 1), ("bu", 2), ("rin", 3), ("mo", 4))


def _parts_of_ten(match: _Match) -> Reading | None:
    said = [(match.groupdict().get(name), place) for name, place in _PARTS]
    values = [(read_number(number), place) for number, place in said if number]
    if any(value is None or (value >= 10 and place > 1) for value, place in values):
        return None
    total = sum(((value or Decimal(0)).scaleb(-place) for value, place in values), Decimal(0))
    return Kind.RATE, plain(total), "fraction", True


def _fraction(match: _Match) -> Reading | None:
    lower, upper = read_number(match["lower"]), read_number(match["upper"])
    if not lower or upper is None:
        return None
    return Kind.RATE, plain(round(upper / lower, 12)), "fraction", True


def _basis_points(match: _Match) -> Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.COUNT, plain(value / 100), "ポイント", True)


def _year(match: _Match) -> int | None:
    number = Decimal(1) if match["year"] == "元" else read_number(match["year"])
    if number is None or number != int(number):
        return None
    if match["era"]:
        return western_year(match["era"], int(number)) if 1 <= number <= 99 else None
    return int(number) if 1600 <= number <= 2199 else None


def _date(match: _Match) -> Reading | None:
    year = _year(match)
    return None if year is None else _date_of(year, match)


def _short_date(match: _Match) -> Reading | None:
    reading = _date_of(2000 + int(match["year"]), match)
    return None if reading is None else (*reading[:3], False)


def _date_of(year: int, match: _Match) -> Reading | None:
    groups = match.groupdict()
    if groups.get("fiscal"):
        return Kind.DATE, f"{year}", "fiscal_year", True
    if not groups.get("month"):
        return Kind.DATE, f"{year}", "year", True
    month, day = read_number(groups["month"]), read_number(groups.get("day") or "1")
    if not _is_day(year, month, day):
        return None
    if groups.get("last"):
        return Kind.DATE, f"{_last_day(year, int(month or 0))}", "day", True
    if not groups.get("day"):
        return Kind.DATE, f"{year}-{int(month or 0):02}", "month", True
    return Kind.DATE, f"{year}-{int(month or 0):02}-{int(day or 0):02}", "day", True


def _fiscal_end(match: _Match) -> Reading | None:
    """Return the last day of a fiscal year: 令和5年度末 is 2024-03-31."""
    year = _year(match)
    return None if year is None else (Kind.DATE, f"{year + 1}-03-31", "day", True)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _day_of_year(match: _Match) -> Reading | None:
    month, day = read_number(match["month"]), read_number(match["day"])
    if not _is_day(2024, month, day):
        return None
    certain = match.groupdict().get("slash") is None
    return Kind.DATE, f"--{int(month or 0):02}-{int(day or 0):02}", "day", certain


def _last_of_month(match: _Match) -> Reading | None:
    month = read_number(match["month"])
    if month is None or not _is_day(2023, month, Decimal(1)):
        return None
    return Kind.DATE, f"--{_last_day(2023, int(month)):%m-%d}", "day", int(month) != 2


def _named_day(match: _Match) -> Reading:
    return Kind.DATE, "--01-01" if match["day"].startswith("元") else "--12-31", "day", True


def _is_day(year: int, month: Decimal | None, day: Decimal | None) -> bool:
    if month is None or day is None or month != int(month) or day != int(day):
        return False
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


_DURATIONS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def _period(match: _Match) -> Reading | None:
    groups = match.groupdict()
    if groups.get("business") is not None:
        value = read_number(groups["business"])
        return None if value is None else (Kind.PERIOD, plain(value), "business_days", True)
    said = {name: groups[name] for name in _DURATIONS if groups.get(name)}
    values = {name: value for name, number in said.items() if (value := read_number(number)) is not None}
    if not values or len(values) != len(said):
        return None
    if values.get("years", 0) >= 1600 and "後" not in match.group():
        return None
    half = groups.get("half")
    if half and "years" in values:
        values["months"] = values.get("months", Decimal(0)) + 6
    elif half and "months" in values:
        return None
    elif half and "hours" in values:
        values["minutes"] = Decimal(30)
    return Kind.PERIOD, _iso(values), "duration", True


def _iso(values: dict[str, Decimal]) -> str:
    letters = {name: f"{plain(value)}{name[0].upper()}" for name, value in values.items()}
    days = "".join(letters.get(name, "") for name in _DURATIONS[:4])
    hours = "".join(letters.get(name, "") for name in _DURATIONS[4:])
    return f"P{days}" + (f"T{hours}" if hours else "")


def _part_of_hour(match: _Match) -> Reading | None:
    lower, upper = read_number(match["lower"]), read_number(match["upper"])
    if not lower or upper is None or upper * 60 % lower:
        return None
    return Kind.PERIOD, f"PT{plain(upper * 60 / lower)}M", "duration", True


def _minutes_and_half(match: _Match) -> Reading | None:
    minutes = read_number(match["minutes"])
    return None if minutes is None else (Kind.PERIOD, f"PT{plain(minutes * 60 + 30)}S", "duration", True)


def _half(match: _Match) -> Reading:
    return Kind.PERIOD, {"年": "P6M", "日": "PT12H"}[match["of"]], "duration", True


_AFTERNOON = {"午後", "夕方", "PM", "pm"}
_BY_NIGHT = {"夜", "深夜", "夜中", "真夜中"}
_EVENING, _NOON_ENDS = 5, 5


def _time(match: _Match) -> Reading | None:
    hour, minute = read_number(match["hour"]), read_number(match["minute"] or "0")
    if hour is None or minute is None or hour != int(hour) or minute != int(minute):
        return None
    said = match["half_day"] or match.groupdict().get("after")
    certain = said is not None or not 0 < hour < 12 or ":" in match.group()
    # 午後12時 is noon to some and midnight to others.
    certain = certain and not (hour == 12 and said in {"午前", "午後"})
    of_day = _hour_of_day(int(hour), said)
    minute = Decimal(30) if match.groupdict().get("half") else minute
    if of_day > 24 or minute > 59:
        return None
    return Kind.TIME, f"{of_day:02}:{int(minute):02}", "clock", certain


def _hour_of_day(hour: int, said: str | None) -> int:
    """Return an hour of 24: 午後3時, 昼の1時, 夜8時, 夜中の12時."""
    if (said in _BY_NIGHT or said in {"AM", "am"}) and hour == 12:
        return 0
    is_evening = said in _BY_NIGHT and hour >= _EVENING
    is_after_noon = said in {"昼", "お昼"} and hour <= _NOON_ENDS
    return hour + 12 if hour < 12 and (said in _AFTERNOON or is_evening or is_after_noon) else hour


def _noon(_: _Match) -> Reading:
    return Kind.TIME, "12:00", "clock", True


def _count(match: _Match) -> Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.COUNT, plain(value), _COUNTERS[match["unit"]], True)


def _number(name: str) -> str:
    return f"(?P<{name}>{NUMBER})"


_MINUS = r"(?P<minus>マイナス\s?|[▲△]\s?|(?<![0-9A-Za-z%円月日年時分-])-\s?)?"
_DECIMAL = rf"(?P<number>{NUMBER}(?:[点・](?=[0-9〇零一二三四五六七八九])[0-9〇零一二三四五六七八九]+)?)"
_KANJI_DECIMAL = rf"(?P<number>(?:[〇零一二三四五六七八九][点・][〇零一二三四五六七八九]+)|{NUMBER})"
_ERA = r"(?:(?P<era>明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHR](?=[0-9元]))\s?)?"
_ERA_YEAR = rf"{_ERA}(?P<year>{NUMBER}|(?<=[治正和成MTSHR])元)\s?年"
# 2024年(令和6年)4月1日: the year said twice before its month.
_TWICE = r"(?:\s?\([^()\n]{2,8}年\))?"
_MONTHS = r"(?:か|ヶ|カ|ヵ|ケ|ヵ|ヶ|箇|個)月"
_HALF_DAY = r"(?P<half_day>午前|午後|真?夜中|深夜|夜|夕方|早朝|朝|お?昼|AM|PM|am|pm)?の?\s?"
_DIGIT = rf"[0-9{NUMERALS}]"
_FORMS: tuple[tuple[str, Callable[[_Match], Reading | None]], ...] = (
    (
        rf"{_MINUS}{_KANJI_DECIMAL}\s?(?P<unit>{_any_of(_CURRENCIES)})"
        rf"(?:(?P<sen>{_DIGIT}{{1,2}})\s?銭)?",
        _amount,
    ),
    (rf"(?P<minus>)(?P<number>{NUMBER})\s?(?P<unit>銭)", _sen),
    (rf"{_MINUS}(?P<sign>(?<![A-Za-z])(?:{_any_of(_SIGNS)}))\s?{_number('number')}(?!\s?円)", _amount),
    (rf"(?P<number>{NUMBER}(?<=[万億兆]))(?![一-鿿々0-9.,]|つ|か|ヶ|カ|ページ|ポイント|ドル)", _bare_amount),
    (rf"{_MINUS}{_DECIMAL}\s?(?:%|パーセント|㌫)(?!ポイント)", _percent),
    (
        rf"{_number('wari')}\s?割(?!り|賦|引|合|当|増|安|高)?(?:\s?(?P<bu>{_DIGIT})\s?分)?(?:\s?(?P<rin>{_DIGIT})\s?厘)?"
        rf"(?:\s?(?P<mo>{_DIGIT})\s?[毛毫])?(?!り|賦)",
        _parts_of_ten,
    ),
    (rf"{_number('bu')}\s?分\s?(?P<rin>{_DIGIT})\s?厘(?:\s?(?P<mo>{_DIGIT})\s?[毛毫])?", _parts_of_ten),
    (rf"{_number('rin')}\s?厘(?:\s?(?P<mo>{_DIGIT})\s?[毛毫])?", _parts_of_ten),
    (rf"(?:年利|金利|利率|利息は?|年)\s?{_number('bu')}\s?分(?!の|間|\s?{_DIGIT})", _parts_of_ten),
    (rf"{_number('lower')}\s?分の\s?{_number('upper')}", _fraction),
    (rf"{_number('number')}\s?(?:bps?|ベーシスポイント|ベーシス)(?![A-Za-z])", _basis_points),
    (rf"(?<=[料金額高価本益]の){_number('bu')}\s?分(?=です|でし|、|。|$|を|に|と)", _parts_of_ten),
    (rf"{_ERA_YEAR}度の?(?:末日|末)", _fiscal_end),
    (rf"{_ERA_YEAR}(?P<fiscal>度)", _date),
    (r"(?<![A-Za-z])(?P<fiscal>FY)\s?(?P<era>)(?P<year>(?:19|20)[0-9]{2})(?![0-9])", _date),
    (rf"{_ERA_YEAR}{_TWICE}\s?{_number('month')}\s?月\s?{_number('day')}\s?日", _date),
    (rf"{_ERA_YEAR}{_TWICE}\s?{_number('month')}\s?月の?(?P<last>末日|晦日|月末|末)", _date),
    (rf"{_ERA_YEAR}{_TWICE}\s?{_number('month')}\s?月(?!\s?{_DIGIT}+日)", _date),
    (
        rf"{_ERA_YEAR}(?!度|間|(?:ごと|毎)に)"
        rf"(?!{_TWICE}\s?{_DIGIT}+\s?(?:月|{_MONTHS}))",
        _date,
    ),
    (
        r"(?<![0-9A-Za-z./-])(?P<era>[MTSHRmtshr]|明治|大正|昭和|平成|令和)?\s?(?P<year>[0-9]{1,4}|(?<=[MTSHR治正和成])元)"
        r"(?P<separator>[./-])(?P<month>[0-9]{1,2})(?P=separator)(?P<day>[0-9]{1,2})(?![0-9./-])",
        _date,
    ),
    (
        r"(?<![0-9A-Za-z./-])(?P<era>[MTSHR])(?P<year>[0-9]{1,2}|元)[./](?P<month>[0-9]{1,2})(?![0-9./-])",
        _date,
    ),
    (
        r"(?<![0-9A-Za-z.,/-])(?P<era>)(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])"
        r"(?P<day>[0-3][0-9])(?![0-9A-Za-z.,/-]|\s?[円株口万億])",
        _date,
    ),
    (
        r"(?<![0-9A-Za-z./-])'?(?P<year>[0-9]{2})(?P<separator>[./-])"
        r"(?P<month>[0-9]{1,2})(?P=separator)(?P<day>[0-9]{1,2})(?![0-9./-])",
        _short_date,
    ),
    (
        r"(?<![0-9A-Za-z./-])(?P<era>)(?P<year>(?:19|20)[0-9]{2})/(?P<month>[0-9]{1,2})(?![0-9./-])",
        _date,
    ),
    (
        r"(?<![0-9A-Za-z./-])(?P<month>[0-9]{1,2})(?P<slash>/)(?P<day>[0-9]{1,2})(?![0-9./-])",
        _day_of_year,
    ),
    (rf"{_number('month')}\s?月\s?{_number('day')}\s?日(?!間)", _day_of_year),
    (rf"{_number('month')}\s?月の?(?P<last>末日|晦日|月末|末)(?!締)", _last_of_month),
    (r"(?P<day>元日|元旦|大晦日|大みそか)", _named_day),
    (rf"{_number('business')}\s?営業日", _period),
    (
        rf"{_number('years')}\s?(?:(?:か|ヶ|カ|ヵ|箇)?年間?(?!度|目|生|\s?{_DIGIT}+\s?月\s?{_DIGIT}+\s?日))(?P<half>半)?"
        rf"(?:と?\s?{_number('months')}\s?(?:{_MONTHS}|月)間?)?",
        _period,
    ),
    (rf"{_number('months')}\s?{_MONTHS}(?:間(?!隔))?(?!半)", _period),
    (rf"{_number('weeks')}\s?週間?(?!目)", _period),
    (rf"(?<!{_DIGIT}月)(?<!{_DIGIT}月 ){_number('days')}\s?日間?(?!付|本|曜|目|経|銀|程)", _period),
    (
        rf"{_number('hours')}\s?時間(?:(?P<half>半)|{_number('minutes')}\s?分(?:{_number('seconds')}\s?秒)?)?(?!外)",
        _period,
    ),
    (rf"(?<!時){_number('minutes')}\s?分{_number('seconds')}\s?秒間?(?!速)", _period),
    (
        rf"(?<!時){_number('minutes')}\s?分(?=間|以|後|前|ほど|程度|く?らい|ごと|毎|かか|で|、|。|を|まで|と|早|遅|無料|超|未満|$)間?",
        _period,
    ),
    (rf"(?<!時)(?<![0-9.,])(?P<minutes>[1-9][0-9]{{1,3}})\s?分(?!の\s?{_DIGIT}|\s?{_DIGIT})", _period),
    (rf"{_number('lower')}\s?分の\s?{_number('upper')}\s?時間", _part_of_hour),
    (rf"(?<!時){_number('minutes')}\s?分(?P<half>半)(?!分|数|額)", _minutes_and_half),
    (rf"{_number('seconds')}\s?秒間?(?!速)", _period),
    (r"(?<![前上下大過])半(?P<of>年|日)(?!度|度ぶり)間?", _half),
    (
        rf"{_HALF_DAY}{_number('hour')}\s?時(?!間|点|期|代|効|価|計|限|々|折|短|金|的|払|所)"
        rf"(?:(?P<half>半)|{_number('minute')}\s?分)?",
        _time,
    ),
    (
        rf"{_HALF_DAY}(?<![0-9:])(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?![0-9:])"
        r"(?:\s?(?P<after>AM|PM|am|pm))?",
        _time,
    ),
    (
        r"(?<![0-9A-Za-z])(?P<hour>[0-9]{1,2})(?P<minute>)\s?(?P<half_day>)(?P<after>AM|PM|am|pm)(?![A-Za-z])",
        _time,
    ),
    (r"正午", _noon),
    (
        rf"(?<!第)(?<!第\s){_number('number')}\s?(?P<unit>{_any_of(_COUNTERS)})(?<!一部)(?<!一口)(?<!一度)(?<!一行)",
        _count,
    ),
)
READERS = tuple((re.compile(pattern), read) for pattern, read in _FORMS)
