"""Sessions: how long they last, who ends them, and what a request with one resolves to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from starlette.responses import Response

from akashi.core.errors import NotFoundError, SetupError
from akashi.core.people import NOBODY, Role
from akashi.identity.sessions import COOKIE, cookie_name, end_own_session, resolve_actor, set_cookie, sign_out
from akashi.identity.store import (
    find_credential,
    find_person,
    get_grant,
    get_person,
    list_sessions,
    session_table,
)
from akashi.platform.settings import Settings
from tests.identity.conftest import Browser, Staff, Town


@pytest.fixture
def staff(town: Town) -> Staff:
    """Somebody who has just signed in."""
    staff = town.enrol_founder()
    staff.browser.sign_in()
    return staff


def is_in(town: Town, browser: Browser) -> bool:
    """Return whether the browser's session counts."""
    return resolve_actor(town.site, browser.request()) is not NOBODY


def test_session_ends_after_thirty_idle_minutes(town: Town, staff: Staff) -> None:
    town.advance(timedelta(minutes=29, seconds=59))
    assert is_in(town, staff.browser)
    town.advance(timedelta(minutes=30))
    assert not is_in(town, staff.browser)


def test_session_in_use_ends_after_ten_hours_all_the_same(town: Town, staff: Staff) -> None:
    for _ in range(29):
        town.advance(timedelta(minutes=20))
        assert is_in(town, staff.browser)
    town.advance(timedelta(minutes=20))
    assert not is_in(town, staff.browser)


def test_database_holds_no_session_token(town: Town, staff: Staff) -> None:
    with town.site.database.read() as connection:
        rows = str(connection.execute(sa.select(session_table)).all())
    assert staff.browser.cookies["akashi_session"] not in rows


def test_sign_in_ends_the_session_that_the_browser_had(town: Town, staff: Staff) -> None:
    before = dict(staff.browser.cookies)
    staff.browser.sign_in()
    assert not is_in(town, Browser(town.site, cookies=before))
    assert is_in(town, staff.browser)


def test_sign_out_ends_the_session_on_the_server(town: Town, staff: Staff) -> None:
    sign_out(town.site, staff.browser.request())
    assert not is_in(town, staff.browser)
    assert town.ledger()[-1][2]["reason"] == "signed_out"


def test_own_session_on_another_device_can_be_ended(town: Town, staff: Staff) -> None:
    other = Browser(town.site, staff.browser.device)
    other.sign_in()
    with town.site.database.write() as connection:
        sessions = list_sessions(connection, staff.id, town.now)
        assert len(sessions) == 2
        end_own_session(connection, staff.actor(town.site), sessions[1].id, town.now)
    assert [is_in(town, staff.browser), is_in(town, other)].count(True) == 1


def test_session_of_somebody_else_is_not_found(town: Town) -> None:
    first, second = town.found()
    second.browser.sign_in()
    with town.site.database.write() as connection:
        theirs = list_sessions(connection, second.id, town.now)[0]
        with pytest.raises(NotFoundError):
            end_own_session(connection, first.actor(town.site), theirs.id, town.now)
    assert is_in(town, second.browser)


def test_invented_session_is_nobody(town: Town) -> None:
    assert not is_in(town, Browser(town.site, cookies={"akashi_session": "x" * 43}))


def test_role_change_reaches_an_open_session_with_the_next_request(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    officer.browser.sign_in()
    assert not resolve_actor(town.site, officer.browser.request()).has(Role.RISK_OFFICER)
    town.confirm_roles(second, officer)
    assert resolve_actor(town.site, officer.browser.request()).has(Role.RISK_OFFICER)


def test_confirmation_reaches_an_open_session_with_the_next_request(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    officer.browser.sign_in()
    assert not resolve_actor(town.site, officer.browser.request()).confirmed
    town.confirm(second, officer)
    assert resolve_actor(town.site, officer.browser.request()).confirmed


def test_cookie_is_host_bound_and_secure_on_https(sqlite_town: Town) -> None:
    secure = replace(sqlite_town.site.settings, origin="https://akashi.shiomi.example")
    response = Response()
    set_cookie(response, secure, COOKIE, "t")
    assert response.headers["set-cookie"] == "__Host-akashi_session=t; HttpOnly; Path=/; SameSite=lax; Secure"


def test_cookie_on_loopback_http_has_its_plain_name(sqlite_town: Town) -> None:
    response = Response()
    set_cookie(response, sqlite_town.site.settings, COOKIE, "t")
    assert response.headers["set-cookie"] == "akashi_session=t; HttpOnly; Path=/; SameSite=lax"


def test_plain_http_beyond_this_machine_gets_no_cookie_at_all(sqlite_town: Town) -> None:
    settings: Settings = replace(sqlite_town.site.settings, origin="http://akashi.shiomi.example")
    with pytest.raises(SetupError, match="needs https"):
        cookie_name(settings)
    site = replace(sqlite_town.site, settings=settings)
    assert resolve_actor(site, Browser(site, cookies={"akashi_session": "x"}).request()) is NOBODY


def test_plain_cookie_name_is_not_read_on_https(town: Town, staff: Staff) -> None:
    site = replace(town.site, settings=replace(town.site.settings, origin="https://localhost"))
    assert resolve_actor(site, staff.browser.request()) is NOBODY


@pytest.mark.parametrize("odd", ["\0", "ses_\0", "'; --", "ses_" + "x" * 5000])
def test_odd_ids_are_not_found_and_never_a_fault(town: Town, odd: str) -> None:
    actor = town.enrol_founder().actor(town.site)
    with town.site.database.write() as connection:
        assert find_person(connection, odd) is None
        assert find_credential(connection, odd) is None
        for attempt in (get_grant, get_person):
            with pytest.raises(NotFoundError):
                attempt(connection, odd)
        with pytest.raises(NotFoundError):
            end_own_session(connection, actor, odd, town.now)
