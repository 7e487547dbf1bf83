"""Role grants: who may give them, when they count, what cannot be combined."""

from __future__ import annotations

from datetime import timedelta

import pytest

from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import Actor, Role
from akashi.identity.model import Grant, needs_second
from akashi.identity.roles import confirm_grant, grant_role, revoke_role
from akashi.identity.store import list_grants
from tests.identity.conftest import Staff, Town


def give(town: Town, by: Actor, whom: Staff, role: Role, **times: object) -> Grant:
    """Grant a role in a transaction of its own."""
    with town.site.database.write() as connection:
        return grant_role(connection, by, whom.id, role, town.now, **times)  # type: ignore[arg-type]  # moments


def held(town: Town, staff: Staff) -> frozenset[Role]:
    """Return the roles that count now."""
    return staff.actor(town.site).roles


def test_deciding_role_counts_only_after_a_second_administrator(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    assert held(town, officer) == frozenset()
    town.confirm_roles(second, officer)
    assert held(town, officer) == {Role.RISK_OFFICER}


def test_operator_role_counts_at_once(town: Town) -> None:
    first, _ = town.found()
    assert held(town, town.add(first, "受付", Role.OPERATOR)) == {Role.OPERATOR}


def test_only_operator_and_loan_officer_need_no_second_administrator() -> None:
    assert {role for role in Role if not needs_second(role)} == {Role.OPERATOR, Role.LOAN_OFFICER}


def test_whoever_granted_a_role_cannot_confirm_it(town: Town) -> None:
    first, _ = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    with pytest.raises(ForbiddenError, match="second administrator"):
        town.confirm_roles(first, officer)


def test_nobody_grants_confirms_or_revokes_for_himself(town: Town) -> None:
    first, second = town.found()
    with pytest.raises(ForbiddenError, match="himself"):
        give(town, first.actor(town.site), first, Role.OPERATOR)
    with town.site.database.write() as connection:
        own = list_grants(connection, second.id)[0]
        with pytest.raises(ForbiddenError, match="himself"):
            revoke_role(connection, second.actor(town.site), own.id, town.now)
    third = town.add(first, "三人目", Role.ADMINISTRATOR)
    with pytest.raises(ForbiddenError):
        town.confirm_roles(third, third)


def test_administrator_is_combined_with_nothing_and_auditor_neither(town: Town) -> None:
    first, second = town.found()
    with pytest.raises(ConflictError, match="must not be combined"):
        give(town, first.actor(town.site), second, Role.EXECUTIVE)
    auditor = town.add(first, "監査", Role.AUDITOR)
    with pytest.raises(ConflictError, match="must not be combined"):
        give(town, first.actor(town.site), auditor, Role.RISK_OFFICER)
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    assert give(town, first.actor(town.site), officer, Role.VALIDATOR)


def test_same_role_is_not_granted_twice(town: Town) -> None:
    first, _ = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    with pytest.raises(ConflictError, match="already has this role"):
        give(town, first.actor(town.site), officer, Role.RISK_OFFICER)


def test_role_counts_from_its_first_day_until_its_last(town: Town) -> None:
    first, _ = town.found()
    clerk = town.add(first, "受付")
    begins, ends = town.now + timedelta(days=1), town.now + timedelta(days=2)
    give(town, first.actor(town.site), clerk, Role.OPERATOR, valid_from=begins, valid_to=ends)
    assert held(town, clerk) == frozenset()
    town.advance(timedelta(days=1))
    assert held(town, clerk) == {Role.OPERATOR}
    town.advance(timedelta(days=1))
    assert held(town, clerk) == frozenset()


def test_role_that_ends_before_it_begins_is_refused(town: Town) -> None:
    first, second = town.found()
    with pytest.raises(InputError, match="before the first"):
        give(town, first.actor(town.site), second, Role.OPERATOR, valid_to=town.now)


def test_revoked_role_is_gone_at_once_and_stays_in_the_history(town: Town) -> None:
    first, _ = town.found()
    clerk = town.add(first, "受付", Role.OPERATOR)
    with town.site.database.write() as connection:
        grant = list_grants(connection, clerk.id)[0]
        revoke_role(connection, first.actor(town.site), grant.id, town.now)
    assert held(town, clerk) == frozenset()
    with town.site.database.read() as connection:
        assert list_grants(connection, clerk.id)[0].revoked_by == first.id


def test_actor_whose_role_was_just_revoked_is_stopped_inside_the_transaction(town: Town) -> None:
    first, second = town.found()
    stale = second.actor(town.site)
    with town.site.database.write() as connection:
        grant = list_grants(connection, second.id)[0]
        revoke_role(connection, first.actor(town.site), grant.id, town.now)
    with pytest.raises(ForbiddenError, match="Only an administrator"):
        give(town, stale, second, Role.OPERATOR)


def test_confirming_twice_is_refused(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.RISK_OFFICER)
    town.confirm_roles(second, officer)
    with town.site.database.write() as connection:
        grant = list_grants(connection, officer.id)[0]
        with pytest.raises(ConflictError, match="no longer waits"):
            confirm_grant(connection, second.actor(town.site), grant.id, town.now)


def test_every_change_of_a_role_is_in_the_ledger_without_names(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "秘密の名前", Role.RISK_OFFICER)
    town.confirm_roles(second, officer)
    about = [(kind, payload) for kind, subject, payload in town.ledger() if subject == officer.id]
    assert [kind for kind, _ in about] == [
        "identity.person_created",
        "identity.role_granted",
        "identity.link_created",
        "identity.passkey_registered",
        "identity.role_confirmed",
    ]
    assert "秘密の名前" not in str(about)
