"""How dates, money, rates and sizes are written for people, in Japanese and in English."""

from __future__ import annotations

from datetime import date, datetime

from akashi.core.moments import TOKYO, tokyo_day
from akashi.language.calendar import format_era_year, known_eras

NOTHING = "—"
_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZES = ("B", "kB", "MB", "GB", "TB")


def write_date(value: date | datetime | None, language: str) -> str:
    """Return the Tokyo day in words; a dash for nothing.

    >>> write_date(date(2026, 11, 20), "ja")
    '令和8年11月20日（金）'
    >>> write_date(date(2026, 11, 20), "en")
    'Fri, 20 Nov 2026'
    >>> write_date(date(2019, 5, 1), "ja")
    '令和元年5月1日（水）'
    """
    if value is None:
        return NOTHING
    day = _day(value)
    if language == "ja":
        return f"{write_era_year(day)}{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
    return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def write_era_year(day: date) -> str:
    """Return the year by Japanese era; before the first known era the western year.

    >>> write_era_year(date(1989, 1, 7)), write_era_year(date(1600, 1, 1))
    ('昭和64年', '1600年')
    """
    return format_era_year(day) if day >= known_eras()[0].first else f"{day.year}年"


def write_moment(value: datetime | None, language: str) -> str:
    """Return Tokyo day and time in words.

    >>> write_moment(datetime(2026, 11, 20, 10, 5, tzinfo=TOKYO), "ja")
    '令和8年11月20日（金）10:05'
    """
    if value is None:
        return NOTHING
    time = f"{value.astimezone(TOKYO):%H:%M}"
    return write_date(value, language) + ("" if language == "ja" else " ") + time


def write_iso(value: date | datetime | None) -> str:
    """Return the short form for tables: ``2026-11-20`` for a day, ``2026-11-20 10:05`` for a moment."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return f"{value.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    return value.isoformat()


def write_clock(value: datetime) -> str:
    """Return the Tokyo time of day, ``10:05``."""
    return f"{value.astimezone(TOKYO):%H:%M}"


def write_stamp(value: date | datetime, language: str) -> str:
    """Return the day as a date stamp shows it: era year in Japanese, western year in English.

    >>> write_stamp(date(2026, 11, 5), "ja"), write_stamp(date(2026, 11, 5), "en")
    ('8.11.5', '2026.11.5')
    """
    day = _day(value)
    firsts = [era.first.year for era in known_eras() if era.first <= day]
    year = day.year - firsts[-1] + 1 if firsts and language == "ja" else day.year
    return f"{year}.{day.month}.{day.day}"


def write_machine(value: date | datetime) -> str:
    """Return the form for ``<time datetime>``: ISO 8601, moments with their offset from UTC."""
    return (
        value.astimezone(TOKYO).isoformat("T", "seconds")
        if isinstance(value, datetime)
        else value.isoformat()
    )


def write_money(value: int | None, language: str) -> str:
    """Return yen.

    >>> write_money(1234567, "ja"), write_money(-500, "en")
    ('1,234,567円', '-¥500')
    """
    if value is None:
        return NOTHING
    if language == "ja":
        return f"{value:,}円"
    return f"{'-' if value < 0 else ''}¥{abs(value):,}"


def write_rate(value: float | None, digits: int = 1) -> str:
    """Return a rate of 0..1 in percent.

    >>> write_rate(0.0495, 2)
    '4.95%'
    """
    return NOTHING if value is None else f"{value * 100:.{digits}f}%"


def write_number(value: float | None) -> str:
    """Return a number with thousands separated; whole numbers without decimals."""
    return NOTHING if value is None else f"{value:,}"


def write_size(octets: int | None) -> str:
    """Return a file size, decimal units.

    >>> write_size(999), write_size(1_000), write_size(12_345_678)
    ('999 B', '1.0 kB', '12.3 MB')
    """
    if octets is None:
        return NOTHING
    if octets < 1000:
        return f"{octets} B"
    size = float(octets)
    for unit in _SIZES:
        if size < 999.95 or unit == _SIZES[-1]:
            break
        size /= 1000
    return f"{size:.1f} {unit}"


def write_distance(value: datetime | None, now: datetime, language: str) -> str:
    """Return how far a moment lies from ``now``; whole units, rounded towards zero.

    >>> noon = datetime(2026, 11, 20, 12, tzinfo=TOKYO)
    >>> write_distance(noon.replace(hour=9), noon, "ja"), write_distance(noon.replace(day=22), noon, "en")
    ('3時間前', 'in 2 days')
    """
    if value is None:
        return NOTHING
    seconds = (value - now).total_seconds()
    amount, unit_ja, unit_en = _largest_unit(abs(seconds))
    if amount == 0:
        return "たった今" if language == "ja" else "just now"
    if language == "ja":
        return f"{amount}{unit_ja}{'後' if seconds > 0 else '前'}"
    words = f"{amount} {unit_en}{'' if amount == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def write_days_left(value: date | None, now: datetime, language: str) -> str:
    """Return the Tokyo calendar days until a due date.

    >>> write_days_left(date(2026, 11, 18), datetime(2026, 11, 20, tzinfo=TOKYO), "ja")
    '2日超過'
    """
    if value is None:
        return NOTHING
    days = (_day(value) - tokyo_day(now)).days
    if language == "ja":
        return "本日" if days == 0 else f"あと{days}日" if days > 0 else f"{-days}日超過"
    words = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return "today" if days == 0 else f"{words} left" if days > 0 else f"{words} overdue"


def _day(value: date | datetime) -> date:
    return tokyo_day(value) if isinstance(value, datetime) else value


def _largest_unit(seconds: float) -> tuple[int, str, str]:
    for size, unit_ja, unit_en in ((86400, "日", "day"), (3600, "時間", "hour"), (60, "分", "minute")):
        if seconds >= size:
            return int(seconds // size), unit_ja, unit_en
    return 0, "", ""
