"""What may be done about a finding: on both databases, each step with its ledger entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.lifecycle import FindingState, FindingStatus
from akashi.core.thread import Severity
from akashi.findings import treat
from akashi.findings.store import event_table, finding_table, list_recorded
from akashi.ledger.store import entry_table
from akashi.platform.site import Site
from tests.findings.conftest import ACCEPT, MITIGATE, OFFICER, REMEDIATE, decision, make_finding, seen, work


def status(site: Site, finding_id: str) -> FindingStatus:
    with site.database.read() as connection:
        return treat.find_status(connection, finding_id, site.now())


def propose(site: Site, finding_id: str, treatment: object = ACCEPT) -> str:
    with work(site) as step:
        return treat.propose_treatment(step.connection, finding_id, treatment, OFFICER, site.now())  # type: ignore[arg-type]  # any treatment


def ledger_kinds(site: Site, finding_id: str) -> list[str]:
    query = sa.select(entry_table.c.kind).where(entry_table.c.subject == finding_id)
    with site.database.read() as connection:
        return list(connection.execute(query.order_by(entry_table.c.sequence)).scalars())


def test_every_step_leaves_its_entry_in_the_ledger(site: Site, finding_id: str) -> None:
    treatment_id = propose(site, finding_id)
    with work(site) as step:
        treat.accept(step, finding_id, treatment_id, decision(site))
    assert ledger_kinds(site, finding_id) == ["findings.opened", "findings.proposed", "findings.decided"]
    assert status(site, finding_id).state is FindingState.ACCEPTED


def note_all(step: treat.Step, finding_id: str, texts: list[str]) -> None:
    for text in texts:
        treat.note(step, finding_id, text)


def test_failed_transaction_leaves_neither_event_nor_entry(site: Site, finding_id: str) -> None:
    with pytest.raises(InputError), work(site) as step:
        note_all(step, finding_id, ["half done", ""])
    assert ledger_kinds(site, finding_id) == ["findings.opened"]
    with site.database.read() as connection:
        assert len(list_recorded(connection, finding_id)) == 1


def test_same_finding_again_is_the_same_finding(site: Site, finding_id: str) -> None:
    with work(site) as step:
        again = treat.open_finding(step.connection, make_finding(severity=Severity.LOW), OFFICER, site.now())
        other = treat.open_finding(step.connection, make_finding("cve-2"), OFFICER, site.now())
    assert (again.finding_id, again.is_new) == (finding_id, False)
    assert other.is_new
    with site.database.read() as connection:
        assert connection.execute(sa.select(sa.func.count(finding_table.c.id))).scalar_one() == 2
        assert connection.execute(sa.select(sa.func.count(event_table.c.sequence))).scalar_one() == 2


def test_remediation_closes_on_new_evidence_and_reopens_when_seen_again(site: Site, finding_id: str) -> None:
    treatment_id = propose(site, finding_id, REMEDIATE)
    with work(site) as step:
        treat.complete_treatment(step, finding_id, treatment_id)
    assert status(site, finding_id).state is FindingState.REMEDIATED
    with work(site) as step:
        passed = treat.measure_again(
            step.connection, finding_id, seen(site, "scan-2"), passed=True, actor=OFFICER, now=site.now()
        )
    assert passed.state is FindingState.CLOSED
    with work(site) as step:
        found = replace(make_finding(), evidence=(seen(site, "scan-3"),))
        treat.open_finding(step.connection, found, OFFICER, site.now())
    assert status(site, finding_id).state is FindingState.REOPENED


def test_known_evidence_adds_nothing(site: Site, finding_id: str) -> None:
    evidence = seen(site, "scan-2")
    for _ in range(3):
        with work(site) as step:
            treat.measure_again(
                step.connection, finding_id, evidence, passed=False, actor=OFFICER, now=site.now()
            )
    assert ledger_kinds(site, finding_id) == ["findings.opened", "findings.measured"]


def test_step_that_changes_nothing_is_a_conflict(site: Site, finding_id: str) -> None:
    treatment_id = propose(site, finding_id)
    with pytest.raises(ConflictError), work(site) as step:
        treat.complete_treatment(step, finding_id, treatment_id)
    with pytest.raises(ConflictError), work(site) as step:
        treat.signal_lapse(step, finding_id, treatment_id, "weather")
    with pytest.raises(ConflictError), work(site) as step:
        treat.withdraw_treatment(step, finding_id, "trt_none")
    assert len(ledger_kinds(site, finding_id)) == 2


def test_only_an_acceptance_can_be_accepted(site: Site, finding_id: str) -> None:
    treatment_id = propose(site, finding_id, MITIGATE)
    with pytest.raises(ConflictError, match="not a risk acceptance"), work(site) as step:
        treat.accept(step, finding_id, treatment_id, decision(site))


def test_expired_acceptance_reopens_finding_without_anybody_writing_it(site: Site, finding_id: str) -> None:
    treatment_id = propose(site, finding_id)
    with work(site) as step:
        treat.accept(step, finding_id, treatment_id, decision(site))
    later = site.now() + timedelta(days=40)
    with site.database.read() as connection:
        assert treat.find_status(connection, finding_id, later).state is FindingState.REOPENED


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("due_on", {"due_on": date(2026, 11, 19)}),
        ("expires_on", {"expires_on": date(2026, 11, 27)}),
        ("owner", {"owner": " "}),
        ("plan", {"plan": ""}),
        ("remaining_risk", {"remaining_risk": ""}),
    ],
)
def test_incomplete_treatment_is_refused_by_field(
    site: Site, finding_id: str, field: str, change: dict[str, object]
) -> None:
    with pytest.raises(InputError) as refused:
        propose(site, finding_id, replace(ACCEPT, **change))  # type: ignore[arg-type]  # one field of many types
    assert refused.value.where == field
    assert ledger_kinds(site, finding_id) == ["findings.opened"]


def test_evidence_from_the_future_is_refused(site: Site, finding_id: str) -> None:
    evidence = replace(seen(site, "x"), taken_at=site.now() + timedelta(seconds=1))
    with pytest.raises(InputError, match="future"), work(site) as step:
        treat.measure_again(step.connection, finding_id, evidence, passed=True, actor=OFFICER, now=site.now())


def test_unknown_finding_is_not_found(site: Site) -> None:
    with pytest.raises(NotFoundError), work(site) as step:
        treat.note(step, "fnd_none", "anything")


def test_event_never_comes_before_the_one_it_follows(site: Site, finding_id: str) -> None:
    site.clock.advance(timedelta(hours=-1))  # type: ignore[attr-defined]  # the frozen clock of the tests
    with work(site) as step:
        treat.note(step, finding_id, "from a clock that is late")
    with site.database.read() as connection:
        first, second = list_recorded(connection, finding_id)
    assert second.event.at == first.event.at
    assert second.recorded_at < first.recorded_at
