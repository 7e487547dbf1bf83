"""What AI use cases cost in a month, against plan and limit; what comes near a limit is a finding."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.engine import Connection

from akashi.core.lifecycle import FindingState
from akashi.core.moments import tokyo_day
from akashi.core.people import SYSTEM
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.domains.governance import store
from akashi.domains.governance.model import Kpi, UseCase
from akashi.findings.store import find_same
from akashi.findings.treat import find_status, measure_again, open_finding
from akashi.platform.canonical import Json, canonical_json
from akashi.platform.endpoint_use import Spent, list_spent, read_spending
from akashi.platform.ids import new_id
from akashi.platform.site import Site

MICRO = 1_000_000
NEAR = 0.8
"""From this share of a limit on somebody is told. Ours."""
COST = "費用"
YEN = frozenset({"円", "yen", "JPY"})
"""Figures whose name begins with 費用 and whose unit is yen are the plan and the bill of a month."""
REQUIREMENT = "ai-return-metered"
"""Metered cost has a monthly limit and an alarm for each use. Document 000, IV."""


class Level(StrEnum):
    """How a month stands to its limit."""

    WITHIN = "within"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Line:
    """One use case in one month, in whole yen. ``code`` is empty for calls that belong to none of them.

    ``spent`` is what our own endpoint was called for, ``billed`` what people wrote down, ``limit`` 0 none.
    """

    code: str
    title: str
    spent: int
    billed: int
    plan: int
    limit: int

    @property
    def cost(self) -> int:
        """Return the higher of what was counted and what was billed."""
        return max(self.spent, self.billed)

    @property
    def level(self) -> Level:
        """Return how it stands to its limit."""
        if not self.limit or self.cost < NEAR * self.limit:
            return Level.WITHIN
        return Level.OVER if self.cost > self.limit else Level.NEAR


@dataclass(frozen=True, slots=True)
class Month:
    """Everything of one month; ``limit`` is the endpoint's own, which stops calls."""

    month: str
    lines: tuple[Line, ...]
    spent: int
    limit: int
    days: tuple[Spent, ...]

    @property
    def total(self) -> Line:
        """Return the sums; the limit is the endpoint's, else what the use cases may cost together."""
        sums = [
            sum(getattr(one, name) for one in self.lines) for name in ("spent", "billed", "plan", "limit")
        ]
        return Line("", "", max(sums[0], self.spent), sums[1], sums[2], self.limit or sums[3])


def measure_month(
    use_cases: Sequence[UseCase], spent: Sequence[Spent], kpis: Sequence[Kpi], month: str
) -> tuple[Line, ...]:
    """Return what each use case cost, dearest first; only those with a cost, a plan or a limit.

    A call belongs to the use case of its name, else to the one whose target has its name: where
    several share it, the first by code that has a limit. What belongs to none stands in a line of its own.
    """
    owners = _own_accounts(use_cases)
    counted: dict[str, int] = {}
    for one in spent:
        code = owners.get(one.use_case, "")
        counted[code] = counted.get(code, 0) + one.microyen
    costs = [one for one in kpis if one.month == month and one.name.startswith(COST) and one.unit in YEN]
    lines = [
        Line(
            use_case.code,
            use_case.title,
            -(-counted.get(use_case.code, 0) // MICRO),
            round(sum(one.actual or 0 for one in costs if one.use_case == use_case.code)),
            round(sum(one.plan for one in costs if one.use_case == use_case.code)),
            int(use_case.values.get("cost_limit") or 0),
        )
        for use_case in use_cases
    ]
    lines += [Line("", "", -(-counted[""] // MICRO), 0, 0, 0)] if counted.get("") else []
    shown = [one for one in lines if one.cost or one.plan or one.limit]
    return tuple(sorted(shown, key=lambda one: (-one.cost, one.code)))


def _own_accounts(use_cases: Sequence[UseCase]) -> Mapping[str, str]:
    """Return which use case the calls of an account belong to."""
    by_target: dict[str, str] = {}
    for one in sorted(use_cases, key=lambda one: (not one.values.get("cost_limit"), one.code)):
        if one.text("target"):
            by_target.setdefault(one.text("target"), one.code)
    return {**by_target, **{one.code: one.code for one in use_cases}}


def read_month(site: Site, connection: Connection, month: str) -> Month:
    """Return what was spent in a month, written 2026-11."""
    year, number = int(month[:4]), int(month[5:])
    first, last = date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1])
    days = tuple(list_spent(connection, first, last))
    lines = measure_month(store.list_use_cases(connection), days, store.list_kpis(connection), month)
    endpoint = site.settings.endpoint
    spent = -(-read_spending(connection, first)[1] // MICRO)
    return Month(month, lines, spent, endpoint.monthly_yen if endpoint else 0, days)


def present_month(now: datetime) -> str:
    """Return the month of a moment in Tokyo."""
    return f"{tokyo_day(now):%Y-%m}"


def watch_spending(site: Site, now: datetime) -> int:
    """Open a finding for each use case near or over its limit, and close it when it is within again.

    Safe to repeat: the same month at the same level is the same evidence. Returns how many were opened
    or closed.
    """
    with site.database.read() as connection:
        month = read_month(site, connection, present_month(now))
        due = [one for one in month.lines if one.code and one.limit and _is_new(connection, one, month, now)]
    for line in due:
        with site.database.write() as connection:
            _report(connection, line, month.month, now)
    return len(due)


def _is_new(connection: Connection, line: Line, month: Month, now: datetime) -> bool:
    """Return whether a finding would say something else than is kept."""
    for level in (Level.NEAR, Level.OVER):
        finding = make_finding(line, month.month, level, now)
        known = find_same(connection, finding)
        if (line.level is level) != bool(known and _is_open(connection, known, now)):
            return True
    return False


def _is_open(connection: Connection, finding_id: str, now: datetime) -> bool:
    return find_status(connection, finding_id, now).state is not FindingState.CLOSED


def _report(connection: Connection, line: Line, month: str, now: datetime) -> None:
    for level in (Level.NEAR, Level.OVER):
        finding = make_finding(line, month, level, now)
        known = find_same(connection, finding)
        if line.level is level:
            open_finding(connection, finding, SYSTEM, now)
        elif known:
            measure_again(connection, known, finding.evidence[0], passed=True, actor=SYSTEM, now=now)


def make_finding(line: Line, month: str, level: Level, now: datetime) -> Finding:
    """Return the finding that a use case came near its limit, or passed it."""
    told: dict[str, Json] = {"use_case": line.code, "month": month, "limit": line.limit, "level": level.value}
    held: dict[str, Json] = {**told, "holds": line.level is level}
    evidence = Evidence(
        new_id("evd"),
        digest_of(canonical_json(held)),
        now,
        f"/governance/spending?month={month}&use_case={line.code}",
    )
    word = "を超えた" if level is Level.OVER else f"の{NEAR:.0%}に達した"
    return Finding(
        "governance",
        "spending",
        Subject(SubjectKind.USE_CASE, line.code),
        REQUIREMENT,
        f"spending-{level.value}",
        Severity.HIGH if level is Level.OVER else Severity.MEDIUM,
        f"AIユースケースの月次費用が上限{word}",
        f"{line.title}：{month}の費用 {line.cost:,}円、上限 {line.limit:,}円、計画 {line.plan:,}円。",
        (evidence,),
    )
