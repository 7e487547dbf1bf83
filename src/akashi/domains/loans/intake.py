"""An applicant's application, step by step: begun with consent, talked through, sent, withdrawn.

A sentence, the values it sets, where the talk stands and the reply are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from akashi.conversations.cases import find_open_case
from akashi.conversations.model import Author, HandoverReason, Message, Urgency
from akashi.conversations.talk import add_message, read_messages, request_person, start
from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.ports import Screened
from akashi.core.thread import digest_of
from akashi.domains.loans.access import find_session, open_session
from akashi.domains.loans.answering import Aside, ask_in_between
from akashi.domains.loans.measure import conversing
from akashi.domains.loans.measure.asking import ask_next
from akashi.domains.loans.measure.talks import Heard, Pending, Reply, Stage, Talk
from akashi.domains.loans.measure.wording import Phrase
from akashi.domains.loans.model import USE_CASE, Application, Origin, Product, State, Value
from akashi.domains.loans.proposing import propose_reading
from akashi.domains.loans.register.products import list_files
from akashi.domains.loans.screening import goes_on, note_words, screen_words, stop_words
from akashi.domains.loans.stopping import find_stop, require_running
from akashi.domains.loans.store import (
    OPEN_STATES,
    add_values,
    change_state,
    find_outline,
    insert_application,
    read_application,
    read_talk_state,
    write_talk_state,
)
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.site import Site

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Intake:
    """An application as its applicant sees it: values, messages, where the talk stands, who holds it."""

    application: Application
    talk: Talk
    messages: tuple[Message, ...]
    waits_for_person: bool
    is_with_person: bool

    @property
    def is_open(self) -> bool:
        """Return whether the applicant may still change something."""
        return self.application.state in OPEN_STATES


def find_product(site: Site, product_id: str) -> tuple[Product, bytes]:
    """Return a product that can be applied for, with its file. Raises: NotFoundError."""
    for product, content in list_files(site.settings.home):
        if product.id == product_id:
            return product, content
    raise NotFoundError("There is no such product.")


def begin_application(site: Site, product_id: str, language: str, office: str) -> str:
    """Begin an application of somebody who has just consented, and return his browser's token.

    Raises: ConflictError: the conversation is stopped.
    """
    now = site.now()
    product, content = find_product(site, product_id)
    talk, _ = conversing.begin(product, language, tokyo_day(now))
    talk, reply = conversing.say(talk, "はい" if language == "ja" else "yes")
    consent = product.consent[language]
    with site.database.write() as connection:
        require_running(connection)
        started = start(connection, site.keys, "web", language, now, USE_CASE)
        conversation = started.conversation.id
        application_id = insert_application(
            connection,
            site.keys,
            product,
            content,
            language=language,
            conversation=conversation,
            office=office,
            now=now,
        )
        add_message(connection, site.keys, conversation, Author.SYSTEM, consent, {"loan": "consent"}, now)
        _keep_reply(site, connection, conversation, reply, language)
        write_talk_state(connection, site.keys, application_id, describe_talk(talk))
        token = open_session(connection, application_id, now)
        payload = {
            "product": product.id,
            "product_digest": product.digest,
            "consent_digest": digest_of(consent.encode()),
            "conversation": conversation,
        }
        append(connection, Record("loans.begun", application_id, CUSTOMER, now, payload))
    return token


def read_intake(site: Site, token: str, language: str) -> Intake | None:
    """Return the application that a browser's token opens; None when it opens none, or it was erased."""
    now = site.now()
    with site.database.read() as connection:
        application_id = find_session(connection, token, now)
        if not application_id:
            return None
        try:
            return _read_intake(site, connection, application_id, language)
        except ConflictError:
            return None


def read_open_intake(site: Site, connection: Connection, token: str, language: str) -> Intake | None:
    """Return the application of a token for a change in this transaction; None when the token opens none.

    Raises: ConflictError: it may not be changed any more or now, or was erased.
    """
    application_id = find_session(connection, token, site.now())
    if not application_id:
        return None
    find_outline(connection, application_id, lock=True)
    require_running(connection)
    intake = _read_intake(site, connection, application_id, language)
    _require_open(intake)
    return intake


def say_in_application(site: Site, token: str, sentence: str, language: str) -> None:
    """Keep a sentence with everything it changes, and the reply to it.

    The guards look at it first. A question in between is answered next, outside the transaction; while a
    person holds the conversation, or it is stopped, the sentence goes to a person alone. Raises:
    NotFoundError: the token opens nothing; ConflictError: sent; SetupError: the guards cannot judge it.
    """
    before = _open_intake(site, token, language)
    screened = screen_words(site, sentence[: conversing.LONGEST_SENTENCE + 1])
    with site.database.read() as connection:
        is_read = goes_on(screened) and find_stop(connection) is None
    helped = _ask_others(site, before, screened.text, language) if is_read else _Helped()
    with site.database.write() as connection:
        find_outline(connection, before.application.id, lock=True)
        intake = _read_intake(site, connection, before.application.id, language)
        _require_open(intake)
        if sentence.strip():
            given = helped if intake.talk == before.talk else _Helped()
            _keep_sentence(site, connection, intake, screened, language, given)


@dataclass(frozen=True, slots=True)
class _Helped:
    """What others say to a sentence: the assistant to a question, an endpoint to what rules cannot read."""

    aside: Aside | None = None
    proposal: conversing.Step | None = None


def _ask_others(site: Site, intake: Intake, sentence: str, language: str) -> _Helped:
    """Ask outside of any transaction, because others may be slow; nobody while a person is there."""
    if intake.is_with_person:
        return _Helped()
    talk, reply = conversing.say(intake.talk, sentence, at=site.now())
    if reply.question:
        return _Helped(aside=ask_in_between(site, reply.question, language))
    return _Helped(proposal=propose_reading(site, talk, Heard(sentence, site.now(), ""), reply))


def _keep_sentence(
    site: Site, connection: Connection, intake: Intake, screened: Screened, language: str, helped: _Helped
) -> None:
    now, conversation = site.now(), intake.application.conversation
    sentence = screened.text
    said = add_message(connection, site.keys, conversation, Author.CUSTOMER, sentence, {}, now)
    note_words(site, connection, screened, conversation, said.sequence)
    if intake.is_with_person:
        return
    if find_stop(connection) is not None:
        request_person(connection, site.keys, conversation, HandoverReason.NO_ANSWER, Urgency.NORMAL, now)
        _keep_reply(site, connection, conversation, Reply((Phrase("stopped"),)), language)
        return
    if not goes_on(screened):
        reply = stop_words(site, connection, conversation, intake.talk, screened)
        _keep_reply(site, connection, conversation, reply, language)
        return
    reference = f"{conversation}/{said.sequence}"
    talk, reply = helped.proposal or conversing.say(intake.talk, sentence, at=now, reference=reference)
    keep_talk(site, connection, intake, talk, reply.taken)
    if helped.aside is not None and reply.question:
        helped.aside.keep(site, connection, conversation)
    if reply.wants_person:
        _call_person(site, connection, conversation)
    if talk.stage is Stage.WITHDRAWN:
        _withdraw(connection, site, intake.application)
    _keep_reply(site, connection, conversation, reply, language)


def keep_talk(
    site: Site, connection: Connection, intake: Intake, talk: Talk, taken: tuple[Value, ...]
) -> None:
    """Keep the values that a talk has taken and dropped, and where it stands."""
    gone = [item for item in intake.talk.values if item not in talk.values]
    changed = [value for value in talk.values.values() if intake.talk.values.get(value.item) != value]
    if changed or gone:
        add_values(
            connection,
            site.keys,
            intake.application.id,
            changed,
            actor=CUSTOMER,
            now=site.now(),
            dropped=gone,
        )
    write_talk_state(connection, site.keys, intake.application.id, describe_talk(talk))


def call_person(site: Site, token: str, language: str) -> None:
    """Ask for a person 担当者への引継ぎ, at any moment. Raises: NotFoundError."""
    intake = _open_intake(site, token, language, must_be_open=False)
    with site.database.write() as connection:
        _call_person(site, connection, intake.application.conversation)
        said = Phrase("person").say(language)
        conversation = intake.application.conversation
        add_message(connection, site.keys, conversation, Author.SYSTEM, said, {"loan": "person"}, site.now())


def submit_application(site: Site, token: str, language: str) -> str:
    """Send an application whose answers the applicant has seen together and confirmed; return its number.

    Raises: InputError: something needed is missing; ConflictError: already sent; NotFoundError.
    """
    now = site.now()
    opened = _open_intake(site, token, language)
    with site.database.write() as connection:
        find_outline(connection, opened.application.id, lock=True)
        require_running(connection)
        intake = _read_intake(site, connection, opened.application.id, language)
        _require_open(intake)
        missing = [item.label[language] for item in intake.talk.open_items if item.required]
        if missing:
            raise InputError(
                "Answers are still missing: {items}.",
                next_step="Answer them in the conversation or in the form.",
                items="、".join(missing) if language == "ja" else ", ".join(missing),
            )
        payload = {"values": len(intake.talk.values), "product_digest": intake.application.product.digest}
        change_state(
            connection,
            intake.application.id,
            State.SUBMITTED,
            expected=OPEN_STATES,
            actor=CUSTOMER,
            now=now,
            payload=payload,
        )
        said = Phrase("sent").say(language)
        conversation = intake.application.conversation
        add_message(connection, site.keys, conversation, Author.SYSTEM, said, {"loan": "sent"}, now)
    return intake.application.number


def withdraw_application(site: Site, token: str, language: str) -> None:
    """Withdraw an application, sent or not, as long as nothing is decided. Raises: ConflictError."""
    intake = _open_intake(site, token, language, must_be_open=False)
    with site.database.write() as connection:
        _withdraw(connection, site, intake.application)
        said = Phrase("withdrawn").say(language)
        conversation = intake.application.conversation
        add_message(connection, site.keys, conversation, Author.SYSTEM, said, {"loan": "gone"}, site.now())


def describe_talk(talk: Talk) -> dict[str, Any]:
    """Return where a talk stands as JSON values; its values are kept as events."""
    pending = talk.pending
    return {
        "stage": talk.stage.value,
        "item": talk.item,
        "last": talk.last,
        "left": list(talk.left),
        "put_off": list(talk.put_off),
        "turns": talk.turns,
        "tries": talk.tries,
        "pending": None
        if pending is None
        else {
            "item": pending.item,
            "value": pending.value,
            "said": pending.said,
            "origin": pending.origin.value,
        },
    }


def restore_talk(site: Site, application: Application, state: Mapping[str, Any], language: str) -> Talk:
    """Return the talk of an application as it stands, in the language of the page."""
    talk = Talk(application.product, language, tokyo_day(site.now()))
    told = dict(state)
    if not told:
        return ask_next(replace(talk, values=application.values, stage=Stage.ASKING))[0]
    pending = told.pop("pending")
    if pending is not None:
        pending = Pending(**{**pending, "origin": Origin(pending["origin"])})
    told.update(stage=Stage(told["stage"]), left=tuple(told["left"]), put_off=tuple(told["put_off"]))
    values = {item: value for item, value in application.values.items() if value.confirmed}
    return replace(talk, values=values, earlier=application.earlier, pending=pending, **told)


def _open_intake(site: Site, token: str, language: str, *, must_be_open: bool = True) -> Intake:
    intake = read_intake(site, token, language)
    if intake is None:
        raise NotFoundError("This browser has no open application.", next_step="Begin one, or continue one.")
    if must_be_open:
        _require_open(intake)
    return intake


def _require_open(intake: Intake) -> None:
    if not intake.is_open:
        raise ConflictError(
            "This application has been sent and cannot be changed here any more.",
            next_step="Talk to a person.",
        )


def _read_intake(site: Site, connection: Connection, application_id: str, language: str) -> Intake:
    application = read_application(connection, site.keys, application_id)
    state = read_talk_state(connection, site.keys, application_id)
    case = find_open_case(connection, application.conversation)
    return Intake(
        application,
        restore_talk(site, application, state, language),
        read_messages(connection, site.keys, application.conversation),
        waits_for_person=case is not None,
        is_with_person=case is not None and case.taken_by is not None,
    )


def _keep_reply(site: Site, connection: Connection, conversation: str, reply: Reply, language: str) -> None:
    options = [{"text": one.text, "label": one.label} for one in reply.options]
    meta = {"loan": "reply", "asks": reply.asks, "options": options}
    said = reply.say(language)
    add_message(connection, site.keys, conversation, Author.ASSISTANT, said, meta, site.now())


def _call_person(site: Site, connection: Connection, conversation: str) -> None:
    reason, urgency = HandoverReason.CUSTOMER_ASKED, Urgency.NORMAL
    request_person(connection, site.keys, conversation, reason, urgency, site.now())


def _withdraw(connection: Connection, site: Site, application: Application) -> None:
    expected = (State.COLLECTING, State.SUBMITTED, State.RETURNED, State.DRAFTED)
    change_state(
        connection, application.id, State.WITHDRAWN, expected=expected, actor=CUSTOMER, now=site.now()
    )
