"""``tick`` writes down what time did: once each, with the moment at which it happened."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from akashi.core.moments import end_of_day
from akashi.findings import treat
from akashi.findings.duties import record_turns
from akashi.findings.store import event_table
from akashi.ledger.store import entry_table
from akashi.platform.site import Site
from tests.findings.conftest import ACCEPT, DUE, EXPIRES, OFFICER, REMEDIATE, decision, work


def turns(site: Site) -> list[tuple[str, datetime]]:
    query = sa.select(event_table.c.once, event_table.c.at).where(event_table.c.kind == "turned")
    with site.database.read() as connection:
        found = connection.execute(query.order_by(event_table.c.sequence)).all()
    return [(once.split(":")[0], at) for once, at in found]


def test_expiry_is_recorded_once_with_its_own_moment(site: Site, finding_id: str) -> None:
    with work(site) as step:
        treatment_id = treat.propose_treatment(step.connection, finding_id, ACCEPT, OFFICER, site.now())
        treat.accept(step, finding_id, treatment_id, decision(site))
    assert record_turns(site, end_of_day(EXPIRES) - timedelta(microseconds=1)) == 0
    weeks_later = end_of_day(EXPIRES) + timedelta(days=20)
    assert [record_turns(site, weeks_later) for _ in range(3)] == [1, 0, 0]
    assert turns(site) == [("expired", end_of_day(EXPIRES))]


def test_missed_due_date_is_recorded_once_and_stays_in_the_ledger(site: Site, finding_id: str) -> None:
    with work(site) as step:
        treat.propose_treatment(step.connection, finding_id, REMEDIATE, OFFICER, site.now())
    assert [record_turns(site, end_of_day(DUE)) for _ in range(2)] == [1, 0]
    kinds = sa.select(entry_table.c.kind).order_by(entry_table.c.sequence.desc()).limit(1)
    with site.database.read() as connection:
        assert connection.execute(kinds).scalar_one() == "findings.past_due"


def test_quiet_findings_take_no_writing(site: Site, finding_id: str) -> None:
    assert record_turns(site, site.now() + timedelta(days=400)) == 0
