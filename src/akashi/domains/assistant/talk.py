"""A customer's conversation with the assistant: question and reply are kept together or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from akashi.conversations.cases import find_open_case
from akashi.conversations.model import REASON_LIMIT, Author, HandoverReason, Message, Thumb, Urgency
from akashi.conversations.talk import (
    add_message,
    find_by_token,
    give_feedback,
    read_messages,
    request_person,
    start,
)
from akashi.core.errors import ConflictError, NotFoundError
from akashi.core.thread import Outcome, Question
from akashi.domains.assistant.answering import USE_CASES, answer_choice, ask, check_question
from akashi.domains.assistant.contact import Alarm, describe_alarms, find_alarms, read_contact
from akashi.domains.assistant.model import Reply, describe_reply
from akashi.domains.assistant.reading import weigh_urgency
from akashi.domains.assistant.store import add_reply
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

USE_CASE = "assistant"
FEEDBACK = "feedback"
"""The use case and the door of what customers write beside an answer."""


def ask_in_conversation(site: Site, token: str, text: str, language: str) -> str:
    """Answer a question, keep both in the conversation of ``token``, and return the customer's token.

    A token that is nobody's, or whose conversation was erased, begins a new conversation.

    Question and answer are stored in one transaction; while an operator has the conversation the question
    goes to him alone. Raises: InputError: the question cannot be used.
    """
    now = site.now()
    check_question(text)
    token, is_kept = tell_alarms(site, token, text, language)
    reply = ask(site, Question(text, now, language=language))
    with site.database.write() as connection:
        token, conversation_id = find_or_start(site, connection, token, language, now)
        place = 0
        if not is_kept:
            said = add_message(connection, site.keys, conversation_id, Author.CUSTOMER, text, {}, now)
            place = said.sequence
        note_screened(site, connection, reply, "page", conversation_id, place)
        if is_with_person(connection, conversation_id):
            return token
        keep_reply(site, connection, conversation_id, reply, describe_reply(reply))
    return token


def ask_noted(site: Site, question: Question, door: str) -> Reply:
    """Answer a question outside a conversation; only what the guards found in it is kept, not its words."""
    reply = ask(site, question)
    if site.ports.note_screened is not None:
        with site.database.write() as connection:
            note_screened(site, connection, reply, door, use_case=USE_CASES[question.audience])
    return reply


def note_screened(
    site: Site,
    connection: Connection,
    reply: Reply,
    door: str,
    conversation_id: str = "",
    place: int = 0,
    use_case: str = USE_CASE,
) -> None:
    """Let the guards keep what they found in the question of a reply; ``place`` is its message."""
    note, screened, now = site.ports.note_screened, reply.screened, site.now()
    if note is not None and screened is not None:
        where = {"use_case": use_case, "door": door, "subject": conversation_id}
        note(connection, screened, place=place, now=now, **where)


def choose_in_conversation(site: Site, token: str, passage_id: str) -> None:
    """Answer with the passage that the customer chose from what he was just offered.

    Only a choice of the last automatic message of his own conversation counts.

    Raises: NotFoundError: the conversation is nobody's; ConflictError: this is not offered (any more).
    """
    now = site.now()
    with site.database.read() as connection:
        conversation = find_by_token(connection, token)
        messages = read_messages(connection, site.keys, conversation.id)
    asked, label = _find_choice(messages, passage_id)
    reply = answer_choice(site, asked, passage_id)
    with site.database.write() as connection:
        again = read_messages(connection, site.keys, conversation.id)
        _find_choice(again, passage_id)
        add_message(
            connection, site.keys, conversation.id, Author.CUSTOMER, label, {"chosen": passage_id}, now
        )
        if not is_with_person(connection, conversation.id):
            keep_reply(site, connection, conversation.id, reply, describe_reply(reply))


def _find_choice(messages: Sequence[Message], passage_id: str) -> tuple[str, str]:
    """Return the question that was asked back and the label of the choice. Raises: ConflictError."""
    last = max((at for at, one in enumerate(messages) if one.author is Author.ASSISTANT), default=-1)
    offered = messages[last].meta.get("choices", ()) if last >= 0 else ()
    labels = {choice["passage_id"]: choice["label"] for choice in offered}
    if passage_id not in labels:
        raise ConflictError("This choice is not offered any more.", next_step="Please ask again.")
    asked = [one.text for one in messages[:last] if one.author is Author.CUSTOMER]
    return (asked[-1] if asked else labels[passage_id]), labels[passage_id]


def keep_reply(
    site: Site,
    connection: Connection,
    conversation_id: str,
    reply: Reply,
    meta: Mapping[str, Any],
    said: str = "",
) -> int:
    """Keep what a question was answered with, call a person if it was not, and return the message's number.

    ``said`` are the words of the answer where they are not its excerpts.
    """
    now, words = site.now(), said or _say(reply)
    answer = add_message(connection, site.keys, conversation_id, Author.ASSISTANT, words, meta, now)
    add_reply(connection, conversation_id, answer.sequence, reply, now)
    if reply.answer.outcome is Outcome.HAND_OVER:
        urgency = weigh_urgency(site, connection, conversation_id)
        request_person(connection, site.keys, conversation_id, HandoverReason.NO_ANSWER, urgency, now)
    return answer.sequence


def tell_alarms(site: Site, token: str, text: str, language: str) -> tuple[str, bool]:
    """Show the emergency numbers that a question calls for, before anything is looked up.

    The question and the numbers are committed at once, so that a slow or failing answer cannot hold them
    back. Returns the token and whether the question is kept already.
    """
    now = site.now()
    with site.database.read() as connection:
        alarms = find_alarms(read_contact(connection), text, now, language)
    if not alarms:
        return token, False
    with site.database.write() as connection:
        token, conversation_id = find_or_start(site, connection, token, language, now)
        add_message(connection, site.keys, conversation_id, Author.CUSTOMER, text, {}, now)
        keep_alarms(site, connection, conversation_id, alarms, now)
        case = find_open_case(connection, conversation_id)
        if any(alarm.opens_case for alarm in alarms):
            reason, urgency = HandoverReason.SENSITIVE, Urgency.AT_ONCE
            request_person(connection, site.keys, conversation_id, reason, urgency, now)
        elif case is not None:
            request_person(connection, site.keys, conversation_id, case.reason, Urgency.SOON, now)
    return token, True


def keep_alarms(
    site: Site,
    connection: Connection,
    conversation_id: str,
    alarms: Sequence[Alarm],
    now: datetime,
    shown_to: str = "customer",
) -> None:
    """Keep emergency numbers as a message of the conversation, and in the ledger which were shown to whom."""
    if not alarms:
        return
    said = "\n".join(f"{alarm.title}　{alarm.number}　{alarm.hours}" for alarm in alarms)
    meta = {"emergency": describe_alarms(alarms)}
    add_message(connection, site.keys, conversation_id, Author.SYSTEM, said, meta, now)
    payload = {"topics": [alarm.topic for alarm in alarms]}
    append(connection, Record("assistant.emergency_shown", conversation_id, shown_to, now, payload))


def is_with_person(connection: Connection, conversation_id: str) -> bool:
    """Return whether an operator has taken the conversation; he answers then, not the automatic service."""
    case = find_open_case(connection, conversation_id)
    return case is not None and case.taken_by is not None


def ask_for_person(site: Site, token: str, language: str) -> str:
    """Mark that the customer wants a person, starting a conversation if need be; return the token."""
    now = site.now()
    with site.database.write() as connection:
        token, conversation_id = find_or_start(site, connection, token, language, now)
        urgency = weigh_urgency(site, connection, conversation_id)
        request_person(connection, site.keys, conversation_id, HandoverReason.CUSTOMER_ASKED, urgency, now)
    return token


def judge_answer(site: Site, token: str, sequence: int, thumb: Thumb, reason: str) -> None:
    """Keep a thumb on an answer of the customer's own conversation. Raises: NotFoundError, InputError.

    Nothing acts on the reason by itself. What the guards find in it is kept for those who watch, so that
    whoever improves the service on the strength of feedback knows which of it gives orders.
    """
    is_read = bool(reason.strip()) and len(reason) <= REASON_LIMIT
    screened = site.ports.screen(reason, FEEDBACK) if site.ports.screen and is_read else None
    with site.database.write() as connection:
        conversation = find_by_token(connection, token)
        now = site.now()
        give_feedback(connection, site.keys, conversation.id, sequence, thumb, now, reason=reason)
        if screened is not None and site.ports.note_screened is not None:
            site.ports.note_screened(
                connection,
                screened,
                use_case=FEEDBACK,
                door=FEEDBACK,
                subject=conversation.id,
                place=sequence,
                now=now,
            )


def find_or_start(
    site: Site, connection: Connection, token: str, language: str, now: datetime
) -> tuple[str, str]:
    """Return the customer's token and the id of his conversation, a new one where the token is nobody's."""
    try:
        conversation = find_by_token(connection, token)
        if conversation.erased_at is None:
            return token, conversation.id
    except NotFoundError:
        pass
    started = start(connection, site.keys, "web", language, now, USE_CASE)
    return started.token, started.conversation.id


def _say(reply: Reply) -> str:
    """Return the words kept as the answer's text: the excerpts, or the outcome's own name."""
    told = [excerpt.text for excerpt in reply.answer.excerpts] or list(reply.answer.choices)
    return "\n\n".join(told) or reply.answer.outcome.value
