"""Pages and API that list: matters with filters and CSV, routes, the authority table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.responses import Response

from akashi.approvals import store
from akashi.approvals.measure import is_late, measure_state
from akashi.approvals.model import Matter, Phase, Route, State
from akashi.approvals.report import tell_matter
from akashi.approvals.tasks import list_due
from akashi.approvals.views import (
    KindNames,
    Names,
    line_title,
    read_phase,
    read_risk,
    role_names,
    route_title,
    step_title,
)
from akashi.approvals.words import AFTER_THE_FACT, PHASES, RISKS, STEPS
from akashi.platform.kit import (
    Sort,
    Translator,
    mark,
    read_page_number,
    read_sort,
    render,
    take_page,
    translator,
)
from akashi.platform.kit.formats import write_iso
from akashi.platform.requests import LanguageDep, SiteDep

router = APIRouter()

CSV_HEADS = (
    mark("Decision number"),
    mark("Title"),
    mark("Kind"),
    mark("Risk"),
    mark("State"),
    mark("Drafter"),
    mark("Drafted on"),
    mark("Decided on"),
    mark("Open conditions"),
    AFTER_THE_FACT,
    mark("Id"),
)

Found = list[tuple[Matter, State]]

SORTS: dict[str, Callable[[tuple[Matter, State]], str]] = {
    "opened": lambda pair: pair[0].opened_at.isoformat(),
    "title": lambda pair: pair[0].draft.title,
    "number": lambda pair: pair[1].number,
}


@router.get("/approvals/matters")
def show_matters(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the list of matters with filters, sorting and pages."""
    said = translator(request, "approvals")
    sort = read_sort(request, list(SORTS), "-opened")
    with site.database.read() as connection:
        found = _find(connection, request, sort)
        kinds = KindNames(connection, said)
        context = {
            "page": take_page(found, read_page_number(request)),
            "names": Names(connection, said),
            "kind_choices": sorted(kinds.short.items()),
            "phase_choices": [(phase.value, said(words)) for phase, (words, _) in PHASES.items()],
            "phase_of": lambda state: read_phase(state, said),
            "risk_of": lambda matter: read_risk(matter, said),
            "kind_of": kinds,
            "late": lambda matter, state: is_late(state, matter.approve_by, site.now()),
        }
    return render(request, "approvals/matters.html", context)


@router.get("/approvals/matters.csv")
def export_matters(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the filtered matters as CSV for spreadsheets: UTF-8 with mark, no cell becomes a formula."""
    said = translator(request, "approvals")
    with site.database.read() as connection:
        found = _find(connection, request, read_sort(request, list(SORTS), "-opened"))
        text = _write_csv(found, Names(connection, said), KindNames(connection, said), said)
    headers = {"Content-Disposition": "attachment; filename=matters.csv", "Cache-Control": "no-store"}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/approvals/routes")
def show_routes(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the routes, each with its steps."""
    said = translator(request, "approvals")
    with site.database.read() as connection:
        routes = store.list_routes(connection)
        lines = store.list_authority(connection)
    context = {
        "routes": [_tell_route(route, said) for route in routes],
        "uses": {route.id: sum(line.route_id == route.id for line in lines) for route in routes},
    }
    return render(request, "approvals/routes.html", context)


@router.get("/approvals/authority")
def show_authority(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the authority table 職務権限表."""
    said = translator(request, "approvals")
    with site.database.read() as connection:
        lines = store.list_authority(connection)
        routes = {route.id: route_title(route, language) for route in store.list_routes(connection)}
    rows = [
        {
            "title": line_title(line, language),
            "risk": (said(RISKS[line.risk][0]), RISKS[line.risk][1]),
            "decider": role_names(frozenset({line.decider}), said),
            "route": routes[line.route_id],
            "route_id": line.route_id,
            "emergency": role_names(line.emergency, said),
        }
        for line in lines
    ]
    return render(request, "approvals/authority.html", {"rows": rows})


@router.get("/approvals/conditions")
def show_conditions(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return every open condition of every decision, the most urgent first."""
    said = translator(request, "approvals")
    with site.database.read() as connection:
        context = {"items": list_due(connection, site.now()), "names": Names(connection, said)}
    return render(request, "approvals/conditions.html", context)


@router.get("/api/approvals/matters")
def api_matters(request: Request, site: SiteDep) -> dict[str, Any]:
    """Return matters by the filters ``phase``, ``kind``, ``number``, ``q``, newest first, 50 a page."""
    with site.database.read() as connection:
        found = _find(connection, request, Sort("opened", descending=True))
    page = take_page(found, read_page_number(request))
    items = [tell_matter(matter, state) for matter, state in page.items]
    return {"matters": items, "page": page.number, "total": page.total}


@router.get("/api/approvals/matters/{matter_id}")
def api_matter(matter_id: str, site: SiteDep) -> dict[str, Any]:
    """Return one matter with its events, oldest first; reasons are for people and stay on the page."""
    with site.database.read() as connection:
        matter = store.get_matter(connection, matter_id)
    state = measure_state(matter.steps, matter.events)
    events = [
        {
            "sequence": event.sequence,
            "kind": event.kind.value,
            "actor": event.actor_id,
            "for": event.for_id or None,
            "at": event.at,
            "digest": event.digest or None,
        }
        for event in matter.events
    ]
    return {**tell_matter(matter, state), "events": events}


def _find(connection: Connection, request: Request, sort: Sort) -> Found:
    asked = request.query_params
    phases = [Phase(asked["phase"])] if asked.get("phase") in {phase.value for phase in Phase} else []
    matters = store.list_matters(
        connection,
        phases=phases,
        kind=asked.get("kind", ""),
        number=asked.get("number", ""),
        text=asked.get("q", ""),
    )
    found = [(matter, measure_state(matter.steps, matter.events)) for matter in matters]
    return sorted(found, key=SORTS[sort.key], reverse=sort.descending)


def _write_csv(found: Found, names: Names, kinds: KindNames, said: Translator) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([said(head) for head in CSV_HEADS])
    for matter, state in found:
        row = [
            state.number,
            matter.draft.title,
            kinds(matter),
            read_risk(matter, said)[0],
            read_phase(state, said)[0],
            names(matter.drafter_id),
            write_iso(matter.opened_at),
            write_iso(state.decided_at) if state.decided_at else "",
            len(state.conditions) - len(state.fulfilled),
            write_iso(matter.approve_by) if matter.approve_by else "",
            matter.id,
        ]
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _tell_route(route: Route, said: Translator) -> dict[str, Any]:
    steps = [
        {
            "title": step_title(step, said),
            "kind": said(STEPS[step.kind]),
            "state": "next",
            "who": role_names(step.roles, said),
        }
        for step in route.steps
    ]
    return {"id": route.id, "title": route_title(route, said.language), "steps": steps}
