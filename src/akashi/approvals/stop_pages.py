"""The two buttons of a deliberate stop, for the page of any room that serves customers."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
import wtforms
from fastapi import APIRouter, Request, Response
from wtforms.validators import InputRequired, Length

from akashi.approvals.stops import Stoppable
from akashi.approvals.texts import REASON_LIMIT
from akashi.core.people import Actor, Role
from akashi.platform.kit import Form as KitForm
from akashi.platform.kit import FormDep, mark, parse_form, redirect
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

STOPPERS = (Role.SECURITY_OFFICER, Role.EXECUTIVE)
HANDED_IN = mark("Handed in for decision.")


class ReasonForm(KitForm):
    """Why a service is stopped, or may come back."""

    reason = wtforms.TextAreaField("Reason", [InputRequired(), Length(max=REASON_LIMIT)])


Show = Callable[[Request, Site, Actor, ReasonForm], Response]
"""Renders the room's page with the form as it was filled in."""


def offer_stop(actor: Actor, stop: sa.RowMapping | None, resumers: tuple[Role, ...]) -> dict[str, object]:
    """Return what a page shows of a stop and offers the actor; the rules are asked again when he acts."""
    return {
        "stop": stop,
        "may_stop": stop is None and actor.has(*STOPPERS),
        "may_resume": stop is not None and actor.has(*resumers),
    }


def make_stop_router(path: str, service: Stoppable, stopped: str, show: Show) -> APIRouter:
    """Return the routes ``path``/stop and ``path``/resume of a room; ``stopped`` is said after a stop."""
    router = APIRouter(include_in_schema=False)

    @router.post(f"{path}/stop")
    def stop(
        request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
    ) -> Response:
        """Stop the service at once (能動的な停止, 事後承認)."""
        form = parse_form(posted, ReasonForm, language)
        if not form.validate():
            return show(request, site, actor, form)
        matter = service.stop(site, actor, form.reason.data or "")
        return redirect(request, f"/approvals/matters/{matter.id}", stopped, "notice")

    @router.post(f"{path}/resume")
    def resume(
        request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
    ) -> Response:
        """Hand in the resumption for decision."""
        form = parse_form(posted, ReasonForm, language)
        if not form.validate():
            return show(request, site, actor, form)
        matter = service.ask_resumption(site, actor, form.reason.data or "")
        return redirect(request, f"/approvals/matters/{matter.id}", HANDED_IN)

    return router
