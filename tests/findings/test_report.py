"""Tiles and the dashboard: every number is counted, and what failed is never a zero."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from akashi.core.display import Tile, Tone
from akashi.core.people import Actor
from akashi.core.thread import Severity
from akashi.findings import treat
from akashi.findings.report import collect_tiles, count_board, list_tiles
from akashi.platform.rooms import Room
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in
from tests.findings.conftest import ACCEPT, OFFICER, REMEDIATE, decision, make_finding, work


def by_title(tiles: list[Tile]) -> dict[str, Tile]:
    return {tile.title: tile for tile in tiles}


def test_tiles_count_open_late_and_expiring(site: Site, finding_id: str) -> None:
    with work(site) as step:
        late = treat.open_finding(
            step.connection, make_finding("late", Severity.CRITICAL), OFFICER, site.now()
        ).finding_id
        treat.propose_treatment(step.connection, late, REMEDIATE, OFFICER, site.now())
        treatment_id = treat.propose_treatment(step.connection, finding_id, ACCEPT, OFFICER, site.now())
        treat.accept(step, finding_id, treatment_id, decision(site))
    with site.database.read() as connection:
        now = by_title(list_tiles(connection, site.now()))
        later = by_title(list_tiles(connection, site.now() + timedelta(days=40)))
    assert (now["Open findings, critical"].value, now["Open findings, high"].value) == (1, 0)
    assert now["Open findings, critical"].tone is Tone.ALERT
    assert (now["Treatments past due"].value, later["Treatments past due"].value) == (0, 1)
    expiring = "Risk acceptances that expire within 30 days"
    assert (now[expiring].value, later[expiring].value) == (1, 0)
    assert later["Open findings, high"].value == 1


def test_board_sums_rooms_and_severities(site: Site) -> None:
    with work(site) as step:
        for room, severity in (("evaluation", Severity.LOW), ("vulnerability", Severity.LOW)):
            treat.open_finding(step.connection, make_finding("a", severity, room), OFFICER, site.now())
    with site.database.read() as connection:
        board = count_board(connection, site.now())
    assert [(line.room, line.total.count) for line in board] == [
        ("evaluation", 1),
        ("vulnerability", 1),
        ("", 2),
    ]
    assert board[-1].cells[-1].link == "/findings?state=unanswered&severity=low"


def fail_tiles(site: Site, actor: Actor) -> list[Tile]:
    """The tiles of a room that is broken."""
    raise RuntimeError("no figures today")


def break_room(site: Site) -> Site:
    """Return the installation with one more room, whose tiles fail."""
    broken = Room("akashi.sample", "Broken", "", tiles=f"{__name__}:fail_tiles")
    return replace(site, rooms=(*site.rooms, broken))


def test_failed_room_is_said_to_have_failed_and_others_still_speak(
    sample_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        found = {one.room.title: one for one in collect_tiles(break_room(sample_site), OFFICER)}
    assert found["Broken"].failure == "RuntimeError"
    assert found["Broken"].tiles == ()
    assert found["Findings"].tiles
    assert "no figures today" in caplog.text


def test_dashboard_shows_the_failure_in_words(sample_site: Site) -> None:
    with open_client(break_room(sample_site)) as client:
        sign_in(client, "shioda_masaomi")
        page = client.get("/dashboard")
    assert page.status_code == 200
    assert "ゼロという意味ではありません" in page.text


def test_dashboard_speaks_to_an_executive(client: TestClient, sample_site: Site) -> None:
    with work(sample_site) as step:
        treat.open_finding(step.connection, make_finding(), OFFICER, sample_site.now())
    sign_in(client, "shioda_masaomi")
    page = client.get("/dashboard").text
    assert "未適用の修正 cve-1" in page
    assert 'href="/findings?state=unanswered&amp;room=vulnerability&amp;severity=high"' in page
    assert "令和8年11月20日（金）10:00現在" in page
