"""Numbers as Japanese writes them, and the quantities of a text with their units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from akashi.core.spans import Interval
from akashi.language.calendar import western_year
from akashi.language.normalise import normalise

_DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壱弐参肆伍陸漆捌玖", range(10), strict=True)),
    **dict(zip("壹貳參弌弍弎", (1, 2, 3, 1, 2, 3), strict=True)),
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "陌": 100, "千": 1000, "仟": 1000, "阡": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "億": 10**8, "兆": 10**12}
_KANJI = "".join([*_DIGITS, *_SMALL, *_LARGE])
_PIECE = re.compile(rf"[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|[{_KANJI}]")
# A number starts where its run of characters starts and takes the whole run: linear on any input.
_NUMBER = rf"(?<![0-9{_KANJI}.,])[0-9{_KANJI}](?:[0-9{_KANJI}]|[.,](?=[0-9]))*+"


class Kind(StrEnum):
    """What a quantity measures."""

    AMOUNT = "amount"
    RATE = "rate"
    DATE = "date"
    PERIOD = "period"
    TIME = "time"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit at ``span`` of the original text.

    ``value`` and ``unit`` are in one form, so that equal quantities are equal however written:

    - amount: Decimal in ``JPY``, ``USD`` or ``EUR``
    - rate: Decimal fraction, ``fraction`` (2 % is 0.02)
    - date: ISO text as exact as written, ``day``, ``month``, ``year`` or ``fiscal_year``;
      ``--04-01`` where no year is said
    - period: ISO 8601 duration, ``duration``, or ``business_days``
    - time: ``HH:MM``, ``clock``
    - count: Decimal, the counter as written (回, 名, 枚 …)
    """

    kind: Kind
    value: Decimal | str
    unit: str
    span: Interval


def read_number(text: str) -> Decimal | None:
    """Return the value of a numeral in digits, kanji or both; None if it is not one.

    >>> [str(read_number(one)) for one in ("3,500万", "一億二千万", "二〇二六", "壱拾万", "1.5億")]
    ['35000000', '120000000', '2026', '100000', '150000000.0']
    """
    text = normalise(text).text
    total, section = Decimal(0), Decimal(0)
    current: Decimal | None = None
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() != at:
            return None
        at, word = piece.end(), piece.group()
        if word in _SMALL:
            section += (current if current is not None else 1) * _SMALL[word]
            current = None
        elif word in _LARGE:
            if current is None and not section:
                return None
            total += (section + (current or 0)) * _LARGE[word]
            section, current = Decimal(0), None
        elif word in _DIGITS:
            current = (current or Decimal(0)) * 10 + _DIGITS[word]
        elif current is not None:
            return None
        else:
            current = Decimal(word.replace(",", ""))
    return total + section + (current or 0) if text and at == len(text) else None


def read_quantities(text: str) -> list[Quantity]:
    """Return the amounts, rates, dates, periods, times and counts of ``text``, in order.

    Where two readings overlap the one that begins first wins, then the longer. What only looks like
    a quantity is left out: numbers without a unit, impossible dates, 一部, 一般, 十分に.

    >>> [(one.kind.value, str(one.value)) for one in read_quantities("令和6年に3,500万円を年２％で")]
    [('date', '2024'), ('amount', '35000000'), ('rate', '0.02')]
    """
    normal = normalise(text)
    found = [
        (match.start(), -match.end(), order, quantity)
        for order, (pattern, read) in enumerate(_READERS)
        for match in pattern.finditer(normal.text)
        if (quantity := read(match)) is not None
    ]
    quantities: list[Quantity] = []
    end = 0
    for start, stop, _, (kind, value, unit) in sorted(found, key=lambda one: one[:3]):
        if start >= end:
            end = -stop
            quantities.append(Quantity(kind, value, unit, normal.to_original(Interval(start, end))))
    return quantities


_Reading = tuple[Kind, Decimal | str, str]
_CURRENCIES = {"円": "JPY", "米ドル": "USD", "ドル": "USD", "USドル": "USD", "ユーロ": "EUR"}
_SIGNS = {"¥": "JPY", "\\": "JPY", "$": "USD", "€": "EUR"}


def _plain(value: Decimal) -> Decimal:
    """Return ``value`` without trailing zeros or exponent: 150000000.0 is 150000000."""
    return Decimal(f"{value.normalize():f}")


def _amount(match: re.Match[str]) -> _Reading | None:
    value = read_number(match["number"])
    if value is None:
        return None
    sign = match.groupdict().get("sign")
    unit = _SIGNS[sign] if sign else _CURRENCIES[match["unit"]]
    return Kind.AMOUNT, _plain(value), unit


def _percent(match: re.Match[str]) -> _Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.RATE, _plain(value / 100), "fraction")


def _tenths(match: re.Match[str]) -> _Reading | None:
    tenths, hundredths = read_number(match["tenths"]), read_number(match["hundredths"] or "0")
    if tenths is None or hundredths is None:
        return None
    return Kind.RATE, _plain(tenths / 10 + hundredths / 100), "fraction"


def _year(match: re.Match[str]) -> int | None:
    number = Decimal(1) if match["year"] == "元" else read_number(match["year"])
    if number is None or number != int(number):
        return None
    if match["era"]:
        return western_year(match["era"], int(number)) if 1 <= number <= 99 else None
    return int(number) if 1600 <= number <= 2199 else None


def _date(match: re.Match[str]) -> _Reading | None:
    year = _year(match)
    if year is None:
        return None
    groups = match.groupdict()
    if groups.get("fiscal"):
        return Kind.DATE, f"{year}", "fiscal_year"
    if not groups.get("month"):
        return Kind.DATE, f"{year}", "year"
    month, day = read_number(groups["month"]), read_number(groups.get("day") or "1")
    if not _is_day(year, month, day):
        return None
    if not groups.get("day"):
        return Kind.DATE, f"{year}-{int(month or 0):02}", "month"
    return Kind.DATE, f"{year}-{int(month or 0):02}-{int(day or 0):02}", "day"


def _day_of_year(match: re.Match[str]) -> _Reading | None:
    month, day = read_number(match["month"]), read_number(match["day"])
    if not _is_day(2024, month, day):
        return None
    return Kind.DATE, f"--{int(month or 0):02}-{int(day or 0):02}", "day"


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


_DURATIONS = ("years", "months", "weeks", "days", "hours", "minutes")


def _period(match: re.Match[str]) -> _Reading | None:
    groups = match.groupdict()
    if groups.get("business") is not None:
        value = read_number(groups["business"])
        return None if value is None else (Kind.PERIOD, _plain(value), "business_days")
    said = {name: groups[name] for name in _DURATIONS if groups.get(name)}
    values = {name: read_number(number) for name, number in said.items()}
    if not values or any(value is None for value in values.values()):
        return None
    if "years" in values and "後" not in match.group() and (values["years"] or 0) >= 1600:
        return None
    halves = "6M" if groups.get("half") else ""
    letters = {
        name: f"{_plain(value)}{name[0].upper()}" for name, value in values.items() if value is not None
    }
    days = "".join(letters.get(name, "") for name in _DURATIONS[:4])
    hours = "".join(letters.get(name, "") for name in _DURATIONS[4:])
    return Kind.PERIOD, f"P{days}{halves}" + (f"T{hours}" if hours else ""), "duration"


def _time(match: re.Match[str]) -> _Reading | None:
    hour, minute = read_number(match["hour"]), read_number(match["minute"] or "0")
    if hour is None or minute is None or hour != int(hour) or minute != int(minute):
        return None
    if match["half_day"] in ("午後", "夜", "夕方") and hour < 12:
        hour += 12
    minute = Decimal(30) if match.groupdict().get("half") else minute
    if hour > 24 or minute > 59:
        return None
    return Kind.TIME, f"{int(hour):02}:{int(minute):02}", "clock"


def _count(match: re.Match[str]) -> _Reading | None:
    value = read_number(match["number"])
    return None if value is None else (Kind.COUNT, _plain(value), match["unit"])


def _number(name: str) -> str:
    return f"(?P<{name}>{_NUMBER})"


_ERA = r"(?:(?P<era>明治|大正|昭和|平成|令和)\s?)?"
_ERA_YEAR = rf"{_ERA}(?P<year>{_NUMBER}|(?<=[治正和成])元)\s?年"
_MONTHS = r"(?:か|ヶ|カ|ヵ|ケ|箇|個)月"
_HALF_DAY = r"(?P<half_day>午前|午後|夜|夕方|朝)?の?\s?"
_COUNTERS = "|".join(
    (
        *("回", "名", "人", "枚", "件", "通", "部", "口", "本", "台", "社", "店", "歳", "才", "級"),
        *("桁", "種類", "項目", "か所", "ヶ所", "カ所", "箇所", "冊", "個", "点", "ページ", "頁"),
        *("文字", "世帯"),
    )
)
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Reading | None]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"{_number('number')}\s?(?P<unit>円|米ドル|USドル|ドル|ユーロ)", _amount),
        (rf"(?P<sign>[¥\\$€])\s?{_number('number')}(?!\s?円)", _amount),
        (rf"{_number('number')}\s?(?:%|パーセント|㌫)(?!ポイント)", _percent),
        (rf"{_number('tenths')}\s?割(?:\s?(?P<hundredths>[0-9{_KANJI}])\s?分)?(?!り|賦)", _tenths),
        (rf"{_ERA_YEAR}(?P<fiscal>度)", _date),
        (rf"{_ERA_YEAR}\s?{_number('month')}\s?月\s?{_number('day')}\s?日", _date),
        (rf"{_ERA_YEAR}\s?{_number('month')}\s?月(?!\s?[0-9{_KANJI}]+日)", _date),
        (
            rf"{_ERA_YEAR}(?!度|間|以|未満|超|後|前|ごと|毎|分|生|目)"
            rf"(?!\s?[0-9{_KANJI}]+\s?(?:月|{_MONTHS}))",
            _date,
        ),
        (
            r"(?<![0-9A-Za-z./-])(?P<era>[MTSHR])?(?P<year>[0-9]{1,4})(?P<separator>[./-])"
            r"(?P<month>[0-9]{1,2})(?P=separator)(?P<day>[0-9]{1,2})(?![0-9./-])",
            _date,
        ),
        (rf"{_number('month')}\s?月\s?{_number('day')}\s?日(?!間)", _day_of_year),
        (rf"{_number('business')}\s?営業日", _period),
        (
            rf"{_number('years')}\s?(?:年間?(?!度|\s?[0-9{_KANJI}]+\s?月))(?P<half>半)?"
            rf"(?:と?{_number('months')}\s?{_MONTHS}間?)?",
            _period,
        ),
        (rf"{_number('months')}\s?{_MONTHS}間?", _period),
        (rf"{_number('weeks')}\s?週間?", _period),
        (rf"(?<!月){_number('days')}\s?日間?(?!付|本|曜)", _period),
        (rf"{_number('hours')}\s?時間(?:{_number('minutes')}\s?分)?(?!外)", _period),
        (
            rf"(?<!時){_number('minutes')}\s?分(?=間|以|後|前|ほど|程度|く?らい|ごと|毎|かか|で|、|。|$)",
            _period,
        ),
        (
            rf"{_HALF_DAY}{_number('hour')}\s?時(?!間|点|期|代|効|価|計)"
            rf"(?:(?P<half>半)|{_number('minute')}\s?分)?",
            _time,
        ),
        (rf"{_HALF_DAY}(?<![0-9:])(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(?![0-9:])", _time),
        (rf"{_number('number')}\s?(?P<unit>{_COUNTERS})(?<!一部)", _count),
    )
)
