"""Pages of the assistant: the customers' chat, the cited passage, the staff's question, stop and resume."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel, Field

from akashi.approvals.stop_pages import ReasonForm, make_stop_router, offer_stop
from akashi.conversations.model import Thumb
from akashi.core.errors import InputError, NotFoundError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.core.spans import Interval
from akashi.core.thread import Audience, Question
from akashi.documents.answerable import find_passage
from akashi.documents.store import read_text
from akashi.domains.assistant.console_pages import router as console_router
from akashi.domains.assistant.contact import describe_alarms, find_alarms, read_contact
from akashi.domains.assistant.customer_pages import router as customer_router
from akashi.domains.assistant.difference_pages import router as difference_router
from akashi.domains.assistant.front import render_chat
from akashi.domains.assistant.generating_pages import router as generating_router
from akashi.domains.assistant.generating_stream import reads_stream, stream_run, wait_for
from akashi.domains.assistant.generating_talk import ask_in_mode
from akashi.domains.assistant.model import MAX_QUESTION, describe_reply
from akashi.domains.assistant.reading import COOKIE
from akashi.domains.assistant.report import tiles
from akashi.domains.assistant.store import find_stop
from akashi.domains.assistant.talk import (
    ask_for_person,
    ask_noted,
    choose_in_conversation,
    judge_answer,
)
from akashi.domains.assistant.treat import PAGE, SERVICE
from akashi.identity.limits import Bucket, take_here
from akashi.identity.origin import client_address
from akashi.identity.sessions import cookie_name, read_cookie, set_cookie
from akashi.platform.kit import mark, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter()
router.include_router(console_router)
router.include_router(customer_router)
router.include_router(difference_router)
router.include_router(generating_router)

CONTEXT = 240
RESUMERS = (Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.SECURITY_OFFICER)
ASKING = Bucket("ask", 20, 3.0)
"""Per address and conversation: twenty questions at once, then one more each three seconds."""


class AskBody(BaseModel):
    """A machine's question. Markup and control characters count as characters."""

    question: str = Field(max_length=200_000)
    audience: Audience = Audience.CUSTOMERS
    language: Literal["ja", "en"] = "ja"


@router.post("/ask", include_in_schema=False)
def ask_customer(
    request: Request, site: SiteDep, language: LanguageDep, question: Annotated[str, Form()] = ""
) -> Response:
    """Answer a customer's question in his conversation; sentence by sentence where the page can read so."""
    token = read_cookie(request, site.settings, COOKIE)
    _limit(request, token, site)
    try:
        asked = ask_in_mode(site, token, question, language)
    except InputError as error:
        return render_chat(request, site, error, question)
    if asked.run is not None and reads_stream(request):
        return _remember(stream_run(asked.run), site, asked.token)
    wait_for(site, asked.run)
    return _remember(redirect(request, "/#latest"), site, asked.token)


@router.post("/choose", include_in_schema=False)
def choose(request: Request, site: SiteDep, passage: Annotated[str, Form(max_length=200)]) -> Response:
    """Answer with the choice that the customer took."""
    token = read_cookie(request, site.settings, COOKIE)
    _limit(request, token, site)
    choose_in_conversation(site, token, passage)
    return redirect(request, "/#latest")


@router.post("/person", include_in_schema=False)
def ask_person(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Mark that the customer wants a person."""
    token = read_cookie(request, site.settings, COOKIE)
    _limit(request, token, site)
    token = ask_for_person(site, token, language)
    return _remember(redirect(request, "/#latest"), site, token)


@router.post("/feedback", include_in_schema=False)
def judge(
    request: Request,
    site: SiteDep,
    sequence: Annotated[int, Form(ge=1, le=100_000)],
    thumb: Annotated[Thumb, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Keep a thumb and its reason."""
    judge_answer(site, read_cookie(request, site.settings, COOKIE), sequence, thumb, reason)
    return redirect(request, "/#latest", mark("Thank you. Your opinion has been kept."))


@router.post("/end", include_in_schema=False)
def end_talk(request: Request, site: SiteDep) -> Response:
    """Leave the conversation on this browser; the next question begins a new one."""
    response = redirect(request, "/", mark("The conversation has been closed on this device."))
    response.delete_cookie(cookie_name(site.settings, COOKIE))
    return response


@router.get("/passage/{passage_id}", include_in_schema=False)
def show_passage(
    request: Request,
    site: SiteDep,
    passage_id: str,
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    end: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Open a cited passage in its surroundings, for customers, as long as it is in effect."""
    return _render_passage(request, site, passage_id, Audience.CUSTOMERS, start, end)


@router.get("/assistant/passage/{passage_id}", include_in_schema=False)
def show_staff_passage(
    request: Request,
    site: SiteDep,
    passage_id: str,
    start: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    end: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Open a cited passage in its surroundings, for staff."""
    return _render_passage(request, site, passage_id, Audience.STAFF, start, end)


@router.get("/assistant/staff", include_in_schema=False)
def show_staff(
    request: Request, site: SiteDep, q: Annotated[str, Query(max_length=200_000)] = ""
) -> Response:
    """Answer a question of staff from all documents in effect, internal ones included."""
    context: dict[str, Any] = {"reply": None, "error": None, "most": MAX_QUESTION}
    if q:
        try:
            asked = Question(q, site.now(), Audience.STAFF)
            context["reply"] = describe_reply(ask_noted(site, asked, "staff"))
        except InputError as error:
            context["error"] = error
    return render(request, "assistant/staff.html", context, 422 if context["error"] else 200)


@router.get("/assistant", include_in_schema=False)
def show_operation(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show whether the answers are in operation, what was asked, and how to stop and resume."""
    return _render_operation(request, site, actor, parse_form(None, ReasonForm, language))


@router.post("/api/assistant/ask")
def ask_machine(site: SiteDep, body: AskBody) -> dict[str, Any]:
    """Answer one question for a machine with the scope ``ask``; no word of it is kept.

    The answer is verbatim and cited, or the outcome says that a person must answer. ``alarms`` are the
    numbers that a customer with these words must be told at once, whatever the outcome is.
    """
    now = site.now()
    with site.database.read() as connection:
        alarms = find_alarms(read_contact(connection), body.question[:MAX_QUESTION], now, body.language)
    reply = ask_noted(site, Question(body.question, now, body.audience, body.language), "api")
    return {**describe_reply(reply), "alarms": describe_alarms(alarms)}


def _limit(request: Request, token: str, site: SiteDep) -> None:
    take_here(site, ASKING, f"{client_address(request)} {token}")


def _remember(response: Response, site: SiteDep, token: str) -> Response:
    set_cookie(response, site.settings, COOKIE, token)
    return response


def _render_passage(
    request: Request, site: SiteDep, passage_id: str, audience: Audience, start: int, end: int
) -> Response:
    with site.database.read() as connection:
        found = find_passage(connection, passage_id, audience, tokyo_day(site.now()))
        if found is None:
            raise NotFoundError(
                "This passage is not in effect any more.", next_step="Ask again to read what counts today."
            )
        passage, version = found
        text = read_text(connection, version.id)
    body = passage.passage.body
    asked = Interval(start, end) if start <= end else body
    hit = asked if asked and body.covers(asked) else body
    context = {
        "passage": passage,
        "version": version,
        "before": text[max(0, hit.start - CONTEXT) : hit.start],
        "hit": hit.of(text),
        "after": text[hit.end : hit.end + CONTEXT],
        "span": hit,
    }
    name = "assistant/passage.html" if audience is Audience.CUSTOMERS else "assistant/staff_passage.html"
    return render(request, name, context)


def _render_operation(request: Request, site: Site, actor: Actor, form: ReasonForm) -> Response:
    with site.database.read() as connection:
        stop = find_stop(connection)
    context = {**offer_stop(actor, stop, RESUMERS), "tiles": tiles(site, actor), "form": form}
    return render(request, "assistant/operation.html", context, 422 if form.errors else 200)


STOPPED = mark("Stopped. Customers now meet people.")
router.include_router(make_stop_router(PAGE, SERVICE, STOPPED, _render_operation))
