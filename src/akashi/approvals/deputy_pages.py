"""The page of deputies 代理: who may sign for whom, and until when."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.responses import Response

from akashi.approvals.deputies import end_deputy, list_deputies, register_deputy
from akashi.approvals.forms import DeputyForm
from akashi.approvals.measure import READ_ONLY
from akashi.approvals.model import Deputy
from akashi.approvals.views import Names
from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, ActorKind, Role
from akashi.identity.model import PersonState
from akashi.identity.store import list_people
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter()


@router.get("/approvals/deputies")
def show_deputies(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> Response:
    """Return the register of deputies with the form to add one."""
    with site.database.read() as connection:
        context = _context(request, connection, site, actor, None)
    return render(request, "approvals/deputies.html", context)


@router.post("/approvals/deputies")
def add_deputy(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Register a deputy; a field that cannot be used comes back with its error."""
    with site.database.read() as connection:
        context = _context(request, connection, site, actor, posted)
    form: DeputyForm = context["form"]
    if form.validate() and form.first_day.data and form.last_day.data:
        try:
            with site.database.write() as connection:
                register_deputy(
                    connection,
                    form.deputy_id.data,
                    form.first_day.data,
                    form.last_day.data,
                    actor,
                    site.now(),
                    principal_id=form.principal_id.data,
                )
            return redirect(request, "/approvals/deputies", mark("The deputy was registered."))
        except InputError as error:
            form.fail_with(error)
    return render(request, "approvals/deputies.html", context, 422)


@router.post("/approvals/deputies/{entry_id}/end")
def end(request: Request, entry_id: str, site: SiteDep, actor: ActorDep) -> Response:
    """End a registration at once."""
    with site.database.write() as connection:
        end_deputy(connection, entry_id, actor, site.now())
    return redirect(request, "/approvals/deputies", mark("The registration was ended."))


def _context(
    request: Request, connection: Connection, site: Site, actor: Actor, posted: FormData | None
) -> dict[str, Any]:
    said = translator(request, "approvals")
    names, today = Names(connection, said), tokyo_day(site.now())
    people = [
        (person.id, person.label(said.language))
        for person in list_people(connection)
        if person.state is PersonState.ACTIVE
    ]
    mine = [(actor.id, names(actor.id))]
    principals = people if actor.has(Role.EXECUTIVE) else mine
    choices = {
        "principal_id": principals,
        "deputy_id": [("", said("Choose")), *(choice for choice in people if choice[0] != actor.id)],
    }
    data = {"principal_id": actor.id, "first_day": today}
    return {
        "form": parse_form(posted, DeputyForm, said.language, data, choices=choices),
        "rows": [
            {
                "entry": entry,
                "principal": names(entry.principal_id),
                "deputy": names(entry.deputy_id),
                "registered_by": names(entry.registered_by),
                "state": _state_of(entry, site),
                "may_end": _may_end(entry, actor, site),
            }
            for entry in list_deputies(connection)
        ],
        "may_register": actor.kind is ActorKind.PERSON and not actor.roles & READ_ONLY,
    }


def _state_of(entry: Deputy, site: Site) -> str:
    today = tokyo_day(site.now())
    if entry.ended_at is not None or entry.last_day < today:
        return "over"
    return "now" if entry.covers(today) else "later"


def _may_end(entry: Deputy, actor: Actor, site: Site) -> bool:
    allowed = entry.principal_id == actor.id or actor.has(Role.EXECUTIVE)
    return allowed and not actor.roles & READ_ONLY and _state_of(entry, site) != "over"
