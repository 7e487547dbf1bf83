"""Periods as customers write them: years, months, weeks, days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from akashi.language.expressions.model import Mention, Reason
from akashi.language.expressions.numerals import MARKS, NUMBER, may_be_two, parse_numeral

_AFTER = r"(?P<after>目|生(?!命)|度|版|ぶり|物|もの|ごと|毎|おき|前|後|代|式|早|遅|先)?"
_YEARS = re.compile(
    rf"(?P<years>{NUMBER})年間?(?P<half>半(?!分|額|期))?(?:と?、?(?P<plus>半年)|[とぷらす、]*(?P<months>{NUMBER})(?:か月|月(?!{MARKS}|末|期|決算))間?)?"
    rf"(?P<months_half>半)?(?:と?(?P<days>{NUMBER})日間?)?{_AFTER}"
)
_MONTHS = re.compile(
    rf"(?P<months>{NUMBER})か月間?(?P<months_half>半)?(?:と?(?P<days>{NUMBER})日間?)?{_AFTER}"
)
_WEEKS = re.compile(rf"(?P<weeks>{NUMBER})週間?(?P<half>半)?{_AFTER}")
_DAYS = re.compile(
    rf"(?<![月年か年月日{MARKS}])(?P<days>{NUMBER})日間?(?P<half>半)?(?!付|本|曜|経|銀|営業)(?P<after>目|生|ぶり|ごと|毎|おき|前|後|締|払)?"
)
_HOURS = re.compile(rf"(?P<hours>{NUMBER})時間(?P<half>半)?(?:(?P<minutes>{NUMBER})分)?{_AFTER}")
_MINUTES = re.compile(rf"(?<![時時間]){NUMBER}分間")
_HALF_YEAR = re.compile(
    r"(?<![年前上下大過と])半年間?(?:と(?P<months>[0-9一二三四五六七八九]{1,2})か月)?(?P<after>前|後|ごと|毎|おき|ぶり)?"
)
_MONTH_WORDS = re.compile(r"(?P<word>ひと|ふた)月(?P<half>半)?(?P<after>前|後|ごと|ぶり)?")
_BUSINESS = re.compile(rf"{NUMBER}営業日")
_YEAR_LIKE = 1000


def find_periods(text: str) -> Iterator[Mention]:
    """Yield the periods of a folded text; a year of the calendar is none."""
    for pattern in (_YEARS, _MONTHS, _WEEKS, _DAYS, _HOURS):
        for found in pattern.finditer(text):
            mention = _read(found)
            if mention is not None:
                yield mention
    for found in _HALF_YEAR.finditer(text):
        months = 6 + int(parse_numeral(found["months"] or "〇") or 0)
        yield _asked(found, Reason.VAGUE) if found["after"] else _mention(found, f"P{months}M")
    for found in _MONTH_WORDS.finditer(text):
        months = 1 if found["word"] == "ひと" else 2
        yield (
            _asked(found, Reason.VAGUE) if found["half"] or found["after"] else _mention(found, f"P{months}M")
        )
    for pattern in (_BUSINESS, _MINUTES):
        for found in pattern.finditer(text):
            yield _asked(found, Reason.VAGUE)


def _mention(found: re.Match[str], value: str) -> Mention:
    return Mention(found.start(), found.end(), value, "duration")


def _asked(found: re.Match[str], reason: Reason) -> Mention:
    return Mention(found.start(), found.end(), None, reason=reason)


_NAMES = ("years", "months", "weeks", "days", "hours", "minutes")


def _read(found: re.Match[str]) -> Mention | None:
    groups = found.groupdict()
    said = {name: groups[name] for name in _NAMES if groups.get(name)}
    values: dict[str, Decimal] = {}
    for name, number in said.items():
        value = parse_numeral(number)
        if value is None:
            return _asked(found, Reason.RANGE if "," in number else Reason.IMPOSSIBLE)
        if may_be_two(number):
            return _asked(found, Reason.RANGE)
        values[name] = value
    if values.get("years", 0) >= _YEAR_LIKE:
        return None
    if groups.get("after") or groups.get("months_half"):
        return _asked(found, Reason.VAGUE)
    return _sum(found, values, groups)


def _sum(found: re.Match[str], values: dict[str, Decimal], groups: dict[str, str | None]) -> Mention:
    if groups.get("half"):
        if "years" not in values and "hours" not in values:
            return _asked(found, Reason.VAGUE)
        name = "months" if "years" in values else "minutes"
        values[name] = values.get(name, Decimal(0)) + (6 if name == "months" else 30)
    if groups.get("plus"):
        values["months"] = Decimal(6)
    if "years" in values and values.get("months", Decimal(0)) >= 12:
        return _asked(found, Reason.CONTRADICTION)
    months = values.pop("years", Decimal(0)) * 12 + values.get("months", Decimal(0))
    if months:
        values["months"] = months
    if any(value != int(value) for value in values.values()):
        return _asked(found, Reason.IMPOSSIBLE)
    return _mention(found, _iso({name: int(value) for name, value in values.items() if value}))


def _iso(values: dict[str, int]) -> str:
    """Return the shortest way of writing: full years and months, weeks alone.

    >>> _iso({"months": 42}), _iso({"weeks": 3}), _iso({"months": 12})
    ('P3Y6M', 'P3W', 'P1Y')
    """
    years, months = divmod(values.get("months", 0), 12)
    parts = (("Y", years), ("M", months), ("W", values.get("weeks", 0)), ("D", values.get("days", 0)))
    hours = "".join(f"{values[name]}{name[0].upper()}" for name in ("hours", "minutes") if values.get(name))
    text = (
        "P" + "".join(f"{value}{letter}" for letter, value in parts if value) + (f"T{hours}" if hours else "")
    )
    return text if text != "P" else "P0D"
