"""The operator's console: the queue, one case with our draft beside it, telephone calls."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Form, Query, Request, Response

from akashi.conversations.cases import (
    Ending,
    Target,
    find_case,
    hold_case,
    read_pulse,
    read_queue_pulse,
    recall_case,
    release_case,
)
from akashi.conversations.masks import Purpose
from akashi.conversations.store import get_conversation
from akashi.core.errors import ConflictError, InputError
from akashi.domains.assistant.console import (
    Composed,
    finish_case,
    note_question,
    open_case,
    open_message,
    pass_on,
    send_reply,
    start_call,
)
from akashi.domains.assistant.console_views import (
    QUEUE,
    CallForm,
    CloseForm,
    TransferForm,
    list_targets,
    make_case_masker,
    render_case,
    render_queue,
)
from akashi.domains.assistant.console_words import FAREWELL, OUTCOMES, PASSED_ON
from akashi.domains.assistant.contact_pages import router as contact_router
from akashi.domains.assistant.faq_pages import router as faq_router
from akashi.domains.assistant.model import MAX_QUESTION
from akashi.domains.assistant.reach import OFFICE, PERSON
from akashi.domains.assistant.streams import last_seen, watch
from akashi.domains.assistant.weekly_pages import router as weekly_router
from akashi.platform.kit import FormDep, Kit, mark, parse_form, redirect
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site
from akashi.register.offices import find_office

router = APIRouter()
router.include_router(contact_router)
router.include_router(faq_router)
router.include_router(weekly_router)


@router.get("/assistant/console", include_in_schema=False)
def show_queue(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, office: str = ""
) -> Response:
    """Show who waits for a person, the most urgent and the longest waiting first."""
    return render_queue(request, site, actor, parse_form(None, CallForm, language), office)


@router.get("/assistant/console/events", include_in_schema=False)
async def watch_queue(request: Request, site: SiteDep, actor: ActorDep, seen: str = "") -> Response:
    """Tell a page that shows the queue when it has changed."""

    def pulse() -> str | None:
        with site.database.read() as connection:
            return read_queue_pulse(connection) if seen else None

    return await watch(site, f"queue {actor.id}", last_seen(request, seen), pulse)


@router.post("/assistant/console/call", include_in_schema=False)
def begin_call(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Begin a case for a telephone call."""
    form = parse_form(posted, CallForm, language)
    if not form.validate():
        return render_queue(request, site, actor, form)
    try:
        case = start_call(site, actor, form.question.data or "", language)
    except InputError as error:
        form.fail_with(error)
        return render_queue(request, site, actor, form)
    return redirect(request, _path(case.id))


@router.get("/assistant/console/{case_id}", include_in_schema=False)
def show_case(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    case_id: str,
    q: Annotated[str, Query(max_length=200_000)] = "",
    use: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Show a case: the conversation, our draft and the similar pairs to whoever holds it."""
    return render_case(request, site, actor, case_id, {"asked": q[:MAX_QUESTION], "use": use})


@router.get("/assistant/console/{case_id}/events", include_in_schema=False)
async def watch_case(
    request: Request, site: SiteDep, actor: ActorDep, case_id: str, seen: str = ""
) -> Response:
    """Tell the page of a case when the customer has written or the case has moved."""

    def pulse() -> str | None:
        with site.database.read() as connection:
            return read_pulse(connection, find_case(connection, case_id).conversation_id) if seen else None

    return await watch(site, f"case {actor.id}", last_seen(request, seen), pulse)


@router.post("/assistant/console/{case_id}/claim", include_in_schema=False)
def claim(request: Request, site: SiteDep, actor: ActorDep, case_id: str) -> Response:
    """Take a case."""
    try:
        open_case(site, case_id, actor)
    except ConflictError as error:
        return redirect(request, QUEUE, error.message, "notice")
    return redirect(request, _path(case_id))


@router.post("/assistant/console/{case_id}/keep", include_in_schema=False)
def keep(request: Request, site: SiteDep, actor: ActorDep, case_id: str) -> Response:
    """Say that one is still at work on the case."""
    with site.database.write() as connection:
        hold_case(connection, case_id, actor, site.now())
    return redirect(request, _path(case_id))


@router.post("/assistant/console/{case_id}/release", include_in_schema=False)
def release(request: Request, site: SiteDep, actor: ActorDep, case_id: str) -> Response:
    """Give a case back."""
    with site.database.write() as connection:
        release_case(connection, case_id, actor, site.now())
    return redirect(request, QUEUE, mark("The case is back in the queue."))


@router.post("/assistant/console/{case_id}/send", include_in_schema=False)
def send(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    case_id: str,
    text: Annotated[str, Form()] = "",
    reference: Annotated[list[str] | None, Form()] = None,
    origin: Annotated[str, Form()] = "",
) -> Response:
    """Send the operator's words to the customer, or keep what was said on the telephone."""
    references = tuple(one for one in reference or [] if one)
    try:
        send_reply(site, case_id, actor, Composed(text, references, origin))
    except InputError as error:
        return render_case(request, site, actor, case_id, {"error": error, "text": text})
    return redirect(request, f"{_path(case_id)}#latest")


@router.post("/assistant/console/{case_id}/unmask", include_in_schema=False)
def unmask(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    case_id: str,
    sequence: Annotated[int, Form(ge=1, le=100_000)],
    purpose: Annotated[Purpose, Form()],
) -> Response:
    """Show one message of the case once as it was written; the ledger keeps who looked and why."""
    open_message(site, case_id, actor, make_case_masker(request, site), sequence, purpose)
    return render_case(request, site, actor, case_id, {"opened": (sequence,)})


@router.post("/assistant/console/{case_id}/question", include_in_schema=False)
def add_question(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    case_id: str,
    question: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the caller asks next."""
    try:
        note_question(site, case_id, actor, question)
    except InputError as error:
        return render_case(request, site, actor, case_id, {"question_error": error, "question": question})
    return redirect(request, _path(case_id))


@router.post("/assistant/console/{case_id}/transfer", include_in_schema=False)
def transfer(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, case_id: str, posted: FormDep
) -> Response:
    """Pass a case on to a colleague or an office, with a note."""
    form = parse_form(
        posted, TransferForm, language, choices={"target": list_targets(request, site, actor, language)}
    )
    if not form.validate():
        return render_case(request, site, actor, case_id, {"transfer": form})
    wanted = form.target.data or ""
    target = Target(
        wanted.removeprefix(PERSON) if wanted.startswith(PERSON) else "",
        wanted.removeprefix(OFFICE) if wanted.startswith(OFFICE) else "",
    )
    told = (
        _say(request, site, case_id, PASSED_ON, office=_name_office(site, target.office))
        if target.office
        else ""
    )
    pass_on(site, case_id, actor, target, form.briefing.data or "", told)
    return redirect(request, QUEUE, mark("The case was passed on."))


@router.post("/assistant/console/{case_id}/recall", include_in_schema=False)
def recall(request: Request, site: SiteDep, actor: ActorDep, case_id: str) -> Response:
    """Bring a case back from the office where it waits."""
    with site.database.write() as connection:
        recall_case(connection, case_id, actor, site.now())
    return redirect(request, QUEUE, mark("The case is back in the queue."))


@router.post("/assistant/console/{case_id}/close", include_in_schema=False)
def close(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, case_id: str, posted: FormDep
) -> Response:
    """Close a case with its outcome."""
    form = parse_form(posted, CloseForm, language, choices={"outcome": list(OUTCOMES.items())})
    if not form.validate():
        return render_case(request, site, actor, case_id, {"close": form})
    ending = Ending(form.outcome.data or "", form.note.data or "")
    finish_case(site, case_id, actor, ending, _say(request, site, case_id, FAREWELL))
    return redirect(request, _path(case_id), mark("The case was closed."))


def _say(request: Request, site: Site, case_id: str, words: str, **values: str) -> str:
    """Return words in the language in which the customer of a case speaks."""
    with site.database.read() as connection:
        case = find_case(connection, case_id)
        speaks = get_conversation(connection, case.conversation_id).language
    return cast(Kit, request.app.state.kit).catalogs.translator(speaks, "assistant")(words, **values)


def _name_office(site: Site, code: str) -> str:
    with site.database.read() as connection:
        return find_office(connection, code).title


def _path(case_id: str) -> str:
    return f"{QUEUE}/{case_id}"
