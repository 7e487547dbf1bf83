"""Tables and queries of the catalogue: the institution's own rules by edition, and attestations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.catalogue.model import Attestation, Catalogue, Clause, Entry, Kind, Rule, Source
from akashi.core.errors import NotFoundError
from akashi.platform.database import Moment, new_metadata

metadata = new_metadata()

rule_table = sa.Table(
    "catalogue_rule",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("issuer", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("imported_at", Moment, nullable=False),
    sa.Column("imported_by", sa.String(128), nullable=False),
    sa.Column("replaced_at", Moment, nullable=True),
    sa.Index("ix_catalogue_rule_code", "code", "imported_at"),
)

clause_table = sa.Table(
    "catalogue_clause",
    metadata,
    sa.Column("rule_id", sa.String(64), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.String(128), nullable=False),
    sa.Column("clause", sa.Text, nullable=False),
    sa.Column("heading", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("page", sa.Integer, nullable=True),
)

attestation_table = sa.Table(
    "catalogue_attestation",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("requirement_id", sa.String(128), nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("holds_until", sa.Date, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("withdrawn_at", Moment, nullable=True),
    sa.Column("withdrawn_by", sa.String(128), nullable=True),
    sa.Index("ix_catalogue_attestation_requirement_id", "requirement_id", "at"),
)


def insert_rule(connection: Connection, rule: Rule, clauses: Sequence[Clause]) -> None:
    """Add one edition of a rule and replace the edition that was in use."""
    in_use = sa.and_(rule_table.c.code == rule.code, rule_table.c.replaced_at.is_(None))
    connection.execute(sa.update(rule_table).where(in_use).values(replaced_at=rule.imported_at))
    connection.execute(sa.insert(rule_table).values(asdict(rule)))
    rows = [
        {**asdict(clause), "rule_id": rule.id, "place": place, "kind": clause.kind.value}
        for place, clause in enumerate(clauses, 1)
    ]
    connection.execute(sa.insert(clause_table), rows)


def list_rules(connection: Connection, code: str = "") -> tuple[Rule, ...]:
    """Return every edition, by code and newest first."""
    query = sa.select(rule_table).order_by(rule_table.c.code, rule_table.c.imported_at.desc())
    if code:
        query = query.where(rule_table.c.code == code)
    return tuple(Rule(**row) for row in connection.execute(query).mappings())


def find_rule(connection: Connection, code: str) -> Rule:
    """Return the edition in use. Raises: NotFoundError: there is no such rule."""
    found = [rule for rule in list_rules(connection, code) if rule.replaced_at is None]
    if not found:
        raise NotFoundError("There is no rule {id}.", where="rule", id=code)
    return found[0]


def list_clauses(connection: Connection, rule_id: str) -> tuple[Clause, ...]:
    """Return the clauses of one edition, in order."""
    query = sa.select(clause_table).where(clause_table.c.rule_id == rule_id).order_by(clause_table.c.place)
    return tuple(_read_clause(row) for row in connection.execute(query).mappings())


def own_catalogue(connection: Connection) -> Catalogue:
    """Return the institution's own rules, in the editions in use, as sources and entries."""
    rules = [rule for rule in list_rules(connection) if rule.replaced_at is None]
    sources = {rule.id: make_source(rule) for rule in rules}
    entries = [
        make_entry(sources[rule.id], clause) for rule in rules for clause in list_clauses(connection, rule.id)
    ]
    return Catalogue(tuple(sources.values()), tuple(entries))


def make_source(rule: Rule) -> Source:
    """Return a rule of the institution as a source of the catalogue."""
    return Source(
        f"own-{rule.code}",
        rule.title,
        rule.title,
        rule.issuer,
        rule.issuer,
        rule.edition,
        rule.sha256,
        is_own=True,
    )


def make_entry(source: Source, clause: Clause) -> Entry:
    """Return a clause of an own rule as an entry; its words are the rule's own, in its own language."""
    words = clause.text or clause.heading
    return Entry(
        clause.entry_id,
        source,
        clause.clause,
        clause.heading,
        clause.kind,
        words,
        words,
        clause.evidence,
        clause.evidence,
        clause.page,
    )


def insert_attestation(connection: Connection, attestation: Attestation) -> None:
    """Keep an attestation."""
    connection.execute(sa.insert(attestation_table).values(asdict(attestation)))


def withdraw_attestation(connection: Connection, attestation_id: str, actor_id: str, now: datetime) -> bool:
    """Withdraw an attestation; return False when it is withdrawn already."""
    open_one = sa.and_(attestation_table.c.id == attestation_id, attestation_table.c.withdrawn_at.is_(None))
    values = {"withdrawn_at": now, "withdrawn_by": actor_id}
    return bool(connection.execute(sa.update(attestation_table).where(open_one).values(values)).rowcount)


def find_attestation(connection: Connection, attestation_id: str) -> Attestation:
    """Return one attestation. Raises: NotFoundError: there is none."""
    query = sa.select(attestation_table).where(attestation_table.c.id == attestation_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("There is no attestation {id}.", where="attestation", id=attestation_id)
    return Attestation(**row)


def list_attestations(connection: Connection, requirement_id: str = "") -> tuple[Attestation, ...]:
    """Return attestations, newest first; withdrawn ones too."""
    query = sa.select(attestation_table).order_by(attestation_table.c.at.desc(), attestation_table.c.id)
    if requirement_id:
        query = query.where(attestation_table.c.requirement_id == requirement_id)
    return tuple(Attestation(**row) for row in connection.execute(query).mappings())


def _read_clause(row: RowMapping) -> Clause:
    names = ("entry_id", "clause", "heading", "text", "evidence", "page")
    return Clause(**{name: row[name] for name in names}, kind=Kind(row["kind"]))
