"""People of a small bank, its routes, and a rehearsal room whose subjects change."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

import akashi
from akashi.approvals.matters import open_matter
from akashi.approvals.model import Draft, Matter, Risk, Subject
from akashi.approvals.register import seed_routes
from akashi.core.people import Actor, ActorKind, Role
from akashi.identity.store import grant_table, person_table
from akashi.platform.database import Database
from akashi.platform.rooms import load_name
from akashi.platform.site import Site

PEOPLE = {
    "tanaka": Role.BUSINESS_OWNER,
    "suzuki": Role.BUSINESS_OWNER,
    "mori": Role.RISK_OFFICER,
    "hayashi": Role.COMPLIANCE_OFFICER,
    "ito": Role.COMPLIANCE_OFFICER,
    "kimura": Role.PRIVACY_OFFICER,
    "yamada": Role.EXECUTIVE,
    "saito": Role.EXECUTIVE,
    "abe": Role.AUDITOR,
    "okada": Role.ADMINISTRATOR,
}


def line(kind: str, risk: str, decider: str, route: str, emergency: Sequence[str] = ()) -> dict[str, object]:
    """Return one line of the authority table as TOML gives it."""
    texts = {"kind": kind, "risk": risk, "decider": decider, "route": route, "title": "文書"}
    return {**texts, "emergency": list(emergency)}


TABLES: dict[str, list[dict[str, object]]] = {
    "route": [
        {
            "id": "simple",
            "title": "二者決裁",
            "title_en": "Two persons",
            "steps": [{"kind": "draft", "roles": ["business_owner"]}, {"kind": "decision"}],
        },
        {
            "id": "major",
            "title": "重要事項",
            "title_en": "Major",
            "steps": [
                {"kind": "draft"},
                {"kind": "circulation", "roles": ["business_owner"]},
                {"kind": "concurrence", "roles": ["risk_officer"]},
                {"kind": "concurrence", "roles": ["compliance_officer"]},
                {"kind": "decision"},
            ],
        },
    ],
    "authority": [
        {
            "kind": "document",
            "risk": "low",
            "decider": "compliance_officer",
            "route": "simple",
            "title": "文書",
        },
        {"kind": "document", "risk": "high", "decider": "executive", "route": "major", "title": "文書"},
        line("service_stop", "high", "executive", "major", ["risk_officer"]),
    ],
}

DIGEST = hashlib.sha256("手数料一覧 第2版".encode()).hexdigest()


def actor(name: str, *more: Role) -> Actor:
    """Return the confirmed person ``name``, with further roles if given."""
    return Actor(name, ActorKind.PERSON, frozenset({PEOPLE[name], *more}), name=name)


def draft(risk: Risk = Risk.HIGH, kind: str = "document", **more: str) -> Draft:
    """Return a draft about the second version of a fee table."""
    subject = Subject("documents", "ver_1", DIGEST)
    return Draft(title="手数料一覧 第2版の公表", kind=kind, risk=risk, subject=subject, **more)


@dataclass
class Bank:
    """An installation with its people and tables, and short words for tests."""

    site: Site
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        self.database = self.site.database
        with self.database.write() as connection:
            for name, role in PEOPLE.items():
                insert_person(connection, name, role, self.site)
            seed_routes(connection, TABLES, self.site.now())

    def open(self, by: str = "tanaka", risk: Risk = Risk.HIGH, **more: str) -> Matter:
        """Hand in a draft."""
        with self.database.write() as connection:
            return open_matter(connection, draft(risk, **more), actor(by), self.site.now())


def insert_person(connection: Connection, name: str, role: Role, site: Site) -> None:
    """Store a person with one confirmed role."""
    now = site.now()
    connection.execute(
        sa.insert(person_table).values(
            id=name,
            handle=name,
            name=name,
            kana="",
            romaji="",
            mail="",
            office="",
            state="active",
            created_at=now,
            created_by="okada",
        )
    )
    connection.execute(
        sa.insert(grant_table).values(
            id=f"grant_{name}",
            person_id=name,
            role=role.value,
            valid_from=now,
            granted_by="okada",
            granted_at=now,
            confirmed_by="okada",
            confirmed_at=now,
        )
    )


@pytest.fixture
def bank(site: Site) -> Bank:
    """A small bank on each database in turn."""
    return Bank(site)


@pytest.fixture
def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], int]]:
    """A real room ``akashi.rehearsal`` whose subject lies in a file; yields a setter of its text."""
    subject = tmp_path / "subject.txt"
    log = tmp_path / "told.txt"
    folder = tmp_path / "akashi" / "rehearsal"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(
        "from akashi.platform.rooms import Room\nROOM = Room('akashi.rehearsal', 'Rehearsal', '')\n"
    )
    (folder / "plays.py").write_text(
        "import hashlib, pathlib\n"
        f"subject, log = pathlib.Path({str(subject)!r}), pathlib.Path({str(log)!r})\n"
        "def digest(connection, subject_id):\n"
        "    return hashlib.sha256(subject.read_bytes()).hexdigest()\n"
        "def told(connection, outcome):\n"
        "    with log.open('a') as file:\n"
        "        file.write(outcome.event.kind.value + ' ' + outcome.state.number + '\\n')\n"
        "def broken(connection, outcome):\n"
        "    raise OSError('the disk is full')\n"
        "number = 3\n"
    )
    monkeypatch.setattr(akashi, "__path__", [*akashi.__path__, str(tmp_path / "akashi")])
    subject.write_text("手数料一覧 第2版")
    yield subject.write_text
    load_name.cache_clear()
    for name in [name for name in sys.modules if name.startswith("akashi.rehearsal")]:
        del sys.modules[name]
