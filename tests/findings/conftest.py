"""A finding at hand, and a step by a risk officer at the clock's moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from akashi.core.people import Actor, ActorKind, Role
from akashi.core.thread import (
    Acceptance,
    DecisionReference,
    Evidence,
    Finding,
    Mitigation,
    Remediation,
    Severity,
    Subject,
    SubjectKind,
    digest_of,
)
from akashi.findings.treat import Step, open_finding
from akashi.platform.site import Site

OFFICER = Actor("p_risk", ActorKind.PERSON, frozenset({Role.RISK_OFFICER}), name="渚 誠")
DUE, EXPIRES = date(2026, 11, 27), date(2026, 12, 18)
ACCEPT = Acceptance("p_owner", DUE, "次の保守日まで待つ", "外部からの悪用", EXPIRES, ("exploit-published",))
MITIGATE = Mitigation("p_owner", DUE, "仮想パッチ", "別経路の攻撃", EXPIRES)
REMEDIATE = Remediation("p_owner", DUE, "修正プログラムの適用")


def make_finding(
    name: str = "cve-1", severity: Severity = Severity.HIGH, room: str = "vulnerability"
) -> Finding:
    """Return a finding about the internet banking platform; ``name`` is its fingerprint."""
    return Finding(
        room,
        "scan",
        Subject(SubjectKind.SYSTEM, "ib_platform"),
        "frontier-3-debt",
        name,
        severity,
        f"未適用の修正 {name}",
        "公開されている口に影響する。",
    )


@contextmanager
def work(site: Site) -> Iterator[Step]:
    """Yield a step by the risk officer in a transaction of its own."""
    with site.database.write() as connection:
        yield Step(connection, OFFICER, site.now())


def seen(site: Site, name: str) -> Evidence:
    """Return new evidence taken now."""
    return Evidence(name, digest_of(name.encode()), site.now(), f"runs/{name}")


def decision(site: Site) -> DecisionReference:
    """Return a decision taken now."""
    return DecisionReference("mat_1", "2026-0001", site.now())


@pytest.fixture
def finding_id(site: Site) -> str:
    """One finding of high severity, opened at the clock's moment."""
    with work(site) as step:
        return open_finding(step.connection, make_finding(), OFFICER, site.now()).finding_id
