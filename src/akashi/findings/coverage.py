"""What findings say of requirements: an open one is not met, one closed by a new measurement is met."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.evidenced import Evidenced, Standing
from akashi.core.lifecycle import FindingState
from akashi.findings.store import finding_table, phase_table
from akashi.platform.site import Site

TITLES = {
    Standing.NOT_MET: "Findings without an answer in force ({count})",
    Standing.RECORDED: "Findings held by mitigation, acceptance or a stop ({count})",
    Standing.MET: "Findings closed by a new measurement ({count})",
}
HELD = frozenset({FindingState.MITIGATED, FindingState.ACCEPTED, FindingState.STOPPED})


def list_evidence(site: Site) -> list[Evidenced]:
    """Return one line for each requirement and standing: since the earliest of its findings."""
    now = site.now()
    with site.database.read() as connection:
        rows = _count_states(connection, now)
    merged: dict[tuple[str, Standing], tuple[datetime, int]] = {}
    for requirement, state, since, count in rows:
        key = (requirement, _stand(FindingState(state)))
        before, number = merged.get(key, (since, 0))
        merged[key] = (min(before, since), number + count)
    return [
        Evidenced(
            requirement,
            "findings",
            standing,
            TITLES[standing],
            since,
            f"/findings?q={requirement}",
            values={"count": count},
        )
        for (requirement, standing), (since, count) in sorted(merged.items())
    ]


def _stand(state: FindingState) -> Standing:
    if state is FindingState.CLOSED:
        return Standing.MET
    return Standing.RECORDED if state in HELD else Standing.NOT_MET


def _count_states(connection: Connection, now: datetime) -> list[tuple[str, str, datetime, int]]:
    found, phase = finding_table.c, phase_table.c
    in_force = sa.and_(phase.from_at <= now, sa.or_(phase.until_at.is_(None), phase.until_at > now))
    query = (
        sa.select(found.requirement_id, phase.state, sa.func.min(phase.from_at), sa.func.count())
        .select_from(finding_table.join(phase_table, phase.finding_id == found.id))
        .where(in_force)
        .group_by(found.requirement_id, phase.state)
    )
    return [(str(row[0]), str(row[1]), row[2], int(row[3])) for row in connection.execute(query)]
