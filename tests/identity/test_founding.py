"""Founding: the first administrator's link, and how two administrators confirm each other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Role
from akashi.identity.administrators import is_founding
from akashi.identity.credentials import confirm_credential, revoke_credential
from akashi.identity.enrolment import bootstrap_link, create_link
from akashi.identity.people import PersonData, create_person
from akashi.identity.refusals import RefusedError
from akashi.identity.roles import grant_role
from akashi.identity.store import list_people
from tests.identity.conftest import Browser, Town


def test_bootstrap_link_carries_its_token_in_the_fragment(town: Town) -> None:
    link = bootstrap_link(town.site, "管理者")
    address, _, token = link.partition("#")
    assert address == "http://localhost:8765/identity/enrol"
    assert len(token) == 43


def test_bootstrap_again_gives_the_same_person_a_new_link(town: Town) -> None:
    old = bootstrap_link(town.site, "管理者").partition("#")[2]
    new = bootstrap_link(town.site, "管理者").partition("#")[2]
    with town.site.database.read() as connection:
        assert len(list_people(connection)) == 1
    with pytest.raises(RefusedError, match="no longer good"):
        Browser(town.site).enrol(old)
    assert Browser(town.site).enrol(new)


def test_bootstrap_is_refused_once_an_administrator_has_a_passkey(town: Town) -> None:
    town.enrol_founder()
    with pytest.raises(ConflictError, match="exists already"):
        bootstrap_link(town.site, "だれか")


def test_single_administrator_is_not_confirmed(town: Town) -> None:
    assert not town.enrol_founder().actor(town.site).confirmed


def test_nobody_confirms_himself_even_while_founding(town: Town) -> None:
    first = town.enrol_founder()
    with pytest.raises(ForbiddenError, match="himself"):
        town.confirm(first, first)


def test_two_administrators_confirm_each_other_and_end_the_founding(town: Town) -> None:
    first, second = town.found()
    assert first.actor(town.site).confirmed
    assert second.actor(town.site).confirmed
    with town.site.database.read() as connection:
        assert not is_founding(connection)
    assert [kind for kind, _, _ in town.ledger()].count("identity.founded") == 1


def test_only_one_second_administrator_is_named_without_agreement(town: Town) -> None:
    first = town.enrol_founder()
    second = town.add(first, "二人目", Role.ADMINISTRATOR)
    third = town.add(first, "三人目", Role.ADMINISTRATOR)
    assert second.actor(town.site).has(Role.ADMINISTRATOR)
    assert not third.actor(town.site).has(Role.ADMINISTRATOR)


def test_founding_administrator_cannot_confirm_people_who_decide(town: Town) -> None:
    first = town.enrol_founder()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    with pytest.raises(ForbiddenError, match="has not been confirmed"):
        town.confirm(first, officer)
    with pytest.raises(ForbiddenError, match="has not been confirmed"):
        town.confirm_roles(first, officer)


def test_founders_freedom_does_not_come_back_when_administrators_leave(town: Town) -> None:
    first, second = town.found()
    third = town.add(first, "三人目", Role.ADMINISTRATOR)
    town.confirm_roles(second, third)
    with pytest.raises(ForbiddenError, match="not the one who made the link"):
        town.confirm(first, third)


def test_unconfirmed_administrator_changes_nothing_after_the_founding(town: Town) -> None:
    first, second = town.found()
    third = town.add(first, "三人目", Role.ADMINISTRATOR)
    town.confirm_roles(second, third)
    actor = third.actor(town.site)
    assert actor.has(Role.ADMINISTRATOR)
    with town.site.database.write() as connection:
        with pytest.raises(ForbiddenError, match="has not been confirmed"):
            create_person(connection, actor, PersonData("だれか"), town.now)
        with pytest.raises(ForbiddenError, match="has not been confirmed"):
            grant_role(connection, actor, first.id, Role.OPERATOR, town.now)
        with pytest.raises(ForbiddenError, match="has not been confirmed"):
            create_link(connection, actor, first.id, town.now)


def test_wrong_code_confirms_nothing(town: Town) -> None:
    first = town.enrol_founder()
    second = town.add(first, "二人目", Role.ADMINISTRATOR)
    with (
        pytest.raises(InputError, match="not the code"),
        town.site.database.write() as connection,
    ):
        confirm_credential(connection, first.actor(town.site), second.credential_id, "0000-0000", town.now)
    assert not second.actor(town.site).confirmed


def test_bootstrap_reopens_only_when_no_administrator_has_a_passkey_left(town: Town) -> None:
    first, second = town.found()
    for staff in (first, second):
        with town.site.database.write() as connection:
            revoke_credential(connection, staff.actor(town.site), staff.credential_id, town.now, own=True)
    bootstrap_link(town.site, "復旧")
    assert "identity.founding_reopened" in [kind for kind, _, _ in town.ledger()]


def test_bootstrap_link_expires_after_fifteen_minutes(town: Town) -> None:
    token = bootstrap_link(town.site, "管理者").partition("#")[2]
    town.advance(timedelta(minutes=15))
    with pytest.raises(RefusedError, match="no longer good"):
        Browser(town.site).enrol(token)
