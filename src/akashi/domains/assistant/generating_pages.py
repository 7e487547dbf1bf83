"""The page of the generative mode: what answers customers, its cost, and whether the model is the same."""

from __future__ import annotations

import wtforms
from fastapi import APIRouter, Request, Response
from wtforms.validators import InputRequired, Length

from akashi.conversations.model import REASON_LIMIT
from akashi.core.errors import InputError
from akashi.core.people import Actor, Role
from akashi.domains.assistant.generating_chart import draw_tokens
from akashi.domains.assistant.generating_mode import end_generative, propose_generative
from akashi.domains.assistant.generating_status import read_status
from akashi.domains.assistant.generating_store import State
from akashi.platform.endpoint import Fault
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter()

PROPOSERS = (Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.SECURITY_OFFICER)
ENDERS = (Role.BUSINESS_OWNER, Role.RISK_OFFICER, Role.SECURITY_OFFICER, Role.EXECUTIVE)

FAULTS = {
    Fault.NOT_CONFIGURED.value: mark("Not configured"),
    Fault.BUSY.value: mark("All places taken"),
    Fault.RESTING.value: mark("Left alone after failures"),
    Fault.BUDGET.value: mark("Monthly limit reached"),
    Fault.CONVERSATION_BUDGET.value: mark("Limit of one conversation reached"),
    Fault.TOO_LONG.value: mark("Too long to be sent"),
    Fault.UNREACHABLE.value: mark("Not reachable"),
    Fault.TIMEOUT.value: mark("Took too long"),
    Fault.RATE_LIMITED.value: mark("Too many requests (429)"),
    Fault.SERVER_ERROR.value: mark("Error of the endpoint (5xx)"),
    Fault.KEY_REFUSED.value: mark("Key refused (401, 403)"),
    Fault.REJECTED.value: mark("Request rejected (4xx)"),
    Fault.MALFORMED.value: mark("Malformed reply"),
    Fault.EMPTY.value: mark("Empty reply"),
    Fault.CUT.value: mark("Reply cut off"),
    Fault.FLOODED.value: mark("Reply too large"),
    Fault.ABANDONED.value: mark("Ended before it was done"),
}
STATES = {
    State.SHOWN.value: mark("All sentences shown"),
    State.PARTLY.value: mark("Some sentences replaced by the extract"),
    State.REPLACED.value: mark("Replaced by the extract"),
    State.WITHHELD.value: mark("Not shown (a person took over, or the passage was withdrawn)"),
    State.OPEN.value: mark("Being written"),
}
CHANGES = {
    "": (mark("As before"), "done"),
    "first": (mark("First run"), "done"),
    "answers": (mark("Answers differ"), "notice"),
    "model": (mark("Another model"), "alert"),
    "behaviour": (mark("Failed"), "alert"),
}


class ModeForm(KitForm):
    """Why the mode changes."""

    reason = wtforms.TextAreaField("Reason", [InputRequired(), Length(max=REASON_LIMIT)])


@router.get("/assistant/generative", include_in_schema=False)
def show_generative(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show mode, endpoint, cost and canaries."""
    return _render(request, site, actor, parse_form(None, ModeForm, language))


@router.get("/assistant/generative/chart.svg", include_in_schema=False)
def show_chart(request: Request, site: SiteDep) -> Response:
    """Return the tokens of each day as a picture."""
    said, status = translator(request, "assistant"), read_status(site)
    drawn = draw_tokens(status.days, status.uses, said("Tokens by day"), said("A call failed on this day."))
    return Response(drawn, media_type="image/svg+xml")


@router.post("/assistant/generative/begin", include_in_schema=False)
def begin(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Hand in the generative mode for decision."""
    form = parse_form(posted, ModeForm, language)
    if not form.validate():
        return _render(request, site, actor, form)
    try:
        matter = propose_generative(site, actor, form.reason.data or "")
    except InputError as error:
        if type(error) is not InputError:
            raise
        form.fail_with(error)
        return _render(request, site, actor, form)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Handed in for decision."))


@router.post("/assistant/generative/end", include_in_schema=False)
def end(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep) -> Response:
    """Return to the extract at once (事後承認)."""
    form = parse_form(posted, ModeForm, language)
    if not form.validate():
        return _render(request, site, actor, form)
    matter = end_generative(site, actor, form.reason.data or "")
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Customers read the extract again."))


def _render(request: Request, site: Site, actor: Actor, form: ModeForm) -> Response:
    status = read_status(site)
    context = {
        "status": status,
        "form": form,
        "faults": FAULTS,
        "states": STATES,
        "changes": CHANGES,
        "may_begin": actor.has(*PROPOSERS) and status.proposal is None and not status.is_generative,
        "may_end": actor.has(*ENDERS) and status.mode is not None,
    }
    return render(request, "assistant/generative.html", context, 422 if form.errors else 200)
