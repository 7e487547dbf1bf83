"""The applicant's papers: hand in, see what was read beside where it stands, say whether it is right."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile

from akashi.core.errors import ConflictError, InputError, NotFoundError
from akashi.domains.loans import upload_store
from akashi.domains.loans.access import COOKIE
from akashi.domains.loans.customer_pages import NO_APPLICATION
from akashi.domains.loans.desk_views import list_sizes, show_proposals
from akashi.domains.loans.intake import Intake, read_intake
from akashi.domains.loans.register.desk import read_desk
from akashi.domains.loans.uploads import MOST_BYTES, decide_proposal, receive, remove
from akashi.identity.limits import Bucket, take_here
from akashi.identity.origin import client_address
from akashi.identity.sessions import read_cookie
from akashi.platform.kit import mark, redirect, render
from akashi.platform.requests import LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter(include_in_schema=False)
SENDING = Bucket("loan_paper", 12, 20.0)
"""Per address: twelve files at once, then one each twenty seconds."""


@router.get("/loans/papers")
def show_papers(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Show which papers are needed, which were handed in, and what was read from them."""
    intake = _read(request, site, language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    return _show(request, site, language, intake)


@router.post("/loans/papers")
def add_paper(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    file: UploadFile,
    document: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Take in one paper."""
    intake = _read(request, site, language)
    if intake is None:
        return redirect(request, "/loans", NO_APPLICATION, "notice")
    take_here(site, SENDING, client_address(request))
    content = file.file.read(MOST_BYTES + 1)
    try:
        received = receive(site, intake.application.id, document, file.filename or "", content)
    except ConflictError:
        raise
    except InputError as error:
        return _show(request, site, language, intake, error)
    told = mark("Thank you. {count} values were read from it; please look whether they are right.")
    return redirect(request, "/loans/papers#read", told, count=received.proposals)


@router.post("/loans/papers/{upload_id}/remove")
def remove_paper(request: Request, site: SiteDep, language: LanguageDep, upload_id: str) -> Response:
    """Take a paper back."""
    remove(site, _require(request, site, language).application.id, upload_id)
    return redirect(request, "/loans/papers", mark("The paper was removed."))


@router.post("/loans/papers/proposals/{proposal_id}")
def judge_proposal(
    request: Request,
    site: SiteDep,
    language: LanguageDep,
    proposal_id: str,
    verdict: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Keep the applicant's yes or no to a value that was read."""
    if verdict not in ("yes", "no"):
        raise InputError("Press one of the buttons.", where="verdict")
    application = _require(request, site, language).application
    decide_proposal(site, application.id, proposal_id, verdict == "yes")
    return redirect(request, "/loans/papers#read", mark("Thank you; it was noted."))


@router.get("/loans/papers/{upload_id}/{page}.png")
def show_page(request: Request, site: SiteDep, language: LanguageDep, upload_id: str, page: int) -> Response:
    """Return the picture of a page of the applicant's own paper."""
    application = _require(request, site, language).application
    with site.database.read() as connection:
        picture = upload_store.read_picture(connection, site.keys, application.id, upload_id, page)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})


def _show(
    request: Request, site: Site, language: str, intake: Intake, error: InputError | None = None
) -> Response:
    application = intake.application
    with site.database.read() as connection:
        uploads = upload_store.list_uploads(connection, site.keys, application.id)
        proposals = upload_store.list_proposals(connection, site.keys, application.id)
        sizes = list_sizes(site, connection, application.id, proposals)
    own = {item.id: item for item in application.product.items}
    desk_only = {item.id for item in read_desk().items_for(application.product)}
    shown = [one for one in proposals if one.proposal.item not in desk_only]
    counts: dict[str, int] = {}
    for upload in uploads:
        counts[upload.document] = counts.get(upload.document, 0) + 1
    context = {
        "intake": intake,
        "application": application,
        "papers": application.product.due_documents(application.known),
        "labels": {paper.id: paper.label[language] for paper in application.product.documents},
        "counts": counts,
        "uploads": uploads,
        "proposals": show_proposals(shown, uploads, own, sizes, language, "/loans/papers", application.known),
        "error": error,
        "language": language,
    }
    return render(request, "loans/papers.html", context, 422 if error else 200)


def _read(request: Request, site: Site, language: str) -> Intake | None:
    return read_intake(site, read_cookie(request, site.settings, COOKIE), language)


def _require(request: Request, site: Site, language: str) -> Intake:
    intake = _read(request, site, language)
    if intake is None:
        raise NotFoundError("There is no such page.")
    return intake
