"""What may be answered now: the database decides, for every single answer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy.engine import Connection

from akashi.core.thread import Audience
from akashi.documents.measure import choose_version, readable_audiences
from akashi.documents.model import StoredPassage, Version
from akashi.documents.store import find_stored, list_documents, list_siblings, list_versions


def list_answerable(connection: Connection, audience: Audience, day: date) -> dict[str, Version]:
    """Return by id the versions from which somebody of ``audience`` may be answered on a Tokyo day."""
    documents = list_documents(connection, readable_audiences(audience))
    by_document: dict[str, list[Version]] = defaultdict(list)
    for version in list_versions(connection, [document.id for document in documents]):
        by_document[version.document_id].append(version)
    chosen = (choose_version(versions, day) for versions in by_document.values())
    return {version.id: version for version in chosen if version is not None}


def find_passage(
    connection: Connection, wanted: str, audience: Audience, day: date
) -> tuple[StoredPassage, Version] | None:
    """Return a passage with its version if it may be shown to ``audience`` on ``day``, else None."""
    version_id, _, ordinal = wanted.rpartition(".")
    version = find_answerable(connection, version_id, audience, day)
    if version is None or not ordinal.isdecimal():
        return None
    passage = find_stored(connection, version_id, int(ordinal))
    return (passage, version) if passage else None


def find_answerable(connection: Connection, version_id: str, audience: Audience, day: date) -> Version | None:
    """Return the version if ``audience`` may be answered from it on ``day``, else None."""
    found = list_siblings(connection, version_id)
    if found is None or found[0] not in readable_audiences(audience):
        return None
    chosen = choose_version(found[1], day)
    return chosen if chosen is not None and chosen.id == version_id else None
