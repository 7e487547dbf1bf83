"""A closed case becomes a draft entry of questions and answers, and goes its approval route.

The entry is appended to the newest wording of one document (``faq_from_cases``) that is approved or on its
way; nothing that stands there is lost, and no customer reads it before it is decided.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.approvals.model import Matter
from akashi.conversations.cases import find_case
from akashi.conversations.masks import Masker, find_numbers
from akashi.conversations.model import Author, Handover
from akashi.conversations.talk import read_messages
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.ports import FindPersonal
from akashi.core.thread import Audience
from akashi.documents.model import ParsedDocument, Version, VersionState
from akashi.documents.parsing import parse_bytes
from akashi.documents.store import NewVersion, add_version, find_document, list_versions, read_source
from akashi.documents.treat import submit_version
from akashi.domains.assistant.contact import read_contact
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

KEY = "faq_from_cases"
TITLE = "お問い合わせから作成したよくあるご質問"
TITLE_EN = "Questions and answers from customers' cases"
FILE_NAME = "faq_from_cases.csv"
HEADER = ["question", "answer"]
MAX_QUESTION, MAX_ANSWER = 300, 2000
STANDING = frozenset({VersionState.APPROVED, VersionState.SUBMITTED})
TRIES = 5
_MASKED = re.compile("〔[^〔〕]{1,20}[0-9]〕")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer, as the operator edited them."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class _Base:
    """The wording to which an entry is added: its version, or none yet, and its rows."""

    version: Version | None
    rows: tuple[tuple[str, str], ...]


def propose_entry(site: Site, case_id: str, actor: Actor, masker: Masker) -> Entry:
    """Return the customer's last question, masked, and the operator's last answer of a case he closed.

    Raises: ForbiddenError: somebody else closed it; ConflictError: it is still open.
    """
    with site.database.read() as connection:
        case = _closed_case(connection, case_id, actor)
        messages = read_messages(connection, site.keys, case.conversation_id)
    last = {one.message.author: one.message.text for one in masker.show(messages)}
    last |= {one.author: one.text for one in messages if one.author is Author.OPERATOR}
    return Entry(last.get(Author.CUSTOMER, "")[:MAX_QUESTION], last.get(Author.OPERATOR, "")[:MAX_ANSWER])


def draft_entry(site: Site, case_id: str, actor: Actor, entry: Entry) -> Matter:
    """Add an entry to the questions and answers as a draft version and hand it in for approval.

    Raises: InputError: empty, too long, or with what looks like personal data; ForbiddenError: not his case;
    ConflictError: it stands there already, or others are adding at the same moment.
    """
    checked = check_entry(entry, site.ports.find_personal)
    for _ in range(TRIES):
        with site.database.read() as connection:
            _closed_case(connection, case_id, actor)
            base = _read_base(connection)
        content = _write_rows(base, checked)
        parsed = parse_bytes(FILE_NAME, content)
        matter = _hand_in(site, case_id, actor, base, content, parsed)
        if matter is not None:
            return matter
    raise ConflictError("Others are adding entries at this moment.", next_step="Try again.")


def check_entry(entry: Entry, find: FindPersonal | None = None) -> Entry:
    """Return an entry without blanks around it. Raises: InputError: names the field."""
    question, answer = entry.question.strip(), entry.answer.strip()
    for name, text, most in (("question", question, MAX_QUESTION), ("answer", answer, MAX_ANSWER)):
        if not text:
            raise InputError("This must not be empty.", where=name)
        if len(text) > most:
            raise InputError("At most {most} characters.", where=name, most=most)
    told = [*_MASKED.findall(question), *(one.span.of(question) for one in (find or find_numbers)(question))]
    if told:
        raise InputError(
            "The question holds what looks like a customer's own data: {found}",
            where="question",
            next_step="Write it so that it could be anybody's question.",
            found="、".join(told[:3]),
        )
    return Entry(question, answer)


def _hand_in(
    site: Site, case_id: str, actor: Actor, base: _Base, content: bytes, parsed: ParsedDocument
) -> Matter | None:
    """Add and submit the version unless the wording has moved on meanwhile (then None)."""
    now = site.now()
    with site.database.write() as connection:
        case = _closed_case(connection, case_id, actor)
        if _read_base(connection) != base:
            return None
        new = _new_version(connection, content, parsed, now)
        added = add_version(connection, new, actor, now)
        if not added.is_new:
            raise ConflictError("This wording was handed in before.", next_step="Look at the documents.")
        matter = submit_version(connection, added.version.id, actor, now)
        payload = {"handover": case.id, "version": added.version.id, "matter": matter.id}
        append(connection, Record("assistant.faq_drafted", case.conversation_id, actor.id, now, payload))
        return matter


def _new_version(connection: Connection, content: bytes, parsed: ParsedDocument, now: datetime) -> NewVersion:
    return NewVersion(
        key=KEY,
        title=TITLE,
        title_en=TITLE_EN,
        audience=Audience.CUSTOMERS,
        owner_office=str(read_contact(connection).get("office", "")),
        file_name=FILE_NAME,
        content=content,
        parsed=parsed,
        effective_from=tokyo_day(now),
    )


def _closed_case(connection: Connection, case_id: str, actor: Actor) -> Handover:
    case = find_case(connection, case_id)
    if case.closed_at is None:
        raise ConflictError("Close the case first.", next_step="Open the case again.")
    if case.closed_by != actor.id:
        raise ForbiddenError("Only whoever closed the case makes an entry of it.")
    return case


def _read_base(connection: Connection) -> _Base:
    document = find_document(connection, KEY)
    versions = list_versions(connection, [document.id]) if document else []
    newest = next((version for version in versions if version.state in STANDING), None)
    if newest is None:
        return _Base(None, ())
    text = read_source(connection, newest.id).decode("utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    return _Base(newest, tuple((row[0], row[1]) for row in rows))


def _write_rows(base: _Base, entry: Entry) -> bytes:
    if any(question == entry.question for question, _ in base.rows):
        raise ConflictError(
            "This question stands there already.", where="question", next_step="Write a new wording there."
        )
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADER, *base.rows, (entry.question, entry.answer)])
    return file.getvalue().encode("utf-8")
