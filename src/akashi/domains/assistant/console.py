"""The operator's work on a case: what the queue shows, opening, answering, calling, closing.

Every step is one transaction with its ledger entry: after a kill it has happened or it has not.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.conversations.cases import (
    Ending,
    Reach,
    Target,
    claim_case,
    close_case,
    find_case,
    hold_case,
    list_queue,
    return_idle,
    transfer_case,
)
from akashi.conversations.masks import Masker, Purpose, record_unmasking
from akashi.conversations.model import (
    TEXT_LIMIT,
    Author,
    Conversation,
    Handover,
    HandoverReason,
    Message,
    Urgency,
)
from akashi.conversations.store import get_conversation
from akashi.conversations.talk import (
    add_message,
    list_outline,
    read_last,
    read_messages,
    request_person,
    start,
)
from akashi.core.errors import ConflictError, ForbiddenError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import Audience, Outcome
from akashi.domains.assistant.answering import check_question
from akashi.domains.assistant.console_store import Sent, add_sent
from akashi.domains.assistant.contact import (
    find_alarms,
    may_operators_unmask,
    read_contact,
    read_idle_minutes,
)
from akashi.domains.assistant.drafting import Piece, describe_rows, read_pieces
from akashi.domains.assistant.library import library_of
from akashi.domains.assistant.measure.edits import Verdict, judge_edit
from akashi.domains.assistant.measure.topics import topic_words
from akashi.domains.assistant.reach import reach_of
from akashi.domains.assistant.talk import USE_CASE, keep_alarms
from akashi.platform.ids import new_id
from akashi.platform.site import Site

TELEPHONE = "telephone"
ORIGINS = ("draft", "pair")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue. ``topic`` are words of approved documents only, never the text."""

    case: Handover
    channel: str
    waited: timedelta
    topic: tuple[str, ...]
    can_take: bool = True


@dataclass(frozen=True, slots=True)
class Composed:
    """What an operator sends: the text, and the pieces of approved wording that it began from."""

    text: str
    references: tuple[str, ...] = ()
    origin: str = ""


def read_queue(
    site: Site, office: str = "", most: int = 100, reach: Reach | None = None
) -> tuple[list[Waiting], int]:
    """Return the first ``most`` open cases with what each is about, and how many there are in all.

    Somebody who takes only what was passed on to his office sees nothing else.
    """
    now = site.now()
    with site.database.read() as connection:
        cases = list_queue(connection, office)
        if reach is not None and not reach.takes_unassigned:
            cases = [case for case in cases if reach.covers(case)]
        shelf = library_of(site).find_shelf(connection, Audience.CUSTOMERS, tokyo_day(now))
        known = shelf.index.vocabulary
        lines = [_tell(site, connection, case, known, reach) for case in cases[:most]]
    return lines, len(cases)


def _tell(
    site: Site, connection: Connection, case: Handover, known: Container[str], reach: Reach | None
) -> Waiting:
    conversation = get_conversation(connection, case.conversation_id)
    last = read_last(connection, site.keys, conversation.id, Author.CUSTOMER)
    topic = topic_words(last.text, known) if last else ()
    can_take = reach is None or reach.covers(case)
    return Waiting(case, conversation.channel, site.now() - case.requested_at, topic, can_take)


def open_case(site: Site, case_id: str, actor: Actor) -> Handover:
    """Claim a case for ``actor`` and return it.

    Raises: ConflictError: somebody else was first, or it waits at another office.
    """
    with site.database.write() as connection:
        return claim_case(connection, case_id, actor, site.now(), reach_of(connection, actor))


def pass_on(site: Site, case_id: str, actor: Actor, target: Target, note: str, told: str) -> None:
    """Pass a case on; ``told`` is what the customer reads of it in his language, or nothing.

    Raises: InputError: nobody is named, or the note is missing; ConflictError: not held any more.
    """
    now = site.now()
    with site.database.write() as connection:
        transfer_case(connection, site.keys, case_id, actor, target, note, now)
        conversation = get_conversation(connection, find_case(connection, case_id).conversation_id)
        if told and conversation.channel != TELEPHONE:
            meta = {"event": "transferred"}
            add_message(connection, site.keys, conversation.id, Author.SYSTEM, told, meta, now)


def read_case(site: Site, case_id: str, actor: Actor) -> tuple[Handover, Conversation, tuple[Message, ...]]:
    """Return a case with its conversation; the messages only for whoever holds it now."""
    with site.database.read() as connection:
        case = find_case(connection, case_id)
        conversation = get_conversation(connection, case.conversation_id)
        is_readable = case.taken_by == actor.id and case.closed_at is None and conversation.erased_at is None
        messages = read_messages(connection, site.keys, conversation.id) if is_readable else ()
    return case, conversation, messages


def last_question(messages: Sequence[Message]) -> str:
    """Return the customer's words that wait for an answer: all since the last answer, joined.

    Where everything has been answered, his last words alone.
    """
    pending: list[str] = []
    for message in messages:
        is_answered = message.meta.get("outcome") == Outcome.ANSWERED.value
        if message.author is Author.OPERATOR or (message.author is Author.ASSISTANT and is_answered):
            pending = []
        elif message.author is Author.CUSTOMER:
            pending.append(message.text)
    if pending:
        return "\n".join(pending[-3:])
    return next((one.text for one in reversed(messages) if one.author is Author.CUSTOMER), "")


def send_reply(site: Site, case_id: str, actor: Actor, composed: Composed) -> Sent:
    """Store an operator's message, encrypted, with what became of our draft, and return the measures.

    Raises: ConflictError: the case is not his any more, the approved wording that the draft came from
    was withdrawn since, or the same words were sent just before; InputError: the text is empty or too long.
    """
    _check_text(composed.text)
    now = site.now()
    with site.database.write() as connection:
        case = hold_case(connection, case_id, actor, now)
        _refuse_again(site, connection, case.conversation_id, composed.text)
        pieces = _read_origin(connection, composed, now)
        draft = "\n\n".join(piece.text for piece in pieces)
        verdict, distance = judge_edit(draft, composed.text)
        seconds = _seconds_since(connection, case, now)
        meta = {
            "draft": draft,
            "passages": [piece.reference for piece in pieces],
            "verdict": verdict.value,
            "distance": distance,
            "operator": actor.id,
            "rows": describe_rows(pieces),
        }
        message = add_message(
            connection, site.keys, case.conversation_id, Author.OPERATOR, composed.text, meta, now
        )
        sent = Sent(
            id=new_id("sent"),
            conversation_id=case.conversation_id,
            handover_id=case.id,
            message=message.sequence,
            at=now,
            operator_id=actor.id,
            channel=get_conversation(connection, case.conversation_id).channel,
            origin=_name_origin(composed, pieces, verdict),
            passages=tuple(piece.passage_id for piece in pieces),
            verdict=verdict.value,
            distance=distance,
            draft_characters=len(draft),
            sent_characters=len(composed.text),
            seconds=seconds,
        )
        add_sent(connection, sent)
    return sent


def open_message(
    site: Site, case_id: str, actor: Actor, masker: Masker, sequence: int, purpose: Purpose
) -> None:
    """Record that the holder of a case looks at what is masked in one of its messages.

    Raises: ForbiddenError: the institution does not let operators; ConflictError: not his case any more,
    or nothing is masked there.
    """
    now = site.now()
    with site.database.write() as connection:
        if not may_operators_unmask(connection):
            raise ForbiddenError("Here only the personal-data officer sees personal data in the clear.")
        case = hold_case(connection, case_id, actor, now)
        shown = masker.show(read_messages(connection, site.keys, case.conversation_id))
        hidden = {one.message.sequence: one.hidden for one in shown if one.message.sequence == sequence}
        record_unmasking(connection, case.conversation_id, hidden, purpose, actor, now)


def start_call(site: Site, actor: Actor, question: str, language: str) -> Handover:
    """Begin a case for a telephone call from the question that the operator typed, held by him.

    Raises: InputError: the question is empty or too long.
    """
    text, now = check_question(question), site.now()
    with site.database.write() as connection:
        begun = start(connection, site.keys, TELEPHONE, language, now, USE_CASE)
        meta = {"typed_by": actor.id}
        add_message(connection, site.keys, begun.conversation.id, Author.CUSTOMER, text, meta, now)
        alarms = find_alarms(read_contact(connection), text, now, language)
        keep_alarms(site, connection, begun.conversation.id, alarms, now, actor.id)
        case = request_person(
            connection,
            site.keys,
            begun.conversation.id,
            HandoverReason.CUSTOMER_ASKED,
            Urgency.NORMAL,
            now,
            requested_by=actor.id,
        )
        return claim_case(connection, case.id, actor, now)


def note_question(site: Site, case_id: str, actor: Actor, question: str) -> None:
    """Keep what a caller asks next, as the operator typed it. Raises: ConflictError, InputError."""
    text, now = check_question(question), site.now()
    with site.database.write() as connection:
        case = hold_case(connection, case_id, actor, now)
        conversation = get_conversation(connection, case.conversation_id)
        if conversation.channel != TELEPHONE:
            raise ConflictError("Only a caller's words are typed by an operator.", where="question")
        meta = {"typed_by": actor.id}
        add_message(connection, site.keys, conversation.id, Author.CUSTOMER, text, meta, now)
        alarms = find_alarms(read_contact(connection), text, now, conversation.language)
        keep_alarms(site, connection, conversation.id, alarms, now, actor.id)


def finish_case(site: Site, case_id: str, actor: Actor, ending: Ending, farewell: str) -> Handover:
    """Close a case; ``farewell`` is what the customer then reads, in his language, or nothing.

    Raises: ConflictError: not held any more; InputError: the note is too long.
    """
    now = site.now()
    with site.database.write() as connection:
        case = close_case(connection, site.keys, case_id, actor, ending, now)
        conversation = get_conversation(connection, case.conversation_id)
        if farewell and conversation.channel != TELEPHONE:
            meta = {"event": "closed"}
            add_message(connection, site.keys, conversation.id, Author.SYSTEM, farewell, meta, now)
    return case


def _refuse_again(site: Site, connection: Connection, conversation_id: str, text: str) -> None:
    """Refuse words that are the conversation's last ones already: a form was sent twice."""
    outline = list_outline(connection, conversation_id)
    if not outline or outline[-1][1] is not Author.OPERATOR:
        return
    last = read_last(connection, site.keys, conversation_id, Author.OPERATOR)
    if last is not None and last.text == text:
        raise ConflictError(
            "These words have been sent already.",
            where="text",
            next_step="Write on only if something is new.",
        )


def _check_text(text: str) -> None:
    if not text.strip():
        raise InputError("The message is empty.", where="text", next_step="Write something.")
    if len(text) > TEXT_LIMIT:
        raise InputError(
            "This text has {count} characters; at most {limit} are allowed.",
            where="text",
            next_step="Shorten it or divide it.",
            count=len(text),
            limit=TEXT_LIMIT,
        )


def _read_origin(connection: Connection, composed: Composed, now: datetime) -> tuple[Piece, ...]:
    pieces = read_pieces(connection, composed.references, tokyo_day(now))
    if pieces is None:
        raise ConflictError(
            "The approved wording that this draft came from is no longer in effect.",
            where="text",
            next_step="Compare your text with the new draft before you send it.",
        )
    return pieces


def _name_origin(composed: Composed, pieces: Sequence[Piece], verdict: Verdict) -> str:
    if not pieces or verdict is Verdict.ANEW:
        return "none"
    return composed.origin if composed.origin in ORIGINS else "draft"


def _seconds_since(connection: Connection, case: Handover, now: datetime) -> int:
    outline = list_outline(connection, case.conversation_id)
    asked = [at for _, author, at in outline if author is Author.CUSTOMER]
    begun = [moment for moment in (case.taken_at, asked[-1] if asked else None) if moment is not None]
    return max(0, round((now - max(begun, default=now)).total_seconds()))


def return_idle_cases(site: Site, now: datetime) -> int:
    """Give back to the queue what operators have left lying, and return how many cases."""
    with site.database.write() as connection:
        idle = timedelta(minutes=read_idle_minutes(connection))
        return return_idle(connection, now - idle, now)
