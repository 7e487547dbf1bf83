"""Service tokens: scoped, hashed, expiring, revocable, and never beside a session."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.people import NOBODY, ActorKind, Role
from akashi.identity.sessions import resolve_actor
from akashi.identity.store import list_tokens, token_table
from akashi.identity.tokens import create_token, revoke_token
from akashi.platform.access import Rule
from tests.identity.conftest import Staff, Town, make_request

KNOWN = ("answers", "ledger")


def make_token(town: Town, by: Staff, *scopes: str, days: int = 30) -> str:
    """Return a new token."""
    with town.site.database.write() as connection:
        lifetime = timedelta(days=days)
        actor = by.actor(town.site)
        return create_token(connection, actor, "窓口端末", scopes, lifetime, town.now, KNOWN)[1]


def test_token_acts_as_a_machine_with_its_scopes_only(town: Town) -> None:
    first, _ = town.found()
    token = make_token(town, first, "answers")
    actor = resolve_actor(town.site, make_request(authorization=f"Bearer {token}"))
    assert (actor.kind, actor.scopes, actor.roles) == (ActorKind.SERVICE, frozenset({"answers"}), frozenset())
    assert Rule("route", "GET", "/a", frozenset({"scope:answers"})).admits(actor)
    assert not Rule("route", "GET", "/b", frozenset({"scope:ledger", "administrator"})).admits(actor)


def test_token_is_stored_as_a_digest_only(town: Town) -> None:
    first, _ = town.found()
    token = make_token(town, first, "answers")
    with town.site.database.read() as connection:
        rows = str(connection.execute(sa.select(token_table)).all())
    assert token not in rows
    assert token.removeprefix("akashi_") not in rows
    assert len(token) == len("akashi_") + 43


def test_token_beside_a_session_is_nobody(town: Town) -> None:
    first, _ = town.found()
    token = make_token(town, first, "answers")
    first.browser.sign_in()
    both = first.browser.request(authorization=f"Bearer {token}")
    assert resolve_actor(town.site, both) is NOBODY
    assert resolve_actor(town.site, first.browser.request()).id == first.id


def test_token_expires(town: Town) -> None:
    first, _ = town.found()
    token = make_token(town, first, "answers", days=1)
    request = make_request(authorization=f"Bearer {token}")
    town.advance(timedelta(hours=23, minutes=59))
    assert resolve_actor(town.site, request) is not NOBODY
    town.advance(timedelta(minutes=1))
    assert resolve_actor(town.site, request) is NOBODY


def test_revoked_token_is_refused_at_once(town: Town) -> None:
    first, second = town.found()
    token = make_token(town, first, "answers")
    with town.site.database.write() as connection:
        record = list_tokens(connection)[0]
        revoke_token(connection, second.actor(town.site), record.id, town.now)
        with pytest.raises(ConflictError):
            revoke_token(connection, second.actor(town.site), record.id, town.now)
    assert resolve_actor(town.site, make_request(authorization=f"Bearer {token}")) is NOBODY


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer " + "x" * 5000])
def test_anything_else_in_the_header_is_nobody(town: Town, header: str) -> None:
    assert resolve_actor(town.site, make_request(authorization=header)) is NOBODY


def test_last_use_is_kept_to_the_minute(town: Town) -> None:
    first, _ = town.found()
    token = make_token(town, first, "answers")
    resolve_actor(town.site, make_request(authorization=f"Bearer {token}"))
    with town.site.database.read() as connection:
        assert list_tokens(connection)[0].last_used_at == town.now


@pytest.mark.parametrize(
    ("scopes", "days"), [((), 30), (("unknown",), 30), (("answers",), 0), (("answers",), 366)]
)
def test_token_without_a_known_scope_or_a_sensible_life_is_refused(
    town: Town, scopes: tuple[str, ...], days: int
) -> None:
    first, _ = town.found()
    with pytest.raises(InputError):
        make_token(town, first, *scopes, days=days)


def test_only_confirmed_administrators_make_tokens(town: Town) -> None:
    first, second = town.found()
    officer = town.add(first, "担当", Role.SECURITY_OFFICER)
    town.confirm_roles(second, officer)
    town.confirm(second, officer)
    with pytest.raises(ForbiddenError, match="Only an administrator"):
        make_token(town, officer, "answers")
    third = town.add(first, "三人目", Role.ADMINISTRATOR)
    town.confirm_roles(second, third)
    with pytest.raises(ForbiddenError, match="has not been confirmed"):
        make_token(town, third, "answers")
