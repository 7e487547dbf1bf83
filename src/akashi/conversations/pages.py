"""Staff pages of conversations: the list, one transcript, legal holds, erasure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi import Form as FormField
from sqlalchemy.engine import Connection
from starlette.responses import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from akashi.conversations.erasure import ERASERS, erase_conversation
from akashi.conversations.listing import Filter, list_conversations, list_use_cases
from akashi.conversations.masks import Purpose, record_unmasking
from akashi.conversations.model import REASON_LIMIT, Conversation, ErasureReason
from akashi.conversations.retention import (
    HOLDERS,
    keep_until,
    list_periods,
    period_of,
    place_hold,
    read_hold_reason,
    release_hold,
)
from akashi.conversations.retention_pages import router as retention_router
from akashi.conversations.store import find_tombstone, get_conversation, list_handovers, list_holds
from akashi.conversations.talk import list_outline, read_feedback, read_messages, read_note
from akashi.conversations.words import (
    AUTHORS,
    CHANNELS,
    ERASURES,
    LANGUAGE_NAMES,
    PURPOSES,
    REASONS,
    STATE_CHOICES,
    THUMBS,
    URGENCIES,
    make_masker,
)
from akashi.core.errors import ConflictError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.identity.store import find_person, list_people
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.kit import (
    Form,
    FormDep,
    Page,
    Translator,
    mark,
    parse_form,
    read_page_number,
    redirect,
    render,
    translator,
)
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

READERS = frozenset({Role.OPERATOR, Role.PRIVACY_OFFICER})
"""Who sees the text itself; everybody else who may open the page sees when who wrote, and nothing more."""

UNMASKERS = frozenset({Role.PRIVACY_OFFICER})
"""Who may see personal data in the clear on these pages; the operators' own desk has a rule of its own."""

PAGE_SIZE = 50

router = APIRouter()
router.include_router(retention_router)


class HoldForm(Form):
    """Put a conversation under legal hold."""

    reason = TextAreaField(
        "Reason of the hold",
        [InputRequired(), Length(max=REASON_LIMIT)],
        description="The case and who asked for it. Kept encrypted with the conversation.",
    )


class EraseForm(Form):
    """Say why a conversation is erased."""

    reason = RadioField("Reason of the erasure", [InputRequired()])


@router.get("/conversations")
def show_list(request: Request, site: SiteDep) -> Response:
    """Return the list of conversations: metadata, never a word of the text."""
    said = translator(request, "conversations")
    asked = request.query_params
    wanted = Filter(asked.get("state", ""), asked.get("use_case", ""), asked.get("q", "").strip())
    number = read_page_number(request)
    with site.database.read() as connection:
        items, total = list_conversations(
            connection, wanted, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
        )
        use_cases = list_use_cases(connection)
    context = {
        "page": Page(items, number, total, PAGE_SIZE),
        "use_case_choices": [(name, name) for name in use_cases],
        "state_choices": [(value, said(words)) for value, words in STATE_CHOICES],
        **_words(),
    }
    return render(request, "conversations/list.html", context)


@router.get("/conversations/{conversation_id}")
def show_conversation(request: Request, conversation_id: str, site: SiteDep, actor: ActorDep) -> Response:
    """Return one conversation. Reading its text leaves a ledger entry, in the same transaction."""
    return _show(request, conversation_id, site, actor)


@router.post("/conversations/{conversation_id}/unmask")
def unmask(
    request: Request,
    conversation_id: str,
    site: SiteDep,
    actor: ActorDep,
    purpose: Annotated[Purpose, FormField()],
) -> Response:
    """Return the conversation once with its personal data in the clear; the ledger keeps who and why."""
    return _show(request, conversation_id, site, actor, purpose=purpose)


@router.post("/conversations/{conversation_id}/holds")
def hold_conversation(
    request: Request,
    conversation_id: str,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
) -> Response:
    """Put a conversation under legal hold."""
    form = parse_form(posted, HoldForm, language)
    if not form.validate():
        return _show(request, conversation_id, site, actor, form)
    with site.database.write() as connection:
        place_hold(connection, site.keys, conversation_id, form.reason.data or "", actor, site.now())
    return redirect(request, _path(conversation_id), mark("The conversation is under legal hold."))


@router.post("/conversations/{conversation_id}/holds/{hold_id}/release")
def release(request: Request, conversation_id: str, hold_id: str, site: SiteDep, actor: ActorDep) -> Response:
    """End a legal hold."""
    with site.database.write() as connection:
        hold = release_hold(connection, hold_id, actor, site.now())
    return redirect(request, _path(hold.conversation_id), mark("The legal hold was released."))


@router.get("/conversations/{conversation_id}/erase")
def ask_erasure(
    request: Request, conversation_id: str, site: SiteDep, actor: ActorDep, language: LanguageDep
) -> Response:
    """Return the page that asks before a conversation is erased."""
    with site.database.read() as connection:
        conversation = get_conversation(connection, conversation_id)
    return _ask(request, conversation, parse_form(None, EraseForm, language, choices=_reasons(request)))


@router.post("/conversations/{conversation_id}/erase")
def erase(
    request: Request,
    conversation_id: str,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
) -> Response:
    """Erase a conversation for good; retention and hold come first and say so."""
    form = parse_form(posted, EraseForm, language, choices=_reasons(request))
    with site.database.read() as connection:
        conversation = get_conversation(connection, conversation_id)
    if not form.validate():
        return _ask(request, conversation, form, 422)
    try:
        erase_conversation(site, conversation_id, ErasureReason(form.reason.data), actor, site.now())
    except ConflictError as error:
        form.fail("", error.message, **error.values)
        return _ask(request, conversation, form, 409)
    return redirect(request, _path(conversation_id), mark("The conversation was erased for good."))


def _show(
    request: Request,
    conversation_id: str,
    site: Site,
    actor: Actor,
    form: HoldForm | None = None,
    purpose: Purpose | None = None,
) -> Response:
    said, now = translator(request, "conversations"), site.now()
    with site.database.write() as connection:
        conversation = get_conversation(connection, conversation_id)
        may_read = bool(actor.roles & READERS) and conversation.erased_at is None
        stone = find_tombstone(connection, conversation_id)
        period = period_of(list_periods(connection), conversation.use_case)
        context = {
            "conversation": conversation,
            "stone": stone,
            "erased_by": _names(connection, said.language)(stone.erased_by) if stone else "",
            "period": period,
            "keep_until": keep_until(conversation.last_at, period.months),
            "is_past": keep_until(conversation.last_at, period.months) < tokyo_day(now),
            "handovers": list_handovers(connection, conversation_id),
            "holds": _tell_holds(connection, site, conversation, may_read, said.language),
            "outline": list_outline(connection, conversation_id),
            "may_read": may_read,
            "may_hold": bool(actor.roles & HOLDERS) and conversation.erased_at is None,
            "may_erase": bool(actor.roles & ERASERS) and conversation.erased_at is None,
            "form": form or parse_form(None, HoldForm, said.language),
            **_words(),
        }
        if may_read:
            texts = _read_texts(connection, site, conversation, said, is_open=purpose is not None)
            context |= texts | {"may_unmask": bool(actor.roles & UNMASKERS) and purpose is None}
            if purpose is not None:
                hidden = texts["hidden"]
                record_unmasking(connection, conversation_id, hidden, purpose, actor, now)
            append(connection, Record("conversations.read", conversation_id, actor.id, now))
    return render(request, "conversations/show.html", context, 422 if form else 200)


def _read_texts(
    connection: Connection, site: Site, conversation: Conversation, said: Translator, *, is_open: bool
) -> dict[str, Any]:
    """Return the customer's words, masked or not, and what is masked in them by message (0: elsewhere)."""
    keys, masker = site.keys, make_masker(site.ports.find_personal, said, list_people(connection))
    messages = read_messages(connection, keys, conversation.id)
    shown = masker.show(messages)
    hidden = {one.message.sequence: Counter(one.hidden) for one in shown}
    hidden[0] = Counter()

    def told(text: str, place: int = 0) -> str:
        masked, kinds = masker.mask(text)
        hidden[place] += kinds
        return text if is_open else masked

    judged = read_feedback(connection, keys, conversation.id)
    handovers = list_handovers(connection, conversation.id)
    return {
        "messages": messages if is_open else [one.message for one in shown],
        "feedback": {one.sequence: replace(one, reason=told(one.reason, one.sequence)) for one in judged},
        "notes": {item.id: told(read_note(connection, keys, item)) for item in handovers},
        "hidden": hidden,
        "is_open": is_open,
        "purposes": PURPOSES,
    }


def _tell_holds(
    connection: Connection, site: Site, conversation: Conversation, may_read: bool, language: str
) -> list[dict[str, Any]]:
    names = _names(connection, language)
    return [
        {
            "hold": hold,
            "by": names(hold.placed_by),
            "reason": read_hold_reason(connection, site.keys, hold) if may_read else "",
        }
        for hold in list_holds(connection, conversation.id)
    ]


def _names(connection: Connection, language: str) -> Callable[[str], str]:
    def name(person_id: str) -> str:
        person = find_person(connection, person_id)
        return person.label(language) if person is not None else person_id

    return name


def _ask(request: Request, conversation: Conversation, form: EraseForm, status: int = 200) -> Response:
    said = translator(request, "conversations")
    context = {
        "question": said("Erase this conversation for good?"),
        "consequences": [
            said("Its key is destroyed. Nobody can read it again, not even from a backup."),
            said("Only a tombstone stays: its id, when, why and by whom."),
            said("It is refused while a legal hold or the retention period stands."),
        ],
        "action": f"{_path(conversation.id)}/erase",
        "verb": said("Erase for good"),
        "back": _path(conversation.id),
        "form": form,
    }
    return render(request, "kit/confirm.html", context, status)


def _reasons(request: Request) -> dict[str, Any]:
    said = translator(request, "conversations")
    wanted = [ErasureReason.CUSTOMER_REQUEST, ErasureReason.WRONGLY_COLLECTED, ErasureReason.RETENTION_OVER]
    return {"reason": [(reason.value, said(ERASURES[reason])) for reason in wanted]}


def _words() -> dict[str, Any]:
    return {
        "authors": AUTHORS,
        "reasons": REASONS,
        "urgencies": URGENCIES,
        "thumbs": THUMBS,
        "erasures": ERASURES,
        "channels": CHANNELS,
        "language_names": LANGUAGE_NAMES,
    }


def _path(conversation_id: str) -> str:
    return f"/conversations/{quote(conversation_id, safe='')}"
