"""People for the identity tests: two founding administrators, and requests as a browser sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from akashi.core.people import Actor, ActorKind, Role
from akashi.identity.credentials import confirm_credential
from akashi.identity.enrolment import begin_enrolment, bootstrap_link, create_link, finish_enrolment
from akashi.identity.model import Credential, roles_at
from akashi.identity.people import PersonData, create_person
from akashi.identity.roles import confirm_grant, grant_role
from akashi.identity.sign_in import begin_sign_in, finish_sign_in
from akashi.identity.store import find_credential, list_grants
from akashi.ledger.store import entry_table
from akashi.platform.site import Site
from tests.conftest import FrozenClock
from tests.identity.authenticator import Authenticator


def make_request(
    method: str = "POST",
    cookies: dict[str, str] | None = None,
    /,
    client: str = "127.0.0.1",
    server: str = "127.0.0.1",
    **headers: str,
) -> Request:
    """Return a request as it reaches us; low lines in header names become hyphens."""
    sent = {"host": "localhost:8765", "user-agent": "test", **headers}
    if cookies:
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    return Request(
        {
            "type": "http",
            "method": method,
            "path": "/",
            "query_string": b"",
            "scheme": "http",
            "headers": raw,
            "client": (client, 50000),
            "server": (server, 8765),
        }
    )


@dataclass
class Browser:
    """One browser with one device; keeps our cookies by their plain names."""

    site: Site
    device: Authenticator = field(default_factory=Authenticator)
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, **headers: str) -> Request:
        """Return a request with this browser's cookies."""
        return make_request("POST", self.cookies, **headers)

    def enrol(self, token: str) -> Credential:
        """Register the device's passkey with an enrolment token."""
        options, _, secret = begin_enrolment(self.site, self.request(), token)
        self.cookies["akashi_ceremony"] = secret
        return finish_enrolment(self.site, self.request(), token, self.device.register(options))

    def sign_in(self) -> str:
        """Sign in with the device's passkey and return the session token."""
        options, secret = begin_sign_in(self.site, self.request())
        self.cookies["akashi_ceremony"] = secret
        token = finish_sign_in(self.site, self.request(), self.device.sign_in(options))
        self.cookies["akashi_session"] = token
        return token


@dataclass
class Staff:
    """One enrolled member of staff."""

    id: str
    browser: Browser
    credential_id: str

    def actor(self, site: Site) -> Actor:
        """Return the person as the next request would resolve it."""
        with site.database.read() as connection:
            roles = roles_at(list_grants(connection, self.id), site.now())
            credential = find_credential(connection, self.credential_id)
        assert credential is not None
        return Actor(self.id, ActorKind.PERSON, roles, confirmed=credential.is_confirmed)


@dataclass
class Town:
    """An installation in the making, with the steps that every test needs."""

    site: Site

    @property
    def now(self) -> datetime:
        """Return the present moment."""
        return self.site.now()

    def advance(self, step: timedelta) -> None:
        """Let ``step`` pass."""
        assert isinstance(self.site.clock, FrozenClock)
        self.site.clock.advance(step)

    def found(self) -> tuple[Staff, Staff]:
        """Return two administrators who confirmed each other."""
        first = self.enrol_founder()
        second = self.add(first, "二人目", Role.ADMINISTRATOR)
        self.confirm(first, second)
        self.confirm(second, first)
        return first, second

    def enrol_founder(self) -> Staff:
        """Return the first administrator, enrolled by the bootstrap link, confirmed by nobody."""
        browser = Browser(self.site)
        credential = browser.enrol(bootstrap_link(self.site, "一人目").partition("#")[2])
        return Staff(credential.person_id, browser, credential.id)

    def add(self, by: Staff, name: str, *roles: Role) -> Staff:
        """Return a new person with granted roles and an enrolled, unconfirmed passkey."""
        actor = by.actor(self.site)
        with self.site.database.write() as connection:
            person = create_person(connection, actor, PersonData(name), self.now)
            for role in roles:
                grant_role(connection, actor, person.id, role, self.now)
            token = create_link(connection, actor, person.id, self.now)
        browser = Browser(self.site)
        return Staff(person.id, browser, browser.enrol(token).id)

    def confirm(self, by: Staff, whom: Staff) -> None:
        """Confirm somebody's passkey with the code that he reads out."""
        with self.site.database.write() as connection:
            credential = find_credential(connection, whom.credential_id)
            assert credential is not None
            confirm_credential(connection, by.actor(self.site), credential.id, credential.code, self.now)

    def confirm_roles(self, by: Staff, whom: Staff) -> None:
        """Agree to every pending role of somebody."""
        with self.site.database.write() as connection:
            for grant in list_grants(connection, whom.id):
                if grant.is_pending:
                    confirm_grant(connection, by.actor(self.site), grant.id, self.now)

    def ledger(self) -> list[tuple[str, str, dict[str, object]]]:
        """Return kind, subject and payload of every ledger entry, oldest first."""
        with self.site.database.read() as connection:
            rows = connection.execute(sa.select(entry_table).order_by(entry_table.c.sequence)).all()
        return [(row.kind, row.subject, orjson.loads(row.payload)) for row in rows]


@pytest.fixture
def town(site: Site) -> Town:
    """An empty installation on each database in turn."""
    return Town(site)


@pytest.fixture
def sqlite_town(sqlite_site: Site) -> Town:
    """An empty installation on the embedded database only."""
    return Town(sqlite_site)
