"""``tick`` runs every duty once, in one process, and reports a failed one as failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from akashi.core.errors import ConflictError
from akashi.platform.duties import LEASE_SECONDS, run_duties
from akashi.platform.meta import write_meta
from akashi.platform.rooms import Duty, Room
from akashi.platform.site import Site

CALLS: list[datetime] = []


def count_call(_site: Site, now: datetime) -> int:
    """A duty that remembers when it ran."""
    CALLS.append(now)
    return 2


def fail_always(_site: Site, _now: datetime) -> int:
    """A duty that cannot be done."""
    raise ConflictError("no")


def with_duties(site: Site, *names: str) -> Site:
    """Return the site with one room that has these duties."""
    duties = tuple(Duty(name, f"{__name__}:{name}") for name in names)
    room = Room(package="akashi.platform", title="", summary="", duties=duties)
    return replace(site, rooms=(room,))


@pytest.fixture(autouse=True)
def forget_calls() -> None:
    CALLS.clear()


def test_failed_duty_is_reported_and_stops_no_other(site: Site) -> None:
    failed, done = run_duties(with_duties(site, "fail_always", "count_call"))
    assert (failed.changes, failed.error) == (0, "no")
    assert (done.changes, done.error) == (2, "")


def test_other_process_at_work_is_left_alone(site: Site) -> None:
    with site.database.write() as connection:
        write_meta(connection, "lease.tick", f"{(site.now() + timedelta(seconds=9)).isoformat()} other")
    assert run_duties(with_duties(site, "count_call")) == ()
    assert not CALLS


def test_lease_of_a_dead_process_ends(site: Site) -> None:
    with site.database.write() as connection:
        ended = site.now() - timedelta(seconds=LEASE_SECONDS)
        write_meta(connection, "lease.tick", f"{ended.isoformat()} dead")
    assert len(run_duties(with_duties(site, "count_call"))) == 1


def test_lease_is_given_back(site: Site) -> None:
    sample = with_duties(site, "count_call")
    assert len(run_duties(sample)) == len(run_duties(sample)) == 1
