"""Days, months and years of the calendar, with their year said."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from akashi.core.errors import InputError
from akashi.language.calendar import known_eras, western_year
from akashi.language.expressions.model import Mention, Reason
from akashi.language.expressions.numerals import DIGITS, MARKS, parse_numeral

_ERAS = {
    **{
        name: letter
        for letter, names in (("R", "令和 れいわ"), ("H", "平成 へいせい"), ("S", "昭和 しょうわ"))
        for name in names.split()
    },
    **{
        name: letter
        for letter, names in (("T", "大正 たいしょう"), ("M", "明治 めいじ"))
        for name in names.split()
    },
}
_SHORT_ERAS = {"令": "R", "平": "H", "昭": "S", "大": "T", "明": "M"}
_ERA = (
    rf"(?:(?P<era>{'|'.join(_ERAS)})|(?<![a-z0-9])(?P<letter>[mtshr])\.?(?=[0-9元])"
    r"|(?<![一-鿿ぁ-ゖ])(?P<short>[令平昭大明])(?=[0-9]))"
)
_TENS = "[一二三四五六七八九]?十"
_ONES = "[一二三四五六七八九]?"
_KANJI_YEAR = (
    "[一二][〇一九][〇一二三四五六七八九]{2}|" + f"二千(?:{_TENS})?{_ONES}|千九百(?:{_TENS})?{_ONES}"
)
_YEAR = (
    rf"(?:{_ERA}(?P<number>元|がん|[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})"
    rf"|(?:西暦|ad)?(?<![{MARKS}.,/-])(?P<western>[12][0-9]{{3}}|{_KANJI_YEAR})|(?:['’‘](?P<two>[0-9]{{2}}))"
    rf"|(?<![{MARKS}.,/翌同前毎-])(?P<bare>[{DIGITS}十]{{1,3}}))"
)
_AGAIN = r"(?:\((?P<again>[^()]{2,9}?)年?\))?"
_WEEKDAYS = "月火水木金土日"
_WEEKDAY = (
    rf"(?:(?:\((?P<weekday>[{_WEEKDAYS}])(?:曜日?)?(?:・?祝)?\))|(?P<weekday_long>[{_WEEKDAYS}])曜日?)?"
)
_LAST_SHORT = 50
"""'50 is 2050, '51 is 1951. Ours."""
DAY_NAMES = {
    "ついたち": 1,
    "一日": 1,
    "ふつか": 2,
    "みっか": 3,
    "よっか": 4,
    "いつか": 5,
    "むいか": 6,
    "なのか": 7,
    "ようか": 8,
    "ここのか": 9,
    "とおか": 10,
    "じゅうよっか": 14,
    "十四っか": 14,
    "はつか": 20,
    "二十四っか": 24,
    "にじゅうよっか": 24,
}
DAY = (
    rf"(?:の?(?:(?P<day>[{DIGITS}十]{{1,3}})日(?!間|後|前|ほど|締)|(?P<named>{'|'.join(DAY_NAMES)})"
    r"|(?P<last>末日|月末|晦日|みそか|末|まつ)|(?P<lucky>吉日)))?"
)
SHADE = (
    r"(?P<shade>の?(?:上旬|中旬|下旬|初旬|初め|始め|はじめ|初頭|頭|あたま|前半|後半|半ば|なかば|中頃|中ごろ|春|夏|秋|冬|暮れ?|くれ|瀬|第[0-9一二三四]"
    r"|上半期|下半期|上期|下期|q)|以降|以後|以前|より前|より後|より先|よりあと|いこう|いぜん|過ぎ|すぎ|代(?!表|金|わ))?"
)
_NOT_MONTHLY = r"(?!間|か月|号)"
_LONG = re.compile(
    rf"{_YEAR}年{_AGAIN}[の、]?(?P<month>[{DIGITS}十]{{1,2}}|元)月{_NOT_MONTHLY}{DAY}{_WEEKDAY}{SHADE}"
)
_MARKED = re.compile(
    rf"{_YEAR}(?P<separator>[./・-])(?P<month>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})"
    r"(?:(?P=separator)(?P<day>[0-9]{1,2}|[一二三四五六七八九十]{1,3}))?(?![0-9./-]|%|年|か月)"
    rf"{_WEEKDAY}{SHADE}"
)
_SPACED = re.compile(
    rf"(?<![0-9 ])(?P<western>(?:19|20)[0-9]{{2}}) (?P<month>[0-9]{{1,2}}) (?P<day>[0-9]{{1,2}})(?![0-9 ])"
    rf"{SHADE}"
)
_SOLID = re.compile(
    rf"(?<![0-9a-z.,/-])(?:(?P<western>(?:19|20)[0-9]{{2}})|(?P<letter>[mtshr])(?P<number>[0-9]{{2}}))"
    rf"(?P<month>[01][0-9])(?P<day>[0-3][0-9])(?![0-9.,/円万-]){SHADE}"
)
_YEAR_ALONE = re.compile(
    rf"{_YEAR}年(?!間|半|目|前|後|以内){_AGAIN}"
    r"(?P<fiscal>度)?(?P<end>末|の?年末)?(?P<shade>の?(?:春|夏|秋|冬|初め|はじめ|初頭|頭|前半|後半|半ば|なかば"
    r"|上半期|下半期|上期|下期|第)|以降|以後|以前|より前|より後|代|ころから)?"
)
_SHORT_YEAR = re.compile(rf"{_ERA}(?P<number>[0-9]{{1,2}})(?![0-9./%,・-]|\)?年|億|万|千|円|か月)")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = "|".join(_ENGLISH_MONTHS)
_ENGLISH = re.compile(
    rf"(?<![a-z])(?P<name>{_MONTH_NAME})[a-z]*\.?(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?,? ?)?,?"
    r"(?P<western>(?:19|20)[0-9]{2})"
    rf"|(?P<first>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:of)?(?P<later>{_MONTH_NAME})[a-z]*\.?,?"
    r"(?P<year>(?:19|20)[0-9]{2})"
)


def find_days(text: str) -> Iterator[Mention]:
    """Yield the days, months and years whose year is said, and those whose era is missing."""
    for pattern in (_LONG, _MARKED, _SPACED, _SOLID):
        for found in pattern.finditer(text):
            mention = _read(found)
            if mention is not None:
                yield mention
    for found in (*_YEAR_ALONE.finditer(text), *_SHORT_YEAR.finditer(text)):
        mention = _read_year(found)
        if mention is not None:
            yield mention
    for found in _ENGLISH.finditer(text):
        name, day = found["name"] or found["later"], found["day"] or found["first"]
        year = int(found["western"] or found["year"])
        yield make_day(found, year, _ENGLISH_MONTHS.index(name) + 1, int(day) if day else None)


def asked(found: re.Match[str], reason: Reason) -> Mention:
    """Return the mention that has no value."""
    return Mention(found.start(), found.end(), None, reason=reason)


def whole(text: str | None) -> int | None:
    """Return a small numeral as an int; 元 is 1."""
    if text is None:
        return None
    value = parse_numeral("1" if text in ("元", "がん") else text)
    return None if value is None or value != int(value) else int(value)


def said_year(found: re.Match[str]) -> int | Reason | None:
    """Return the year of a match, NO_YEAR where the era is missing, None where it is no year."""
    groups = found.groupdict()
    if groups.get("bare") and not groups.get("western"):
        return Reason.NO_YEAR
    if groups.get("western"):
        year = whole(groups["western"])
        return year if year is not None and 1600 <= year <= 2199 else None
    if groups.get("two"):
        return int(groups["two"]) + (2000 if int(groups["two"]) <= _LAST_SHORT else 1900)
    letter = groups.get("letter")
    era = groups.get("era")
    short = groups.get("short")
    code = _ERAS[era] if era else _SHORT_ERAS[short] if short else (letter or "").upper()
    number = whole(groups["number"])
    if number is None or not 1 <= number <= 99:
        return Reason.IMPOSSIBLE
    return western_year(code, number)


def last_day(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return calendar.monthrange(year, month)[1]


def said_day(found: re.Match[str], year: int, month: int) -> int | None:
    """Return the day of the month that a match says, if any."""
    groups = found.groupdict()
    if groups.get("last"):
        return last_day(year, month)
    if groups.get("named"):
        return DAY_NAMES[groups["named"]]
    return whole(groups.get("day"))


def _read(found: re.Match[str]) -> Mention | None:
    groups = found.groupdict()
    year, month = said_year(found), whole(groups["month"])
    if year is None:
        return None
    if isinstance(year, Reason):
        if groups.get("separator"):
            return asked(found, year) if groups.get("day") else None
        return asked(found, year)
    if month is None or not 1 <= month <= 12:
        return asked(found, Reason.IMPOSSIBLE)
    if groups.get("again") and _other_year(groups["again"], year):
        return asked(found, Reason.CONTRADICTION)
    if groups.get("shade"):
        return asked(found, Reason.VAGUE)
    mention = make_day(found, year, month, said_day(found, year, month))
    if mention.value is not None and _before_era(found, str(mention.value)):
        return asked(found, Reason.IMPOSSIBLE)
    return mention


def make_day(found: re.Match[str], year: int, month: int, day: int | None) -> Mention:
    """Return the month or the day; IMPOSSIBLE if there is none, CONTRADICTION on a wrong weekday."""
    if day is None:
        return Mention(found.start(), found.end(), f"{year:04}-{month:02}", "month")
    if not 1 <= day <= last_day(year, month):
        return asked(found, Reason.IMPOSSIBLE)
    groups = found.groupdict()
    weekday = groups.get("weekday") or groups.get("weekday_long")
    if weekday and _WEEKDAYS.index(weekday) != date(year, month, day).weekday():
        return asked(found, Reason.CONTRADICTION)
    return Mention(found.start(), found.end(), f"{year:04}-{month:02}-{day:02}", "day")


def _before_era(found: re.Match[str], value: str) -> bool:
    """Return whether a day or month lies before its era began: 令和元年4月."""
    groups = found.groupdict()
    code = (
        _ERAS.get(groups.get("era") or "")
        or _SHORT_ERAS.get(groups.get("short") or "")
        or (groups.get("letter") or "").upper()
    )
    first = next((era.first for era in known_eras() if era.letter == code), None)
    return first is not None and value < first.isoformat()[: len(value)]


_AGAIN_YEAR = re.compile(
    rf"(?:{_ERA}(?P<number>元|[0-9]{{1,2}}|[{DIGITS}十]{{1,3}})|(?:西暦)?(?P<western>[12][0-9]{{3}}|{_KANJI_YEAR}))"
)


def _other_year(text: str, year: int) -> bool:
    found = _AGAIN_YEAR.fullmatch(text)
    return found is not None and said_year(found) != year


def _read_year(found: re.Match[str]) -> Mention | None:
    groups = found.groupdict()
    try:
        year = said_year(found)
    except InputError:
        return asked(found, Reason.IMPOSSIBLE)
    if year is None or year is Reason.NO_YEAR:
        return None
    if isinstance(year, Reason):
        return asked(found, year)
    if groups.get("again") and _other_year(groups["again"], year):
        return asked(found, Reason.CONTRADICTION)
    if groups.get("shade") or (groups.get("fiscal") and not groups.get("end")):
        return asked(found, Reason.VAGUE)
    if groups.get("fiscal"):
        return Mention(found.start(), found.end(), f"{year + 1}-03-31", "day")
    if groups.get("end"):
        return Mention(found.start(), found.end(), f"{year}-12-31", "day")
    return Mention(found.start(), found.end(), f"{year:04}", "year")
