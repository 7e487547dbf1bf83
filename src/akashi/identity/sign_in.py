"""Sign-in with a passkey: a question to the browser, its answer judged, a session or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from akashi.identity.challenges import consume_challenge, issue_challenge
from akashi.identity.limits import SIGN_IN, address_key, enforce_limit
from akashi.identity.model import Credential, Purpose
from akashi.identity.passkeys import Asserted, Claim, read_assertion, sign_in_options, verify_assertion
from akashi.identity.records import note
from akashi.identity.refusals import Refusal, RefusedError
from akashi.identity.sessions import open_session, read_cookie
from akashi.identity.store import credential_table, find_credential, lock_person
from akashi.platform.settings import Settings
from akashi.platform.site import Site

CEREMONY_COOKIE = "akashi_ceremony"
ANONYMOUS = "anonymous"


def begin_sign_in(site: Site, request: HTTPConnection) -> tuple[dict[str, Any], str]:
    """Return the options for the browser and the secret its ceremony cookie must keep.

    Raises: LimitedError: too many attempts from this address.
    """
    enforce_limit(site, SIGN_IN, request)
    browser = read_cookie(request, site.settings, CEREMONY_COOKIE)
    with site.database.write() as connection:
        challenge = issue_challenge(connection, Purpose.SIGN_IN, site.now(), browser=browser)
    return sign_in_options(site.settings, challenge.value), challenge.browser


def finish_sign_in(site: Site, request: HTTPConnection, answer: Mapping[str, Any]) -> str:
    """Return the token of the new session.

    Raises: RefusedError: the answer does not hold. The challenge is used up and the ledger has the
    reason all the same, because both are committed before the refusal is raised.
    """
    now = site.now()
    claim = read_assertion(answer)
    browser = read_cookie(request, site.settings, CEREMONY_COOKIE)
    with site.database.write() as connection:
        outcome = _judge(connection, site.settings, answer, claim, browser, now)
        if isinstance(outcome, Refusal):
            subject = claim.credential_id if isinstance(claim, Claim) else ANONYMOUS
            known = find_credential(connection, subject)
            note(
                connection,
                "sign_in_refused",
                known.person_id if known else ANONYMOUS,
                ANONYMOUS,
                now,
                reason=outcome.value,
                address=address_key(site, request),
            )
        else:
            token = open_session(connection, outcome.person_id, outcome.id, request, site.settings, now)
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome)
    return token


def _judge(
    connection: Connection,
    settings: Settings,
    answer: Mapping[str, Any],
    claim: Claim | Refusal,
    browser: str,
    now: datetime,
) -> Credential | Refusal:
    """Return the passkey that signed in, or why not; a good answer moves the passkey's counter."""
    if isinstance(claim, Refusal):
        return claim
    refusal = consume_challenge(connection, Purpose.SIGN_IN, claim.challenge, browser, now)
    if refusal is not None:
        return refusal
    credential = find_credential(connection, claim.credential_id)
    if credential is None:
        return Refusal.UNKNOWN_CREDENTIAL
    person = lock_person(connection, credential.person_id)
    credential = find_credential(connection, claim.credential_id) or credential
    if credential.revoked_at is not None:
        return Refusal.REVOKED_CREDENTIAL
    if not person.is_active:
        return Refusal.SUSPENDED
    asserted = verify_assertion(settings, answer, claim, credential, person.handle)
    if isinstance(asserted, Asserted):
        _move_counter(connection, asserted, now)
        return credential
    return asserted


def _move_counter(connection: Connection, asserted: Asserted, now: datetime) -> None:
    connection.execute(
        sa.update(credential_table)
        .where(credential_table.c.id == asserted.credential_id)
        .values(sign_count=asserted.sign_count, last_used_at=now)
    )
