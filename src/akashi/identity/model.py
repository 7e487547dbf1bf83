"""People, grants, passkeys, links, sessions and tokens as values; the rules that need no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from akashi.core.people import Role

LINK_LIFETIME = timedelta(minutes=15)
CHALLENGE_LIFETIME = timedelta(minutes=2)
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=10)
TOUCH_AFTER = timedelta(minutes=1)

UNGUARDED_ROLES = frozenset({Role.OPERATOR, Role.LOAN_OFFICER})
"""Roles that neither decide nor read everything; every other grant needs a second administrator."""

SOLITARY_ROLES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that nobody combines with another: identities only, and reading only."""


class PersonState(StrEnum):
    """Whether a person may sign in at all."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class SessionKind(StrEnum):
    """How a session began."""

    PASSKEY = "passkey"
    DEMO = "demo"


class Purpose(StrEnum):
    """What a challenge may be answered for."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. ``handle`` is the random user handle (base64url) that passkeys carry."""

    id: str
    handle: str
    name: str
    kana: str
    romaji: str
    mail: str
    office: str
    state: PersonState
    created_at: datetime
    created_by: str

    @property
    def is_active(self) -> bool:
        """Return whether the person may sign in."""
        return self.state is PersonState.ACTIVE

    def label(self, language: str) -> str:
        """Return the name as readers of ``language`` expect it."""
        return self.romaji if language == "en" and self.romaji else self.name


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one person for some time; ``valid_to`` is exclusive, None means until revoked."""

    id: str
    person_id: str
    role: Role
    valid_from: datetime
    valid_to: datetime | None
    granted_by: str
    granted_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        """Return whether a second administrator still has to agree."""
        return self.confirmed_at is None and self.revoked_at is None

    def is_open(self, now: datetime) -> bool:
        """Return whether the grant is neither revoked nor over."""
        return self.revoked_at is None and (self.valid_to is None or now < self.valid_to)

    def counts(self, now: datetime) -> bool:
        """Return whether the role is held at ``now``: begun, not over, confirmed, not revoked."""
        return self.is_open(now) and self.valid_from <= now and self.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Credential:
    """One passkey. ``id`` is the credential id (base64url); ``issued_by`` made the enrolment link."""

    id: str
    person_id: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    created_at: datetime
    issued_by: str
    last_used_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    revoked_by: str | None = None
    revoked_at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Return whether a second administrator has confirmed the person behind this passkey."""
        return self.confirmed_at is not None and self.revoked_at is None

    @property
    def is_pending(self) -> bool:
        """Return whether the passkey still waits for a second administrator."""
        return self.confirmed_at is None and self.revoked_at is None

    @property
    def code(self) -> str:
        """Return the code that the person reads out to the second administrator."""
        return check_code(self.id)


@dataclass(frozen=True, slots=True)
class Link:
    """An enrolment link: registers one passkey for one person, once, within 15 minutes."""

    id: str
    person_id: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser; ``credential_id`` is None for the demo role switcher."""

    id: str
    person_id: str
    credential_id: str | None
    kind: SessionKind
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    absolute_at: datetime
    agent_digest: str
    ended_at: datetime | None = None
    ended_by: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Return whether the session still counts: not ended, not idle too long, not too old."""
        return self.ended_at is None and now < self.expires_at and now < self.absolute_at


@dataclass(frozen=True, slots=True)
class ServiceToken:
    """A machine's credential; the token itself is shown once and never stored."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Return whether the token is accepted at ``now``."""
        return self.revoked_at is None and now < self.expires_at


def needs_second(role: Role) -> bool:
    """Return whether a grant of ``role`` counts only after a second administrator agreed.

    >>> needs_second(Role.EXECUTIVE), needs_second(Role.OPERATOR)
    (True, False)
    """
    return role not in UNGUARDED_ROLES


def roles_at(grants: Iterable[Grant], now: datetime) -> frozenset[Role]:
    """Return the roles that count at ``now``."""
    return frozenset(grant.role for grant in grants if grant.counts(now))


def conflicting_role(role: Role, held: Iterable[Role]) -> Role | None:
    """Return a held role that must not be combined with ``role``, or None.

    Administrators look after identities only and decide nothing; the third line only reads.

    >>> conflicting_role(Role.EXECUTIVE, [Role.ADMINISTRATOR]).value
    'administrator'
    >>> conflicting_role(Role.RISK_OFFICER, [Role.VALIDATOR]) is None
    True
    """
    for other in held:
        if other is not role and (role in SOLITARY_ROLES or other in SOLITARY_ROLES):
            return other
    return None


def check_code(credential_id: str) -> str:
    """Return eight hexadecimal digits that stand for a passkey, in two groups.

    >>> check_code("abc")
    'BA78-16BF'
    """
    digest = hashlib.sha256(credential_id.encode()).hexdigest()[:8].upper()
    return f"{digest[:4]}-{digest[4:]}"
