"""The loan conversation in operation: whether applicants meet it, the deliberate stop, its resumption."""

from __future__ import annotations

import wtforms
from fastapi import APIRouter, Request, Response
from wtforms.validators import InputRequired, Length

from akashi.core.people import Actor, Role
from akashi.domains.loans.desk_words import STATES
from akashi.domains.loans.stopping import ask_resumption, find_stop, stop_loans
from akashi.domains.loans.store import count_states
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
MOST_REASON = 1_000
STOPPERS = (Role.SECURITY_OFFICER, Role.EXECUTIVE)
RESUMERS = (Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.SECURITY_OFFICER)


class ReasonForm(KitForm):
    """Why the conversation is stopped, or may come back."""

    reason = wtforms.TextAreaField("Reason", [InputRequired(), Length(max=MOST_REASON)])


@router.get("/loans/operation")
def show_operation(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show whether applicants meet the conversation, how many applications there are, the stop."""
    return _render(request, site, actor, parse_form(None, ReasonForm, language))


@router.post("/loans/operation/stop")
def stop(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Stop the conversation at once (能動的な停止, 事後承認)."""
    form = parse_form(posted, ReasonForm, language)
    if not form.validate():
        return _render(request, site, actor, form)
    matter = stop_loans(site, actor, form.reason.data or "")
    said = mark("Stopped. Applicants now meet people.")
    return redirect(request, f"/approvals/matters/{matter.id}", said, "notice")


@router.post("/loans/operation/resume")
def resume(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Hand in the resumption for decision."""
    form = parse_form(posted, ReasonForm, language)
    if not form.validate():
        return _render(request, site, actor, form)
    matter = ask_resumption(site, actor, form.reason.data or "")
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Handed in for decision."))


def _render(request: Request, site: Site, actor: Actor, form: ReasonForm) -> Response:
    with site.database.read() as connection:
        stop_, counted = find_stop(connection), count_states(connection)
    context = {
        "stop": stop_,
        "counts": [(STATES[state][0], counted.get(state, 0)) for state in STATES],
        "form": form,
        "may_stop": stop_ is None and actor.has(*STOPPERS),
        "may_resume": stop_ is not None and actor.has(*RESUMERS),
    }
    return render(request, "loans/operation.html", context, 422 if form.errors else 200)
