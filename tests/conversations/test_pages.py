"""The staff pages of conversations in front of the sample institution."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from akashi.conversations.model import Author, HandoverReason, Urgency
from akashi.conversations.report import checks, tiles
from akashi.conversations.store import find_tombstone, list_holds
from akashi.conversations.talk import add_message, request_person, start
from akashi.conversations.tombstones import tombstone_file
from akashi.core.display import Health, Tone
from akashi.core.people import Role
from akashi.ledger.store import entry_table
from akashi.platform.site import Site
from akashi.sample.seed import list_actors
from tests.conftest import sign_in

PEOPLE = list_actors()
SECRET = "汐見太郎の口座は7654321番"


def person(role: Role) -> str:
    """Return the first person of the sample institution with this role."""
    return next(actor.id for actor in PEOPLE.values() if actor.has(role))


@pytest.fixture
def conversation(sample_site: Site) -> str:
    """A conversation that waits for a person."""
    keys, now = sample_site.keys, sample_site.now()
    with sample_site.database.write() as connection:
        begun = start(connection, keys, "web", "ja", now, "customer_faq").conversation
        add_message(connection, keys, begun.id, Author.CUSTOMER, SECRET, {}, now)
        reason = HandoverReason.COMPLAINT
        request_person(connection, keys, begun.id, reason, Urgency.AT_ONCE, now, note="至急の用件")
        return begun.id


def count_readings(site: Site) -> int:
    """Return how many readings the ledger holds."""
    query = sa.select(sa.func.count()).where(entry_table.c.kind == "conversations.read")
    with site.database.read() as connection:
        return int(connection.execute(query).scalar_one())


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PRIVACY_OFFICER])
def test_reading_shows_the_masked_text_and_leaves_an_entry(
    client: TestClient, sample_site: Site, conversation: str, role: Role
) -> None:
    sign_in(client, person(role))
    assert SECRET not in client.get("/conversations").text
    assert count_readings(sample_site) == 0
    page = client.get(f"/conversations/{conversation}").text
    assert "汐見太郎の口座は〔伏せ字1〕番" in page
    assert "7654321" not in page
    assert "至急の用件" in page
    assert count_readings(sample_site) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE_OFFICER])
def test_others_see_who_wrote_when_and_not_what(
    client: TestClient, sample_site: Site, conversation: str, role: Role
) -> None:
    sign_in(client, person(role))
    page = client.get(f"/conversations/{conversation}").text
    assert "本文は表示しません" in page
    assert SECRET not in page
    assert "至急の用件" not in page
    assert count_readings(sample_site) == 0


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.EXECUTIVE, Role.BUSINESS_OWNER, Role.LOAN_OFFICER])
def test_all_others_do_not_open_it(client: TestClient, conversation: str, role: Role) -> None:
    sign_in(client, person(role))
    assert client.get("/conversations").status_code == 403
    assert client.get(f"/conversations/{conversation}").status_code == 403


def test_erasure_is_refused_with_its_date_and_then_done(
    client: TestClient, sample_site: Site, conversation: str
) -> None:
    sign_in(client, person(Role.PRIVACY_OFFICER))
    path = f"/conversations/{conversation}"
    assert client.post(f"{path}/erase", data={}).status_code == 422
    early = client.post(f"{path}/erase", data={"reason": "customer_request"})
    assert early.status_code == 409
    assert "2031-11-20" in early.text
    sample_site.clock.advance(timedelta(days=2000))  # type: ignore[attr-defined]
    sign_in(client, person(Role.PRIVACY_OFFICER))
    assert (
        "この会話は消去されました" in client.post(f"{path}/erase", data={"reason": "customer_request"}).text
    )
    with sample_site.database.read() as connection:
        assert find_tombstone(connection, conversation) is not None
    assert SECRET not in client.get(path).text


def test_hold_is_placed_with_a_reason_and_released(
    client: TestClient, sample_site: Site, conversation: str
) -> None:
    sign_in(client, person(Role.PRIVACY_OFFICER))
    path = f"/conversations/{conversation}"
    assert client.post(f"{path}/holds", data={"reason": ""}).status_code == 422
    assert "訴訟ホールド中" in client.post(f"{path}/holds", data={"reason": "事件番号 1号"}).text
    assert "訴訟ホールド中" in client.get("/conversations", params={"state": "held"}).text
    with sample_site.database.read() as connection:
        hold = list_holds(connection, conversation)[0]
    released = client.post(f"{path}/holds/{hold.id}/release")
    assert "訴訟ホールドを解除しました" in released.text
    assert client.post(f"{path}/holds/{hold.id}/release").status_code == 409


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_others_neither_hold_nor_erase(client: TestClient, conversation: str, role: Role) -> None:
    sign_in(client, person(role))
    path = f"/conversations/{conversation}"
    assert client.post(f"{path}/holds", data={"reason": "x"}).status_code == 403
    assert client.post(f"{path}/erase", data={"reason": "customer_request"}).status_code == 403


def test_filters_narrow_the_list(client: TestClient, conversation: str) -> None:
    sign_in(client, person(Role.OPERATOR))
    shown = f"/conversations/{conversation}"
    assert shown in client.get("/conversations", params={"state": "waiting", "q": conversation[:10]}).text
    for asked in ({"state": "erased"}, {"use_case": "other"}, {"q": "con_%"}):
        assert shown not in client.get("/conversations", params=asked).text
    assert client.get("/conversations", params={"page": "999", "state": "nonsense"}).status_code == 200


def test_tile_and_doctor_tell_what_needs_attention(sample_site: Site, conversation: str) -> None:
    operator = PEOPLE[person(Role.OPERATOR)]
    assert (tiles(sample_site, operator)[0].value, tiles(sample_site, operator)[0].tone) == (1, Tone.ALERT)
    assert [check.health for check in checks(sample_site)] == [Health.OK, Health.OK]
    path = tombstone_file(sample_site.settings)
    path.write_text('{"conversation": "con_forged"}\n')
    assert [check.health for check in checks(sample_site)] == [Health.OK, Health.FAILED]
