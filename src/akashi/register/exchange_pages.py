"""Pages that write records to files and read them back: export, upload with preview, confirmation."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.platform.kit import FormDep, parse_form, redirect, render, translate, translator
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.sheets import read_table, write_csv, write_xlsx
from akashi.register import store
from akashi.register.exchange import STATE_TITLES, Plan, apply_plan, plan_import, write_entries
from akashi.register.forms import UploadForm
from akashi.register.model import find_kind
from akashi.register.treat import Step

router = APIRouter(include_in_schema=False)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 16 * 1024 * 1024


@router.get("/register/{kind}/export")
def export(request: Request, site: SiteDep, kind: str, format: str = "csv") -> Response:  # noqa: A002  # the address says ?format=
    """Return every record of a kind as CSV or XLSX, in the reader's language."""
    described = find_kind(kind)
    with site.database.read() as connection:
        entries = store.list_entries(connection, kind, sort="code")
    title = translate(request, described.label)
    table = write_entries(described, entries, translator(request, "register"))
    name = quote(f"{title}_{tokyo_day(site.now()):%Y%m%d}.{'xlsx' if format == 'xlsx' else 'csv'}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    if format == "xlsx":
        return Response(write_xlsx(title, table), media_type=XLSX, headers=headers)
    return Response(write_csv(table), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/register/{kind}/import")
def show_import(request: Request, language: LanguageDep, kind: str) -> Response:
    """Ask for a file."""
    form = parse_form(None, UploadForm, language)
    return render(request, "register/import.html", {"kind": find_kind(kind), "form": form})


@router.post("/register/{kind}/import")
def preview(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, kind: str, posted: FormDep
) -> Response:
    """Show what an uploaded file would change; nothing is changed yet."""
    described = find_kind(kind)
    form = parse_form(posted, UploadForm, language)
    file = posted.get("file")
    try:
        name, content = _read_upload(file)
        table = read_table(name, content)
        with site.database.write() as connection:
            plan = plan_import(connection, described, table)
            upload_id = (
                ""
                if plan.errors
                else store.keep_upload(connection, kind, name, content, actor.id, site.now())
            )
    except InputError as error:
        form.fail("file", error.message, **error.values)
        if error.next_step:
            form.fail("file", error.next_step)
        return render(request, "register/import.html", {"kind": described, "form": form}, 422)
    return _render_plan(request, plan, upload_id, name)


@router.post("/register/{kind}/import/{upload_id}")
def confirm(request: Request, site: SiteDep, actor: ActorDep, kind: str, upload_id: str) -> Response:
    """Carry out an import whole; when the register has changed so that it fails, show the preview again."""
    described = find_kind(kind)
    with site.database.read() as connection:
        name, content = store.find_upload(connection, upload_id, kind, actor.id)
        plan = plan_import(connection, described, read_table(name, content))
    if plan.errors:
        return _render_plan(request, plan, "", name)
    with site.database.write() as connection:
        plan = plan_import(connection, described, read_table(name, content))
        changed = apply_plan(Step(connection, actor, site.now()), plan)
        store.drop_upload(connection, upload_id)
    return redirect(request, f"/register/{kind}", "{count} records were imported.", count=changed)


def _read_upload(file: object) -> tuple[str, bytes]:
    if not isinstance(file, UploadFile) or not file.filename:
        raise InputError("Choose a file.", where="file")
    content = file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(
            "The file is larger than {most} megabytes.", where="file", most=MOST_BYTES // 1024**2
        )
    return file.filename[:200], content


def _render_plan(request: Request, plan: Plan, upload_id: str, name: str) -> Response:
    context = {
        "kind": plan.kind,
        "plan": plan,
        "shown": plan.changes[:200],
        "upload_id": upload_id,
        "file_name": name,
        "states": STATE_TITLES,
    }
    return render(request, "register/preview.html", context, 422 if plan.errors else 200)
