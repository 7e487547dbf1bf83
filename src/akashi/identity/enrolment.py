"""Enrolment: a link that registers one passkey for one person, once, within 15 minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from akashi.core.errors import ConflictError
from akashi.core.people import Actor, Role
from akashi.identity.administrators import (
    administrator_ids,
    passkey_holders,
    refuse_self,
    reopen_founding,
    require_administrator,
)
from akashi.identity.challenges import consume_challenge, issue_challenge
from akashi.identity.limits import ENROLMENT, address_key, enforce_limit
from akashi.identity.model import LINK_LIFETIME, Credential, Link, Person, Purpose
from akashi.identity.opaque import new_token, token_digest
from akashi.identity.passkeys import (
    Claim,
    Registered,
    read_registration,
    registration_options,
    verify_registration,
)
from akashi.identity.people import PersonData, insert_person
from akashi.identity.records import note
from akashi.identity.refusals import Refusal, RefusedError
from akashi.identity.roles import insert_grant
from akashi.identity.sessions import read_cookie
from akashi.identity.sign_in import ANONYMOUS, CEREMONY_COOKIE
from akashi.identity.store import (
    credential_table,
    find_credential,
    find_link,
    get_person,
    grant_table,
    link_table,
    list_credentials,
    lock_person,
)
from akashi.platform.commands import local_actor
from akashi.platform.ids import new_id
from akashi.platform.settings import Settings
from akashi.platform.site import Site

FOUNDING = "founding"
"""Who agreed to the first administrator's role: nobody else was there yet."""


def create_link(connection: Connection, actor: Actor, person_id: str, now: datetime) -> str:
    """Return the token of a new enrolment link; older unused links of the person stop working.

    Raises: ForbiddenError: not an administrator, or for oneself; NotFoundError: no such person.
    """
    require_administrator(connection, actor, now, founding=True)
    refuse_self(actor, person_id)
    get_person(connection, person_id)
    return insert_link(connection, actor.id, person_id, now)


def insert_link(connection: Connection, actor_id: str, person_id: str, now: datetime) -> str:
    """Return the token of a link written without asking who writes: for founding."""
    connection.execute(
        sa.update(link_table)
        .where(
            link_table.c.person_id == person_id,
            link_table.c.used_at.is_(None),
            link_table.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    token, link_id = new_token(), new_id("link")
    connection.execute(
        sa.insert(link_table).values(
            id=link_id,
            token_hash=token_digest(token),
            person_id=person_id,
            created_by=actor_id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    note(connection, "link_created", person_id, actor_id, now, link=link_id)
    return token


def link_address(settings: Settings, token: str) -> str:
    """Return the address to hand over; the token is in the fragment, which browsers never send."""
    return f"{settings.public_origin}/identity/enrol#{token}"


def begin_enrolment(site: Site, request: HTTPConnection, token: str) -> tuple[dict[str, Any], Person, str]:
    """Return the options for the browser, the person they are for, and the browser's secret.

    The link is not used up yet. Raises: RefusedError: unknown, expired or used link, or a suspended
    person; LimitedError.
    """
    enforce_limit(site, ENROLMENT, request)
    now = site.now()
    browser = read_cookie(request, site.settings, CEREMONY_COOKIE)
    with site.database.write() as connection:
        found = _find_usable(connection, token, now)
        if isinstance(found, Refusal):
            _note_refusal(connection, site, request, token, found)
        else:
            link, person = found
            challenge = issue_challenge(connection, Purpose.REGISTER, now, link.id, browser)
            known = [item for item in list_credentials(connection, person.id) if item.revoked_at is None]
    if isinstance(found, Refusal):
        raise RefusedError(found)
    return registration_options(site.settings, person, challenge.value, known), person, challenge.browser


def finish_enrolment(
    site: Site, request: HTTPConnection, token: str, answer: Mapping[str, Any]
) -> Credential:
    """Return the new passkey, which decides nothing until a second administrator confirms it.

    The link is used up in the same transaction. Nobody is signed in by this.

    Raises: RefusedError: link or answer do not hold; the ledger has the reason.
    """
    enforce_limit(site, ENROLMENT, request)
    claim = read_registration(answer)
    browser = read_cookie(request, site.settings, CEREMONY_COOKIE)
    with site.database.write() as connection:
        outcome = _judge(connection, site, answer, claim, token, browser)
        if isinstance(outcome, Refusal):
            _note_refusal(connection, site, request, token, outcome)
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome)
    return outcome


def _judge(
    connection: Connection,
    site: Site,
    answer: Mapping[str, Any],
    claim: Claim | Refusal,
    token: str,
    browser: str,
) -> Credential | Refusal:
    now = site.now()
    found = _find_usable(connection, token, now)
    if isinstance(found, Refusal):
        return found
    if isinstance(claim, Refusal):
        return claim
    link, person = found
    refusal = consume_challenge(connection, Purpose.REGISTER, claim.challenge, browser, now, link.id)
    if refusal is not None:
        return refusal
    registered = verify_registration(site.settings, answer, claim)
    if isinstance(registered, Refusal):
        return registered
    if find_credential(connection, registered.credential_id) is not None:
        return Refusal.ALREADY_REGISTERED
    if not _use_link(connection, link, now):
        return Refusal.USED_LINK
    return _insert_credential(connection, link, person, registered, now)


def _find_usable(connection: Connection, token: str, now: datetime) -> tuple[Link, Person] | Refusal:
    link = find_link(connection, token_hash=token_digest(token))
    if link is None:
        return Refusal.UNKNOWN_LINK
    person = lock_person(connection, link.person_id)
    link = find_link(connection, link_id=link.id) or link
    if link.used_at is not None:
        return Refusal.USED_LINK
    if link.revoked_at is not None or link.expires_at <= now:
        return Refusal.EXPIRED_LINK
    return (link, person) if person.is_active else Refusal.SUSPENDED


def _use_link(connection: Connection, link: Link, now: datetime) -> bool:
    used = connection.execute(
        sa.update(link_table)
        .where(link_table.c.id == link.id, link_table.c.used_at.is_(None))
        .values(used_at=now)
    )
    return used.rowcount == 1


def _insert_credential(
    connection: Connection, link: Link, person: Person, registered: Registered, now: datetime
) -> Credential:
    credential = Credential(
        id=registered.credential_id,
        person_id=person.id,
        public_key=registered.public_key,
        sign_count=registered.sign_count,
        transports=registered.transports,
        created_at=now,
        issued_by=link.created_by,
    )
    connection.execute(
        sa.insert(credential_table).values(
            id=credential.id,
            person_id=person.id,
            public_key=credential.public_key,
            sign_count=credential.sign_count,
            transports=" ".join(credential.transports),
            created_at=now,
            issued_by=link.created_by,
        )
    )
    note(
        connection,
        "passkey_registered",
        person.id,
        person.id,
        now,
        passkey=token_digest(credential.id),
        public_key=token_digest(credential.public_key.hex()),
        link=link.id,
        issued_by=link.created_by,
    )
    return credential


def _note_refusal(
    connection: Connection, site: Site, request: HTTPConnection, token: str, refusal: Refusal
) -> None:
    link = find_link(connection, token_hash=token_digest(token))
    note(
        connection,
        "enrolment_refused",
        link.person_id if link else ANONYMOUS,
        ANONYMOUS,
        site.now(),
        reason=refusal.value,
        address=address_key(site, request),
    )


def bootstrap_link(site: Site, name: str, actor: Actor | None = None) -> str:
    """Return a one-time enrolment link for the first administrator, good for 15 minutes.

    Asked again before the link was used, it gives the same person a new link. Also the way back when
    every administrator has lost every passkey; the ledger says so.

    Raises: ConflictError: an administrator with a passkey exists and must make the link himself.
    """
    who, now = actor or local_actor(), site.now()
    with site.database.write() as connection:
        administrators = administrator_ids(connection, now)
        if administrators & passkey_holders(connection):
            raise ConflictError(
                "An administrator with a passkey exists already.",
                next_step="Let an administrator make the enrolment link on the page of the person.",
            )
        reopen_founding(connection, who.id, now)
        founder = _find_founder(connection, administrators)
        if founder is None:
            founder = insert_person(connection, who.id, PersonData(name), now).id
            insert_grant(connection, who.id, founder, Role.ADMINISTRATOR, now, now, None, FOUNDING)
        token = insert_link(connection, who.id, founder, now)
    return link_address(site.settings, token)


def _find_founder(connection: Connection, administrators: set[str]) -> str | None:
    """Return the administrator whom an earlier bootstrap link was for, if he is still one."""
    grant = grant_table.c
    query = (
        sa.select(grant.person_id)
        .where(grant.confirmed_by == FOUNDING, grant.granted_by.like("local:%"))
        .order_by(grant.granted_at.desc())
    )
    return next((found for found in connection.execute(query).scalars() if found in administrators), None)
