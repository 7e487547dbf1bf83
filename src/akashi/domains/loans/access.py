"""Who may open an application: the browser in which it was begun, or who has the link and its separate code.

A link works together with its code only, five times wrong and it is dead. Nothing is shown before both fit,
and a wrong link, a wrong code, a dead and an expired link are answered with the same words.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import InputError
from akashi.domains.loans.tables import access_table
from akashi.identity.opaque import new_token, token_digest
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.keys import Keys
from akashi.platform.site import Site

COOKIE = "akashi_loan"
SESSION_LIFE = timedelta(hours=12)
LINK_LIFE = timedelta(days=30)
MOST_TRIES = 5
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
_PURPOSE = "loans/code"


@dataclass(frozen=True, slots=True)
class Saved:
    """What the applicant takes along: the link's token and the separate code. Neither is stored."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


def open_session(connection: Connection, application_id: str, now: datetime) -> str:
    """Return the token of a browser that may go on with an application."""
    token = new_token()
    _insert(connection, token, application_id, "session", "", now, now + SESSION_LIFE)
    return token


def find_session(connection: Connection, token: str, now: datetime) -> str:
    """Return the application that a browser's token opens, or an empty text."""
    if not token:
        return ""
    table = access_table.c
    query = sa.select(table.application_id).where(
        table.token_hash == token_digest(token), table.kind == "session", table.expires_at > now
    )
    return str(connection.execute(query).scalar() or "")


def close_session(connection: Connection, token: str) -> None:
    """Forget a browser's token."""
    connection.execute(sa.delete(access_table).where(access_table.c.token_hash == token_digest(token)))


def make_link(connection: Connection, keys: Keys, application_id: str, now: datetime) -> Saved:
    """Return a new link and code; earlier links of the application end."""
    table = access_table.c
    ended = sa.delete(access_table).where(table.application_id == application_id, table.kind == "link")
    connection.execute(ended)
    token, expires = new_token(), now + LINK_LIFE
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    _insert(connection, token, application_id, "link", _code_hash(keys, token, code), now, expires)
    append(connection, Record("loans.link_made", application_id, "customer", now, {}))
    return Saved(token, f"{code[:4]}-{code[4:]}", expires)


def use_link(site: Site, token: str, code: str) -> str:
    """Return the token of a new session for who has link and code; other sessions of the application end.

    Raises: InputError: they do not fit, the link is dead or expired; nobody is told which.
    """
    now = site.now()
    with site.database.write() as connection:
        application_id = _match(connection, site.keys, token, code, now)
        if application_id:
            table = access_table.c
            old = sa.delete(access_table).where(table.application_id == application_id)
            connection.execute(old.where(table.kind == "session"))
            session = open_session(connection, application_id, now)
            append(connection, Record("loans.resumed", application_id, "customer", now, {}))
    if not application_id:
        raise InputError(
            "The number or the code does not fit, or they can no longer be used.",
            next_step="Check both, or call us.",
        )
    return session


def _match(connection: Connection, keys: Keys, token: str, code: str, now: datetime) -> str:
    """Return the application of a fitting pair; count a wrong code."""
    table = access_table.c
    where = sa.and_(table.token_hash == token_digest(token.strip()), table.kind == "link")
    row = connection.execute(sa.select(access_table).where(where).with_for_update()).mappings().first()
    if row is None or row["tries"] >= MOST_TRIES or row["expires_at"] <= now:
        return ""
    if hmac.compare_digest(row["code_hash"], _code_hash(keys, token.strip(), _plain_code(code))):
        connection.execute(sa.update(access_table).where(where).values(tries=0))
        return str(row["application_id"])
    tries = row["tries"] + 1
    connection.execute(sa.update(access_table).where(where).values(tries=tries))
    payload = {"tries": tries}
    append(connection, Record("loans.wrong_code", row["application_id"], "unknown", now, payload))
    return ""


def forget_access(site: Site, now: datetime) -> int:
    """Delete sessions and links that have expired; return how many. A duty of ``tick``."""
    with site.database.write() as connection:
        done = connection.execute(sa.delete(access_table).where(access_table.c.expires_at <= now))
        return done.rowcount


def _insert(
    connection: Connection,
    token: str,
    application_id: str,
    kind: str,
    code_hash: str,
    now: datetime,
    expires: datetime,
) -> None:
    connection.execute(
        sa.insert(access_table).values(
            token_hash=token_digest(token),
            application_id=application_id,
            kind=kind,
            code_hash=code_hash,
            tries=0,
            made_at=now,
            expires_at=expires,
        )
    )


def _plain_code(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _code_hash(keys: Keys, token: str, code: str) -> str:
    return keys.digest(_PURPOSE, f"{token}/{code}")
