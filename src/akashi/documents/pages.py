"""Pages of documents: list, add, one document, one version, difference, and the steps of a version."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

import wtforms
from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from wtforms.validators import InputRequired, Length, Optional

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor, Role
from akashi.core.thread import Audience
from akashi.documents.answerable import list_answerable
from akashi.documents.differences import changed_rows, compare_texts, write_docx
from akashi.documents.model import Document, Version, VersionState
from akashi.documents.register import Described, add_file
from akashi.documents.store import (
    list_documents,
    list_passages,
    list_versions,
    read_document,
    read_source,
    read_text,
    read_version,
    set_dates,
)
from akashi.documents.treat import submit_versions, withdraw_at_once
from akashi.platform.kit import (
    Form,
    FormDep,
    mark,
    parse_form,
    read_page_number,
    redirect,
    render,
    take_page,
)
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter(include_in_schema=False)

DRAFTERS = (Role.OPERATOR, Role.BUSINESS_OWNER, Role.LOAN_OFFICER, Role.COMPLIANCE_OFFICER)
WITHDRAWERS = (Role.BUSINESS_OWNER, Role.COMPLIANCE_OFFICER, Role.EXECUTIVE)
AUDIENCES = [(Audience.CUSTOMERS.value, mark("Customers")), (Audience.STAFF.value, mark("Staff"))]
CONTEXT_ROWS = 2
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class AddForm(Form):
    """What a person says about the files to be added."""

    audience = wtforms.RadioField("Who may read it", [InputRequired()], choices=AUDIENCES)
    title = wtforms.StringField(
        "Title", [Optional(), Length(max=120)], description="Taken from the file when empty."
    )
    key = wtforms.StringField(
        "Short name",
        [Optional(), Length(max=80)],
        description="The same short name makes a new version of the same document.",
    )
    effective_from = wtforms.DateField("First day", [Optional()], description="Today when empty.")
    effective_to = wtforms.DateField(
        "Last day", [Optional()], description="Open when empty; this day is still included."
    )


class DatesForm(Form):
    """When a draft will be in effect."""

    effective_from = wtforms.DateField("First day", [InputRequired()])
    effective_to = wtforms.DateField("Last day", [Optional()])


class WithdrawForm(Form):
    """Why a version is taken back."""

    reason = wtforms.TextAreaField("Reason", [InputRequired(), Length(max=1000)])


@router.get("/documents")
def show_list(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    q: Annotated[str, Query(max_length=200)] = "",
    audience: Annotated[str, Query(max_length=20)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show all documents with the version that is answered from today."""
    today = tokyo_day(site.now())
    with site.database.read() as connection:
        documents = list_documents(connection)
        versions = list_versions(connection)
        current = list_answerable(connection, Audience.STAFF, today)
    rows = [_describe_row(document, versions, current) for document in documents]
    rows = [row for row in rows if _matches(row, q, audience, state)]
    drafts = [row for row in rows if row["draft"] is not None]
    context = {
        "page": take_page(rows, read_page_number(request)),
        "audiences": AUDIENCES,
        "drafts": drafts,
        "may_draft": actor.has(*DRAFTERS),
        "is_filtered": bool(q or audience or state),
    }
    return render(request, "documents/list.html", context)


@router.get("/documents/add")
def show_add(request: Request, language: LanguageDep) -> Response:
    """Show the form for adding files."""
    form = parse_form(None, AddForm, language, {"audience": Audience.CUSTOMERS.value})
    return render(request, "documents/add.html", {"form": form, "outcomes": []})


@router.post("/documents/add")
def add(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
    files: Annotated[list[UploadFile], File()] = [],  # noqa: B006 - FastAPI reads the default only
) -> Response:
    """Add the posted files as drafts; each by itself, and each says what became of it."""
    form = parse_form(posted, AddForm, language)
    chosen = [file for file in files if file.filename]
    is_valid = form.validate()
    if not chosen:
        form.fail("", mark("Choose at least one file."))
    if (form.key.data or form.title.data) and len(chosen) > 1:
        form.fail("key", mark("One title or short name cannot name several files."))
    if not is_valid or form.errors or form.form_errors:
        return render(request, "documents/add.html", {"form": form, "outcomes": []}, status_code=422)
    described = Described(
        Audience(form.audience.data),
        key=(form.key.data or "").strip(),
        title=(form.title.data or "").strip(),
        effective_from=form.effective_from.data,
        effective_to=form.effective_to.data,
    )
    outcomes = [_add_upload(site, actor, file, described) for file in chosen]
    if len(outcomes) == 1 and outcomes[0]["added"] is not None:
        version = outcomes[0]["added"].version
        said = (
            mark("Added as a draft.")
            if outcomes[0]["added"].is_new
            else mark("Known already; nothing changed.")
        )
        return redirect(request, f"/documents/{version.document_id}/versions/{version.id}", said)
    status = 422 if any(outcome["error"] for outcome in outcomes) else 200
    return render(request, "documents/add.html", {"form": form, "outcomes": outcomes}, status_code=status)


@router.post("/documents/submit")
def submit(request: Request, site: SiteDep, actor: ActorDep, posted: FormDep) -> Response:
    """Hand in the chosen drafts for approval, each as a matter of its own; all or none."""
    chosen = [str(value) for value in posted.getlist("version")]
    if not chosen:
        return redirect(request, "/documents", mark("Choose at least one draft."), "alert")
    with site.database.write() as connection:
        matters = submit_versions(connection, chosen, actor, site.now())
    if len(matters) == 1:
        return redirect(request, f"/approvals/matters/{matters[0].id}", mark("Handed in for approval."))
    return redirect(request, "/documents", mark("{count} drafts handed in for approval."), count=len(matters))


@router.get("/documents/{document_id}")
def show_document(request: Request, site: SiteDep, actor: ActorDep, document_id: str) -> Response:
    """Show one document with all its versions."""
    with site.database.read() as connection:
        document = read_document(connection, document_id)
        versions = list_versions(connection, [document_id])
        current = list_answerable(connection, Audience.STAFF, tokyo_day(site.now()))
    context = {
        "document": document,
        "versions": versions,
        "current": current,
        "may_draft": actor.has(*DRAFTERS),
    }
    return render(request, "documents/document.html", context)


@router.get("/documents/{document_id}/versions/{version_id}")
def show_version(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, document_id: str, version_id: str
) -> Response:
    """Show one version: its text by passages, its state, and what may be done with it."""
    return _render_version(request, site, actor, language, document_id, version_id)


@router.post("/documents/{document_id}/versions/{version_id}/dates")
def change_dates(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
    document_id: str,
    version_id: str,
) -> Response:
    """Change the days of a draft."""
    form = parse_form(posted, DatesForm, language)
    first_day = form.effective_from.data
    if form.validate() and first_day is not None:
        try:
            with site.database.write() as connection:
                set_dates(connection, version_id, first_day, form.effective_to.data)
            return redirect(
                request, f"/documents/{document_id}/versions/{version_id}", mark("Dates changed.")
            )
        except InputError as error:
            form.fail_with(error)
    return _render_version(request, site, actor, language, document_id, version_id, dates=form)


@router.post("/documents/{document_id}/versions/{version_id}/withdraw")
def withdraw(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    posted: FormDep,
    document_id: str,
    version_id: str,
) -> Response:
    """Take a version back at once."""
    form = parse_form(posted, WithdrawForm, language)
    if not form.validate():
        return _render_version(request, site, actor, language, document_id, version_id, withdrawal=form)
    with site.database.write() as connection:
        withdraw_at_once(connection, version_id, form.reason.data or "", actor, site.now())
    return redirect(
        request,
        f"/documents/{document_id}/versions/{version_id}",
        mark("Withdrawn. Nothing is answered from it any more."),
    )


@router.get("/documents/{document_id}/versions/{version_id}/source")
def download_source(site: SiteDep, document_id: str, version_id: str) -> Response:
    """Return the file as it was given; browsers save it, they never open it in place."""
    with site.database.read() as connection:
        version = read_version(connection, version_id)
        content = read_source(connection, version_id)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(version.file_name)}"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/documents/{document_id}/difference")
def show_difference(
    request: Request,
    site: SiteDep,
    document_id: str,
    old: Annotated[str, Query(max_length=60)],
    new: Annotated[str, Query(max_length=60)],
    whole: Annotated[bool, Query()] = False,
) -> Response:
    """Show two versions side by side: 新旧対照表."""
    document, before, after, rows = _compare(site, document_id, old, new)
    shown = rows if whole else changed_rows(rows, CONTEXT_ROWS)
    context = {
        "document": document,
        "old": before,
        "new": after,
        "rows": [
            {
                "kind": row.change.value,
                "old": [(piece.text, piece.differs) for piece in row.old],
                "new": [(piece.text, piece.differs) for piece in row.new],
            }
            for row in shown
        ],
        "whole": whole,
    }
    return render(request, "documents/difference.html", context)


@router.get("/documents/{document_id}/difference.docx")
def download_difference(
    site: SiteDep,
    document_id: str,
    old: Annotated[str, Query(max_length=60)],
    new: Annotated[str, Query(max_length=60)],
) -> Response:
    """Return the 新旧対照表 as a DOCX that people edit for their committee."""
    document, before, after, rows = _compare(site, document_id, old, new)
    labels = [
        f"第{version.number}版（{version.effective_from:%Y年%m月%d日}から）" for version in (before, after)
    ]
    content = write_docx(document.title, labels[0], labels[1], changed_rows(rows, CONTEXT_ROWS))
    name = quote(f"新旧対照表_{document.key}.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=DOCX, headers=headers)


def _compare(
    site: SiteDep, document_id: str, old: str, new: str
) -> tuple[Document, Version, Version, list[Any]]:
    with site.database.read() as connection:
        document = read_document(connection, document_id)
        before, after = read_version(connection, old), read_version(connection, new)
        if {before.document_id, after.document_id} != {document.id}:
            raise InputError("These are not two versions of this document.", next_step="Choose them again.")
        rows = compare_texts(read_text(connection, old), read_text(connection, new))
    return document, before, after, rows


def _render_version(
    request: Request,
    site: SiteDep,
    actor: Actor,
    language: str,
    document_id: str,
    version_id: str,
    dates: DatesForm | None = None,
    withdrawal: WithdrawForm | None = None,
) -> Response:
    today = tokyo_day(site.now())
    with site.database.read() as connection:
        document = read_document(connection, document_id)
        version = read_version(connection, version_id)
        if version.document_id != document.id:
            raise InputError("These are not two versions of this document.", next_step="Choose them again.")
        versions = list_versions(connection, [document_id])
        passages = list_passages(connection, [version_id])
        is_current = version_id in list_answerable(connection, Audience.STAFF, today)
    is_draft = version.state is VersionState.DRAFT
    days: dict[str, date | None] = {
        "effective_from": version.effective_from,
        "effective_to": version.effective_to,
    }
    context = {
        "document": document,
        "version": version,
        "older": [other for other in versions if other.number < version.number],
        "page": take_page(passages, read_page_number(request), 40),
        "is_current": is_current,
        "may_submit": is_draft and actor.has(*DRAFTERS),
        "may_withdraw": version.state is not VersionState.WITHDRAWN and actor.has(*WITHDRAWERS),
        "dates": dates or parse_form(None, DatesForm, language, days),
        "withdrawal": withdrawal or parse_form(None, WithdrawForm, language),
    }
    return render(request, "documents/version.html", context, status_code=422 if dates or withdrawal else 200)


def _add_upload(site: SiteDep, actor: Actor, file: UploadFile, described: Described) -> dict[str, Any]:
    name = file.filename or ""
    try:
        added = add_file(site, name, file.file.read(), described, actor)
    except InputError as error:
        return {"name": name, "added": None, "error": error}
    return {"name": name, "added": added, "error": None}


def _describe_row(document: Document, versions: list[Version], current: dict[str, Version]) -> dict[str, Any]:
    own = [version for version in versions if version.document_id == document.id]
    return {
        "document": document,
        "versions": own,
        "current": next((version for version in own if version.id in current), None),
        "draft": next((version for version in own if version.state is VersionState.DRAFT), None),
        "waiting": next((version for version in own if version.state is VersionState.SUBMITTED), None),
    }


def _matches(row: dict[str, Any], q: str, audience: str, state: str) -> bool:
    document: Document = row["document"]
    text = f"{document.title}\n{document.title_en}\n{document.key}".casefold()
    by_state = {
        "approved": row["current"] is not None,
        "draft": row["draft"] is not None,
        "submitted": row["waiting"] is not None,
        "none": row["current"] is None,
        "ending": row["current"] is not None and row["current"].effective_to is not None,
    }
    return q.casefold() in text and audience in {"", document.audience.value} and by_state.get(state, True)
