"""The officer's desk: the queue, one application, its draft, its paper, uploads, notes and mail drafts."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from sqlalchemy.engine import Connection

from akashi.approvals.matters import read_matter
from akashi.approvals.measure import measure_state
from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor, Role
from akashi.domains.loans import desk_store, desk_views, treat, upload_store
from akashi.domains.loans.desk_paper import make_ringi
from akashi.domains.loans.desk_words import MAIL_KINDS, NOTE_KINDS, STATES, SUMMARY_HEADS, TERM_WORDS
from akashi.domains.loans.measure.notes import Picked, summarise_note, write_mail
from akashi.domains.loans.prose import may_smooth, smooth_section
from akashi.domains.loans.treat import Desk
from akashi.domains.loans.uploads import MOST_BYTES, decide_proposal, receive, remove
from akashi.platform.kit import Translator, mark, redirect, render, translator
from akashi.platform.papers.answers import answer_paper
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
MOST_LINES = 100
"""Applications that one page of the queue opens; the filters reach the others."""
Text = Annotated[str, Form(max_length=25_000)]
Short = Annotated[str, Form(max_length=2_100)]


@router.get("/loans/desk")
def show_queue(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    state: Annotated[str, Query(max_length=20)] = "",
    office: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    """Show the applications that were sent: how complete, what does not fit, where they stand."""
    with site.database.read() as connection:
        outlines = desk_views.list_queue(connection, state, office)
        lines = desk_views.list_lines(site, connection, outlines[:MOST_LINES], language)
        offices = desk_views.list_offices(connection)
    context = {
        "lines": lines,
        "more": max(0, len(outlines) - MOST_LINES),
        "states": STATES,
        "choices": [(one.value, STATES[one][0]) for one in desk_views.QUEUE],
        "offices": offices,
        "is_filtered": bool(state or office),
    }
    return render(request, "loans/desk.html", context)


@router.get("/loans/desk/{application_id}")
def show_case(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, application_id: str
) -> Response:
    """Show one application: what lacks, what does not fit, what papers say, key figures, all values."""
    return _show_case(request, site, actor, language, application_id)


@router.post("/loans/desk/{application_id}/assess")
def assess(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    application_id: str,
    item: Short = "",
    text: Short = "",
    choice: Short = "",
    basis: Short = "",
) -> Response:
    """Keep what the officer enters for one item."""
    try:
        treat.assess(site, actor, application_id, item, choice or text, basis)
    except ConflictError:
        raise
    except InputError as error:
        given = {"item": item, "text": text, "choice": choice, "basis": basis}
        return _show_case(request, site, actor, language, application_id, error, given)
    return redirect(request, f"/loans/desk/{application_id}#entries", mark("The value was kept."))


@router.post("/loans/desk/{application_id}/papers")
def add_paper(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    application_id: str,
    file: UploadFile,
    document: Short = "",
) -> Response:
    """Take in a paper that the applicant brought to the branch."""
    content = file.file.read(MOST_BYTES + 1)
    try:
        received = receive(site, application_id, document, file.filename or "", content, actor.id)
    except ConflictError:
        raise
    except InputError as error:
        return _show_case(request, site, actor, language, application_id, error, {"item": "file"})
    flash = mark("The paper was taken in; {count} values are proposed.")
    return redirect(request, f"/loans/desk/{application_id}#papers", flash, count=received.proposals)


@router.post("/loans/desk/{application_id}/papers/{upload_id}/remove")
def remove_paper(
    request: Request, site: SiteDep, actor: ActorDep, application_id: str, upload_id: str
) -> Response:
    """Take a paper out of use."""
    remove(site, application_id, upload_id, actor.id)
    return redirect(request, f"/loans/desk/{application_id}#papers", mark("The paper was removed."))


@router.get("/loans/desk/{application_id}/papers/{upload_id}/{page}.png")
def show_page(site: SiteDep, application_id: str, upload_id: str, page: int) -> Response:
    """Return the picture of a page that our own child process made."""
    with site.database.read() as connection:
        picture = upload_store.read_picture(connection, site.keys, application_id, upload_id, page)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})


@router.get("/loans/desk/{application_id}/papers/{upload_id}/file")
def give_file(site: SiteDep, application_id: str, upload_id: str) -> Response:
    """Return a paper as it was handed in, to keep and never to show inside the page."""
    with site.database.read() as connection:
        upload, content = upload_store.read_file(connection, site.keys, application_id, upload_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/loans/desk/{application_id}/proposals/{proposal_id}")
def judge_proposal(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    application_id: str,
    proposal_id: str,
    verdict: Short = "",
) -> Response:
    """Keep an officer's yes or no to a value that a paper proposes."""
    if verdict not in ("yes", "no"):
        raise InputError("Press one of the buttons.", where="verdict")
    decide_proposal(site, application_id, proposal_id, verdict == "yes", actor.id)
    told = (
        mark("The value of the paper was taken over.")
        if verdict == "yes"
        else mark("The proposal was refused.")
    )
    return redirect(request, f"/loans/desk/{application_id}#proposals", told)


@router.post("/loans/desk/{application_id}/return")
def send_back(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    application_id: str,
    reason: Short = "",
) -> Response:
    """Give the application back to the applicant."""
    try:
        treat.send_back(site, actor, application_id, reason)
    except ConflictError:
        raise
    except InputError as error:
        return _show_case(request, site, actor, language, application_id, error, {"item": "reason"})
    told = mark("The application was given back; the applicant sees your words in the conversation.")
    return redirect(request, f"/loans/desk/{application_id}", told)


@router.get("/loans/desk/{application_id}/draft")
def show_draft(request: Request, site: SiteDep, actor: ActorDep, application_id: str) -> Response:
    """Show the draft: sentences with their grounds, edits with their difference, what is in the way."""
    return _show_draft(request, site, actor, application_id)


@router.post("/loans/desk/{application_id}/draft")
def edit_draft(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    application_id: str,
    sentence: Short = "",
    text: Short = "",
    basis: Short = "",
) -> Response:
    """Keep the officer's wording of one sentence."""
    try:
        treat.edit_sentence(site, actor, application_id, sentence, text, basis)
    except ConflictError:
        raise
    except InputError as error:
        given = {"sentence": sentence, "text": text, "basis": basis}
        return _show_draft(request, site, actor, application_id, error, given)
    section = sentence.partition(".")[0]
    return redirect(request, f"/loans/desk/{application_id}/draft#{section}", mark("Your wording was kept."))


@router.post("/loans/desk/{application_id}/smooth")
def smooth(
    request: Request, site: SiteDep, actor: ActorDep, application_id: str, section: Short = ""
) -> Response:
    """Let the endpoint reword a chapter; every value stays, and the difference is kept."""
    count = smooth_section(site, actor, application_id, section)
    told = mark("{count} sentences were reworded; read them before you hand the paper in.")
    return redirect(request, f"/loans/desk/{application_id}/draft#{section}", told, count=count)


@router.post("/loans/desk/{application_id}/hand-in")
def hand_in(request: Request, site: SiteDep, actor: ActorDep, application_id: str) -> Response:
    """Hand the paper in on its route."""
    matter = treat.hand_in(site, actor, application_id)
    return redirect(request, f"/approvals/matters/{matter.id}", mark("The paper is on its way."))


@router.get("/loans/desk/{application_id}/paper")
def show_paper(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, application_id: str
) -> Response:
    """Show the paper as its readers see it, with what does not fit beside it."""
    with site.database.read() as connection:
        desk = treat.load_desk(site, connection, application_id)
        matter = desk_store.find_matter(connection, application_id)
        paper = make_ringi(site, connection, desk)
    context = {
        "desk": desk,
        "application": desk.case.application,
        "paper": paper,
        "shown": desk_views.show_blocks(paper),
        "matter": matter,
        "states": STATES,
        "tabs": list_tabs(application_id, "paper", translator(request, "loans")),
        "breaches": desk_views.show_breaches(desk.case, language),
        "missing": desk_views.show_missing(desk.case, language, translator(request, "loans")),
        "changes": desk_views.show_changes(desk.edited),
    }
    return render(request, "loans/desk_paper.html", context)


@router.get("/loans/desk/{application_id}/paper.{form}")
def give_paper(site: SiteDep, application_id: str, form: str) -> Response:
    """Return the 融資稟議書 as HTML, PDF or DOCX."""
    with site.database.read() as connection:
        desk = treat.load_desk(site, connection, application_id)
        paper = make_ringi(site, connection, desk)
    return answer_paper(paper, form, f"融資稟議書_{desk.case.application.number}")


@router.get("/loans/desk/{application_id}/notes")
def show_notes(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, application_id: str
) -> Response:
    """Show minutes, call notes and mail drafts of an application."""
    return _show_notes(request, site, actor, application_id)


@router.post("/loans/desk/{application_id}/notes")
def add_note(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    application_id: str,
    kind: Short = "",
    text: Text = "",
) -> Response:
    """Keep a note with its summary."""
    treat.require_officer(actor)
    try:
        if kind not in ("minutes", "call"):
            raise InputError("Choose what it is.", where="kind")
        picked = summarise_note(text)
    except InputError as error:
        return _show_notes(request, site, actor, application_id, error, {"kind": kind, "text": text})
    content = {"text": text, "summary": [[one.head, one.text, one.start, one.number] for one in picked]}
    with site.database.write() as connection:
        desk_store.add_note(connection, site.keys, application_id, kind, content, actor.id, site.now())
    return redirect(
        request, f"/loans/desk/{application_id}/notes", mark("The note was kept with its summary.")
    )


@router.post("/loans/desk/{application_id}/mails")
def draft_mail(
    request: Request, site: SiteDep, actor: ActorDep, application_id: str, kind: Short = ""
) -> Response:
    """Write the draft of a mail to the applicant; nobody sends it but a person."""
    treat.require_officer(actor)
    try:
        with site.database.write() as connection:
            case = treat.load_case(site, connection, application_id)
            subject, body = write_mail(kind, case, actor.name, desk_views.name_house(connection))
            content = {"kind": kind, "subject": subject, "text": body}
            desk_store.add_note(connection, site.keys, application_id, "mail", content, actor.id, site.now())
    except ConflictError:
        raise
    except InputError as error:
        return _show_notes(request, site, actor, application_id, error, {})
    return redirect(request, f"/loans/desk/{application_id}/notes", mark("The mail was drafted."))


def _show_case(
    request: Request,
    site: Site,
    actor: Actor,
    language: str,
    application_id: str,
    error: InputError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    said = translator(request, "loans")
    with site.database.read() as connection:
        desk = treat.load_desk(site, connection, application_id)
        uploads = upload_store.list_uploads(connection, site.keys, application_id)
        proposals = upload_store.list_proposals(connection, site.keys, application_id)
        sizes = desk_views.list_sizes(site, connection, application_id, proposals)
        context = _case_context(connection, desk, said, application_id)
    address = f"/loans/desk/{application_id}/papers"
    shown = desk_views.show_proposals(
        proposals, uploads, desk.case.items, sizes, language, address, desk.case.known
    )
    context |= {
        "may": actor.has(Role.LOAN_OFFICER) and desk.is_open,
        "uploads": uploads,
        "proposals": shown,
        "error": error,
        "given": defaultdict(str, given or {}),
        "language": language,
    }
    return render(request, "loans/desk_case.html", context, 422 if error else 200)


def _case_context(
    connection: Connection,
    desk: Desk,
    said: Translator,
    application_id: str,
) -> dict[str, Any]:
    case, language = desk.case, said.language
    return {
        "application": case.application,
        "title": case.application.product.title[language],
        "states": STATES,
        "term_words": TERM_WORDS,
        "values": desk_views.show_values(case, language, said),
        "figures": desk_views.show_figures(case, language),
        "terms": desk_views.show_terms(case, language),
        "missing": desk_views.show_missing(case, language, said),
        "breaches": desk_views.show_breaches(case, language),
        "papers": {paper.id: paper.label[language] for paper in case.application.product.documents},
        "entries": desk_views.desk_items(case),
        "obstacles": desk_views.show_obstacles(desk, said),
        "matter": desk_store.find_matter(connection, application_id),
        "tabs": list_tabs(application_id, "case", said),
    }


def _show_draft(
    request: Request,
    site: Site,
    actor: Actor,
    application_id: str,
    error: InputError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    said = translator(request, "loans")
    with site.database.read() as connection:
        desk = treat.load_desk(site, connection, application_id)
        matter = desk_store.find_matter(connection, application_id)
        state = measure_state(*_way(connection, matter)) if matter else None
    context = {
        "application": desk.case.application,
        "title": desk.case.application.product.title[said.language],
        "states": STATES,
        "chapters": desk_views.show_draft(desk.edited),
        "changes": desk_views.show_changes(desk.edited),
        "obstacles": desk_views.show_obstacles(desk, said),
        "matter": matter,
        "may_smooth": may_smooth(site),
        "is_returned": state is not None and state.phase.value == "returned",
        "may": actor.has(Role.LOAN_OFFICER) and desk.is_open,
        "error": error,
        "given": defaultdict(str, given or {}),
        "tabs": list_tabs(application_id, "draft", said),
    }
    return render(request, "loans/desk_draft.html", context, 422 if error else 200)


def _way(connection: Connection, matter_id: str) -> tuple[Any, Any]:
    matter = read_matter(connection, matter_id)
    return matter.steps, matter.events


def _show_notes(
    request: Request,
    site: Site,
    actor: Actor,
    application_id: str,
    error: InputError | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    said = translator(request, "loans")
    with site.database.read() as connection:
        case = treat.load_case(site, connection, application_id)
        notes = desk_store.list_notes(connection, site.keys, application_id)
        names = {one.actor: desk_views.name_person(connection, one.actor) for one in notes}
    context = {
        "application": case.application,
        "title": case.application.product.title[said.language],
        "states": STATES,
        "notes": [(one, [Picked(*row) for row in one.content.get("summary", ())]) for one in notes],
        "names": names,
        "kinds": NOTE_KINDS,
        "mails": MAIL_KINDS,
        "heads": SUMMARY_HEADS,
        "may": actor.has(Role.LOAN_OFFICER),
        "error": error,
        "given": defaultdict(str, given or {}),
        "tabs": list_tabs(application_id, "notes", said),
    }
    return render(request, "loans/desk_notes.html", context, 422 if error else 200)


def list_tabs(application_id: str, current: str, said: Translator) -> list[dict[str, Any]]:
    """Return the tabs of one application."""
    base = f"/loans/desk/{application_id}"
    tabs = (
        ("case", said("Loan application"), base),
        ("draft", said("Draft of the paper"), f"{base}/draft"),
        ("paper", said("Ringi paper"), f"{base}/paper"),
        ("notes", said("Notes and mails"), f"{base}/notes"),
    )
    return [{"title": title, "path": path, "current": name == current} for name, title, path in tabs]
