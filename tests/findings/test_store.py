"""Lists agree with the life cycle at every moment, past the last event included."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.core.events import FindingEvent
from akashi.core.lifecycle import derive_status
from akashi.core.thread import Severity
from akashi.findings import treat
from akashi.findings.model import Due, Wanted
from akashi.findings.phases import list_phases
from akashi.findings.store import count_by_severity, count_rows, list_rows, list_values, metadata
from akashi.platform.database import Database
from akashi.platform.site import Site
from tests.core.test_lifecycle_laws import HISTORIES
from tests.findings.conftest import ACCEPT, OFFICER, REMEDIATE, decision, make_finding, work


def test_migration_makes_exactly_these_tables(database: Database) -> None:
    with database.read() as connection:
        names = set(metadata.tables)
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, parents: kind != "table" or name in names},
        )
        assert compare_metadata(context, metadata) == []


@given(HISTORIES, st.integers(0, 400))
@settings(max_examples=200)
def test_phases_say_what_the_life_cycle_says_at_every_later_moment(
    history: list[FindingEvent], hours: int
) -> None:
    mine = [event for event in history if event.finding_id == "f"]
    now = max(event.at for event in mine) + timedelta(hours=hours)
    phases = list_phases("f", mine)
    fitting = [
        phase for phase in phases if phase.from_at <= now and (phase.until_at is None or now < phase.until_at)
    ]
    status = derive_status("f", mine, now)
    assert [phase.state for phase in fitting] == [status.state]
    late = fitting[0].due_at is not None and fitting[0].due_at <= now
    assert late == status.is_past_due(now)


def accepted(site: Site, finding_id: str) -> str:
    with work(site) as step:
        treatment_id = treat.propose_treatment(step.connection, finding_id, ACCEPT, OFFICER, site.now())
        treat.accept(step, finding_id, treatment_id, decision(site))
    return treatment_id


def test_list_shows_the_state_of_the_asked_moment(site: Site, finding_id: str) -> None:
    accepted(site, finding_id)
    with site.database.read() as connection:
        now = site.now()
        assert list_rows(connection, Wanted(), now)[0].state == "accepted"
        assert list_rows(connection, Wanted(), now + timedelta(days=40))[0].state == "reopened"
        assert count_rows(connection, Wanted(state="unanswered"), now) == 0
        assert count_rows(connection, Wanted(state="unanswered"), now + timedelta(days=40)) == 1


def test_filters_narrow_by_room_severity_owner_and_words(site: Site, finding_id: str) -> None:
    with work(site) as step:
        for name, severity in (("a", Severity.LOW), ("b", Severity.CRITICAL)):
            treat.open_finding(
                step.connection, make_finding(name, severity, "evaluation"), OFFICER, site.now()
            )
        treat.propose_treatment(step.connection, finding_id, REMEDIATE, OFFICER, site.now())
    with site.database.read() as connection:
        now = site.now()
        assert count_rows(connection, Wanted(room="evaluation"), now) == 2
        assert count_rows(connection, Wanted(severity=Severity.CRITICAL), now) == 1
        assert count_rows(connection, Wanted(owner="p_owner"), now) == 1
        assert count_rows(connection, Wanted(text="CVE-1"), now) == 1
        assert count_rows(connection, Wanted(text="100%_"), now) == 0
        assert [row.severity.value for row in list_rows(connection, Wanted(), now)] == [
            "critical",
            "high",
            "low",
        ]
        assert list_values(connection, "room") == ("evaluation", "vulnerability")
        assert sum(count_by_severity(connection, Wanted(), now).values()) == 3


def test_due_filters_follow_the_tokyo_calendar(site: Site, finding_id: str) -> None:
    accepted(site, finding_id)
    with work(site) as step:
        other = treat.open_finding(step.connection, make_finding("late"), OFFICER, site.now()).finding_id
        treat.propose_treatment(step.connection, other, REMEDIATE, OFFICER, site.now())
    with site.database.read() as connection:
        now = site.now()
        assert count_rows(connection, Wanted(due=Due.EXPIRING), now) == 1
        assert count_rows(connection, Wanted(due=Due.SOON), now) == 1
        assert count_rows(connection, Wanted(due=Due.PAST), now) == 0
        assert count_rows(connection, Wanted(due=Due.PAST), now + timedelta(days=8)) == 1


def test_pages_of_a_list_do_not_overlap(site: Site) -> None:
    with work(site) as step:
        for place in range(7):
            treat.open_finding(step.connection, make_finding(f"n{place}"), OFFICER, site.now())
    with site.database.read() as connection:
        pages = [list_rows(connection, Wanted(), site.now(), limit=3, offset=start) for start in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({row.id for page in pages for row in page}) == 7


def test_every_sort_key_runs(site: Site, finding_id: str) -> None:
    with site.database.read() as connection:
        for key in ("severity", "state", "due", "opened", "title", "room", "owner"):
            assert len(list_rows(connection, Wanted(), site.now(), sort=key, descending=True)) == 1
        assert connection.execute(sa.text("select 1")).scalar() == 1
