"""Enrolment links: what one registers, and every way in which a link or its answer is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from akashi.core.errors import ForbiddenError
from akashi.core.people import NOBODY, SYSTEM, Actor, ActorKind, Role
from akashi.identity.credentials import replace_passkeys
from akashi.identity.enrolment import begin_enrolment, create_link, finish_enrolment
from akashi.identity.model import check_code
from akashi.identity.people import suspend_person
from akashi.identity.refusals import Refusal, RefusedError
from akashi.identity.sessions import resolve_actor
from akashi.identity.store import link_table, list_credentials
from tests.identity.authenticator import Authenticator
from tests.identity.conftest import Browser, Staff, Town


def link_for(town: Town, by: Staff, whom: Staff) -> str:
    """Return the token of a new link."""
    with town.site.database.write() as connection:
        return create_link(connection, by.actor(town.site), whom.id, town.now)


def refusal_of(town: Town, browser: Browser, token: str) -> Refusal:
    """Return why enrolment was refused, once the ledger has been seen to know it too."""
    with pytest.raises(RefusedError) as caught:
        browser.enrol(token)
    kind, _, payload = town.ledger()[-1]
    assert (kind, payload["reason"]) == ("identity.enrolment_refused", caught.value.refusal.value)
    return caught.value.refusal


def test_registration_asks_for_a_discoverable_and_verified_passkey(town: Town) -> None:
    first, second = town.found()
    browser = Browser(town.site)
    options, person, _ = begin_enrolment(town.site, browser.request(), link_for(town, first, second))
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["rp"]["id"] == "localhost"
    assert person.id == second.id
    assert [item["id"] for item in options["excludeCredentials"]] == [second.credential_id]


def test_enrolment_signs_nobody_in_and_decides_nothing(town: Town) -> None:
    staff = town.enrol_founder()
    assert resolve_actor(town.site, staff.browser.request()) is NOBODY
    assert not staff.actor(town.site).confirmed


def test_database_holds_no_token_that_opens_anything(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    with town.site.database.read() as connection:
        rows = connection.execute(sa.select(link_table)).all()
    assert token not in str(rows)


def test_link_is_good_for_fourteen_minutes_and_not_for_fifteen(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    town.advance(timedelta(minutes=14, seconds=59))
    begin_enrolment(town.site, Browser(town.site).request(), token)
    town.advance(timedelta(seconds=1))
    assert refusal_of(town, Browser(town.site), token) is Refusal.EXPIRED_LINK


def test_link_works_once(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    Browser(town.site).enrol(token)
    assert refusal_of(town, Browser(town.site), token) is Refusal.USED_LINK


def test_opening_the_link_does_not_use_it_up(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    for _ in range(2):
        begin_enrolment(town.site, Browser(town.site).request(), token)
    assert Browser(town.site).enrol(token)


def test_newer_link_replaces_the_older_one(town: Town) -> None:
    first, second = town.found()
    old = link_for(town, first, second)
    link_for(town, first, second)
    assert refusal_of(town, Browser(town.site), old) is Refusal.EXPIRED_LINK


def test_invented_link_is_refused(town: Town) -> None:
    assert refusal_of(town, Browser(town.site), "x" * 43) is Refusal.UNKNOWN_LINK


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (Authenticator(verified=False), Refusal.NOT_VERIFIED),
        (Authenticator(origin="http://localhost:1"), Refusal.WRONG_ORIGIN),
        (Authenticator(is_framed=True), Refusal.WRONG_ORIGIN),
        (Authenticator(party="shiomi.example"), Refusal.WRONG_RELYING_PARTY),
    ],
)
def test_unfit_passkey_is_refused_and_the_link_stays_good(
    sqlite_town: Town, device: Authenticator, expected: Refusal
) -> None:
    first, second = sqlite_town.found()
    token = link_for(sqlite_town, first, second)
    assert refusal_of(sqlite_town, Browser(sqlite_town.site, device), token) is expected
    assert Browser(sqlite_town.site).enrol(token)


def test_registration_cannot_be_replayed_into_another_link(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    browser = Browser(town.site)
    options, _, browser.cookies["akashi_ceremony"] = begin_enrolment(town.site, browser.request(), token)
    answer = browser.device.register(options)
    finish_enrolment(town.site, browser.request(), token, answer)
    other = link_for(town, second, first)
    with pytest.raises(RefusedError) as caught:
        finish_enrolment(town.site, browser.request(), other, answer)
    assert caught.value.refusal is Refusal.REPLAYED


def test_passkey_of_somebody_is_not_registered_for_somebody_else(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    assert refusal_of(town, Browser(town.site, first.browser.device), token) is Refusal.ALREADY_REGISTERED


def test_suspended_person_cannot_enrol(town: Town) -> None:
    first, second = town.found()
    token = link_for(town, first, second)
    with town.site.database.write() as connection:
        suspend_person(connection, first.actor(town.site), second.id, town.now)
    assert refusal_of(town, Browser(town.site), token) is Refusal.SUSPENDED


@pytest.mark.parametrize("kind", [ActorKind.LOCAL, ActorKind.SERVICE, ActorKind.SYSTEM, ActorKind.CUSTOMER])
def test_only_persons_make_links(sqlite_town: Town, kind: ActorKind) -> None:
    first, second = sqlite_town.found()
    pretender = Actor(first.id, kind, frozenset({Role.ADMINISTRATOR}))
    with sqlite_town.site.database.write() as connection, pytest.raises(ForbiddenError):
        create_link(connection, pretender, second.id, sqlite_town.now)
    with sqlite_town.site.database.write() as connection, pytest.raises(ForbiddenError):
        create_link(connection, SYSTEM, second.id, sqlite_town.now)


def test_lost_passkey_ends_sessions_and_its_replacement_waits_for_a_second_administrator(town: Town) -> None:
    first, second = town.found()
    third = town.add(first, "三人目", Role.OPERATOR)
    town.confirm(second, third)
    third.browser.sign_in()
    with town.site.database.write() as connection:
        token = replace_passkeys(connection, first.actor(town.site), third.id, town.now)
    assert resolve_actor(town.site, third.browser.request()) is NOBODY
    replaced = Staff(third.id, browser := Browser(town.site), browser.enrol(token).id)
    assert not replaced.actor(town.site).confirmed
    with pytest.raises(ForbiddenError, match="not the one who made the link"):
        town.confirm(first, replaced)
    town.confirm(second, replaced)
    assert replaced.actor(town.site).confirmed
    kinds = [kind for kind, _, _ in town.ledger()]
    assert kinds.count("identity.passkey_revoked") == 1
    assert kinds.count("identity.session_ended") == 1


def test_code_of_a_passkey_is_what_the_person_reads_out(town: Town) -> None:
    staff = town.enrol_founder()
    with town.site.database.read() as connection:
        credential = list_credentials(connection, staff.id)[0]
    assert credential.code == check_code(staff.credential_id)
