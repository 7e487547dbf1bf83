"""Coverage: what evidence says together, attestations that end, and rooms that fail to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from akashi.catalogue.coverage import Covered, count_words, cover, gather_evidence, read_recorded
from akashi.catalogue.load import shipped_catalogue
from akashi.catalogue.report import read_coverage
from akashi.catalogue.treat import Step, attest, withdraw
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.evidenced import Evidenced, Standing
from akashi.core.people import SYSTEM
from akashi.core.thread import Evidence, Finding, Severity, Subject, SubjectKind, digest_of
from akashi.findings.treat import open_finding
from akashi.platform.rooms import Room
from akashi.platform.site import Site
from tests.conftest import FrozenClock

NOON = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def evidence(standing: Standing, days: int = 0, until: date | None = None) -> Evidenced:
    return Evidenced("ai-tolerance", "x", standing, "seen", NOON + timedelta(days), until=until)


def find(covered: tuple[Covered, ...], name: str = "ai-tolerance") -> Covered:
    return next(one for one in covered if one.entry.id == name)


def test_what_is_not_met_outweighs_what_is() -> None:
    found = find(
        cover(shipped_catalogue(), [evidence(Standing.MET), evidence(Standing.NOT_MET)], NOON.date())
    )
    assert found.standing is Standing.NOT_MET
    assert [one.standing for one in found.evidence] == [Standing.NOT_MET, Standing.MET]


def test_since_is_the_earliest_of_the_deciding_kind() -> None:
    met = [evidence(Standing.MET, 2), evidence(Standing.MET, 1), evidence(Standing.RECORDED, -9)]
    assert find(cover(shipped_catalogue(), met, NOON.date())).since == NOON + timedelta(1)


def test_evidence_past_its_last_day_does_not_count() -> None:
    ended = evidence(Standing.MET, until=NOON.date())
    assert find(cover(shipped_catalogue(), [ended], NOON.date())).word == "met"
    assert find(cover(shipped_catalogue(), [ended], NOON.date() + timedelta(1))).word == "nothing"


def test_counts_add_up_to_all_requirements() -> None:
    covered = cover(shipped_catalogue(), [evidence(Standing.MET)], NOON.date())
    counts = count_words(covered)
    assert counts["met"] == 1
    assert sum(counts.values()) == len(shipped_catalogue().entries)


def test_table_of_recorded_kinds_names_known_requirements() -> None:
    assert {requirement for _, requirement, _ in read_recorded()} <= set(shipped_catalogue().by_id)


def test_attestation_counts_until_its_day_and_not_after(site: Site) -> None:
    with site.database.write() as connection:
        attest(
            Step(connection, SYSTEM, site.now()),
            "ai-tolerance",
            "確認した",
            "決裁2026-12",
            date(2026, 11, 21),
        )
    assert find(read_coverage(site)[0]).word == "met"
    assert isinstance(site.clock, FrozenClock)
    site.clock.advance(timedelta(days=2))
    assert find(read_coverage(site)[0]).word == "nothing"


def test_withdrawn_attestation_no_longer_counts(site: Site) -> None:
    with site.database.write() as connection:
        step = Step(connection, SYSTEM, site.now())
        kept = attest(step, "ai-tolerance", "確認した", "決裁", date(2026, 12, 1))
        withdraw(step, kept.id)
        with pytest.raises(ConflictError):
            withdraw(step, kept.id)
    assert find(read_coverage(site)[0]).word == "nothing"


@pytest.mark.parametrize(
    ("name", "statement", "until", "error"),
    [
        ("none", "確認", date(2026, 12, 1), NotFoundError),
        ("ai-tolerance", " ", date(2026, 12, 1), InputError),
        ("ai-tolerance", "確認", date(2026, 11, 19), InputError),
        ("ai-fairness", "確認", date(2026, 12, 1), InputError),
        ("ai-tolerance", "確認", date(2028, 1, 1), InputError),
    ],
)
def test_attestation_that_says_nothing_is_refused(
    site: Site, name: str, statement: str, until: date, error: type[Exception]
) -> None:
    with site.database.write() as connection, pytest.raises(error):
        attest(Step(connection, SYSTEM, site.now()), name, statement, "決裁", until)


def test_open_finding_is_not_met(site: Site) -> None:
    proof = Evidence("evd_1", digest_of(b"x"), site.now())
    subject = Subject(SubjectKind.USE_CASE, "u1")
    finding = Finding("assistant", "run", subject, "ai-tolerance", "f", Severity.HIGH, "誤り", "", (proof,))
    with site.database.write() as connection:
        open_finding(connection, finding, SYSTEM, site.now())
    found = find(read_coverage(site)[0])
    assert found.word == "not_met"
    assert found.evidence[0].locator == "/findings?q=ai-tolerance"


def test_room_that_fails_is_named_and_the_others_still_speak(sample_site: Site) -> None:
    broken = Room("akashi.broken", "Broken room", "", evidence="akashi.catalogue.coverage:no_such_name")
    shown, failed = gather_evidence(replace(sample_site, rooms=(*sample_site.rooms, broken)))
    assert failed == ("Broken room",)
    assert shown


def test_sample_institution_has_records_for_some_and_nothing_for_others(sample_site: Site) -> None:
    counts = count_words(read_coverage(sample_site)[0])
    assert counts["recorded"] >= 5
    assert counts["nothing"] > 100
