"""Coverage: which requirement is evidenced by what, since when, and which by nothing."""

from __future__ import annotations

import csv
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.catalogue.model import Attestation, Catalogue, Entry
from akashi.catalogue.store import list_attestations
from akashi.core.errors import AkashiError
from akashi.core.evidenced import Evidenced, Standing, decide_standing
from akashi.core.moments import tokyo_day
from akashi.identity.store import list_people
from akashi.ledger.model import read_moment
from akashi.ledger.store import entry_table, last_verification
from akashi.platform.rooms import call_name, package_folder
from akashi.platform.site import Site

log = logging.getLogger(__name__)

FAILURES = (
    AkashiError,
    sa.exc.SQLAlchemyError,
    ImportError,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What one room's evidence may end in without taking the other rooms' along."""

NOTHING = "nothing"
"""The word for requirements without evidence, in addresses and files."""


@dataclass(frozen=True, slots=True)
class Covered:
    """One requirement with all its evidence: what outweighs first, then the newest."""

    entry: Entry
    evidence: tuple[Evidenced, ...]

    @property
    def standing(self) -> Standing | None:
        """Return what the evidence says together; None when there is none."""
        return decide_standing(self.evidence)

    @property
    def word(self) -> str:
        """Return the standing as one word."""
        return self.standing.value if self.standing else NOTHING

    @property
    def since(self) -> datetime | None:
        """Return since when it has stood like this: the earliest evidence of the deciding kind."""
        return min((one.since for one in self.evidence if one.standing is self.standing), default=None)


def gather_evidence(site: Site) -> tuple[tuple[Evidenced, ...], tuple[str, ...]]:
    """Return what every room of the site shows, and the titles of rooms that failed to say.

    A room that fails is named, never taken for one without evidence.
    """
    evidence: list[Evidenced] = []
    failed: list[str] = []
    for room in site.rooms:
        if not room.evidence:
            continue
        try:
            evidence += call_name(room.evidence, site)
        except FAILURES as error:
            log.error("evidence of %s failed: %s: %s", room.name, type(error).__name__, error)
            failed.append(room.title)
    return tuple(evidence), tuple(failed)


def cover(catalogue: Catalogue, evidence: Iterable[Evidenced], today: date) -> tuple[Covered, ...]:
    """Return every requirement with the evidence that holds on ``today``.

    Evidence of a requirement that is not in the catalogue is left out; evidence past its last day too.
    """
    found: defaultdict[str, list[Evidenced]] = defaultdict(list)
    for one in evidence:
        if one.until is None or today <= one.until:
            found[one.requirement_id].append(one)
    order = list(Standing)
    return tuple(
        Covered(
            entry,
            tuple(
                sorted(
                    found.get(entry.id, []),
                    key=lambda one: (order.index(one.standing), -one.since.timestamp()),
                )
            ),
        )
        for entry in catalogue.entries
    )


def count_words(covered: Sequence[Covered]) -> Mapping[str, int]:
    """Return how many requirements stand how, the absent ones as 0."""
    counts = {**dict.fromkeys((one.value for one in Standing), 0), NOTHING: 0}
    for one in covered:
        counts[one.word] += 1
    return counts


def list_evidence(site: Site) -> list[Evidenced]:
    """Return what the catalogue itself shows: attestations, records in the ledger, its verification."""
    with site.database.read() as connection:
        names = {person.id: person.label("ja") for person in list_people(connection)}
        attested = [
            _read_attested(one, names.get(one.actor, one.actor))
            for one in list_attestations(connection)
            if one.holds_on(tokyo_day(site.now()))
        ]
        return attested + _list_recorded(connection) + _list_verified(connection)


def _read_attested(one: Attestation, name: str) -> Evidenced:
    return Evidenced(
        one.requirement_id,
        "catalogue",
        Standing.MET,
        "Attested by {who}: {reference}",
        one.at,
        f"/catalogue/{one.requirement_id}",
        until=one.holds_until,
        values={"who": name, "reference": one.reference},
    )


@cache
def read_recorded() -> tuple[tuple[str, str, str], ...]:
    """Return (kind of ledger entry, requirement, title) of the table in ``data/recorded.csv``."""
    path = package_folder("akashi.catalogue") / "data" / "recorded.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((row["kind"], row["requirement"], row["title"]) for row in csv.DictReader(file))


def _list_recorded(connection: Connection) -> list[Evidenced]:
    """Entries of the ledger show that something is done and kept, not that it suffices."""
    kinds = {kind for kind, _, _ in read_recorded()}
    entry = entry_table.c
    query = sa.select(entry.kind, sa.func.min(entry.sequence), sa.func.count())
    rows = connection.execute(query.where(entry.kind.in_(kinds)).group_by(entry.kind)).all()
    firsts = {sequence: (kind, count) for kind, sequence, count in rows}
    dates = connection.execute(sa.select(entry.sequence, entry.at).where(entry.sequence.in_(firsts)))
    seen = {firsts[sequence][0]: (read_moment(at), firsts[sequence][1]) for sequence, at in dates}
    return [
        Evidenced(
            requirement,
            "catalogue",
            Standing.RECORDED,
            title,
            seen[kind][0],
            f"/ledger?kind={kind}",
            values={"count": seen[kind][1]},
        )
        for kind, requirement, title in read_recorded()
        if kind in seen
    ]


def _list_verified(connection: Connection) -> list[Evidenced]:
    last = last_verification(connection, whole=True)
    if last is None:
        return []
    standing = Standing.NOT_MET if last.fault else Standing.MET
    title = "The ledger was verified and a fault was found" if last.fault else "The ledger was verified"
    return [
        Evidenced(requirement, "catalogue", standing, title, read_moment(last.at), "/ledger")
        for requirement in ("law-banking-24", "aisi-verifiability", "guide-ai-accountability")
    ]
