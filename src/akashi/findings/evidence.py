"""Evidence that people hand in: a text or a file, kept with its digest and never changed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import InputError, NotFoundError
from akashi.core.thread import Evidence, digest_of
from akashi.findings.store import metadata
from akashi.findings.treat import Step
from akashi.platform.database import Moment

MOST_BYTES = 20 * 1024 * 1024

evidence_table = sa.Table(
    "findings_evidence",
    metadata,
    sa.Column("finding_id", sa.String(64), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Handed:
    """What somebody handed in: a file, or the text he wrote."""

    name: str
    content: bytes


def keep_evidence(step: Step, finding_id: str, handed: Handed) -> Evidence:
    """Keep the content and return the evidence that refers to it; the same content is kept once.

    Raises: InputError: it is empty or larger than 20 megabytes.
    """
    if not handed.content.strip():
        raise InputError("Say what was seen, or add a file.", where="text")
    if len(handed.content) > MOST_BYTES:
        raise InputError(
            "The file is larger than {most} megabytes.", where="file", most=MOST_BYTES // 1024**2
        )
    digest = digest_of(handed.content)
    if not _has(step.connection, finding_id, digest):
        values = {
            "finding_id": finding_id,
            "digest": digest,
            "name": handed.name,
            "content": handed.content,
            "actor": step.actor.id,
            "at": step.now,
        }
        step.connection.execute(sa.insert(evidence_table).values(values))
    return Evidence(f"evi_{digest[:32]}", digest, step.now, f"/findings/{finding_id}/evidence/{digest}")


def read_evidence(connection: Connection, finding_id: str, digest: str) -> Handed:
    """Return what was handed in. Raises: NotFoundError: there is no such evidence."""
    columns = sa.select(evidence_table.c.name, evidence_table.c.content)
    row = connection.execute(columns.where(*_key(finding_id, digest))).one_or_none()
    if row is None:
        raise NotFoundError("There is no such evidence.", where="evidence")
    return Handed(str(row.name), bytes(row.content))


def list_names(connection: Connection, finding_id: str) -> dict[str, str]:
    """Return the names of what was handed in, by digest."""
    query = sa.select(evidence_table.c.digest, evidence_table.c.name)
    found = connection.execute(query.where(evidence_table.c.finding_id == finding_id))
    return {str(digest): str(name) for digest, name in found}


def _has(connection: Connection, finding_id: str, digest: str) -> bool:
    query = sa.select(evidence_table.c.digest).where(*_key(finding_id, digest))
    return connection.execute(query).scalar_one_or_none() is not None


def _key(finding_id: str, digest: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return evidence_table.c.finding_id == finding_id, evidence_table.c.digest == digest
