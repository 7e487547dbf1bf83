"""Business hours, waiting time and the wish to be called back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from akashi.conversations.cases import find_open_case
from akashi.conversations.talk import find_by_token
from akashi.core.errors import InputError
from akashi.core.moments import TOKYO
from akashi.domains.assistant.callback import Wish, check_wish
from akashi.domains.assistant.contact import read_desk
from akashi.domains.assistant.talk import ask_for_person
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site
from tests.conftest import open_client, sign_in

SATURDAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def at(site: Site, moment: datetime) -> None:
    site.clock.advance(moment - site.now())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("now", "is_open", "opens_at"),
    [
        ("2026-11-20 10:00", True, ""),
        ("2026-11-20 08:59", False, "2026-11-20 09:00"),
        ("2026-11-20 17:00", False, "2026-11-24 09:00"),
        ("2026-11-23 10:00", False, "2026-11-24 09:00"),
        ("2026-12-30 18:00", False, "2027-01-04 09:00"),
    ],
    ids=["friday", "before nine", "friday evening before a holiday", "labour day", "year's end"],
)
def test_desk_follows_hours_and_holidays(sample_site: Site, now: str, is_open: bool, opens_at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=TOKYO)
    with sample_site.database.read() as connection:
        desk = read_desk(connection, moment)
    assert desk.is_open is is_open
    told = "" if desk.opens_at is None else f"{desk.opens_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
    assert told == opens_at
    assert (desk.wait_minutes, desk.is_measured) == (15, False)


def test_customer_hears_the_expected_wait_inside_hours(sample_site: Site) -> None:
    token = ask_for_person(sample_site, "", "ja")
    with open_client(sample_site) as client:
        client.cookies.set("akashi_talk", token)
        page = client.get("/").text
    assert "約15分" in page
    assert "/callback" not in page


def test_callback_outside_hours_is_sealed_with_its_consent_and_shown_to_the_operator(
    sample_site: Site,
) -> None:
    at(sample_site, SATURDAY)
    token = ask_for_person(sample_site, "", "ja")
    wish = {
        "name": "山田花子",
        "way": "phone",
        "address": "０９０-1234-5678",
        "slot": "morning",
        "consent": "y",
    }
    with open_client(sample_site) as client:
        client.cookies.set("akashi_talk", token)
        assert "11月24日" in client.get("/").text
        assert "お預かりし" in client.get("/callback").text
        refused = client.post("/callback", data={key: wish[key] for key in wish if key != "consent"})
        assert refused.status_code == 422
        thanked = client.post("/callback", data=wish).text
        assert "承りました" in thanked
    with sample_site.database.read() as connection:
        case = find_open_case(connection, find_by_token(connection, token).id)
        entries = list_entries(connection, Filter(kind="assistant.callback_consented"), 10)
        stored = str(connection.execute(sa.text("select * from assistant_callback")).all())
    assert case is not None
    assert len(entries) == 1
    assert not {"山田", "1234"} & {word for word in ("山田", "1234") if word in stored + entries[0].payload}
    with open_client(sample_site) as operator:
        sign_in(operator, "isobe_mio")
        queue = operator.get("/assistant/console").text
        page = operator.post(f"/assistant/console/{case.id}/claim").text
    assert "折返しをご希望：平日9:00から12:00" in queue
    assert "山田花子" not in queue
    assert "山田花子" in page
    assert "090-1234-5678" in page


@pytest.mark.parametrize(
    "wish",
    [
        Wish("", "phone", "090-1234-5678", "", ""),
        Wish("\u200b\u202e", "phone", "090-1234-5678", "", ""),
        Wish("山田", "fax", "090-1234-5678", "", ""),
        Wish("山田", "phone", "12", "", ""),
        Wish("山田", "phone", "電話して", "", ""),
        Wish("山田", "mail", "yamada", "", ""),
        Wish("山田", "mail", "a@b", "", ""),
        Wish("山" * 81, "mail", "a@example.jp", "", ""),
    ],
)
def test_wish_that_nobody_could_fulfil_is_refused(wish: Wish) -> None:
    with pytest.raises(InputError):
        check_wish(wish)


def test_callback_without_a_conversation_leads_to_the_question(sample_site: Site) -> None:
    with open_client(sample_site) as client:
        assert client.get("/callback", follow_redirects=False).headers["location"] == "/"


def test_five_wishes_from_one_address_then_a_pause(sample_site: Site) -> None:
    with open_client(sample_site) as client:
        codes = [client.post("/callback", data={}).status_code for _ in range(7)]
    assert codes[-1] == 429
    sample_site.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
