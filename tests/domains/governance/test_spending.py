"""What use cases cost: counted calls and bills against plan and limit, and the alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from akashi.catalogue.load import shipped_catalogue
from akashi.core.lifecycle import FindingState
from akashi.core.people import NOBODY, Role
from akashi.domains.governance import store
from akashi.domains.governance.model import Kpi, UseCase
from akashi.domains.governance.report import tiles
from akashi.domains.governance.spending import (
    REQUIREMENT,
    Level,
    Line,
    Month,
    measure_month,
    present_month,
    read_month,
    watch_spending,
)
from akashi.findings.model import Wanted
from akashi.findings.store import list_rows
from akashi.platform.endpoint import Caller, Purpose
from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.endpoint_use import Booking, Spent, book, reserve
from akashi.platform.site import Site
from tests.domains.governance.test_pages import become

ENDPOINT = EndpointSettings(
    "http://127.0.0.1:1/v1", "m", yen_per_million_in=1_000_000, yen_per_million_out=0, monthly_yen=200_000
)


def spent(use_case: str, yen: float) -> Spent:
    """Return calls of one day at one price."""
    return Spent(use_case, date(2026, 11, 2), "answer", "m", 1, 1, round(yen * 1_000_000))


def case(code: str, target: str = "", limit: int = 0) -> UseCase:
    """Return a registered use case."""
    return UseCase(code, code, 1, True, {"target": target, "cost_limit": limit})


def test_calls_belong_to_the_use_case_of_their_name_or_target() -> None:
    cases = [case("faq", "assistant", 100), case("card", "assistant"), case("ocr")]
    calls = [spent("assistant", 70.1), spent("faq", 9.5), spent("ocr", 5), spent("nobody", 1)]
    kpis = [
        Kpi("ocr", "費用（利用料）", "2026-11", 4000, 5000.0, "円"),
        Kpi("ocr", "費用", "2026-10", 1, 1.0, "円"),
        Kpi("ocr", "件数", "2026-11", 9, 9.0, "件"),
    ]
    found = {one.code: one for one in measure_month(cases, calls, kpis, "2026-11")}
    assert (found["faq"].spent, found["faq"].level) == (80, Level.NEAR)
    assert "card" not in found
    assert (found["ocr"].spent, found["ocr"].billed, found["ocr"].plan, found["ocr"].cost) == (
        5,
        5000,
        4000,
        5000,
    )
    assert found[""].spent == 1


@pytest.mark.parametrize(
    ("cost", "limit", "level"),
    [
        (0, 0, "within"),
        (999, 0, "within"),
        (79, 100, "within"),
        (80, 100, "near"),
        (100, 100, "near"),
        (101, 100, "over"),
    ],
)
def test_level_follows_from_cost_and_limit(cost: int, limit: int, level: str) -> None:
    assert Line("a", "a", cost, 0, 0, limit).level == level
    assert Line("a", "a", 0, cost, 0, limit).level == level


def test_total_is_held_against_the_endpoints_own_limit() -> None:
    lines = (Line("a", "a", 10, 0, 5, 100), Line("b", "b", 20, 0, 5, 0))
    assert Month("2026-11", lines, 40, 45, ()).total == Line("", "", 40, 0, 10, 45)
    assert Month("2026-11", lines, 0, 0, ()).total.limit == 100
    assert REQUIREMENT in shipped_catalogue().by_id


def spend(site: Site, yen: int) -> None:
    """Book a call on the account of the assistant."""
    with site.database.write() as connection:
        reserved = reserve(connection, ENDPOINT, Caller("assistant", Purpose.OTHER), yen, site.now())
        book(connection, ENDPOINT, reserved, Booking(yen, 0, is_reported=True), site.now())


def states(site: Site) -> dict[str, FindingState]:
    """Return the findings of spending by title."""
    with site.database.read() as connection:
        rows = list_rows(connection, Wanted(room="governance"), site.now())
    return {row.title[-8:]: row.state for row in rows}


def test_alarm_opens_once_grows_and_closes_with_the_next_month(client: TestClient, sample_site: Site) -> None:
    site = replace(sample_site, settings=replace(sample_site.settings, endpoint=ENDPOINT))
    assert watch_spending(site, site.now()) == 0
    spend(site, 41_000)
    assert watch_spending(site, site.now()) == 1
    assert watch_spending(site, site.now()) == 0
    (near,) = states(site).items()
    assert near[1] is FindingState.OPEN
    spend(site, 10_000)
    assert watch_spending(site, site.now()) == 1
    assert sorted(states(site).values()) == [FindingState.CLOSED, FindingState.OPEN]
    shown = {tile.title: tile for tile in tiles(site, NOBODY)}
    cost = shown["AI cost of this month, of its limit"]
    assert (cost.value, cost.tone.value) == ("51,000 / 200,000", "alert")
    become(client, Role.EXECUTIVE)
    page = client.get(cost.link).text
    assert "51,000" in page
    assert "上限超過" in page
    assert client.get("/governance/spending?month=2026-99").status_code == 200
    assert "お客さま向け自動応答（承認済み文書の抜粋）" in client.get("/governance?phase=drafted").text
    assert "お客さま向け自動応答（承認済み文書の抜粋）" not in client.get("/governance?phase=live").text
    site.clock.advance(timedelta(days=14))  # type: ignore[attr-defined]
    assert present_month(site.now()) == "2026-12"
    assert watch_spending(site, site.now()) == 1
    assert set(states(site).values()) == {FindingState.CLOSED}
    with site.database.read() as connection:
        assert read_month(site, connection, "2026-12").spent == 0
        assert store.list_use_cases(connection)
