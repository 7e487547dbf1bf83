"""The loan conversation in operation: whether applicants meet it, the deliberate stop, its resumption."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from akashi.approvals.stop_pages import ReasonForm, make_stop_router, offer_stop
from akashi.core.people import Actor, Role
from akashi.domains.loans.desk_words import STATES
from akashi.domains.loans.stopping import PAGE, SERVICE, find_stop
from akashi.domains.loans.store import count_states
from akashi.platform.kit import mark, parse_form, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

RESUMERS = (Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.RISK_OFFICER, Role.SECURITY_OFFICER)
STOPPED = mark("Stopped. Applicants now meet people.")


def _show(request: Request, site: Site, actor: Actor, form: ReasonForm) -> Response:
    with site.database.read() as connection:
        stop, counted = find_stop(connection), count_states(connection)
    context = {
        **offer_stop(actor, stop, RESUMERS),
        "counts": [(STATES[state][0], counted.get(state, 0)) for state in STATES],
        "form": form,
    }
    return render(request, "loans/operation.html", context, 422 if form.errors else 200)


router = APIRouter(include_in_schema=False)
router.include_router(make_stop_router(PAGE, SERVICE, STOPPED, _show))


@router.get(PAGE)
def show_operation(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Show whether applicants meet the conversation, how many applications there are, the stop."""
    return _show(request, site, actor, parse_form(None, ReasonForm, language))
