"""Pages of those who watch the guards: the days, what waits to be looked at, the policies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from akashi.core.errors import InputError
from akashi.core.people import Role
from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.monitoring import MOST_DAYS, list_rows, monitor, name_found, read_span
from akashi.domains.guardrails.overblocking import measure_all, read_own, read_texts
from akashi.domains.guardrails.reviews import (
    GONE,
    Item,
    Missed,
    Verdict,
    judge_item,
    list_items,
    read_item,
    read_note,
    read_words,
)
from akashi.domains.guardrails.views import KIND_TITLES, describe_policy
from akashi.domains.guardrails.words import (
    DIRECTIONS,
    DOORS,
    FATES,
    MISSED,
    SPEAKERS,
    TREATMENTS,
    VERDICTS,
    WHY,
)
from akashi.identity.store import find_person
from akashi.platform.kit import mark, redirect, render, translator
from akashi.platform.papers.charts import WIDTH, draw_bars
from akashi.platform.requests import ActorDep, SiteDep, current_language
from akashi.platform.sheets import write_csv, write_xlsx

router = APIRouter()

DRAWN = ("passed", "refused", "recorded", "handed_over", "masked")
"""In the order of the chart's colours, so that what was refused is red."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REVIEWERS = (Role.RISK_OFFICER, Role.COMPLIANCE_OFFICER, Role.PRIVACY_OFFICER, Role.SECURITY_OFFICER)
WORDS = {
    "fates": FATES,
    "directions": DIRECTIONS,
    "doors": DOORS,
    "treatments": TREATMENTS,
    "why": WHY,
    "verdicts": VERDICTS,
    "missed_words": MISSED,
    "speakers": SPEAKERS,
    "name_found": name_found,
}
NARROW = 270
"""Pixels of the chart on a telephone, without its axis."""
Days = Annotated[int, Query(ge=1, le=MOST_DAYS)]
UseCase = Annotated[str, Query(max_length=60)]


@router.get("/guard/monitoring", include_in_schema=False)
def show_days(
    request: Request, site: SiteDep, actor: ActorDep, days: Days = 14, use_case: UseCase = ""
) -> Response:
    """Show what was masked, refused and handed over each day; no text stands here."""
    with site.database.read() as connection:
        seen = monitor(connection, read_span(days, site.now()), use_case)
    policies, language = open_guards(guard_folder(site)).policies, current_language(request)
    context = {
        **WORDS,
        "seen": seen,
        "days": days,
        "use_case": use_case,
        "titles": {name: policy.label(language) for name, policy in policies.items()},
        "may_review": actor.has(*REVIEWERS),
    }
    return render(request, "guardrails/monitoring.html", context)


@router.get("/guard/monitoring/chart.svg", include_in_schema=False)
def show_chart(
    request: Request, site: SiteDep, days: Days = 14, use_case: UseCase = "", narrow: bool = False
) -> Response:
    """Return the days as a picture; ``narrow``: those of the last week, for a telephone."""
    days = min(days, 7) if narrow else days
    with site.database.read() as connection:
        seen = monitor(connection, read_span(days, site.now()), use_case)
    said = translator(request, "guardrails")
    points = [
        (f"{day.month}/{day.day}", said(word), float(seen.counts.get((day, fate), 0)))
        for day in seen.span.days
        for fate, word in ((fate, FATES[fate][0]) for fate in DRAWN)
    ]
    svg = draw_bars(points, said(mark("Texts")), width=NARROW if narrow else WIDTH)
    return Response(svg, media_type="image/svg+xml")


@router.get("/guard/monitoring/export", include_in_schema=False)
def export_days(
    request: Request,
    site: SiteDep,
    days: Days = 14,
    use_case: UseCase = "",
    form: Annotated[str, Query(alias="as", pattern="csv|xlsx")] = "csv",
) -> Response:
    """Return every number of the days as CSV or XLSX."""
    said = translator(request, "guardrails")
    with site.database.read() as connection:
        seen = monitor(connection, read_span(days, site.now()), use_case)
    rows = list(list_rows(seen, said))
    is_xlsx = form == "xlsx"
    content = write_xlsx(said(mark("Monitoring of the guards")), rows) if is_xlsx else write_csv(rows)
    name = f"guards-{seen.span.first}-{seen.span.last}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX if is_xlsx else "text/csv", headers=headers)


@router.get("/guard/review", include_in_schema=False)
def show_queue(request: Request, site: SiteDep) -> Response:
    """Show what waits to be looked at, and what was looked at last."""
    with site.database.read() as connection:
        waiting, judged = list_items(connection, is_open=True), list_items(connection, is_open=False, most=50)
    return render(request, "guardrails/reviews.html", {**WORDS, "waiting": waiting, "judged": judged})


@router.get("/guard/review/{event_id}", include_in_schema=False)
def show_item(request: Request, site: SiteDep, actor: ActorDep, event_id: str) -> Response:
    """Show one text, masked, with what the guards made of it."""
    return _show_item(request, site, actor, event_id)


@router.post("/guard/review/{event_id}", include_in_schema=False)
def judge(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    event_id: str,
    verdict: Annotated[Verdict, Form()],
    missed: Annotated[str, Form(max_length=40)] = "",
    note: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Keep a person's verdict; what was missed becomes a finding."""
    what = next((one for one in Missed if one.value == missed), None)
    try:
        finding = judge_item(site, event_id, verdict, what, note, actor)
    except InputError as error:
        if type(error) is not InputError:
            raise
        return _show_item(request, site, actor, event_id, error)
    if finding:
        return redirect(request, f"/findings/{finding}", mark("Kept, and recorded as a finding."))
    return redirect(request, "/guard/review", mark("Kept. Thank you."))


def _show_item(
    request: Request, site: SiteDep, actor: ActorDep, event_id: str, error: InputError | None = None
) -> Response:
    with site.database.read() as connection:
        item = read_item(connection, event_id)
        context: dict[str, Any] = {
            **WORDS,
            "item": item,
            "words": read_words(site, connection, item),
            "note": read_note(site, connection, event_id),
            "reviewer": find_person(connection, item.reviewer) if item.reviewer else None,
            "following": _next_item(connection, item),
            "gone": GONE,
            "error": error,
            "may_review": actor.has(*REVIEWERS),
        }
    return render(request, "guardrails/review.html", context, 422 if error else 200)


def _next_item(connection: Any, item: Item) -> str:
    waiting = [one.event_id for one in list_items(connection, is_open=True, most=20)]
    return next((one for one in waiting if one != item.event_id), "")


@router.get("/guard/policies", include_in_schema=False)
def show_policies(request: Request, site: SiteDep) -> Response:
    """Show what becomes of what in each use case, and how much each policy stops needlessly."""
    guards = open_guards(guard_folder(site))
    rows = [describe_policy(one, one.use_case in guards.own) for one in guards.policies.values()]
    context = {
        **WORDS,
        "policies": rows,
        "texts": {name: policy.text for name, policy in guards.policies.items()},
        "kinds": [(kind.value, KIND_TITLES[kind]) for kind in Kind],
        "measured": measure_all(guards),
        "measured_on": read_texts(),
        "own": len(read_own(guards.folder)),
        "folder": str(guards.folder or ""),
        "has_own_model": guards.has_own_model,
        "terms": len(guards.terms.words),
    }
    return render(request, "guardrails/policies.html", context)
