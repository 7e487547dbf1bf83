"""Pages for everybody: sign-in, enrolment, one's own sessions. The other pages are mounted here too."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from akashi.core.people import ActorKind
from akashi.identity import api, people_pages, token_pages
from akashi.identity.administrators import is_founding
from akashi.identity.credentials import revoke_credential
from akashi.identity.opaque import token_digest
from akashi.identity.origin import host_name
from akashi.identity.sessions import (
    COOKIE,
    agent_digest,
    cookie_name,
    end_own_session,
    read_cookie,
    set_cookie,
    sign_out,
)
from akashi.identity.store import find_session, list_credentials, list_sessions
from akashi.identity.switcher import list_choices, switch_person
from akashi.platform.kit import FormDep, redirect, render
from akashi.platform.kit.responses import is_local
from akashi.platform.requests import ActorDep, SiteDep

router = APIRouter()
router.include_router(api.router)
router.include_router(people_pages.router)
router.include_router(token_pages.router)

START = "/"


@router.get("/identity/sign-in")
def show_sign_in(request: Request, site: SiteDep, actor: ActorDep, next: str = START) -> HTMLResponse:  # noqa: A002
    """Ask for a passkey; on the sample installation also offer its people."""
    context = {
        "target": next if is_local(next) else START,
        "choices": list_choices(site, request, actor),
        "is_signed_in": actor.kind is ActorKind.PERSON,
        "elsewhere": "" if host_name(request) == site.settings.relying_party else site.settings.public_origin,
    }
    return render(request, "identity/sign_in.html", context)


@router.post("/identity/sign-out")
def leave(request: Request, site: SiteDep) -> RedirectResponse:
    """End the session of this browser."""
    sign_out(site, request)
    response = redirect(request, "/identity/sign-in", flash="You have signed out.")
    response.delete_cookie(cookie_name(site.settings), path="/")
    return response


@router.get("/identity/enrol")
def show_enrolment(request: Request, site: SiteDep) -> HTMLResponse:
    """Show what will be registered; the token stays in the fragment until the button is pressed."""
    elsewhere = "" if host_name(request) == site.settings.relying_party else site.settings.public_origin
    return render(request, "identity/enrol.html", {"elsewhere": elsewhere})


@router.post("/identity/switch")
def switch(request: Request, site: SiteDep, form: FormDep) -> RedirectResponse:
    """Become another person of the sample institution; refused everywhere else."""
    token = switch_person(site, request, str(form.get("person", "")))
    target = str(form.get("next", START))
    response = redirect(
        request, target if is_local(target) else START, flash="You act as another person now."
    )
    set_cookie(response, site.settings, COOKIE, token)
    return response


@router.get("/identity/sessions")
def show_sessions(request: Request, site: SiteDep, actor: ActorDep) -> HTMLResponse:
    """List the sessions and passkeys of whoever asks."""
    now = site.now()
    with site.database.read() as connection:
        current = find_session(connection, token_digest(read_cookie(request, site.settings)))
        context = {
            "sessions": list_sessions(connection, actor.id, now),
            "passkeys": [item for item in list_credentials(connection, actor.id) if item.revoked_at is None],
            "current": current.id if current else "",
            "agent": agent_digest(request),
            "founding": is_founding(connection),
        }
    return render(request, "identity/sessions.html", context)


@router.post("/identity/sessions/{session_id}/end")
def end_session(request: Request, site: SiteDep, actor: ActorDep, session_id: str) -> RedirectResponse:
    """End one of one's own sessions, here or on another device."""
    with site.database.write() as connection:
        end_own_session(connection, actor, session_id, site.now())
    return redirect(request, "/identity/sessions", flash="The session has ended.")


@router.post("/identity/passkeys/revoke")
def revoke_own_passkey(request: Request, site: SiteDep, actor: ActorDep, form: FormDep) -> RedirectResponse:
    """Revoke one of one's own passkeys; its sessions end at once."""
    with site.database.write() as connection:
        revoke_credential(connection, actor, str(form.get("passkey", "")), site.now(), own=True)
    return redirect(request, "/identity/sessions", flash="The passkey has been revoked.")
