"""Pages of bundles: what was imported, the publisher's numbers beside ours, the adoption plan."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response
from wtforms import FileField, StringField
from wtforms.validators import InputRequired, Length

from akashi.core.errors import InputError
from akashi.domains.governance.bundle.adopting import (
    adopt_bundle,
    compare_bundle,
    import_bundle,
    list_imported,
    open_imported,
    read_imported,
)
from akashi.domains.governance.bundle.container import MOST_BYTES
from akashi.domains.governance.bundle.contents import face_bundle, write_bundle
from akashi.domains.governance.bundle.plan import make_plan
from akashi.domains.governance.papers import write_paper
from akashi.domains.governance.treat import read_case
from akashi.domains.governance.words import MODES
from akashi.platform.kit import Form, FormDep, parse_form, redirect, render, translator
from akashi.platform.papers.answers import answer_paper
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter(include_in_schema=False)


class ImportForm(Form):
    """A bundle, and whose key signed it."""

    file = FileField("File", [InputRequired()], description="A file ending in .akashi.")
    trust = StringField(
        "Fingerprint of the publisher's key",
        [InputRequired(), Length(max=200)],
        description="Ask the publisher for it by another way than the file, such as by telephone.",
    )


@router.get("/governance/bundles")
def show_bundles(request: Request, site: SiteDep, language: LanguageDep) -> Response:
    """Return the imported bundles and the form that imports one."""
    return _list(request, site, parse_form(None, ImportForm, language))


@router.post("/governance/bundles")
def take_bundle(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Import a bundle whose every byte is as published and whose key was named."""
    form = parse_form(posted, ImportForm, language)
    file = posted.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError("Choose a file.", where="file")
        imported = import_bundle(site, file.file.read(MOST_BYTES + 1), str(form.trust.data or ""), actor)
    except InputError as error:
        form.fail("file", error.message, **error.values)
        return _list(request, site, form, 422)
    return redirect(request, f"/governance/bundles/{imported.digest}", "The bundle was imported.")


@router.get("/governance/bundles/{digest}")
def show_bundle(request: Request, site: SiteDep, language: LanguageDep, digest: str) -> Response:
    """Return one bundle: who published it, their numbers beside ours, what it withholds."""
    theirs, ours, beside = compare_bundle(site, digest)
    with site.database.read() as connection:
        imported = read_imported(connection, digest)
        manifest = open_imported(connection, imported.digest).manifest
    context = {
        "one": imported,
        "manifest": manifest,
        "theirs": theirs,
        "ours": ours,
        "beside": beside,
        "modes": MODES,
        "language": language,
    }
    return render(request, "governance/bundle.html", context)


@router.get("/governance/bundles/{digest}/{kind}.{form}")
def give_paper(request: Request, site: SiteDep, digest: str, kind: str, form: str) -> Response:
    """Return the adoption plan, or a report of the publisher rendered here again from its data."""
    said, register_said = translator(request, "governance"), translator(request, "register")
    if kind == "plan":
        return answer_paper(make_plan(site, digest, said, register_said), form, f"{digest[:12]}-plan")
    with site.database.read() as connection:
        imported = read_imported(connection, digest)
        facing = face_bundle(open_imported(connection, imported.digest), said, register_said)
    return answer_paper(write_paper(facing, kind), form, f"{digest[:12]}-{kind}")


@router.post("/governance/bundles/{digest}/adopt")
def adopt(request: Request, site: SiteDep, actor: ActorDep, digest: str) -> Response:
    """Draft a use case of our own from a bundle."""
    code = adopt_bundle(site, digest, "", actor)
    return redirect(request, f"/governance/{code}", "A draft was made. Fill in what is local.")


@router.post("/governance/{code}/bundle")
def give_bundle(request: Request, site: SiteDep, code: str) -> Response:
    """Return the signed bundle of a use case as a file."""
    said, register_said = translator(request, "governance"), translator(request, "register")
    content = write_bundle(site, read_case(site, code), said, register_said)
    name = quote(f"{code}.akashi")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


def _list(request: Request, site: SiteDep, form: ImportForm, status: int = 200) -> Response:
    with site.database.read() as connection:
        found = list_imported(connection)
    context = {"found": found, "form": form, "own": site.keys.fingerprint()}
    return render(request, "governance/bundles.html", context, status)
