"""Days counted from today, and days whose year is not said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from akashi.language.expressions.dates import DAY, SHADE, asked, last_day, make_day, said_day, whole
from akashi.language.expressions.model import Mention, Reason
from akashi.language.expressions.numerals import DIGITS, MARKS, NUMBER, parse_numeral

_YEARS = {
    "さ来年": 2,
    "今年": 0,
    "ことし": 0,
    "本年": 0,
    "再来年": 2,
    "さらいねん": 2,
    "来年": 1,
    "らいねん": 1,
    "一昨年": -2,
    "おととし": -2,
    "昨年": -1,
    "さくねん": -1,
    "去年": -1,
    "きょねん": -1,
}
_MONTHS = {
    "さ来月": 2,
    "今月": 0,
    "こんげつ": 0,
    "再来月": 2,
    "さらいげつ": 2,
    "来月": 1,
    "らいげつ": 1,
    "先々月": -2,
    "先先月": -2,
    "せんせんげつ": -2,
    "先月": -1,
    "せんげつ": -1,
}
_DAYS = {
    "明々後日": 3,
    "しあさって": 3,
    "明後日": 2,
    "あさって": 2,
    "明日": 1,
    "あした": 1,
    "みょうにち": 1,
    "今日": 0,
    "本日": 0,
    "きょう": 0,
    "ほんじつ": 0,
    "一昨日": -2,
    "おととい": -2,
    "昨日": -1,
    "きのう": -1,
}
_WEEKS = {
    "さ来週": 2,
    "再来週": 2,
    "さらいしゅう": 2,
    "来週": 1,
    "らいしゅう": 1,
    "今週": 0,
    "こんしゅう": 0,
    "先週": -1,
}
_WEEKDAYS = "月火水木金土日"


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_WEEKDAY = rf"(?:\((?P<weekday>[{_WEEKDAYS}])(?:曜日?)?\)|(?P<weekday_long>[{_WEEKDAYS}])曜日?)?"
_MONTH = rf"(?P<month>[{DIGITS}十]{{1,2}})月(?!間|号)"
_SLASH = r"(?P<slash_month>[0-9]{1,2})/(?P<slash_day>[0-9]{1,2})(?![0-9./円%])"
_NAMED_MONTH = rf"(?P<year>{_any_of(_YEARS)})の?、?(?:{_MONTH}{DAY}|{_SLASH}){_WEEKDAY}{SHADE}"
_NAMED_YEAR = (
    rf"(?P<year>{_any_of(_YEARS)})の?(?:(?P<end>末|年末|大晦日|大みそか)|(?P<new>元日|元旦)"
    rf"|(?P<fiscal>度末?))?(?:中に?)?{SHADE}"
)
_RELATIVE_MONTH = rf"(?<![再々翌さ])(?P<relative>{_any_of(_MONTHS)})(?:{DAY})(?:中旬|中に?)?{_WEEKDAY}{SHADE}"
_RELATIVE_DAY = (
    rf"(?<!々)(?P<days>{_any_of(_DAYS)})(?!葉|館)|(?<![ぁ-んー])(?P<tomorrow>あす)(?=まで|に|の|は|、|。|\Z)"
)
_WEEK = (
    rf"(?<![再々翌さ])(?P<week>{_any_of(_WEEKS)})の?"
    rf"(?:(?P<of>[{_WEEKDAYS}])(?:曜日?|よう))?(?:中|末|頭|明け)?"
)
_COUNTED = (
    rf"(?:(?P<half>半年)|(?P<number>{NUMBER})(?P<of>年|か月|週間?|日))(?P<dir>後|ご(?![一-鿿ぁ-ゖ])|前|まえ)"
)
_ENDS = r"(?<![0-9一-鿿々])(?P<which>今|本|来|翌|当)?(?P<what>年度末|期末|年末(?!年始)|月末)"
_NO_YEAR_DAY = (
    rf"(?P<next>今度の|次の|来る|きたる)?(?<![{MARKS}./年-])(?:{_MONTH}{DAY}|{_SLASH}){_WEEKDAY}{SHADE}"
)
_ONLY_DAY = rf"(?<![{MARKS}月年./-])(?P<day>[{DIGITS}十]{{1,3}})日(?!間|後|前|分|本|以内|ほど)"
_SPECIAL = r"(?P<end>大晦日|大みそか)|(?P<new>元日|元旦)"
_PATTERNS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("named_month", _NAMED_MONTH), ("named_year", _NAMED_YEAR), ("relative_month", _RELATIVE_MONTH),
        ("relative_day", _RELATIVE_DAY), ("week", _WEEK), ("counted", _COUNTED), ("ends", _ENDS),
        ("no_year", _NO_YEAR_DAY), ("only_day", _ONLY_DAY), ("special", _SPECIAL),
    )
}  # fmt: skip
_FUTURE = re.compile(
    r"まで|必要|ほし|欲し|希望|予定|借りたい|使いたい|したい|入用|入り用|間に合|支払う|から借り|導入する|には"
)
_PAST = re.compile(
    r"設立|創業|開業し|生まれ|生れ|誕生|入社|就職|結婚し|でした|ました|だった|借りた(?!い)|買った|始めた|退職|以来|亡く|完成した"
)
_NEVER = re.compile(r"(?:毎年|毎月|毎|各|翌年|翌|同年|前年|いつもの?|の前の|この前の|前の)の?\Z")


def find_relative(text: str, today: date | None, towards: str | None) -> Iterator[Mention]:
    """Yield what is counted from ``today``, and days without a year.

    Without a year a day is read only where something says whether it lies ahead or behind: ``towards``
    (``future``, ``past``), 今度の, 次の, or words such as までに.
    """
    towards = towards or _direction(text)
    for name, pattern in _PATTERNS.items():
        for found in pattern.finditer(text):
            if name in ("no_year", "only_day", "special", "ends") and _NEVER.search(
                text[max(0, found.start() - 12) : found.start()]
            ):
                yield asked(found, Reason.VAGUE)
            elif today is None:
                yield asked(
                    found, Reason.NO_YEAR if name in ("no_year", "only_day", "special") else Reason.NO_TODAY
                )
            else:
                yield _read(name, found, today, towards)


def _direction(text: str) -> str | None:
    """Return ``future`` where words say so; the past has no nearest year (設立は3月, 5月生まれ)."""
    return "future" if _FUTURE.search(text) and not _PAST.search(text) else None


def _read(name: str, found: re.Match[str], today: date, towards: str | None) -> Mention:
    if found.groupdict().get("shade"):
        return asked(found, Reason.VAGUE)
    match name:
        case "named_month":
            return _in_year(found, today.year + _YEARS[found["year"]])
        case "named_year":
            return _year(found, today)
        case "relative_month":
            return _month(found, today)
        case "relative_day":
            return _day(found, today + timedelta(days=_DAYS[found["days"] or "明日"]))
        case "week":
            return _week(found, today)
        case "counted":
            return _counted(found, today)
        case "ends":
            return _end(found, today)
        case "no_year":
            return _without_year(found, today, "future" if found["next"] else towards)
        case _:
            return asked(found, Reason.NO_YEAR)


def _day(found: re.Match[str], day: date) -> Mention:
    return Mention(found.start(), found.end(), day.isoformat(), "day")


def _in_year(found: re.Match[str], year: int) -> Mention:
    month = whole(found["month"] or found["slash_month"])
    if month is None or not 1 <= month <= 12:
        return asked(found, Reason.IMPOSSIBLE)
    day = whole(found["slash_day"]) if found["slash_month"] else said_day(found, year, month)
    return make_day(found, year, month, day)


def _year(found: re.Match[str], today: date) -> Mention:
    year = today.year + _YEARS[found["year"]]
    if found["fiscal"]:
        fiscal = today.year - (today.month < 4) + _YEARS[found["year"]]
        return (
            _day(found, date(fiscal + 1, 3, 31)) if found["fiscal"] == "度末" else asked(found, Reason.VAGUE)
        )
    if found["end"]:
        return _day(found, date(year, 12, 31))
    return (
        _day(found, date(year, 1, 1))
        if found["new"]
        else Mention(found.start(), found.end(), f"{year}", "year")
    )


def _shift(today: date, months: int) -> tuple[int, int]:
    count = today.year * 12 + today.month - 1 + months
    return count // 12, count % 12 + 1


def _month(found: re.Match[str], today: date) -> Mention:
    year, month = _shift(today, _MONTHS[found["relative"]])
    if "中旬" in found.group():
        return asked(found, Reason.VAGUE)
    return make_day(found, year, month, said_day(found, year, month))


def _week(found: re.Match[str], today: date) -> Mention:
    monday = today + timedelta(days=7 * _WEEKS[found["week"]] - today.weekday())
    of = found["of"]
    if not of or of == "日" or today.weekday() == 6:
        days = tuple((monday + timedelta(days=passed)).isoformat() for passed in range(7)) if not of else ()
        return Mention(found.start(), found.end(), None, reason=Reason.VAGUE, candidates=days[:5])
    return _day(found, monday + timedelta(days=_WEEKDAYS.index(of)))


def _counted(found: re.Match[str], today: date) -> Mention:
    sign = -1 if found["dir"] in ("前", "まえ") else 1
    value = None if found["half"] else parse_numeral(found["number"])
    if not found["half"] and (value is None or value != int(value) or value > 5000):
        return asked(found, Reason.IMPOSSIBLE)
    number = int(value or 0)
    of = found["of"] or ""
    if of.startswith(("週", "日")):
        return _day(found, today + timedelta(days=sign * number * (7 if of.startswith("週") else 1)))
    months = 6 if found["half"] else number * (12 if of == "年" else 1)
    if months > 1200:
        return asked(found, Reason.IMPOSSIBLE)
    year, month = _shift(today, sign * months)
    day = min(today.day, last_day(year, month))
    candidates = (f"{year:04}-{month:02}", f"{year:04}-{month:02}-{day:02}")
    return Mention(found.start(), found.end(), None, reason=Reason.VAGUE, candidates=candidates)


def _end(found: re.Match[str], today: date) -> Mention:
    which, what = found["which"], found["what"]
    if what == "期末" or which in ("翌", "当") or (which and what == "月末"):
        return asked(found, Reason.VAGUE)
    later = 1 if which == "来" else 0
    if what == "月末":
        return _day(found, date(today.year, today.month, last_day(today.year, today.month)))
    if what == "年末":
        return _day(found, date(today.year + later, 12, 31))
    return _day(found, date(today.year - (today.month < 4) + 1 + later, 3, 31))


def _without_year(found: re.Match[str], today: date, towards: str | None) -> Mention:
    month = whole(found["month"] or found["slash_month"])
    if month is None or not 1 <= month <= 12:
        return asked(found, Reason.IMPOSSIBLE)
    near = [_in_year(found, year) for year in range(today.year - 1, today.year + 2)]
    known = [one for one in near if one.value is not None]
    if not known:
        return asked(found, near[0].reason or Reason.IMPOSSIBLE)
    ahead = [one for one in known if str(one.value) >= today.isoformat()[: len(str(one.value))]]
    behind = [one for one in known if str(one.value) <= today.isoformat()[: len(str(one.value))]]
    chosen = ahead[:1] if towards == "future" else behind[-1:] if towards == "past" else []
    if chosen:
        return chosen[0]
    meant = tuple(str(one.value) for one in (*behind[-1:], *ahead[:1]))
    return Mention(found.start(), found.end(), None, reason=Reason.NO_YEAR, candidates=meant)
