"""Business hours: weekly lines and exceptions as people write them, and whether an office is open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from akashi.core.errors import InputError
from akashi.core.moments import TOKYO

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KANJI_DAYS = "月火水木金土日"
_JAPANESE = dict(zip(KANJI_DAYS, DAYS, strict=True))
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
CLOSED_WORDS = frozenset({"closed", "休業", "休み", "休"})

Span = tuple[int, int]
"""Minutes since midnight in Tokyo: open from the first, closed from the second; 1440 is midnight."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office is open: spans by weekday (0 is Monday), and by exceptional day."""

    weekly: Mapping[int, tuple[Span, ...]]
    exceptions: Mapping[date, tuple[Span, ...]]
    business_days_only: bool = False

    def spans(self, day: date, is_holiday: Callable[[date], bool]) -> tuple[Span, ...]:
        """Return the open spans of one Tokyo day; exceptions go before everything else."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.business_days_only and is_holiday(day):
            return ()
        return self.weekly.get(day.weekday(), ())

    def is_open(self, moment: datetime, is_holiday: Callable[[date], bool]) -> bool:
        """Return whether the office is open at an aware moment."""
        local = moment.astimezone(TOKYO)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.spans(local.date(), is_holiday))


def parse_weekly(text: str) -> dict[int, tuple[Span, ...]]:
    """Return the spans by weekday of lines such as ``mon-fri 09:00-15:00`` or ``月-金 9:00-15:00``.

    Raises: InputError: a line cannot be read, or a day stands twice.

    >>> parse_weekly("mon-tue 9:00-11:30 12:30-15:00")[1]
    ((540, 690), (750, 900))
    """
    weekly: dict[int, tuple[Span, ...]] = {}
    for line in _lines(text):
        days, _, spans = line.partition(" ")
        for day in _parse_days(days, line):
            if day in weekly:
                raise _unreadable(line)
            weekly[day] = _parse_spans(spans, line)
    return weekly


def write_weekly(weekly: Mapping[int, tuple[Span, ...]]) -> str:
    """Return the canonical lines: neighbouring days with equal spans share one.

    >>> write_weekly(parse_weekly("月火水 9:00-15:00\\n金 9:00-15:00"))
    'mon-wed 09:00-15:00\\nfri 09:00-15:00'
    """
    groups: list[tuple[int, int, tuple[Span, ...]]] = []
    for day in sorted(weekly):
        if groups and groups[-1][1] == day - 1 and groups[-1][2] == weekly[day]:
            groups[-1] = (groups[-1][0], day, weekly[day])
        else:
            groups.append((day, day, weekly[day]))
    return "\n".join(f"{_write_days(first, last)} {_write_spans(spans)}" for first, last, spans in groups)


def parse_exceptions(text: str) -> dict[date, tuple[Span, ...]]:
    """Return the spans by day of lines such as ``2026-12-30 closed`` or ``2026-12-31 9:00-12:00``.

    >>> parse_exceptions("2026-12-30 休業")
    {datetime.date(2026, 12, 30): ()}
    """
    found: dict[date, tuple[Span, ...]] = {}
    for line in _lines(text):
        day, _, spans = line.partition(" ")
        try:
            parsed = date.fromisoformat(day.replace("/", "-"))
        except ValueError as error:
            raise _unreadable(line) from error
        if parsed in found:
            raise _unreadable(line)
        found[parsed] = () if spans.strip() in CLOSED_WORDS else _parse_spans(spans, line)
    return found


def write_exceptions(exceptions: Mapping[date, tuple[Span, ...]]) -> str:
    """Return the canonical lines, by day."""
    return "\n".join(f"{day} {_write_spans(exceptions[day]) or 'closed'}" for day in sorted(exceptions))


def _lines(text: str) -> list[str]:
    cleaned = text.replace("\u3000", " ").replace("〜", "-").replace("～", "-").replace("：", ":")
    return [" ".join(line.split()) for line in re.split(r"[\r\n;]+", cleaned) if line.strip()]


def _parse_days(text: str, line: str) -> list[int]:
    words = text.lower()
    for kanji, day in _JAPANESE.items():
        words = words.replace(kanji, day)
    found: list[int] = []
    for part in re.findall(r"[a-z]{3}(?:-[a-z]{3})?|.", words.replace(",", "").replace("・", "")):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise _unreadable(line)
        start, end = DAYS.index(first), DAYS.index(last or first)
        if end < start:
            raise _unreadable(line)
        found += range(start, end + 1)
    if not found:
        raise _unreadable(line)
    return found


def _parse_spans(text: str, line: str) -> tuple[Span, ...]:
    spans = [_parse_span(part, line) for part in text.replace(",", " ").split()]
    if not spans or any(spans[i][1] > spans[i + 1][0] for i in range(len(spans) - 1)):
        raise _unreadable(line)
    return tuple(spans)


def _parse_span(text: str, line: str) -> Span:
    start, _, end = text.partition("-")
    matches = [_TIME.fullmatch(part) for part in (start, end)]
    if matches[0] is None or matches[1] is None:
        raise _unreadable(line)
    first, last = (int(match[1]) * 60 + int(match[2]) for match in (matches[0], matches[1]))
    if not first < last <= 1440:
        raise _unreadable(line)
    return first, last


def _write_days(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"


def _write_spans(spans: tuple[Span, ...]) -> str:
    return " ".join(f"{_write_time(start)}-{_write_time(end)}" for start, end in spans)


def _write_time(minute: int) -> str:
    return "24:00" if minute == 1440 else f"{time(minute // 60, minute % 60):%H:%M}"


def _unreadable(line: str) -> InputError:
    return InputError("The line {line} cannot be read.", next_step="Write it as in the example.", line=line)
