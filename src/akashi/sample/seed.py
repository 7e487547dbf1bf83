"""Set up 汐見銀行: people, register, routes and documents, each through the way the bank itself would go."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from akashi.approvals.matters import act, read_matter
from akashi.approvals.measure import measure_state, open_steps
from akashi.approvals.model import Action, Matter, StepKind
from akashi.approvals.register import seed_routes
from akashi.catalogue.register import RuleFile, import_rule
from akashi.catalogue.treat import Step
from akashi.core.people import SYSTEM, Actor, ActorKind, Role
from akashi.core.thread import Audience
from akashi.documents.model import ParsedDocument
from akashi.documents.parsing import parse_bytes
from akashi.documents.store import NewVersion, add_version, withdraw_version
from akashi.documents.treat import submit_version
from akashi.domains.assistant.contact import set_contact
from akashi.identity.seed import seed_people
from akashi.platform.meta import read_meta, write_meta
from akashi.platform.rooms import package_folder
from akashi.platform.site import Site
from akashi.register.seed import seed_register
from akashi.sample import SEEDED

DATA = package_folder("akashi.sample") / "data"
ACTIONS = {
    StepKind.CIRCULATION: Action.CIRCULATE,
    StepKind.CONCURRENCE: Action.CONCUR,
    StepKind.DECISION: Action.DECIDE,
}
PARSERS = 2


def read_table(name: str) -> dict[str, Any]:
    """Return one TOML file of the sample institution."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def list_actors() -> dict[str, Actor]:
    """Return the sample's people as actors by id."""
    return {
        person["id"]: Actor(
            person["id"],
            ActorKind.PERSON,
            frozenset(Role(role) for role in person["roles"]),
            name=person["name"],
        )
        for person in read_table("institution.toml")["person"]
    }


def seed_documents(connection: Connection, parsed: list[ParsedDocument], now: datetime) -> int:
    """Add every document version of the manifest and approve it on its route; return how many there are."""
    manifest = read_table("manifest.toml")["document"]
    actors = list_actors()
    for entry, document in zip(manifest, parsed, strict=True):
        _seed_version(connection, entry, document, actors, now)
    return len(manifest)


def _parse_all(paths: list[Path], progress: Callable[[int, int], None]) -> list[ParsedDocument]:
    found: list[ParsedDocument] = []
    with ThreadPoolExecutor(PARSERS) as pool:
        for document in pool.map(lambda path: parse_bytes(path.name, path.read_bytes()), paths):
            found.append(document)
            progress(len(found), len(paths))
    return found


def _seed_version(
    connection: Connection,
    entry: Mapping[str, Any],
    parsed: ParsedDocument,
    actors: Mapping[str, Actor],
    now: datetime,
) -> None:
    drafter = next(actor for actor in actors.values() if actor.has(Role.OPERATOR))
    path = DATA / entry["file"]
    new = NewVersion(
        key=entry["key"],
        title=entry["title"],
        title_en=entry["title_en"],
        audience=Audience(entry["audience"]),
        owner_office=entry["owner_office"],
        file_name=path.name,
        content=path.read_bytes(),
        parsed=parsed,
        effective_from=entry["effective_from"],
        effective_to=entry.get("effective_to"),
    )
    added = add_version(connection, new, drafter, now)
    if entry["state"] == "draft" or not added.is_new:
        return
    walk_route(connection, submit_version(connection, added.version.id, drafter, now), actors, now)
    if entry["state"] == "withdrawn":
        compliance = next(actor for actor in actors.values() if actor.has(Role.COMPLIANCE_OFFICER))
        withdraw_version(connection, added.version.id, "見本：公表を取りやめた文書", compliance, now)


def seed_rules(connection: Connection, now: datetime) -> None:
    """Import the institution's own rules into the catalogue."""
    for entry in read_table("manifest.toml")["rule"]:
        path = DATA / entry["file"]
        texts = {name: entry[name] for name in ("code", "title", "edition", "issuer")}
        handed = RuleFile(name=path.name, content=path.read_bytes(), **texts)
        import_rule(Step(connection, SYSTEM, now), handed, None)


def walk_route(connection: Connection, matter: Matter, actors: Mapping[str, Actor], now: datetime) -> Matter:
    """Let distinct persons do every step of a matter up to its decision and return the decided matter."""
    used = {matter.drafter_id}
    while steps := open_steps(matter.steps, measure_state(matter.steps, matter.events)):
        step = matter.steps[steps[0]]
        person = next(actor for actor in actors.values() if actor.roles & step.roles and actor.id not in used)
        used.add(person.id)
        act(connection, matter.id, ACTIONS[step.kind], person, now)
        matter = read_matter(connection, matter.id)
    return matter


def seed_sample(site: Site, progress: Callable[[int, int], None] = lambda done, total: None) -> bool:
    """Set up the whole sample institution in one transaction; return False when it is there already."""
    now = site.now()
    institution = read_table("institution.toml")
    with site.database.read() as connection:
        if read_meta(connection, SEEDED) is not None:
            return False
    parsed = _parse_all([DATA / entry["file"] for entry in read_table("manifest.toml")["document"]], progress)
    with site.database.write() as connection:
        if read_meta(connection, SEEDED) is not None:
            return False
        seed_people(connection, institution["person"], now)
        seed_register(connection, {**institution, **read_table("use_cases.toml")}, now)
        seed_routes(connection, read_table("routes.toml"), now)
        seed_documents(connection, parsed, now)
        seed_rules(connection, now)
        set_contact(connection, read_table("contact.toml"), SYSTEM.id, now)
        write_meta(connection, SEEDED, now.isoformat())
    return True
