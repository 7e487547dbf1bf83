"""At the second institution: import, re-run, compare, and the adoption plan 導入計画."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, EvidenceError, InputError, NotFoundError
from akashi.core.evaluated import EvaluatedRun, EvaluatedSuite
from akashi.core.people import Actor
from akashi.domains.governance import store
from akashi.domains.governance.bundle.contents import read_entry, read_run
from akashi.domains.governance.bundle.manifest import Bundle, open_bundle
from akashi.domains.governance.tables import bundle_table
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site
from akashi.register.model import FieldType, find_kind
from akashi.register.store import has_entry, list_entries
from akashi.register.treat import Step, check_texts, create_entry

SUITES = "suites/"
LOCAL_FIELDS = (
    "company",
    "owner_office",
    "developer",
    "vendor",
    "contract",
    "system",
    "target",
    "guard_policy",
)
"""What an institution fills in itself: the publisher's own names mean nothing elsewhere."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A bundle that was imported; ``run`` is our own run of it, ``adopted`` our draft, empty before."""

    digest: str
    use_case: str
    title: str
    publisher: str
    fingerprint: str
    imported_at: datetime
    imported_by: str
    run: str
    adopted: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The publisher's numbers of a suite beside ours. Not comparable: other cases, or nothing of ours."""

    name: str
    title_ja: str
    title_en: str
    theirs: EvaluatedSuite
    ours: EvaluatedSuite | None
    is_comparable: bool


def check_trust(bundle: Bundle, trusted: str) -> None:
    """Let a whole bundle pass whose fingerprint is the one that somebody asked the publisher for.

    Raises: InputError: something was changed, or another key signed it; says what and where.
    """
    if bundle.faults:
        first = bundle.faults[0]
        raise InputError(
            "The bundle is not as it was published: {kind}, {place}.",
            where="file",
            kind=first.kind,
            place=first.where,
        )
    if trusted.replace(" ", "").lower() != bundle.fingerprint.replace(" ", "").lower():
        raise InputError(
            "The bundle was signed with the key {fingerprint}, which was not named as trusted.",
            where="trust",
            next_step="Ask the publisher for the fingerprint by another way.",
            fingerprint=bundle.fingerprint,
        )


def import_bundle(site: Site, content: bytes, trusted: str, actor: Actor) -> Imported:
    """Keep a whole bundle of a trusted publisher; importing the same one again changes nothing.

    Raises: InputError: see ``check_trust`` and ``open_bundle``.
    """
    bundle = open_bundle(content)
    check_trust(bundle, trusted)
    facts = bundle.manifest
    with site.database.write() as connection:
        if find_imported(connection, bundle.digest) is None:
            values = {
                "digest": bundle.digest,
                "use_case": str(facts.get("use_case", "")),
                "title": str(facts.get("title", "")),
                "publisher": str(facts.get("publisher", "")),
                "fingerprint": bundle.fingerprint,
                "content": content,
                "imported_at": site.now(),
                "imported_by": actor.id,
                "run": "",
                "adopted": "",
            }
            connection.execute(sa.insert(bundle_table).values(values))
            payload = {"fingerprint": bundle.fingerprint}
            append(
                connection, Record("governance.bundle_imported", bundle.digest, actor.id, site.now(), payload)
            )
        return read_imported(connection, bundle.digest)


def list_imported(connection: Connection) -> list[Imported]:
    """Return the imported bundles, newest first."""
    query = _select().order_by(bundle_table.c.imported_at.desc(), bundle_table.c.digest)
    return [Imported(**row) for row in connection.execute(query).mappings()]


def find_imported(connection: Connection, digest: str) -> Imported | None:
    """Return an imported bundle by its digest, or None."""
    row = connection.execute(_select().where(bundle_table.c.digest == digest)).mappings().first()
    return Imported(**row) if row else None


def read_imported(connection: Connection, digest: str) -> Imported:
    """Return an imported bundle; ``last`` is the newest, a beginning of the digest is enough.

    Raises: NotFoundError: there is none, or more than one begins so.
    """
    found = [one for one in list_imported(connection) if digest == "last" or one.digest.startswith(digest)]
    if not found or not digest or (len(found) > 1 and digest != "last"):
        raise NotFoundError("There is no such bundle.", where=digest, next_step="See akashi bundle list.")
    return found[0]


def open_imported(connection: Connection, digest: str) -> Bundle:
    """Return an imported bundle, verified again. Raises: EvidenceError: it was changed here."""
    query = sa.select(bundle_table.c.content).where(bundle_table.c.digest == digest)
    bundle = open_bundle(bytes(connection.execute(query).scalar_one()))
    if bundle.faults or bundle.digest != digest:
        raise EvidenceError("The imported bundle was changed in this database.")
    return bundle


def rerun_bundle(site: Site, digest: str, target: str, actor: Actor) -> str:
    """Put the bundle's suites to a target of ours and return our run's id.

    Raises: ConflictError: the publisher withheld every suite; InputError: the target cannot be used.
    """
    evaluations = site.ports.evaluations
    with site.database.read() as connection:
        imported = read_imported(connection, digest)
        bundle = open_imported(connection, imported.digest)
    suites = {
        name[len(SUITES) :]: content for name, content in bundle.entries.items() if name.startswith(SUITES)
    }
    if not suites or evaluations is None:
        raise ConflictError("The bundle has no suite to run.", where=imported.digest[:12])
    run = read_run(read_entry(bundle, "run.json"))
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, content in suites.items():
            path = Path(folder) / name
            path.write_bytes(content)
            paths[path.stem] = path
        made = evaluations.repeat(
            site,
            actor,
            title=f"{imported.publisher}: {imported.title}"[:200],
            use_case=imported.adopted or imported.use_case,
            target=target,
            suites=paths,
            accepted={suite.name: suite.accepted for suite in run.suites},
        )
    with site.database.write() as connection:
        same = bundle_table.c.digest == imported.digest
        connection.execute(sa.update(bundle_table).where(same).values(run=made))
        record = Record("governance.bundle_rerun", imported.digest, actor.id, site.now(), {"run": made})
        append(connection, record)
    return made


def compare_bundle(site: Site, digest: str) -> tuple[EvaluatedRun, EvaluatedRun | None, tuple[Beside, ...]]:
    """Return the publisher's run, ours (None before the re-run), and their suites beside each other."""
    evaluations = site.ports.evaluations
    with site.database.read() as connection:
        imported = read_imported(connection, digest)
        bundle = open_imported(connection, imported.digest)
        theirs = read_run(read_entry(bundle, "run.json"))
        names = {imported.use_case, imported.adopted} - {""}
        runs = [run for name in names for run in evaluations.read(connection, name)] if evaluations else []
    ours = next((run for run in runs if run.id == imported.run), None)
    by_name = {suite.name: suite for suite in ours.suites} if ours else {}
    return theirs, ours, tuple(_beside(suite, by_name.get(suite.name), bundle) for suite in theirs.suites)


def _beside(suite: EvaluatedSuite, ours: EvaluatedSuite | None, bundle: Bundle) -> Beside:
    has_cases = f"{SUITES}{suite.name}.jsonl" in bundle.entries
    same = ours is not None and has_cases and ours.n == suite.n
    return Beside(suite.name, suite.title_ja, suite.title_en, suite, ours, same)


def adopt_bundle(site: Site, digest: str, code: str, actor: Actor) -> str:
    """Draft a use case of our own from a bundle and return its code; nothing goes live by it.

    Fields that name the publisher's own things stay empty. Raises: ConflictError: it is adopted already, or
    the code is taken; InputError: a value does not fit our register.
    """
    described = find_kind(store.KIND)
    with site.database.write() as connection:
        imported = read_imported(connection, digest)
        if imported.adopted:
            raise ConflictError("The bundle is adopted already.", where=imported.adopted)
        bundle = open_imported(connection, imported.digest)
        made = code or imported.use_case
        if has_entry(connection, store.KIND, made):
            raise ConflictError(
                "The code {code} is taken.", where="code", code=made, next_step="Name another."
            )
        texts = _own_texts(connection, read_entry(bundle, "use_case.json")["values"])
        checked = check_texts(described, texts)
        wrong = [(name, error) for name, error in checked.errors if name not in LOCAL_FIELDS]
        if wrong:
            raise wrong[0][1]
        values = {field.name: checked.values.get(field.name) for field in described.fields}
        create_entry(Step(connection, actor, site.now()), store.KIND, made, values)
        same = bundle_table.c.digest == imported.digest
        connection.execute(sa.update(bundle_table).where(same).values(adopted=made))
        payload = {"use_case": made}
        append(
            connection, Record("governance.bundle_adopted", imported.digest, actor.id, site.now(), payload)
        )
        return made


def _own_texts(connection: Connection, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the published fields that may stand here too; the company is our own where it is plain which."""
    kind = find_kind(store.KIND)
    texts = {
        field.name: str(values[field.name])
        for field in kind.fields
        if values.get(field.name) is not None
        and field.name not in LOCAL_FIELDS
        and field.type is not FieldType.REF
    }
    companies = [
        one
        for one in list_entries(connection, "company", state="active")
        if one.values.get("relation") == "institution"
    ]
    return {**texts, **({"company": companies[0].code} if len(companies) == 1 else {})}


def _select() -> sa.Select[Any]:
    return sa.select(*(column for column in bundle_table.c if column.name != "content"))
