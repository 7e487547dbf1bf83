"""Pages for machines and auditors: service tokens and the whole role matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from akashi.core.errors import InputError
from akashi.core.people import Actor, Role
from akashi.identity.forms import TokenForm
from akashi.identity.report import name_actors, view_people
from akashi.identity.store import list_tokens
from akashi.identity.tokens import create_token, known_scopes, revoke_token
from akashi.platform.access import LOCAL, PUBLIC, SCOPE, SIGNED_IN, Key, Rule, read_matrix
from akashi.platform.kit import FormDep, mark, parse_form, redirect, render, translator
from akashi.platform.kit.menu import ROLE_NAMES
from akashi.platform.requests import ActorDep, LanguageDep, SiteDep
from akashi.platform.rooms import Room
from akashi.platform.site import Site

router = APIRouter()

TOKENS = "/identity/tokens"


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One route or command: its words, and who may use it."""

    kind: str
    method: str
    target: str
    room: str
    roles: frozenset[Role]
    everybody: bool
    signed_in: bool
    local: bool
    scopes: tuple[str, ...]


@router.get(TOKENS)
def show_tokens(request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep) -> HTMLResponse:
    """List the service tokens; the tokens themselves are nowhere to be seen."""
    form = parse_form(None, TokenForm, language, choices={"scopes": _scope_choices(request)})
    return _render_tokens(request, site, actor, language, form)


@router.post(TOKENS)
def add_token(
    request: Request, site: SiteDep, actor: ActorDep, language: LanguageDep, form: FormDep
) -> Response:
    """Create a service token and show it once."""
    choices = _scope_choices(request)
    filled = parse_form(form, TokenForm, language, choices={"scopes": choices})
    if filled.validate():
        lifetime = timedelta(days=filled.days.data)
        known = [value for value, _ in choices]
        try:
            with site.database.write() as connection:
                record, secret = create_token(
                    connection,
                    actor,
                    filled.name.data or "",
                    filled.scopes.data or [],
                    lifetime,
                    site.now(),
                    known,
                )
        except InputError as error:
            filled.fail_with(error)
        else:
            return render(request, "identity/token.html", {"token": record, "secret": secret})
    return _render_tokens(request, site, actor, language, filled)


@router.post(f"{TOKENS}/{{token_id}}/revoke")
def drop_token(request: Request, site: SiteDep, actor: ActorDep, token_id: str) -> RedirectResponse:
    """Revoke a service token."""
    with site.database.write() as connection:
        revoke_token(connection, actor, token_id, site.now())
    return redirect(request, TOKENS, flash="The token has been revoked.")


def _render_tokens(
    request: Request, site: Site, actor: Actor, language: str, form: TokenForm
) -> HTMLResponse:
    now = site.now()
    with site.database.read() as connection:
        tokens = list_tokens(connection)
        names = name_actors(view_people(connection, now), language)
    context = {
        "tokens": tokens,
        "names": names,
        "now": now,
        "form": form,
        "may_create": actor.has(Role.ADMINISTRATOR) and actor.confirmed,
        "has_scopes": bool(_scope_choices(request)),
    }
    return render(request, "identity/tokens.html", context, 422 if form.errors else 200)


def _scope_choices(request: Request) -> list[tuple[str, str]]:
    matrix: Mapping[Key, Rule] = request.app.state.matrix
    return [(scope, scope) for scope in known_scopes(matrix.values())]


@router.get("/identity/matrix")
def show_matrix(request: Request, site: SiteDep, room: str = "", role: str = "") -> HTMLResponse:
    """Show who may open which page and run which command, from every room's own table."""
    matrix: Mapping[Key, Rule] = request.app.state.matrix
    lines = list_matrix(site.rooms, matrix)
    wanted = Role(role) if role in {item.value for item in Role} else None
    said = translator(request)
    context = {
        "lines": [line for line in lines if _shows(line, room, wanted)],
        "total": len(lines),
        "room_titles": _room_titles(site, lines),
        "role_options": [(item.value, said(title)) for item, title in ROLE_NAMES.items()],
        "roles": list(Role),
    }
    return render(request, "identity/matrix.html", context)


def _room_titles(site: Site, lines: Iterable[MatrixLine]) -> dict[str, str]:
    titles = {room.name: room.title for room in site.rooms}
    return {name: titles.get(name, mark("Foundation")) for name in sorted({line.room for line in lines})}


def list_matrix(rooms: Iterable[Room], matrix: Mapping[Key, Rule]) -> list[MatrixLine]:
    """Return the whole matrix by room and target; what no room's table holds belongs to the platform."""
    owner = {key: room.name for room in rooms for key in read_matrix([room])}
    lines = [_make_line(rule, owner.get(key, "platform")) for key, rule in matrix.items()]
    return sorted(lines, key=lambda line: (line.room, line.kind != "route", line.target, line.method))


def _make_line(rule: Rule, room: str) -> MatrixLine:
    words = {role.value: role for role in Role}
    return MatrixLine(
        kind=rule.kind,
        method=rule.method,
        target=rule.target,
        room=room,
        roles=frozenset(words[word] for word in rule.allowed if word in words),
        everybody=PUBLIC in rule.allowed,
        signed_in=SIGNED_IN in rule.allowed,
        local=LOCAL in rule.allowed,
        scopes=tuple(sorted(word.removeprefix(SCOPE) for word in rule.allowed if word.startswith(SCOPE))),
    )


def _shows(line: MatrixLine, room: str, role: Role | None) -> bool:
    if room and line.room != room:
        return False
    return role is None or line.everybody or line.signed_in or role in line.roles
