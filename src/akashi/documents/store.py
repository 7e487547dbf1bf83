"""The records of documents: adding, approving and withdrawing versions, each with its ledger entry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.core.errors import ConflictError, NotFoundError
from akashi.core.people import Actor
from akashi.core.spans import Interval
from akashi.core.thread import Audience
from akashi.documents.measure import decision_digest, passage_id
from akashi.documents.model import (
    Document,
    ParsedDocument,
    ParsingWarning,
    Passage,
    StoredPassage,
    Version,
    VersionState,
)
from akashi.documents.tables import (
    document_table,
    generation_table,
    passage_table,
    source_table,
    version_table,
)
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id

_VERSION_COLUMNS = [column for column in version_table.c if column.name != "text"]
_VERSION_NAMES = tuple(column.name for column in _VERSION_COLUMNS)
_INSERT_BATCH = 1000
_known = version_table.alias("known")
_SIBLINGS = (
    sa.select(*_VERSION_COLUMNS, document_table.c.audience)
    .select_from(_known)
    .join(version_table, version_table.c.document_id == _known.c.document_id)
    .join(document_table, document_table.c.id == _known.c.document_id)
    .where(_known.c.id == sa.bindparam("version_id"))
    .order_by(version_table.c.number.desc())
)


def _cut(start: sa.Column[int], end: sa.Column[int]) -> sa.Function[str]:
    return sa.func.substr(version_table.c.text, start + 1, end - start)


_PASSAGE = (
    sa.select(
        passage_table,
        version_table.c.document_id,
        document_table.c.title,
        _cut(passage_table.c.question_start, passage_table.c.question_end).label("asked"),
        _cut(passage_table.c.body_start, passage_table.c.body_end).label("told"),
    )
    .join(version_table, version_table.c.id == passage_table.c.version_id)
    .join(document_table, document_table.c.id == version_table.c.document_id)
    .where(
        passage_table.c.version_id == sa.bindparam("version_id"),
        passage_table.c.ordinal == sa.bindparam("ordinal"),
    )
)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is added: the document it belongs to, the file as given, and what parsing made of it."""

    key: str
    title: str
    audience: Audience
    file_name: str
    content: bytes
    parsed: ParsedDocument
    effective_from: date
    effective_to: date | None = None
    title_en: str = ""
    owner_office: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """The version that now holds these bytes, and whether this call stored it."""

    version: Version
    is_new: bool


def add_version(connection: Connection, new: NewVersion, actor: Actor, now: datetime) -> Added:
    """Store a draft version, making its document when the key is new; the same bytes change nothing.

    Raises: ConflictError: the document exists for another audience, or the dates are in the wrong order.
    """
    if new.effective_to is not None and new.effective_to < new.effective_from:
        raise ConflictError("The last day lies before the first day.", next_step="Correct the dates.")
    document = find_document(connection, new.key) or _insert_document(connection, new, now)
    if document.audience is not new.audience:
        raise ConflictError(
            "The document {key} exists already for another audience.",
            where=new.file_name,
            next_step="Use another key.",
            key=new.key,
        )
    source_digest = hashlib.sha256(new.content).hexdigest()
    known = _find_by_source(connection, document.id, source_digest)
    if known is not None:
        return Added(known, is_new=False)
    version = _insert_version(connection, document, new, source_digest, actor, now)
    append(
        connection,
        Record(
            kind="documents.added",
            subject=version.id,
            actor=actor.id,
            at=now,
            payload={
                "document": document.id,
                "number": version.number,
                "source": version.source_digest,
                "text": version.text_digest,
            },
        ),
    )
    return Added(version, is_new=True)


def find_document(connection: Connection, key: str) -> Document | None:
    """Return the document with this key, or None."""
    row = connection.execute(sa.select(document_table).where(document_table.c.key == key)).mappings().first()
    return _to_document(row) if row else None


def read_document(connection: Connection, document_id: str) -> Document:
    """Return one document. Raises: NotFoundError."""
    query = sa.select(document_table).where(document_table.c.id == document_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such document.", next_step="Choose one from the list.")
    return _to_document(row)


def list_documents(connection: Connection, audiences: Iterable[Audience] = tuple(Audience)) -> list[Document]:
    """Return the documents of these audiences by title."""
    wanted = [audience.value for audience in audiences]
    query = sa.select(document_table).where(document_table.c.audience.in_(wanted))
    rows = connection.execute(query.order_by(document_table.c.title, document_table.c.id)).mappings()
    return [_to_document(row) for row in rows]


def list_versions(connection: Connection, document_ids: Sequence[str] | None = None) -> list[Version]:
    """Return the versions of these documents (all when None), newest number first."""
    query = sa.select(*_VERSION_COLUMNS).order_by(version_table.c.document_id, version_table.c.number.desc())
    if document_ids is not None:
        query = query.where(version_table.c.document_id.in_(document_ids))
    return [_to_version(row) for row in connection.execute(query).mappings()]


def read_version(connection: Connection, version_id: str) -> Version:
    """Return one version. Raises: NotFoundError."""
    query = sa.select(*_VERSION_COLUMNS).where(version_table.c.id == version_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError("There is no such version of a document.", next_step="Choose one from the list.")
    return _to_version(row)


def read_text(connection: Connection, version_id: str) -> str:
    """Return the text of a version, exactly as it is cited. Raises: NotFoundError."""
    query = sa.select(version_table.c.text).where(version_table.c.id == version_id)
    text = connection.execute(query).scalar()
    if text is None:
        raise NotFoundError("There is no such version of a document.", next_step="Choose one from the list.")
    return str(text)


def read_span(connection: Connection, version_id: str, span: Interval) -> str:
    """Return the characters of a version inside ``span``; nothing when there is no such version."""
    query = sa.select(sa.func.substr(version_table.c.text, span.start + 1, len(span)))
    return str(connection.execute(query.where(version_table.c.id == version_id)).scalar() or "")


def read_source(connection: Connection, version_id: str) -> bytes:
    """Return the file as it was given. Raises: NotFoundError."""
    query = sa.select(source_table.c.content).where(source_table.c.version_id == version_id)
    content = connection.execute(query).scalar()
    if content is None:
        raise NotFoundError("There is no such version of a document.", next_step="Choose one from the list.")
    return bytes(content)


def list_siblings(connection: Connection, version_id: str) -> tuple[Audience, list[Version]] | None:
    """Return the audience and every version of the document that a version belongs to; None: no such one."""
    rows = connection.execute(_SIBLINGS, {"version_id": version_id}).mappings().all()
    if not rows:
        return None
    facts = [{name: row[name] for name in _VERSION_NAMES} for row in rows]
    return Audience(rows[0]["audience"]), [_to_version(row) for row in facts]


def find_stored(connection: Connection, version_id: str, ordinal: int) -> StoredPassage | None:
    """Return one passage of a version with its texts, or None; the rest of the text stays in the database."""
    row = connection.execute(_PASSAGE, {"version_id": version_id, "ordinal": ordinal}).mappings().first()
    if row is None:
        return None
    return _make_passage(row, row["asked"] or "", row["told"] or "", row["title"], row["document_id"])


def list_passages(connection: Connection, version_ids: Sequence[str]) -> list[StoredPassage]:
    """Return the passages of these versions with their texts, in order."""
    passages: list[StoredPassage] = []
    for version_id in version_ids:
        query = (
            sa.select(version_table.c.text, document_table.c.title, document_table.c.id)
            .join(document_table, document_table.c.id == version_table.c.document_id)
            .where(version_table.c.id == version_id)
        )
        head = connection.execute(query).first()
        if head is None:
            continue
        wanted = sa.select(passage_table).where(passage_table.c.version_id == version_id)
        rows = connection.execute(wanted.order_by(passage_table.c.ordinal)).mappings()
        passages += [_to_passage(row, head.text, head.title, head.id) for row in rows]
    return passages


def set_dates(
    connection: Connection, version_id: str, effective_from: date, effective_to: date | None
) -> Version:
    """Change the days of a draft. Raises: ConflictError: it is no draft any more, or the order is wrong."""
    if effective_to is not None and effective_to < effective_from:
        raise ConflictError("The last day lies before the first day.", next_step="Correct the dates.")
    change_state(
        connection,
        version_id,
        VersionState.DRAFT,
        {"effective_from": effective_from, "effective_to": effective_to},
    )
    return read_version(connection, version_id)


def withdraw_version(
    connection: Connection, version_id: str, reason: str, actor: Actor, now: datetime
) -> Version:
    """Take a version back at once; nothing is answered from it from this transaction on.

    Raises: ConflictError: it is withdrawn already; NotFoundError.
    """
    version = read_version(connection, version_id)
    if version.state is VersionState.WITHDRAWN:
        raise ConflictError("This version has been withdrawn already.", next_step="Open the document again.")
    # The ledger before the row, as when a matter is decided; the other order could deadlock with it.
    append(
        connection,
        Record(
            kind="documents.withdrawn",
            subject=version_id,
            actor=actor.id,
            at=now,
            payload={"reason": hashlib.sha256(reason.encode()).hexdigest()},
        ),
    )
    values = {"state": VersionState.WITHDRAWN.value, "withdrawn_at": now, "withdrawn_reason": reason}
    change_state(connection, version_id, version.state, values)
    raise_generation(connection)
    return read_version(connection, version_id)


def change_state(
    connection: Connection, version_id: str, expected: VersionState, values: dict[str, Any]
) -> None:
    """Change a version that is still in the expected state. Raises: ConflictError: it is not."""
    changed = connection.execute(
        sa.update(version_table)
        .where(version_table.c.id == version_id, version_table.c.state == expected.value)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise ConflictError(
            "The version is not in the expected state any more.", next_step="Open the document again."
        )


def read_generation(connection: Connection) -> int:
    """Return the counter that rises with every change of what may be answered."""
    return int(connection.execute(sa.select(generation_table.c.generation)).scalar_one())


def raise_generation(connection: Connection) -> None:
    """Tell every index that what may be answered has changed."""
    connection.execute(sa.update(generation_table).values(generation=generation_table.c.generation + 1))


def subject_digest(connection: Connection, version_id: str) -> str:
    """Return the digest of exactly what an approval of this version decides, as it is now."""
    version = read_version(connection, version_id)
    return decision_digest(read_document(connection, version.document_id), version)


def _insert_document(connection: Connection, new: NewVersion, now: datetime) -> Document:
    document = Document(new_id("doc"), new.key, new.title, new.title_en, new.audience, new.owner_office, now)
    connection.execute(
        sa.insert(document_table).values(
            id=document.id,
            key=document.key,
            title=document.title,
            title_en=document.title_en,
            audience=document.audience.value,
            owner_office=document.owner_office,
            created_at=now,
        )
    )
    return document


def _insert_version(
    connection: Connection,
    document: Document,
    new: NewVersion,
    source_digest: str,
    actor: Actor,
    now: datetime,
) -> Version:
    parsed, version_id = new.parsed, new_id("ver")
    connection.execute(
        sa.insert(version_table).values(
            id=version_id,
            document_id=document.id,
            number=_next_number(connection, document.id),
            state=VersionState.DRAFT.value,
            file_name=new.file_name,
            media_type=parsed.media_type,
            source_digest=source_digest,
            text_digest=hashlib.sha256(parsed.text.encode()).hexdigest(),
            characters=len(parsed.text),
            effective_from=new.effective_from,
            effective_to=new.effective_to,
            created_at=now,
            created_by=actor.id,
            warnings=[[warning.message, dict(warning.values)] for warning in parsed.warnings],
            text=parsed.text,
        )
    )
    connection.execute(sa.insert(source_table).values(version_id=version_id, content=new.content))
    _insert_passages(connection, version_id, parsed.passages)
    return read_version(connection, version_id)


def _insert_passages(connection: Connection, version_id: str, passages: Sequence[Passage]) -> None:
    rows = [_from_passage(version_id, ordinal, passage) for ordinal, passage in enumerate(passages)]
    for start in range(0, len(rows), _INSERT_BATCH):
        connection.execute(sa.insert(passage_table), rows[start : start + _INSERT_BATCH])


def _next_number(connection: Connection, document_id: str) -> int:
    query = sa.select(sa.func.max(version_table.c.number)).where(version_table.c.document_id == document_id)
    return int(connection.execute(query).scalar() or 0) + 1


def _find_by_source(connection: Connection, document_id: str, source_digest: str) -> Version | None:
    query = sa.select(*_VERSION_COLUMNS).where(
        version_table.c.document_id == document_id, version_table.c.source_digest == source_digest
    )
    row = connection.execute(query).mappings().first()
    return _to_version(row) if row else None


def _from_passage(version_id: str, ordinal: int, passage: Passage) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "ordinal": ordinal,
        "kind": passage.kind,
        "heading": list(passage.heading),
        "question_start": passage.question.start if passage.question else None,
        "question_end": passage.question.end if passage.question else None,
        "body_start": passage.body.start,
        "body_end": passage.body.end,
        "page": passage.page,
    }


def _to_document(row: RowMapping) -> Document:
    return Document(**{**row, "audience": Audience(row["audience"])})


def _to_version(row: Mapping[Any, Any]) -> Version:
    warnings = tuple(ParsingWarning(message, tuple(values.items())) for message, values in row["warnings"])
    return Version(**{**row, "state": VersionState(row["state"]), "warnings": warnings})


def _to_passage(row: RowMapping, text: str, title: str, document_id: str) -> StoredPassage:
    asked = text[row["question_start"] : row["question_end"]] if row["question_start"] is not None else ""
    return _make_passage(row, asked, text[row["body_start"] : row["body_end"]], title, document_id)


def _make_passage(row: RowMapping, asked: str, told: str, title: str, document_id: str) -> StoredPassage:
    has_question = row["question_start"] is not None
    question = Interval(row["question_start"], row["question_end"]) if has_question else None
    body = Interval(row["body_start"], row["body_end"])
    return StoredPassage(
        id=passage_id(row["version_id"], row["ordinal"]),
        version_id=row["version_id"],
        document_id=document_id,
        title=title,
        passage=Passage(row["kind"], tuple(row["heading"]), question, body, row["page"]),
        question=asked,
        body=told,
    )
