"""Challenges: one answer each, for one purpose, within two minutes, from the browser that asked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.identity.model import CHALLENGE_LIFETIME, Purpose
from akashi.identity.opaque import new_token, token_digest
from akashi.identity.refusals import Refusal
from akashi.identity.store import challenge_table

CHALLENGE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Challenge:
    """A fresh challenge and the secret that its browser keeps in a cookie."""

    value: bytes
    browser: str


def issue_challenge(
    connection: Connection, purpose: Purpose, now: datetime, subject: str = "", browser: str = ""
) -> Challenge:
    """Return a new challenge; only digests of it and of the browser's secret are stored.

    ``subject`` is what the answer will be about: the enrolment link. A browser that already has a
    secret keeps it, so that two open tabs do not disturb each other.
    """
    challenge = Challenge(secrets.token_bytes(CHALLENGE_BYTES), browser or new_token())
    connection.execute(
        sa.insert(challenge_table).values(
            challenge_hash=_digest(challenge.value),
            browser_hash=token_digest(challenge.browser),
            purpose=purpose.value,
            subject=subject,
            created_at=now,
            expires_at=now + CHALLENGE_LIFETIME,
        )
    )
    return challenge


def consume_challenge(
    connection: Connection, purpose: Purpose, value: bytes, browser: str, now: datetime, subject: str = ""
) -> Refusal | None:
    """Use the challenge up and return None, or return why it cannot be used.

    One conditional update decides, so of two simultaneous answers only one is accepted. Whatever
    happens afterwards, the challenge is gone: the caller commits even when it refuses the answer.
    """
    table = challenge_table.c
    used = connection.execute(
        sa.update(challenge_table)
        .where(
            table.challenge_hash == _digest(value),
            table.browser_hash == token_digest(browser),
            table.purpose == purpose.value,
            table.subject == subject,
            table.used_at.is_(None),
            table.expires_at > now,
        )
        .values(used_at=now)
    )
    return None if used.rowcount == 1 else _explain(connection, value, browser, now)


def _explain(connection: Connection, value: bytes, browser: str, now: datetime) -> Refusal:
    query = sa.select(challenge_table).where(challenge_table.c.challenge_hash == _digest(value))
    row = connection.execute(query).mappings().first()
    if row is None:
        return Refusal.UNKNOWN_CHALLENGE
    if row["browser_hash"] != token_digest(browser):
        return Refusal.OTHER_BROWSER
    if row["used_at"] is not None:
        return Refusal.REPLAYED
    if row["expires_at"] <= now:
        return Refusal.EXPIRED
    return Refusal.UNKNOWN_CHALLENGE


def _digest(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
