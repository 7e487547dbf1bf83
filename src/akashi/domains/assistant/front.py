"""The customers' first page: what a start serves before anything heavier is loaded."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from akashi.core.errors import InputError
from akashi.domains.assistant.customer_pages import describe_waiting
from akashi.domains.assistant.generating_store import USE_CASE, find_mode
from akashi.domains.assistant.model import MAX_QUESTION
from akashi.domains.assistant.reading import COOKIE, Talk, read_talk
from akashi.domains.assistant.store import find_stop
from akashi.identity.sessions import read_cookie
from akashi.platform.kit import render, translate
from akashi.platform.requests import SiteDep

router = APIRouter()


@router.get("/", include_in_schema=False)
def show_chat(request: Request, site: SiteDep) -> Response:
    """Show the customers' page with their own conversation, if they have one."""
    return render_chat(request, site)


def render_chat(
    request: Request, site: SiteDep, error: InputError | None = None, question: str = ""
) -> Response:
    """Return the customers' page, with what was wrong with a question that could not be asked."""
    token = read_cookie(request, site.settings, COOKIE)
    talk = (read_talk(site, token) if token else None) or Talk()
    with site.database.read() as connection:
        is_stopped = find_stop(connection) is not None
        is_generative = find_mode(connection, USE_CASE) is not None
    context = {
        "talk": talk,
        "error": error,
        "question": question[:MAX_QUESTION],
        "most": MAX_QUESTION,
        "is_stopped": is_stopped,
        "is_generative": is_generative,
        **describe_waiting(site, token),
        "placeholder": translate(request, "For example: What is the fee for a transfer to another bank?"),
    }
    return render(request, "assistant/customer.html", context, 422 if error else 200)
