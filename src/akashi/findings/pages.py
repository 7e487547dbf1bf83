"""Pages of findings: the dashboard, the list, one finding with its timeline, and the same as JSON."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from akashi.approvals.store import find_undecided
from akashi.core.errors import InputError
from akashi.core.lifecycle import FindingState, derive_status
from akashi.core.moments import tokyo_day
from akashi.core.thread import Finding, Severity, Subject, SubjectKind
from akashi.findings import store, words
from akashi.findings.evidence import list_names, read_evidence
from akashi.findings.forms import FindingForm
from akashi.findings.model import UNANSWERED_WORD, Due, Row, Wanted
from akashi.findings.report import (
    collect_tiles,
    count_board,
    list_calm,
    list_figures,
    list_urgent,
    write_rows,
)
from akashi.findings.treat import open_finding
from akashi.findings.treat_pages import router as treat_router
from akashi.findings.views import (
    DECIDERS,
    DRAFTERS,
    TREATERS,
    find_subject,
    list_requirements,
    list_timeline,
    name_people,
    name_requirement,
    name_subjects,
    show_treatments,
)
from akashi.platform.kit import (
    FormDep,
    Page,
    Translator,
    parse_form,
    read_page_number,
    read_sort,
    redirect,
    render,
    translator,
)
from akashi.platform.kit.lists import PAGE_SIZE
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.rooms import call_name
from akashi.platform.sheets import write_csv, write_xlsx
from akashi.platform.site import Site

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_EXPORTED = 50_000
DUE_TITLES = {
    Due.PAST: "Past due",
    Due.SOON: "Due within 30 days",
    Due.EXPIRING: "Expires within 30 days",
}


@router.get("/dashboard", include_in_schema=False)
def show_dashboard(request: Request, site: SiteDep, actor: ActorDep) -> Response:
    """Show one page that an executive reads in a minute: open findings, and every room's tiles."""
    now = site.now()
    with site.database.read() as connection:
        board = count_board(connection, now)
        worst = store.list_rows(connection, Wanted(state=UNANSWERED_WORD), now, limit=5)
    titles = {room.name: room.title for room in site.rooms}
    collected = collect_tiles(site, actor)
    figures = list_figures(collected, board)
    context = {
        "now": now,
        "board": board,
        "worst": worst,
        "rooms": collected,
        "urgent": list_urgent(figures),
        "calm": list_calm(figures),
        "room_titles": titles,
        "words": words,
    }
    return render(request, "findings/dashboard.html", context)


@router.get("/findings", include_in_schema=False)
def show_findings(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
) -> Response:
    """Show the findings that the filters leave."""
    wanted = read_wanted(request)
    sort = read_sort(request, store.SORTS, "severity")
    now = site.now()
    with site.database.read() as connection:
        total = store.count_rows(connection, wanted, now)
        number = min(read_page_number(request), max(1, -(-total // PAGE_SIZE)))
        rows = store.list_rows(
            connection,
            wanted,
            now,
            sort=sort.key,
            descending=sort.descending,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
        names = name_people(connection, language)
        rooms, owners = (store.list_values(connection, column) for column in ("room", "owner"))
        subjects = name_subjects(connection)
        is_empty = not total and not store.count_rows(connection, Wanted(), now)
    context = {
        "page": Page(rows, number, total),
        "subjects": subjects,
        "names": names,
        "words": words,
        "options": _list_options(translator(request, "findings"), site, rooms, owners, names),
        "may_open": actor.has(*TREATERS),
        "is_empty": is_empty,
        "query": request.url.query,
    }
    return render(request, "findings/list.html", context)


def read_wanted(request: Request) -> Wanted:
    """Return what the address narrows the list to; what it cannot mean is left out."""
    asked = request.query_params
    severity, state, due = (asked.get(name, "") for name in ("severity", "state", "due"))
    return Wanted(
        room=asked.get("room", "")[:64],
        severity=Severity(severity) if severity in set(Severity) else None,
        state=state if state in {UNANSWERED_WORD, *FindingState} else "",
        owner=asked.get("owner", "")[:128],
        due=Due(due) if due in set(Due) else None,
        text=asked.get("q", "")[:200],
    )


def _list_options(
    speak: Translator,
    site: Site,
    rooms: tuple[str, ...],
    owners: tuple[str, ...],
    names: dict[str, str],
) -> dict[str, list[tuple[str, str]]]:
    titles = {room.name: room.title for room in site.rooms}
    states = [(UNANSWERED_WORD, speak("All that are open")), *_spoken(words.STATES, speak)]
    return {
        "room": [(name, speak(titles.get(name, name))) for name in rooms],
        "severity": _spoken(words.SEVERITIES, speak),
        "state": states,
        "owner": [(name, names.get(name, name)) for name in owners],
        "due": _spoken(DUE_TITLES, speak),
    }


def _spoken(titles: Any, speak: Translator) -> list[tuple[str, str]]:
    return [(key.value, speak(title)) for key, title in titles.items()]


@router.get("/findings/export", include_in_schema=False)
def export(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the list that the address narrows as CSV, or with ``?format=xlsx`` as XLSX."""
    now = site.now()
    with site.database.read() as connection:
        rows = store.list_rows(connection, read_wanted(request), now, limit=MOST_EXPORTED)
        names = name_people(connection, language)
    speak = translator(request, "findings")
    table = write_rows(rows, names, speak)
    is_xlsx = request.query_params.get("format") == "xlsx"
    name = quote(f"{speak('Findings')}_{tokyo_day(now):%Y%m%d}.{'xlsx' if is_xlsx else 'csv'}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    if is_xlsx:
        return Response(write_xlsx(speak("Findings"), table), media_type=XLSX, headers=headers)
    return Response(write_csv(table), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/findings/new", include_in_schema=False)
def show_new(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show the form of a finding."""
    with site.database.read() as connection:
        offered = list_requirements(connection, language)
    form = parse_form(None, FindingForm, language, choices={"requirement_id": offered})
    return render(request, "findings/new.html", {"form": form})


@router.post("/findings/new", include_in_schema=False)
def create(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Open a finding that a person writes down."""
    with site.database.read() as connection:
        offered = list_requirements(connection, language)
    form = parse_form(posted, FindingForm, language, choices={"requirement_id": offered})
    if not form.validate():
        return render(request, "findings/new.html", {"form": form}, 422)
    title = str(form.title.data).strip()
    subject = Subject(SubjectKind(form.subject_kind.data), str(form.subject_id.data).strip())
    severity = Severity(form.severity.data)
    detail = str(form.detail.data or "").strip()
    requirement = str(form.requirement_id.data)
    finding = Finding("findings", "person", subject, requirement, title, severity, title, detail)
    with site.database.write() as connection:
        opening = open_finding(connection, finding, actor, site.now())
    said = "The finding was opened." if opening.is_new else "This finding is known already; here it is."
    tone = "done" if opening.is_new else "notice"
    return redirect(request, f"/findings/{opening.finding_id}", said, tone)


router.include_router(treat_router)


@router.get("/findings/{finding_id}", include_in_schema=False)
def show_finding(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, finding_id: str
) -> Response:
    """Show one finding: where it stands, its treatments, and everything that happened."""
    now = site.now()
    with site.database.read() as connection:
        kept = store.load_finding(connection, finding_id)
        recorded = store.list_recorded(connection, finding_id)
        names = name_people(connection, language)
        evidence = list_names(connection, finding_id)
        subject_title, subject_path = find_subject(connection, kept.finding.subject)
        requirement = name_requirement(connection, kept.finding.requirement_id, language)
        hooks = [room.beside_finding for room in site.rooms if room.beside_finding]
        beside = [item for hook in hooks for item in call_name(hook, connection, finding_id)]
        status = derive_status(finding_id, [one.event for one in recorded], max(now, kept.opened_at))
        matters = find_undecided(connection, "findings", [one.id for one in status.treatments])
    room_titles = {room.name: room.title for room in site.rooms}
    context = {
        "kept": kept,
        "status": status,
        "words": words,
        "names": names,
        "subject_path": subject_path,
        "beside": beside,
        "matters": matters,
        "subject_title": subject_title,
        "requirement": requirement,
        "room_title": room_titles.get(kept.finding.room, kept.finding.room),
        "treatments": show_treatments(status, actor, now),
        "timeline": list_timeline(recorded, names, evidence, secret=not actor.has(*DECIDERS)),
        "may_treat": actor.has(*TREATERS) and status.state is not FindingState.CLOSED,
        "may_draft": actor.has(*DRAFTERS),
        "may_note": actor.has(*TREATERS),
    }
    return render(request, "findings/detail.html", context)


@router.get("/findings/{finding_id}/evidence/{digest}", include_in_schema=False)
def download_evidence(site: SiteDep, finding_id: str, digest: str) -> Response:
    """Return evidence that was handed in, as a download; never shown in the browser."""
    with site.database.read() as connection:
        handed = read_evidence(connection, finding_id, digest)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(handed.name)}"}
    return Response(handed.content, media_type="application/octet-stream", headers=headers)


@router.get("/api/findings")
def list_findings(
    request: Request,
    site: SiteDep,
    room: str = "",
    severity: str = "",
    state: str = "",
    owner: str = "",
    due: str = "",
    q: str = "",
    offset: int = 0,
    limit: int = 100,
) -> dict[str, Any]:
    """Return findings as they stand now, worst first; ``state=unanswered`` are all that are open."""
    if offset < 0 or offset > 1_000_000 or not 1 <= limit <= 1000:
        raise InputError(
            "The limit lies between 1 and 1000, the offset between 0 and 1000000.", where="limit"
        )
    wanted, now = read_wanted(request), site.now()
    with site.database.read() as connection:
        rows = store.list_rows(connection, wanted, now, limit=limit, offset=offset)
        total = store.count_rows(connection, wanted, now)
    return {"total": total, "findings": [describe_row(row) for row in rows]}


def describe_row(row: Row) -> dict[str, Any]:
    """Return one finding of the list for machines."""
    return {
        "id": row.id,
        "room": row.room,
        "subject": row.subject,
        "requirement": row.requirement_id,
        "title": row.title,
        "severity": row.severity.value,
        "state": row.state.value,
        "owner": row.owner,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "expires_on": row.ends_on.isoformat() if row.ends_on else None,
        "past_due": row.is_past_due,
        "opened_at": row.opened_at.isoformat(),
    }
