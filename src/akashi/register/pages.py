"""Pages of the register: one list, one detail and one form page for every kind, from its description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor
from akashi.platform.kit import Form, FormDep, Page, parse_form, read_page_number, read_sort, redirect, render
from akashi.platform.kit.lists import PAGE_SIZE
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.site import Site
from akashi.register import store
from akashi.register.exchange import STATE_TITLES
from akashi.register.exchange_pages import router as exchange_router
from akashi.register.forms import check_form, make_form, show_value, write_texts
from akashi.register.model import Entry, Kind, State, find_kind, list_kinds
from akashi.register.treat import (
    Step,
    create_entry,
    edit_entry,
    restore_entry,
    retire_entry,
    undo_change,
)
from akashi.register.views import (
    WRITERS,
    describe_entry,
    list_columns,
    list_cycles,
    list_history,
    list_paths,
    name_people,
    record_path,
)

router = APIRouter()

Change = Callable[[Step, str, str, int], Entry]


@router.get("/register", include_in_schema=False)
def show_register(request: Request, site: SiteDep) -> Response:
    """Show every kind with how many records are in use, and circles of dependencies."""
    with site.database.read() as connection:
        counts = {name: store.count_entries(connection, name, state="active") for name in list_kinds()}
        cycles = list_cycles(connection)
    context = {"kinds": list_kinds(), "counts": counts, "cycles": cycles}
    return render(request, "register/overview.html", context)


router.include_router(exchange_router)


@router.get("/register/{kind}", include_in_schema=False)
def show_list(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    kind: str,
    q: str = "",
    state: str = State.ACTIVE.value,
) -> Response:
    """Show the records of one kind."""
    described = find_kind(kind)
    sort = read_sort(request, ("title", "code", "updated_at"), "title")
    state = state if state in set(State) else ""
    with site.database.read() as connection:
        total = store.count_entries(connection, kind, text=q, state=state)
        number = min(read_page_number(request), max(1, -(-total // PAGE_SIZE)))
        entries = store.list_entries(
            connection,
            kind,
            text=q,
            state=state,
            sort=sort.key,
            descending=sort.descending,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
        titles = store.list_titles(connection)
        cycles = list_cycles(connection) if kind == "dependency" else ()
        is_empty = not total and not store.count_entries(connection, kind)
    columns = list_columns(described)
    context = {
        "kind": described,
        "kinds": list_kinds(),
        "page": Page(entries, number, total),
        "columns": columns,
        "cells": {
            one.code: [show_value(field, one.values, titles, language) for field in columns]
            for one in entries
        },
        "states": STATE_TITLES,
        "cycles": cycles,
        "is_empty": is_empty,
        "may_write": actor.has(*WRITERS),
    }
    return render(request, "register/list.html", context)


@router.get("/register/{kind}/new", include_in_schema=False)
def show_new(request: Request, site: SiteDep, language: LanguageDep, kind: str) -> Response:
    """Show the empty form of a kind."""
    described = find_kind(kind)
    with site.database.read() as connection:
        form = parse_form(None, make_form(connection, described, is_new=True), language)
    return _show_form(request, described, form)


@router.post("/register/{kind}/new", include_in_schema=False)
def create(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, kind: str, posted: FormDep
) -> Response:
    """Add a record."""
    described = find_kind(kind)
    with site.database.read() as connection:
        form = parse_form(posted, make_form(connection, described, is_new=True), language)
    values = check_form(described, form, posted).values
    if not _has_errors(form):
        try:
            with site.database.write() as connection:
                step = Step(connection, actor, site.now())
                entry = create_entry(step, kind, str(posted.get("code", "")), values)
            return _done(request, site, entry, "{title} was added.")
        except InputError as error:
            form.fail_with(error)
    return _show_form(request, described, form, status=422)


@router.get("/register/{kind}/records/{code}", include_in_schema=False)
def show_record(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, kind: str, code: str
) -> Response:
    """Show one record, who refers to it, and its history."""
    described = find_kind(kind)
    with site.database.read() as connection:
        entry = store.find_entry(connection, kind, code)
        titles = store.list_titles(connection)
        changes = store.list_changes(connection, kind, code)
        referrers = store.list_referrers(connection, kind, code)
        names = name_people(connection, language)
    context = {
        "kind": described,
        "kinds": list_kinds(),
        "entry": entry,
        "facts": [(field, show_value(field, entry.values, titles, language)) for field in described.fields],
        "paths": list_paths(described, entry),
        "history": list_history(described, changes, titles, language),
        "referrers": referrers,
        "names": names,
        "may_write": actor.has(*WRITERS),
        "states": STATE_TITLES,
    }
    return render(request, "register/detail.html", context)


@router.get("/register/{kind}/records/{code}/edit", include_in_schema=False)
def show_edit(request: Request, site: SiteDep, language: LanguageDep, kind: str, code: str) -> Response:
    """Show the form filled with a record."""
    described = find_kind(kind)
    with site.database.read() as connection:
        entry = store.find_entry(connection, kind, code)
        made = make_form(connection, described, is_new=False)
    data = {**write_texts(described, entry.values, language), "version": str(entry.version)}
    form = parse_form(None, made, language, data=data)
    return _show_form(request, described, form, entry)


@router.post("/register/{kind}/records/{code}/edit", include_in_schema=False)
def edit(
    request: Request,
    site: SiteDep,
    actor: ActorDep,
    language: LanguageDep,
    kind: str,
    code: str,
    posted: FormDep,
) -> Response:
    """Write a record's new values, unless somebody else was faster."""
    described = find_kind(kind)
    with site.database.read() as connection:
        entry = store.find_entry(connection, kind, code)
        form = parse_form(posted, make_form(connection, described, is_new=False), language)
    values = check_form(described, form, posted).values
    status = 422
    if not _has_errors(form):
        try:
            with site.database.write() as connection:
                step = Step(connection, actor, site.now())
                entry = edit_entry(step, kind, code, values, read_version(posted))
            return _done(request, site, entry, "{title} was changed.")
        except InputError as error:
            status = 409 if isinstance(error, ConflictError) else 422
            form.fail("" if error.where == "version" else error.where, error.message, **error.values)
    return _show_form(request, described, form, entry, status)


@router.get("/register/{kind}/records/{code}/retire", include_in_schema=False)
def ask_retire(request: Request, site: SiteDep, kind: str, code: str) -> Response:
    """Ask before taking a record out of use."""
    find_kind(kind)
    with site.database.read() as connection:
        entry = store.find_entry(connection, kind, code)
    path = record_path(entry)
    context = {"entry": entry, "action": f"{path}/retire", "back": path, "hidden": {"version": entry.version}}
    return render(request, "register/retire.html", context)


@router.post("/register/{kind}/records/{code}/retire", include_in_schema=False)
def retire(
    request: Request, site: SiteDep, actor: ActorDep, kind: str, code: str, posted: FormDep
) -> Response:
    """Take a record out of use."""
    return _change(request, site, actor, posted, (kind, code), retire_entry, "{title} was retired.")


@router.post("/register/{kind}/records/{code}/restore", include_in_schema=False)
def restore(
    request: Request, site: SiteDep, actor: ActorDep, kind: str, code: str, posted: FormDep
) -> Response:
    """Take a retired record into use again."""
    return _change(request, site, actor, posted, (kind, code), restore_entry, "{title} is in use again.")


@router.post("/register/{kind}/records/{code}/undo", include_in_schema=False)
def undo(request: Request, site: SiteDep, actor: ActorDep, kind: str, code: str, posted: FormDep) -> Response:
    """Undo the last change of a record."""
    message = "The last change of {title} was undone."
    return _change(request, site, actor, posted, (kind, code), undo_change, message)


@router.get("/api/register/{kind}")
def list_records(site: SiteDep, kind: str, q: str = "", state: str = "") -> list[dict[str, Any]]:
    """Return the records of one kind."""
    find_kind(kind)
    with site.database.read() as connection:
        return [describe_entry(one) for one in store.list_entries(connection, kind, text=q, state=state)]


@router.get("/api/register/{kind}/{code}")
def read_record(site: SiteDep, kind: str, code: str) -> dict[str, Any]:
    """Return one record."""
    find_kind(kind)
    with site.database.read() as connection:
        return describe_entry(store.find_entry(connection, kind, code))


def read_version(posted: FormData) -> int:
    """Return the version that the form was filled from; 0, which is never one, for nonsense."""
    text = str(posted.get("version", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _show_form(
    request: Request, kind: Kind, form: Form, entry: Entry | None = None, status: int = 200
) -> Response:
    units = {field.name: field.unit for field in kind.fields if field.unit}
    context = {"kind": kind, "form": form, "entry": entry, "units": units}
    return render(request, "register/form.html", context, status)


def _change(
    request: Request,
    site: Site,
    actor: Actor,
    posted: FormData,
    name: tuple[str, str],
    change: Change,
    message: str,
) -> Response:
    find_kind(name[0])
    with site.database.write() as connection:
        entry = change(Step(connection, actor, site.now()), *name, read_version(posted))
    return _done(request, site, entry, message)


def _done(request: Request, site: Site, entry: Entry, message: str) -> Response:
    """Return to the record; say so when its dependency has closed a circle."""
    if entry.kind == "dependency" and entry.is_active:
        with site.database.read() as connection:
            is_circle = any(set(entry.title.split(" → ")) <= set(group) for group in list_cycles(connection))
        if is_circle:
            said = "{title} was saved. Note: these records now depend on one another in a circle."
            return redirect(request, record_path(entry), said, "notice", title=entry.title)
    return redirect(request, record_path(entry), message, title=entry.title)


def _has_errors(form: Form) -> bool:
    return bool(form.errors or form.form_errors)
