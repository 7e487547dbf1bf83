"""The generative mode begins by a decision and ends at once; its page tells cost, canaries and faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from akashi.approvals.matters import act
from akashi.approvals.model import Action
from akashi.core.display import Health
from akashi.core.errors import ConflictError, ForbiddenError
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.assistant.generating_canary import watch_model
from akashi.domains.assistant.generating_mode import (
    NO_DECISION,
    end_generative,
    find_ready,
    propose_generative,
)
from akashi.domains.assistant.generating_status import check_endpoint, read_status
from akashi.domains.assistant.generating_talk import ask_in_mode
from akashi.identity.model import roles_at
from akashi.identity.store import grants_by_person, list_people
from akashi.platform.site import Site
from tests.browser.serving import WIDTHS, become, look, opened_browser, served
from tests.conftest import open_client, sign_in
from tests.endpoint.generative import GUARDS, MARRIED, with_generative
from tests.endpoint.peer import Peer, with_endpoint


@pytest.fixture
def linked(sample_site: Site, peer: Peer) -> Site:
    """The sample institution with an endpoint and guards, and no decision."""
    return replace(with_endpoint(sample_site, peer, idle_seconds=5, total_seconds=10), ports=GUARDS)


@pytest.fixture
def linked_client(linked: Site) -> Iterator[TestClient]:
    """A browser in front of it."""
    with open_client(linked) as opened:
        yield opened


def person_with(site: Site, role: Role, *others: str) -> Actor:
    """Return a person of the sample who holds ``role`` and is none of ``others``."""
    with site.database.read() as connection:
        grants = grants_by_person(connection)
        for person in list_people(connection):
            roles = roles_at(grants.get(person.id, ()), site.now())
            if role in roles and person.id not in others:
                return Actor(person.id, ActorKind.PERSON, frozenset(roles))
    raise AssertionError(role)


def decide(site: Site, matter_id: str, drafter: str) -> None:
    """Take a matter through its whole route."""
    steps = [
        (Action.CIRCULATE, Role.VALIDATOR),
        (Action.CONCUR, Role.RISK_OFFICER),
        (Action.CONCUR, Role.COMPLIANCE_OFFICER),
        (Action.CONCUR, Role.PRIVACY_OFFICER),
        (Action.CONCUR, Role.SECURITY_OFFICER),
        (Action.DECIDE, Role.EXECUTIVE),
    ]
    for action, role in steps:
        with site.database.write() as connection:
            act(connection, matter_id, action, person_with(site, role, drafter), site.now())


def test_mode_begins_with_its_decision_and_ends_at_once(linked: Site) -> None:
    owner = person_with(linked, Role.BUSINESS_OWNER)
    matter = propose_generative(linked, owner, "応対の質を高めるため")
    assert read_status(linked).reason == NO_DECISION
    assert ask_in_mode(linked, "", MARRIED, "ja").run is None
    with pytest.raises(ConflictError):
        propose_generative(linked, owner, "もう一度")
    decide(linked, matter.id, owner.id)
    assert read_status(linked).is_generative
    asked = ask_in_mode(linked, "", MARRIED, "ja")
    assert asked.run is not None
    assert asked.run.done.wait(20)
    end_generative(linked, owner, "問合せが増えたため")
    with linked.database.read() as connection:
        assert find_ready(linked, connection) == NO_DECISION


def test_not_everybody_may_propose_or_end(linked: Site) -> None:
    with pytest.raises(ForbiddenError):
        propose_generative(linked, person_with(linked, Role.AUDITOR), "理由")
    living = with_generative(linked, Peer(1))
    with pytest.raises(ForbiddenError):
        end_generative(living, person_with(linked, Role.AUDITOR), "理由")


def test_page_hands_in_for_decision(linked_client: TestClient, linked: Site) -> None:
    owner = person_with(linked, Role.BUSINESS_OWNER)
    sign_in(linked_client, owner.id)
    assert "決裁がありません" not in linked_client.get("/assistant/generative").text
    answer = linked_client.post("/assistant/generative/begin", data={"reason": "応対の質を高めるため"})
    assert answer.status_code == 200
    assert "お客さまへの回答を生成モードにする" in answer.text
    assert linked_client.post("/assistant/generative/begin", data={"reason": "x"}).status_code == 409
    assert linked_client.get("/assistant/generative/chart.svg").text.startswith("<svg")


def test_page_without_endpoint_says_so(client: TestClient, sample_site: Site) -> None:
    sign_in(client, person_with(sample_site, Role.BUSINESS_OWNER).id)
    page = client.get("/assistant/generative")
    assert "接続先は設定されていません" in page.text
    assert client.post("/assistant/generative/begin", data={"reason": "理由"}).status_code == 422


def test_doctor_sees_the_endpoint(linked: Site, sample_site: Site) -> None:
    assert check_endpoint(sample_site) == []
    assert [one.health for one in check_endpoint(linked)] == [Health.OK]
    barred = replace(linked, settings=replace(linked.settings, allowed_hosts=()))
    assert [one.health for one in check_endpoint(barred)] == [Health.FAILED]


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_page_shows_cost_and_canaries(linked: Site, peer: Peer, chromium: str, width: int) -> None:
    site = with_generative(linked, peer)
    asked = ask_in_mode(site, "", MARRIED, "ja")
    assert asked.run is not None
    asked.run.done.wait(20)
    watch_model(site, site.now())
    with served(site) as origin, opened_browser(chromium) as browser:
        page = browser.new_context(viewport={"width": width, "height": 900}, locale="ja-JP").new_page()
        page.goto(origin)
        become(page, origin, person_with(site, Role.BUSINESS_OWNER).id)
        page.goto(f"{origin}/assistant/generative")
        expect(page.get_by_role("heading", level=1)).to_have_text("生成モード")
        expect(page.get_by_text("モデルの点検").first).to_be_visible()
        look(page, "generative", width)
