"""The list of use cases as lines, and the tiles of the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from akashi.core.display import Tile, Tone
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.domains.governance import store
from akashi.domains.governance.measure import (
    counting_run,
    is_stale,
    measure_phase,
    measure_tier,
    subject_digest,
)
from akashi.domains.governance.model import Phase, Tier
from akashi.domains.governance.spending import Level, Month, present_month, read_month
from akashi.domains.governance.training.treat import count_due, list_due
from akashi.platform.site import Site
from akashi.register.store import list_titles


@dataclass(frozen=True, slots=True)
class Line:
    """One use case in a list."""

    code: str
    title: str
    company: str
    office: str
    level: str
    tier: Tier
    phase: Phase
    is_stale: bool
    tested_at: datetime | None
    model: str
    vendor: str
    title_en: str = ""
    system: str = ""
    similar: str = ""


def list_lines(site: Site) -> list[Line]:
    """Return every use case in use, the riskiest first."""
    tests = site.ports.evaluations
    with site.database.read() as connection:
        use_cases = store.list_use_cases(connection)
        events = store.events_by_use_case(connection)
        titles = list_titles(connection, ("company", "office", "vendor", "system"))
        runs = {one.code: tuple(tests.read(connection, one.code)) if tests else () for one in use_cases}
    targets = {one.text("target") for one in use_cases} - {""}
    present = {target: tests.present(site, target) if tests else None for target in targets}
    lines = []
    for one in use_cases:
        now = present.get(one.text("target"))
        run, happened = counting_run(runs[one.code], now), events.get(one.code, ())
        lines.append(
            Line(
                code=one.code,
                title=one.title,
                company=titles.get(("company", one.text("company")), ""),
                office=titles.get(("office", one.text("owner_office")), ""),
                level=one.text("level"),
                tier=measure_tier(one)[0],
                phase=measure_phase(happened, run is not None),
                is_stale=is_stale(happened, subject_digest(one, now)),
                tested_at=run.ended_at if run else None,
                model=one.text("model"),
                vendor=titles.get(("vendor", one.text("vendor")), ""),
                title_en=one.text("name_en"),
                system=titles.get(("system", one.text("system")), ""),
                similar=one.text("similar"),
            )
        )
    return sorted(lines, key=lambda line: (list(Tier).index(line.tier), line.title))


@dataclass(frozen=True, slots=True)
class Shared:
    """What more than one use case rests on: were it to fail or change, all of them would be hit at once."""

    kind: str
    name: str
    lines: tuple[Line, ...]

    @property
    def live(self) -> int:
        """Return how many of them are live."""
        return sum(line.phase is Phase.LIVE for line in self.lines)


def list_shared(lines: Sequence[Line]) -> list[Shared]:
    """Return the vendors, models and systems behind two use cases or more, the most used first."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        for kind in SHARED:
            if name := getattr(line, kind):
                found.setdefault((kind, name), []).append(line)
    shared = [Shared(kind, name, tuple(on)) for (kind, name), on in found.items() if len(on) > 1]
    return sorted(shared, key=lambda one: (-len(one.lines), one.kind, one.name))


SHARED: Mapping[str, str] = {"vendor": "Vendor", "model": "Model", "system": "System"}
"""What is looked at for concentration -> its word."""


def tell_line(line: Line) -> dict[str, Any]:
    """Return a line for machines."""
    return {
        "code": line.code,
        "title": line.title,
        "tier": line.tier.value,
        "phase": line.phase.value,
        "stale": line.is_stale,
    }


def is_due(line: Line) -> bool:
    """Return whether a live use case is no longer what was decided."""
    return line.is_stale and line.phase is Phase.LIVE


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return use cases by status, stale decisions, this month's cost against plan and limit, and quizzes."""
    lines, now = list_lines(site), site.now()
    with site.database.read() as connection:
        month = read_month(site, connection, present_month(now))
        counts = count_due(list_due(connection, now), tokyo_day(now))
    stale = sum(is_due(line) for line in lines)
    late = Tone.NOTICE if counts["late"] else Tone.CALM
    tone = Tone.ALERT if stale else Tone.CALM
    return [
        *_status_tiles(lines),
        Tile("Decisions that are stale", stale, "/governance?stale=1", "decisions", tone),
        *_cost_tiles(month),
        Tile("Quizzes past due", counts["late"], "/governance/training", "people and roles", late),
    ]


def _status_tiles(lines: Sequence[Line]) -> Iterator[Tile]:
    """Yield how many use cases stand where; live ones also when there is none."""
    for phase, title in STATUS_TILES.items():
        count = sum(line.phase is phase for line in lines)
        if count or phase is Phase.LIVE:
            tone = Tone.NOTICE if phase is Phase.SUSPENDED else Tone.CALM
            yield Tile(title, count, f"/governance?phase={phase.value}", "use cases", tone)


def _cost_tiles(month: Month) -> Iterator[Tile]:
    """Yield what the month cost of its limit and of its plan; nothing where nobody set one or spent."""
    total, path = month.total, f"/governance/spending?month={month.month}"
    levels = {line.level for line in (*month.lines, total)}
    tone = Tone.ALERT if Level.OVER in levels else Tone.NOTICE if Level.NEAR in levels else Tone.CALM
    if total.limit or total.cost:
        limit = f"{total.limit:,}" if total.limit else "—"
        yield Tile("AI cost of this month, of its limit", f"{total.cost:,} / {limit}", path, "yen", tone)
    if total.plan:
        planned = Tone.NOTICE if total.cost > total.plan else Tone.CALM
        yield Tile("AI cost against its plan", f"{total.cost:,} / {total.plan:,}", path, "yen", planned)


STATUS_TILES: Mapping[Phase, str] = {
    Phase.LIVE: "AI use cases live",
    Phase.ASKED: "Use cases that wait for a decision",
    Phase.TRIAL: "Use cases on trial",
    Phase.VALIDATED: "Use cases validated",
    Phase.EVALUATED: "Use cases evaluated",
    Phase.DRAFTED: "Use cases drafted",
    Phase.SUSPENDED: "Use cases stopped",
}
"""The status of a use case -> the tile that counts it; ended ones are not counted."""
