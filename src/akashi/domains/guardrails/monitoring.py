"""出力の常時モニタリング: each day in numbers, by system and by people, for one use case or for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.core.moments import tokyo_day
from akashi.domains.guardrails.events import DayCount, Fate, Why, count_days, count_kinds
from akashi.domains.guardrails.overblocking import Share
from akashi.domains.guardrails.reviews import Judged, Verdict, count_open, count_verdicts
from akashi.domains.guardrails.views import KIND_TITLES
from akashi.domains.guardrails.words import FATES, FOUND, TREATMENTS, VERDICTS, WHY
from akashi.platform.kit.catalogs import Translator, mark

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Span:
    """The Tokyo days that are shown, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Return every day, oldest first."""
        return tuple(self.first + timedelta(days=one) for one in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Monitored:
    """What passed the guards in a time, what of it people looked at, and what they said."""

    span: Span
    counts: Mapping[tuple[date, str], int]
    totals: Mapping[str, int]
    use_cases: tuple[str, ...]
    kinds: Mapping[tuple[str, str], int]
    judged: Judged
    open: int

    @property
    def all(self) -> int:
        """Return how many texts passed the guards."""
        return sum(self.totals.values())

    @property
    def too_strict(self) -> Share:
        """Return how many of the stopped texts that were judged should have passed."""
        why = (Why.STOPPED.value,)
        return Share(self.judged.of(*why, Verdict.TOO_STRICT.value), self.judged.total(*why))

    @property
    def missed(self) -> Share:
        """Return in how many of the random samples that were judged something was missed."""
        why = (Why.SAMPLE.value,)
        return Share(self.judged.of(*why, Verdict.MISSED.value), self.judged.total(*why))


def read_span(days: int, now: datetime) -> Span:
    """Return the last ``days`` Tokyo days, today included.

    >>> from datetime import UTC
    >>> len(read_span(7, datetime(2026, 11, 20, 1, tzinfo=UTC)).days)
    7
    """
    last = tokyo_day(now)
    return Span(last - timedelta(days=max(1, min(days, MOST_DAYS)) - 1), last)


def monitor(connection: Connection, span: Span, use_case: str = "") -> Monitored:
    """Return the numbers of a time; ``kinds`` and verdicts are those of all use cases."""
    rows = count_days(connection, span.first, span.last)
    chosen = [row for row in rows if use_case in ("", row.use_case)]
    return Monitored(
        span,
        _sum_days(chosen),
        {fate.value: sum(row.count for row in chosen if row.outcome == fate.value) for fate in Fate},
        tuple(sorted({row.use_case for row in rows})),
        count_kinds(connection, span.first, span.last),
        count_verdicts(connection, span.first, span.last),
        count_open(connection),
    )


def _sum_days(rows: list[DayCount]) -> dict[tuple[date, str], int]:
    counts: dict[tuple[date, str], int] = {}
    for row in rows:
        counts[row.day, row.outcome] = counts.get((row.day, row.outcome), 0) + row.count
    return counts


def name_found(what: str) -> str:
    """Return the message id of something that was found."""
    titles = {kind.value: title for kind, title in KIND_TITLES.items()}
    return titles.get(what) or FOUND.get(what, what)


def list_rows(seen: Monitored, said: Translator) -> Iterator[list[str]]:
    """Yield every number of a time, for a sheet."""
    yield [said(mark("Part")), said(mark("Item")), said(mark("Count"))]
    for day in seen.span.days:
        for fate, (word, _) in FATES.items():
            yield [day.isoformat(), said(word), str(seen.counts.get((day, fate), 0))]
    for (what, treatment), count in sorted(seen.kinds.items()):
        word = said(TREATMENTS[treatment][0]) if treatment in TREATMENTS else treatment
        yield [said(mark("What was found")), f"{said(name_found(what))}: {word}", str(count)]
    for why, title in WHY.items():
        for verdict, (word, _) in VERDICTS.items():
            yield [said(title), said(word), str(seen.judged.of(why, verdict))]
    yield [said(mark("Looked at by people")), said(mark("Waits to be looked at")), str(seen.open)]
