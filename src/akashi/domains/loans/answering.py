"""A question in between: the assistant answers it from approved documents, then the thread goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from akashi.conversations.model import Author, HandoverReason, Urgency
from akashi.conversations.talk import add_message, request_person
from akashi.core.errors import InputError
from akashi.core.thread import Audience, Outcome, Question
from akashi.documents.store import read_document, read_version
from akashi.platform.site import Site

LONGEST_QUESTION = 1_000


@dataclass(frozen=True, slots=True)
class Aside:
    """What the assistant says to a question: verbatim excerpts with their documents, or nothing."""

    excerpts: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def keep(self, site: Site, connection: Connection, conversation: str) -> None:
        """Keep the answer in the conversation; where there is none, ask for a person."""
        now = site.now()
        if not self.excerpts:
            request_person(connection, site.keys, conversation, HandoverReason.NO_ANSWER, Urgency.NORMAL, now)
        said = "\n\n".join(one["text"] for one in self.excerpts) or "hand_over"
        meta = {"loan": "aside", "excerpts": list(self.excerpts)}
        add_message(connection, site.keys, conversation, Author.ASSISTANT, said, meta, now)


def ask_in_between(site: Site, question: str, language: str) -> Aside:
    """Return what the assistant answers; nothing where it has no certain answer or is not there."""
    if site.ports.assistant is None:
        return Aside()
    asked = Question(question[:LONGEST_QUESTION], site.now(), Audience.CUSTOMERS, language)
    try:
        given = site.ports.assistant.ask(site, asked)
    except InputError:
        return Aside()
    if given.answer.outcome is not Outcome.ANSWERED:
        return Aside()
    with site.database.read() as connection:
        return Aside(
            tuple(
                {**_describe(connection, version, language), "text": excerpt.text}
                for excerpt, version in zip(given.answer.excerpts, given.versions, strict=False)
            )
        )


def _describe(connection: Connection, version_id: str, language: str) -> dict[str, Any]:
    version = read_version(connection, version_id)
    document = read_document(connection, version.document_id)
    return {"title": document.title, "version": version_id, "number": version.number}
