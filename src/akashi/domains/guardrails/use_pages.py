"""Pages of staff use of general AI: apply, acknowledge, take a key, see the log; the second line sees all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Role
from akashi.domains.guardrails.exchange_log import list_exchanges
from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.rules import TASKS, read_rules
from akashi.domains.guardrails.treat import ALL, ask_resumption, list_stops, stop_use_case
from akashi.domains.guardrails.uses import (
    PAGE,
    Application,
    acknowledge_rules,
    apply_for_use,
    count_exchanges,
    end_use,
    has_key,
    list_uses,
    make_key,
    read_use,
)
from akashi.domains.guardrails.words import OUTCOMES, STATES
from akashi.identity.store import find_person
from akashi.platform.kit import mark, redirect, render
from akashi.platform.requests import ActorDep, SiteDep, current_language

router = APIRouter()

LOG_DAYS = 30
STOPPERS = (Role.SECURITY_OFFICER, Role.EXECUTIVE)
RESUMERS = (Role.BUSINESS_OWNER, Role.RISK_OFFICER, Role.SECURITY_OFFICER)
PROPOSED_DAYS = 180


@router.get("/guard/use", include_in_schema=False)
def show_mine(request: Request, site: SiteDep, actor: ActorDep) -> Response:
    """Show one's own applications and log, and the form of a new one."""
    return _show_mine(request, site, actor)


@router.post("/guard/use", include_in_schema=False)
def apply(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    purpose: Annotated[str, Form(max_length=20_000)] = "",
    tasks: Annotated[list[str] | None, Form()] = None,
    first_day: Annotated[str, Form(max_length=40)] = "",
    last_day: Annotated[str, Form(max_length=40)] = "",
    acknowledged: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Hand in an application."""
    given = {"purpose": purpose, "tasks": tasks or [], "first_day": first_day, "last_day": last_day}
    try:
        first, last = _read_day(first_day, "first_day"), _read_day(last_day, "last_day")
        asked = Application(purpose, tuple(tasks or ()), first, last, acknowledged == "yes")
        _, matter = apply_for_use(site, actor, asked)
    except InputError as error:
        return _show_mine(request, site, actor, error, given)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Handed in for decision."))


@router.post("/guard/use/{use_id}/key", include_in_schema=False)
def take_key(request: Request, site: SiteDep, actor: ActorDep, use_id: str) -> Response:
    """Make a key and show it once."""
    return _show_mine(request, site, actor, key=make_key(site, actor, use_id))


@router.post("/guard/use/{use_id}/acknowledge", include_in_schema=False)
def acknowledge(request: Request, site: SiteDep, actor: ActorDep, use_id: str) -> Response:
    """Agree to the rules as they are now."""
    acknowledge_rules(site, actor, use_id)
    return redirect(request, PAGE, mark("You have agreed to the rules."))


@router.post("/guard/use/{use_id}/end", include_in_schema=False)
def end(request: Request, site: SiteDep, actor: ActorDep, use_id: str) -> Response:
    """End a use at once."""
    end_use(site, actor, use_id)
    with site.database.read() as connection:
        is_mine = read_use(connection, use_id).person_id == actor.id
    return redirect(
        request, PAGE if is_mine else "/guard/uses", mark("Ended. Its key opens nothing any more.")
    )


@router.get("/guard/uses", include_in_schema=False)
def show_all(request: Request, site: SiteDep) -> Response:
    """Show the second line who uses general AI for what."""
    day = tokyo_day(site.now())
    with site.database.read() as connection:
        uses = list_uses(connection)
        people = {use.person_id: find_person(connection, use.person_id) for use in uses}
        counts = count_exchanges(connection, [use.id for use in uses])
    rows = [(use, people[use.person_id], use.state(day), counts.get(use.id, (0, 0, 0))) for use in uses]
    return render(request, "guardrails/uses.html", {"rows": rows, "states": STATES, "tasks": TASKS})


@router.get("/guard/uses/{use_id}", include_in_schema=False)
def show_one(request: Request, site: SiteDep, use_id: str) -> Response:
    """Show one application as whoever decides on it reads it, with its log."""
    day = tokyo_day(site.now())
    with site.database.read() as connection:
        use = read_use(connection, use_id)
        person = find_person(connection, use.person_id)
        log = list_exchanges(connection, day - timedelta(days=LOG_DAYS), day, [use_id], 100)
    policy = open_guards(guard_folder(site)).policy(use.policy)
    context = {
        "use": use,
        "person": person,
        "state": use.state(day),
        "states": STATES,
        "tasks": TASKS,
        "rules": read_rules(),
        "policy": policy.label(current_language(request)),
        "log": log,
        "outcomes": OUTCOMES,
    }
    return render(request, "guardrails/use_one.html", context)


@router.get("/guard/stops", include_in_schema=False)
def show_stops(request: Request, site: SiteDep, actor: ActorDep) -> Response:
    """Show what is stopped, and how to stop and resume."""
    return _show_stops(request, site, actor)


@router.post("/guard/stops", include_in_schema=False)
def stop(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    reason: Annotated[str, Form(max_length=20_000)] = "",
    use_case: Annotated[str, Form(max_length=60)] = ALL,
) -> Response:
    """Stop the proxy and the tools of a use case at once (事後承認)."""
    try:
        matter = stop_use_case(site, actor, reason, use_case)
    except InputError as error:
        return _show_stops(request, site, actor, error)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Stopped. Nothing passes."), "notice")


@router.post("/guard/stops/{stop_id}/resume", include_in_schema=False)
def resume(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    stop_id: str,
    reason: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Hand in the resumption for decision."""
    try:
        matter = ask_resumption(site, actor, reason, stop_id)
    except InputError as error:
        return _show_stops(request, site, actor, error)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("Handed in for decision."))


def _show_stops(
    request: Request, site: SiteDep, actor: ActorDep, error: InputError | None = None
) -> Response:
    with site.database.read() as connection:
        stops = list_stops(connection)
        people = {one.stopped_by: find_person(connection, one.stopped_by) for one in stops}
    policies, language = open_guards(guard_folder(site)).policies.values(), current_language(request)
    context = {
        "stops": [(one, people[one.stopped_by]) for one in stops],
        "choices": [(one.use_case, one.label(language)) for one in policies],
        "titles": {one.use_case: one.label(language) for one in policies},
        "error": error,
        "may_stop": actor.has(*STOPPERS),
        "may_resume": actor.has(*RESUMERS),
    }
    return render(request, "guardrails/stops.html", context, 422 if error else 200)


def _show_mine(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    error: InputError | None = None,
    given: dict[str, Any] | None = None,
    key: str = "",
) -> Response:
    day = tokyo_day(site.now())
    with site.database.read() as connection:
        uses = list_uses(connection, actor.id, 20)
        keys = {use.id: has_key(connection, use.id) for use in uses}
        ids = [use.id for use in uses]
        log = list_exchanges(connection, day - timedelta(days=LOG_DAYS), day, ids, 100) if ids else []
    fresh = {
        "purpose": "",
        "tasks": [],
        "first_day": day.isoformat(),
        "last_day": (day + timedelta(days=PROPOSED_DAYS)).isoformat(),
    }
    context = {
        "uses": [(use, use.state(day), keys[use.id]) for use in uses],
        "states": STATES,
        "tasks": TASKS,
        "rules": read_rules(),
        "log": log,
        "outcomes": OUTCOMES,
        "error": error,
        "given": given or fresh,
        "key": key,
    }
    return render(request, "guardrails/use.html", context, 422 if error else 200)


def _read_day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("Give a day as 2026-11-20.", where=where) from None
