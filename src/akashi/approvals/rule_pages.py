"""Pages where the routes and the authority table are exported, changed in a file, and handed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from akashi.approvals.forms import RulesForm
from akashi.approvals.model import Tables
from akashi.approvals.rules import (
    MOST_BYTES,
    compare_rules,
    find_proposal,
    hand_in,
    keep_proposal,
    present_rules,
    write_rules,
)
from akashi.core.errors import InputError
from akashi.platform.kit import FormDep, parse_form, redirect, render
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep

router = APIRouter(include_in_schema=False)


@router.get("/approvals/routes.toml")
def export_rules(site: SiteDep) -> Response:
    """Return routes and authority table as the file that is changed and handed in."""
    with site.database.read() as connection:
        text = write_rules(present_rules(connection))
    headers = {"Content-Disposition": 'attachment; filename="routes.toml"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/toml; charset=utf-8", headers=headers)


@router.get("/approvals/routes/change")
def show_change(request: Request, language: LanguageDep) -> Response:
    """Ask for the changed file."""
    return render(request, "approvals/rules_change.html", {"form": parse_form(None, RulesForm, language)})


@router.post("/approvals/routes/change")
def take_change(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, posted: FormDep
) -> Response:
    """Check a file and show what it would change; nothing is in force by it."""
    form = parse_form(posted, RulesForm, language)
    file = posted.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise InputError("Choose a file.", where="file")
        content = file.file.read(MOST_BYTES + 1)
        with site.database.write() as connection:
            digest = keep_proposal(connection, content, actor, site.now())
    except InputError as error:
        form.fail("file", error.message, **error.values)
        if error.where not in {"", "file"}:
            form.fail("file", error.where)
        if error.next_step:
            form.fail("file", error.next_step)
        return render(request, "approvals/rules_change.html", {"form": form}, 422)
    return redirect(request, f"/approvals/routes/change/{digest}")


@router.get("/approvals/routes/change/{digest}")
def show_proposal(request: Request, site: SiteDep, digest: str) -> Response:
    """Show what a kept file would change, for whoever hands it in and for whoever decides."""
    with site.database.read() as connection:
        wanted = find_proposal(connection, digest)
        present = present_rules(connection)
    change = compare_rules(present, wanted)
    context = {"digest": digest, "change": change, "rows": _side_by_side(present, wanted, change.changed)}
    return render(request, "approvals/rules_proposal.html", context)


@router.post("/approvals/routes/change/{digest}")
def post_proposal(request: Request, site: SiteDep, actor: ActorDep, digest: str) -> Response:
    """Hand the kept file in for decision."""
    with site.database.write() as connection:
        matter = hand_in(connection, digest, actor, site.now())
    return redirect(request, f"/approvals/matters/{matter.id}", "The change was handed in.")


def _side_by_side(present: Tables, wanted: Tables, names: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return the changed entries as they stand in the files, now and then."""
    rows = []
    for name in names:
        texts = [
            write_rules(
                Tables(
                    tuple(route for route in tables.routes if f"{route.title}（{route.id}）" == name),
                    tuple(
                        line
                        for line in tables.authority
                        if f"{line.title}（{line.kind} / {line.risk.value}）" == name
                    ),
                )
            )
            for tables in (present, wanted)
        ]
        rows.append((name, *("\n".join(text.splitlines()[3:]) for text in texts)))
    return [(name, now, then) for name, now, then in rows]
