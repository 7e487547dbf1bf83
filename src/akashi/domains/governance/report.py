"""The list of use cases as lines, and the tiles of the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from akashi.core.display import Tile, Tone
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


def list_lines(site: Site) -> list[Line]:
    """Return every use case in use, the riskiest first."""
    tests = site.ports.evaluations
    with site.database.read() as connection:
        use_cases = store.list_use_cases(connection)
        events = store.events_by_use_case(connection)
        titles = list_titles(connection, ("company", "office", "vendor"))
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
            )
        )
    return sorted(lines, key=lambda line: (list(Tier).index(line.tier), line.title))


def tell_line(line: Line) -> dict[str, Any]:
    """Return a line for machines."""
    return {
        "code": line.code,
        "title": line.title,
        "tier": line.tier.value,
        "phase": line.phase.value,
        "stale": line.is_stale,
    }


def tiles(site: Site, actor: Actor) -> list[Tile]:
    """Return how many use cases live, how many of their decisions are stale, how many are stopped."""
    lines = list_lines(site)
    live = [line for line in lines if line.phase is Phase.LIVE]
    stale = sum(line.is_stale for line in live)
    stopped = sum(line.phase is Phase.SUSPENDED for line in lines)
    return [
        Tile("AI use cases live", len(live), "/governance", "of them"),
        Tile("Decisions that are stale", stale, "/governance", "of them", Tone.ALERT if stale else Tone.CALM),
        Tile("Use cases stopped", stopped, "/governance", "of them", Tone.NOTICE if stopped else Tone.CALM),
    ]
