"""A customer's question in the generative mode: kept first, then generated, checked, shown and kept.

The question is committed before the endpoint is asked, together with the fact that an answer is on its way.
Should the process die in between, ``recover_generations`` answers with the extract. A thread of its own does
the work to its end even when the customer's browser has gone away.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.engine import Connection

from akashi.conversations.model import Author
from akashi.conversations.store import get_conversation
from akashi.conversations.talk import add_message, list_outline, read_messages
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.thread import Answer, AnswerMode, Audience, Outcome, Question
from akashi.documents.answerable import find_passage
from akashi.domains.assistant.answering import ask, check_question
from akashi.domains.assistant.generating import Generated, Sentence, Task, generate, make_task
from akashi.domains.assistant.generating_mode import Ready, find_ready
from akashi.domains.assistant.generating_store import (
    USE_CASE,
    Generation,
    State,
    begin_generation,
    end_generation,
    is_generating,
    list_open,
)
from akashi.domains.assistant.model import Reply, describe_reply
from akashi.domains.assistant.store import is_stopped
from akashi.domains.assistant.talk import (
    ask_in_conversation,
    find_or_start,
    is_with_person,
    keep_reply,
    note_screened,
    tell_alarms,
)
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.endpoint import Caller, Fault, Purpose
from akashi.platform.site import Site

CACHE = "assistant.generations"
GRACE_SECONDS = 20
"""How long after the endpoint's own deadline a generation counts as dead. Ours."""
DIGEST_PURPOSE = "assistant/removed"


@dataclass
class Run:
    """A generation on its way: sentences as they are found supported, then None."""

    sources: tuple[dict[str, Any], ...]
    sentences: queue.SimpleQueue[Sentence | None] = field(default_factory=queue.SimpleQueue)
    done: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Tell everybody who waits that nothing more comes."""
        self.done.set()
        self.sentences.put(None)


@dataclass(frozen=True, slots=True)
class Asked:
    """The customer's token and, where a model is writing, its run."""

    token: str
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class _Begun:
    generation_id: str
    conversation_id: str
    reply: Reply
    task: Task


@dataclass
class _Desk:
    """The places of this process in which answers are generated; no question waits for one."""

    places: threading.BoundedSemaphore


def ask_in_mode(site: Site, token: str, text: str, language: str) -> Asked:
    """Answer a question in whichever mode is in operation; `ask_in_conversation` tells the rest.

    Only a question that the extract answers is given to the model; everything else stays as it is. Raises:
    InputError: the question cannot be used.
    """
    with site.database.read() as connection:
        ready = find_ready(site, connection)
    desk = _desk_of(site, ready) if isinstance(ready, Ready) else None
    if not isinstance(ready, Ready) or desk is None or not desk.places.acquire(blocking=False):
        return Asked(ask_in_conversation(site, token, text, language))
    begun = None
    try:
        token, begun = _begin(site, ready, token, text, language)
    finally:
        if begun is None:
            desk.places.release()
    if begun is None:
        return Asked(token)
    run = Run(tuple(describe_reply(begun.reply)["excerpts"]))
    work = threading.Thread(target=_work, args=(site, ready, begun, run, desk.places.release), daemon=True)
    work.start()
    return Asked(token, run)


def recover_generations(site: Site, now: datetime) -> int:
    """Answer with the extract what a dead process had begun; return how many. A duty, safe to repeat."""
    endpoint = site.settings.endpoint
    seconds = GRACE_SECONDS + (endpoint.total_seconds if endpoint else 0)
    with site.database.read() as connection:
        dead = list_open(connection, now - timedelta(seconds=seconds))
    return sum(_recover(site, generation, now) for generation in dead)


def _begin(site: Site, ready: Ready, token: str, text: str, language: str) -> tuple[str, _Begun | None]:
    now = site.now()
    screened = ready.screen(check_question(text), USE_CASE)
    token, is_kept = tell_alarms(site, token, text, language)
    reply = ask(site, Question(text, now, language=language))
    with site.database.write() as connection:
        token, conversation_id = find_or_start(site, connection, token, language, now)
        place = 0
        if not is_kept:
            kept = add_message(connection, site.keys, conversation_id, Author.CUSTOMER, text, {}, now)
            place = kept.sequence
        note_screened(site, connection, reply, "page", conversation_id, place)
        if is_with_person(connection, conversation_id):
            return token, None
        is_open = not screened.refused and not screened.handed_over
        is_answered = reply.answer.outcome is Outcome.ANSWERED and is_open
        if not is_answered or is_generating(connection, conversation_id):
            keep_reply(site, connection, conversation_id, reply, describe_reply(reply))
            return token, None
        question = _last_question(connection, conversation_id)
        model = ready.gate.settings.model
        generation_id = begin_generation(connection, conversation_id, question, model, now)
    task = make_task(screened.text, reply.sources)
    return token, _Begun(generation_id, conversation_id, reply, task)


def _work(site: Site, ready: Ready, begun: _Begun, run: Run, leave: Callable[[], None]) -> None:
    """Generate and keep; whatever goes wrong, the customer gets the extract."""
    generated = Generated(fault=Fault.ABANDONED.value)
    caller = Caller(USE_CASE, Purpose.ANSWER, begun.conversation_id)
    try:
        generated = generate(ready.gate, ready.check, begun.task, caller, run.sentences.put)
    finally:
        try:
            _finish(site, begun.generation_id, begun.conversation_id, begun.reply, generated)
        finally:
            leave()
            run.close()


def _finish(site: Site, generation_id: str, conversation_id: str, reply: Reply, generated: Generated) -> bool:
    """Keep what a generation came to, once; False when it had been kept already."""
    try:
        with site.database.write() as connection:
            return _keep(site, connection, generation_id, conversation_id, reply, generated)
    except ConflictError:
        values = {"state": State.WITHHELD.value, "ended_at": site.now(), "fault": generated.fault}
        with site.database.write() as connection:
            return end_generation(connection, generation_id, values)


def _keep(
    site: Site,
    connection: Connection,
    generation_id: str,
    conversation_id: str,
    reply: Reply,
    generated: Generated,
) -> bool:
    now, state = site.now(), _state_of(generated)
    is_silent = _is_silent(connection, conversation_id)
    stands = _stands(connection, reply, now)
    removed = [[one.reason.value, site.keys.digest(DIGEST_PURPOSE, one.text)] for one in generated.dropped]
    values = {
        "state": state.value if stands and not is_silent else State.WITHHELD.value,
        "ended_at": now,
        "said_model": generated.said_model,
        "fingerprint": generated.fingerprint,
        "fault": generated.fault,
        "shown": len(generated.sentences) if stands and not is_silent else 0,
        "removed": removed,
    }
    if not end_generation(connection, generation_id, values):
        return False
    if not is_silent:
        shown, meta, said = compose_reply(reply, generated) if stands else _withdraw(reply)
        keep_reply(site, connection, conversation_id, shown, meta, said)
    if removed or generated.fault:
        payload = {"generation": generation_id, "state": str(values["state"]), "fault": generated.fault}
        kept = {**payload, "removed": cast(Any, removed)}
        append(connection, Record("assistant.generation_replaced", conversation_id, "system", now, kept))
    return True


def compose_reply(reply: Reply, generated: Generated) -> tuple[Reply, dict[str, Any], str]:
    """Return the reply as it is kept, its description, and its words; without sentences, the extract alone.

    The excerpts stay verbatim with their citations; the model's sentences stand beside them.
    """
    if not generated.sentences:
        return reply, describe_reply(reply), ""
    shown = replace(reply, answer=replace(reply.answer, mode=AnswerMode.GENERATIVE))
    meta = describe_reply(shown)
    meta["sentences"] = [{"text": one.text, "cited": list(one.cited)} for one in generated.sentences]
    meta["is_complete"] = generated.is_complete
    return shown, meta, "\n".join(one.text for one in generated.sentences)


def _withdraw(reply: Reply) -> tuple[Reply, dict[str, Any], str]:
    """Return the way to a person: what was cited has been withdrawn while the model was writing."""
    reasons = ("The passage found is not in effect any more.",)
    gone = replace(reply, answer=Answer(Outcome.HAND_OVER, reasons=reasons), sources=())
    return gone, describe_reply(gone), ""


def _state_of(generated: Generated) -> State:
    if not generated.sentences:
        return State.REPLACED
    return State.SHOWN if generated.is_complete else State.PARTLY


def _is_silent(connection: Connection, conversation_id: str) -> bool:
    """Return whether nothing automatic may be said any more: erased, or a person has taken over."""
    is_erased = get_conversation(connection, conversation_id).erased_at is not None
    return is_erased or is_with_person(connection, conversation_id)


def _stands(connection: Connection, reply: Reply, now: datetime) -> bool:
    """Return whether every passage may still be shown to customers and nothing has been stopped."""
    if is_stopped(connection):
        return False
    day = tokyo_day(now)
    return all(
        find_passage(connection, source.passage_id, Audience.CUSTOMERS, day) for source in reply.sources
    )


def _recover(site: Site, generation: Generation, now: datetime) -> bool:
    with site.database.read() as connection:
        conversation = get_conversation(connection, generation.conversation_id)
        said = ""
        if conversation.erased_at is None:
            after = generation.question - 1
            said = read_messages(connection, site.keys, conversation.id, after=after)[0].text
    if said:
        reply = ask(site, Question(said, now, language=conversation.language))
    else:
        reply = Reply(Answer(Outcome.HAND_OVER), (), 0, 0.0)
    generated = Generated(fault=Fault.ABANDONED.value)
    return _finish(site, generation.id, generation.conversation_id, reply, generated)


def _last_question(connection: Connection, conversation_id: str) -> int:
    outline = list_outline(connection, conversation_id)
    return max(sequence for sequence, author, _ in outline if author is Author.CUSTOMER)


def _desk_of(site: Site, ready: Ready) -> _Desk:
    desk = _Desk(threading.BoundedSemaphore(ready.gate.settings.most_at_once))
    return cast(_Desk, site.caches.setdefault(CACHE, desk))
