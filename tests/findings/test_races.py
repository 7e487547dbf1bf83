"""Several writers at once: one finding, one decision, no waiting for each other for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from akashi.core.errors import ConflictError
from akashi.findings import treat
from akashi.findings.store import event_table
from akashi.platform.site import Site
from tests.findings.conftest import ACCEPT, OFFICER, decision, make_finding, work


def test_two_scanners_open_the_same_findings_once_each(site: Site) -> None:
    def scan(names: list[str]) -> list[bool]:
        with work(site) as step:
            found = [
                treat.open_finding(step.connection, make_finding(name), OFFICER, site.now()) for name in names
            ]
        return [one.is_new for one in found]

    names = [f"cve-{place}" for place in range(8)]
    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(scan, [names, names[::-1], names, names[::-1]]))
    assert sum(sum(one) for one in new) == len(names)


def test_one_of_two_decisions_counts(site: Site, finding_id: str) -> None:
    with work(site) as step:
        treatment_id = treat.propose_treatment(step.connection, finding_id, ACCEPT, OFFICER, site.now())

    def decide(_: int) -> bool:
        try:
            with work(site) as step:
                treat.accept(step, finding_id, treatment_id, decision(site))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, range(4))) == [False, False, False, True]
    decided = sa.select(sa.func.count()).where(event_table.c.kind == "decided")
    with site.database.read() as connection:
        assert connection.execute(decided).scalar_one() == 1
