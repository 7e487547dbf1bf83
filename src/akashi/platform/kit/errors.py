"""The page that says what went wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from akashi.core.people import ActorKind
from akashi.platform.kit.catalogs import mark
from akashi.platform.kit.responses import render
from akashi.platform.requests import current_actor


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a status means for a person: a title, what happened, what to do; all message ids."""

    title: str
    what: str
    next_step: str


TROUBLES = {
    400: Trouble(
        mark("The request could not be read"),
        mark("What was sent is incomplete or not in the expected form. Nothing has been changed."),
        mark("Go back, check what you entered and send it again."),
    ),
    401: Trouble(
        mark("Please sign in"),
        mark("This page is for signed-in staff, or your session has ended."),
        mark("Sign in and open the page again."),
    ),
    403: Trouble(
        mark("This is not open to your role"),
        mark("Your roles do not allow this. Nothing has been changed."),
        mark("If you need it for your work, ask an administrator about your roles."),
    ),
    404: Trouble(
        mark("There is no such page"),
        mark("The page does not exist, has moved, or is not open to you."),
        mark("Check the address, or start from the first page."),
    ),
    405: Trouble(
        mark("This address cannot be used that way"),
        mark("The address exists but does not accept this kind of request. Nothing has been changed."),
        mark("Start again from the page you came from."),
    ),
    409: Trouble(
        mark("This is not possible as things stand"),
        mark("The record has been changed since you opened it, or no longer allows this step."),
        mark("Open the record again, look at its present state, and repeat the step if it is still needed."),
    ),
    413: Trouble(
        mark("That is too large"),
        mark("The file or text exceeds what can be accepted. Nothing has been saved."),
        mark("Send a smaller file or divide the text."),
    ),
    422: Trouble(
        mark("Some entries need attention"),
        mark("What was entered cannot be used as it is. Nothing has been changed."),
        mark("Go back, correct the entries and send them again."),
    ),
    429: Trouble(
        mark("Too many requests"),
        mark("Requests arrived faster than this service accepts."),
        mark("Wait a minute, then try again."),
    ),
    500: Trouble(
        mark("Something failed on our side"),
        mark("The step was not completed. What had been saved before is kept."),
        mark("Try again later. If it happens again, give the number below to your administrator."),
    ),
    503: Trouble(
        mark("The service is not available right now"),
        mark("Maintenance is under way, or the service has been stopped deliberately."),
        mark("Please try again later, or contact the branch."),
    ),
}


def render_error(
    request: Request,
    status_code: int,
    message: str = "",
    where: str = "",
    next_step: str = "",
    reference: str = "",
) -> HTMLResponse:
    """Return the error page for a status.

    ``message``, ``where`` and ``next_step`` say what exactly was wrong, in the reader's language or as
    message ids; without them the page says what the status means. ``reference`` is the number under
    which the log holds the details; nothing else of the inside is shown. Staff see the page in their
    own layout, everybody else in the customers'.
    """
    trouble = TROUBLES.get(status_code) or TROUBLES[500 if status_code >= 500 else 400]
    staff = current_actor(request).kind is ActorKind.PERSON
    context = {
        "layout": "kit/page.html" if staff else "kit/customer.html",
        "title": trouble.title,
        "status": status_code,
        "message": message or trouble.what,
        "where": where,
        "next_step": next_step or trouble.next_step,
        "reference": reference,
    }
    return render(request, "kit/error.html", context, status_code)
