"""Pages about people: the list, one person, roles, links and passkeys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection
from starlette.datastructures import FormData, UploadFile

from akashi.core.errors import InputError
from akashi.core.people import Actor, Role
from akashi.identity.administrators import is_founding
from akashi.identity.credentials import confirm_credential, replace_passkeys, revoke_credential
from akashi.identity.enrolment import create_link, link_address
from akashi.identity.forms import GrantForm, ImportForm, PersonForm
from akashi.identity.model import needs_second
from akashi.identity.people import change_person, create_person, restore_person, suspend_person
from akashi.identity.register import MOST_BYTES, import_people, read_people, write_people
from akashi.identity.report import PersonView, find_obstacle, list_waiting, name_actors, view_people
from akashi.identity.roles import confirm_grant, grant_role, revoke_role
from akashi.identity.store import get_person, list_links
from akashi.platform.kit import (
    FormDep,
    mark,
    parse_form,
    read_page_number,
    redirect,
    render,
    take_page,
    translator,
)
from akashi.platform.kit.menu import ROLE_NAMES
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site

router = APIRouter()

PEOPLE = "/identity/people"


@router.get(PEOPLE)
def show_people(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, q: str = "", role: str = ""
) -> HTMLResponse:
    """List everybody with roles and passkeys, and what waits for a second administrator."""
    now = site.now()
    with site.database.read() as connection:
        views, founding = view_people(connection, now), is_founding(connection)
    found = [view for view in views if _matches(view, q.strip().casefold(), role)]
    context = {
        "page": take_page(found, read_page_number(request)),
        "everybody": len(views),
        "waiting": list_waiting(views, actor, now, founding=founding),
        "founding": founding,
        "names": name_actors(views, language),
        "role_options": _translated_roles(request),
    }
    return render(request, "identity/people.html", context)


def _translated_roles(request: Request) -> list[tuple[str, str]]:
    said = translator(request)
    return [(role.value, said(title)) for role, title in ROLE_NAMES.items()]


def _matches(view: PersonView, text: str, role: str) -> bool:
    person = view.person
    words = f"{person.name} {person.kana} {person.romaji} {person.mail} {person.office}"
    return text in words.casefold() and (not role or role in {held.value for held in view.roles})


@router.get(f"{PEOPLE}.csv")
def export_people(site: SiteDep) -> Response:
    """Return everybody as CSV."""
    with site.database.read() as connection:
        content = write_people(view_people(connection, site.now()))
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get(f"{PEOPLE}/new")
def show_new_person(request: Request, language: LanguageDep) -> HTMLResponse:
    """Show the empty form."""
    return _render_form(request, parse_form(None, PersonForm, language))


@router.post(f"{PEOPLE}/new")
def add_person(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, form: FormDep
) -> Response:
    """Create a person without roles and without a passkey."""
    filled = parse_form(form, PersonForm, language)
    if filled.validate():
        try:
            with site.database.write() as connection:
                person = create_person(connection, actor, filled.person_data(), site.now())
        except InputError as error:
            filled.fail_with(error)
        else:
            flash = mark("The person is registered. Next: roles and an enrolment link.")
            return redirect(request, f"{PEOPLE}/{person.id}", flash=flash)
    return _render_form(request, filled)


def _render_form(request: Request, form: PersonForm, person: object = None) -> HTMLResponse:
    status = 422 if form.errors else 200
    return render(request, "identity/person_form.html", {"form": form, "person": person}, status)


@router.get(f"{PEOPLE}/import")
def show_import(request: Request, language: LanguageDep) -> HTMLResponse:
    """Show the upload form."""
    return render(request, "identity/import.html", {"form": parse_form(None, ImportForm, language)})


@router.post(f"{PEOPLE}/import")
def add_people(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, form: FormDep
) -> Response:
    """Create and correct persons from a CSV file, all or nothing."""
    filled = parse_form(None, ImportForm, language)
    upload = form.get("file")
    try:
        if not isinstance(upload, UploadFile) or not upload.filename:
            raise InputError("Choose a file.", where="file")
        rows = read_people(upload.file.read(MOST_BYTES + 1), upload.filename)
        with site.database.write() as connection:
            done = import_people(connection, actor, rows, upload.filename, site.now())
    except InputError as error:
        return render(request, "identity/import.html", {"form": filled, "error": error}, 422)
    flash = mark("{created} registered, {changed} corrected, {same} unchanged.")
    return redirect(request, PEOPLE, flash=flash, created=done.created, changed=done.changed, same=done.same)


@router.get(f"{PEOPLE}/{{person_id}}")
def show_person(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, person_id: str
) -> HTMLResponse:
    """Show one person with role history, passkeys and links."""
    form = parse_form(None, GrantForm, language, choices={"role": _role_choices()})
    return _render_person(request, site, actor, language, person_id, form)


def _render_person(
    request: Request, site: Site, actor: Actor, language: str, person_id: str, form: GrantForm
) -> HTMLResponse:
    now = site.now()
    with site.database.read() as connection:
        get_person(connection, person_id)
        views, founding = view_people(connection, now), is_founding(connection)
        links = list_links(connection, person_id)
    view = next(item for item in views if item.person.id == person_id)
    founders = founding and Role.ADMINISTRATOR in view.roles
    context: dict[str, Any] = {
        "view": view,
        "person": view.person,
        "links": links[:5],
        "now": now,
        "names": name_actors(views, language),
        "form": form,
        "obstacles": {
            **{grant.id: find_obstacle(actor, person_id, grant.granted_by) for grant in view.grants},
            **{
                item.id: find_obstacle(actor, person_id, item.issued_by, founders=founders)
                for item in view.credentials
            },
        },
        "is_self": actor.id == person_id,
        "may_change": actor.has(Role.ADMINISTRATOR) and (actor.confirmed or founding),
        "founding": founding,
    }
    return render(request, "identity/person.html", context, 422 if form.errors else 200)


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, title) for role, title in ROLE_NAMES.items()]


@router.get(f"{PEOPLE}/{{person_id}}/edit")
def show_edit(request: Request, site: SiteDep, language: LanguageDep, person_id: str) -> HTMLResponse:
    """Show the form filled with what is known."""
    with site.database.read() as connection:
        person = get_person(connection, person_id)
    known = {name: getattr(person, name) for name in ("name", "kana", "romaji", "mail", "office")}
    return _render_form(request, parse_form(None, PersonForm, language, known), person)


@router.post(f"{PEOPLE}/{{person_id}}/edit")
def edit_person(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, person_id: str, form: FormDep
) -> Response:
    """Correct what is written about a person."""
    filled = parse_form(form, PersonForm, language)
    with site.database.read() as connection:
        person = get_person(connection, person_id)
    if filled.validate():
        try:
            with site.database.write() as connection:
                change_person(connection, actor, person_id, filled.person_data(), site.now())
        except InputError as error:
            filled.fail_with(error)
        else:
            return redirect(request, f"{PEOPLE}/{person_id}", flash="The entry has been corrected.")
    return _render_form(request, filled, person)


@router.post(f"{PEOPLE}/{{person_id}}/link")
def make_link(request: Request, site: SiteDep, actor: ActorDep, person_id: str) -> HTMLResponse:
    """Make an enrolment link and show it once."""
    return _show_link(
        request, site, person_id, lambda found: create_link(found, actor, person_id, site.now())
    )


@router.get(f"{PEOPLE}/{{person_id}}/lost")
def ask_lost(request: Request, site: SiteDep, person_id: str) -> HTMLResponse:
    """Ask before every passkey of a person is revoked."""
    return _ask(
        request,
        site,
        person_id,
        "lost",
        mark("Passkey lost: revoke and make a new link?"),
        mark("Revoke and make a link"),
        [
            mark("Every passkey of {name} is refused from now on."),
            mark("Every session of {name} ends at once."),
            mark("You get a new enrolment link; another administrator must confirm the new passkey."),
        ],
    )


@router.post(f"{PEOPLE}/{{person_id}}/lost")
def replace_lost(request: Request, site: SiteDep, actor: ActorDep, person_id: str) -> HTMLResponse:
    """Revoke every passkey of the person, end the sessions, and show a new link once."""
    return _show_link(
        request, site, person_id, lambda found: replace_passkeys(found, actor, person_id, site.now())
    )


def _show_link(
    request: Request, site: Site, person_id: str, make: Callable[[Connection], str]
) -> HTMLResponse:
    with site.database.write() as connection:
        person, token = get_person(connection, person_id), make(connection)
    context = {"person": person, "link": link_address(site.settings, token)}
    return render(request, "identity/link.html", context)


def _ask(
    request: Request, site: Site, person_id: str, step: str, question: str, verb: str, lines: Sequence[str]
) -> HTMLResponse:
    with site.database.read() as connection:
        person = get_person(connection, person_id)
    said = translator(request, "identity")
    name = person.label(said.language)
    context = {
        "question": said(question, name=name),
        "consequences": [said(line, name=name) for line in lines],
        "action": f"{PEOPLE}/{person_id}/{step}",
        "verb": said(verb),
        "back": f"{PEOPLE}/{person_id}",
    }
    return render(request, "kit/confirm.html", context)


@router.get(f"{PEOPLE}/{{person_id}}/suspend")
def ask_suspend(request: Request, site: SiteDep, person_id: str) -> HTMLResponse:
    """Ask before a person is kept out."""
    return _ask(
        request,
        site,
        person_id,
        "suspend",
        mark("Suspend {name}?"),
        mark("Suspend the person"),
        [
            mark("Every session of {name} ends at once."),
            mark("No passkey of {name} signs in until an administrator restores the person."),
            mark("Roles and history stay as they are."),
        ],
    )


@router.post(f"{PEOPLE}/{{person_id}}/suspend")
def suspend(request: Request, site: SiteDep, actor: ActorDep, person_id: str) -> RedirectResponse:
    """Keep a person out at once."""
    with site.database.write() as connection:
        suspend_person(connection, actor, person_id, site.now())
    return _back(request, person_id, mark("The person can no longer sign in; every session has ended."))


@router.post(f"{PEOPLE}/{{person_id}}/restore")
def restore(request: Request, site: SiteDep, actor: ActorDep, person_id: str) -> RedirectResponse:
    """Let a suspended person sign in again."""
    with site.database.write() as connection:
        restore_person(connection, actor, person_id, site.now())
    return _back(request, person_id, mark("The person can sign in again."))


@router.post(f"{PEOPLE}/{{person_id}}/roles")
def add_role(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, person_id: str, form: FormDep
) -> Response:
    """Grant a role; where it decides, it waits for a second administrator."""
    filled = parse_form(form, GrantForm, language, choices={"role": _role_choices()})
    if filled.validate():
        role = Role(filled.role.data)
        try:
            with site.database.write() as connection:
                grant = grant_role(
                    connection,
                    actor,
                    person_id,
                    role,
                    site.now(),
                    valid_from=filled.begins(),
                    valid_to=filled.ends(),
                )
        except InputError as error:
            filled.fail_with(_name_roles(request, error))
        else:
            waits = needs_second(role) and grant.is_pending
            granted = mark("The role has been granted.")
            flash = mark("The role waits for a second administrator.") if waits else granted
            return _back(request, person_id, flash)
    return _render_person(request, site, actor, language, person_id, filled)


def _name_roles(request: Request, error: InputError) -> InputError:
    """Return the error with its roles in the reader's words."""
    said, words = translator(request, "identity"), {role.value: title for role, title in ROLE_NAMES.items()}
    values = {name: said(words.get(str(value), str(value))) for name, value in error.values.items()}
    return InputError(error.message, where=error.where, next_step=error.next_step, **values)


@router.post(f"{PEOPLE}/{{person_id}}/roles/confirm")
def agree_role(
    request: Request, site: SiteDep, actor: ActorDep, person_id: str, form: FormDep
) -> RedirectResponse:
    """Agree to a role as the second administrator."""
    with site.database.write() as connection:
        confirm_grant(connection, actor, _read(form, "grant"), site.now())
    return _back(request, person_id, mark("The role counts from now on."))


@router.post(f"{PEOPLE}/{{person_id}}/roles/revoke")
def take_role(
    request: Request, site: SiteDep, actor: ActorDep, person_id: str, form: FormDep
) -> RedirectResponse:
    """Take a role back."""
    with site.database.write() as connection:
        revoke_role(connection, actor, _read(form, "grant"), site.now())
    return _back(request, person_id, mark("The role has been taken back."))


@router.post(f"{PEOPLE}/{{person_id}}/passkeys/confirm")
def agree_passkey(
    request: Request, site: SiteDep, actor: ActorDep, person_id: str, form: FormDep
) -> RedirectResponse:
    """Confirm, as the second administrator, that the passkey is in the hands of the person."""
    try:
        with site.database.write() as connection:
            confirm_credential(connection, actor, _read(form, "passkey"), _read(form, "code"), site.now())
    except InputError as error:
        return _back(request, person_id, error.message, "alert")
    return _back(request, person_id, mark("The passkey is confirmed; the person can decide now."))


@router.post(f"{PEOPLE}/{{person_id}}/passkeys/revoke")
def drop_passkey(
    request: Request, site: SiteDep, actor: ActorDep, person_id: str, form: FormDep
) -> RedirectResponse:
    """Revoke one passkey and end its sessions."""
    with site.database.write() as connection:
        revoke_credential(connection, actor, _read(form, "passkey"), site.now())
    return _back(request, person_id, mark("The passkey has been revoked."))


def _read(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _back(request: Request, person_id: str, flash: str, tone: str = "done") -> RedirectResponse:
    return redirect(request, f"{PEOPLE}/{person_id}", flash=flash, tone=tone)
