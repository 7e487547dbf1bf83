"""The door: who asks, whether the role matrix lets them in, and what every response carries."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import unquote

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request as RawRequest
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from akashi.core.errors import ForbiddenError
from akashi.core.people import NOBODY, Actor, ActorKind
from akashi.identity.demo import is_direct_loopback
from akashi.identity.origin import host_name, is_cross_origin_write, is_loopback_name
from akashi.identity.sessions import has_credentials, resolve_actor
from akashi.identity.switcher import SwitchChoice, list_choices
from akashi.platform.access import Key, Rule
from akashi.platform.requests import current_actor
from akashi.platform.site import Site

MAX_BODY_BYTES = 64 * 1024 * 1024

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers then send "Origin: null" with our own forms, and the door would refuse them.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class SignInRequiredError(ForbiddenError):
    """Nobody has signed in, and the page is not for everybody."""


class Door:
    """ASGI middleware: refuses foreign writes and over-long bodies, resolves the actor, sets headers."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request through the door."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = RawRequest(scope)
        refusal = self._refuse(request) or self._redirect(request)
        nonce = secrets.token_urlsafe(16)
        sender = _with_headers(send, nonce, is_secure=self.site.settings.public_origin.startswith("https"))
        if refusal is not None:
            await refusal(scope, receive, sender)
            return
        state = scope.setdefault("state", {})
        state["nonce"] = nonce
        state["actor"], state["switcher"] = NOBODY, []
        if may_be_known(self.site, request):
            state["actor"], state["switcher"] = await run_in_threadpool(self._find_people, request)
        await self.app(scope, _limited(receive), sender)

    def _find_people(self, request: RawRequest) -> tuple[Actor, list[SwitchChoice]]:
        actor = resolve_actor(self.site, request)
        return actor, list_choices(self.site, request, actor) if is_page(request) else []

    def _redirect(self, request: RawRequest) -> Response | None:
        """Send a browser that asks for 127.0.0.1 to the name to which cookies and passkeys are bound."""
        origin = self.site.settings.public_origin
        is_elsewhere = host_name(request) != self.site.settings.relying_party
        is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if not (is_elsewhere and is_page and is_loopback_name(self.site.settings.relying_party)):
            return None
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{origin}{request.url.path}{query}", 307)

    def _refuse(self, request: RawRequest) -> Response | None:
        host = host_name(request)
        if host != self.site.settings.relying_party and not is_loopback_name(host):
            return PlainTextResponse("This server does not answer to that host name.", 421)
        if is_cross_origin_write(request, self.site.settings.public_origin):
            return PlainTextResponse("This request came from another site and was refused.", 403)
        if "\x00" in request.url.path or "\x00" in unquote(request.url.query):
            return PlainTextResponse("The address holds a character that cannot be used.", 400)
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return PlainTextResponse("The request is too large.", 413)
        return None


def is_page(request: RawRequest) -> bool:
    """Return whether a browser asks for something that shows who else the visitor can be."""
    return request.method == "GET" and not request.url.path.startswith(("/api/", "/static/"))


def may_be_known(site: Site, request: RawRequest) -> bool:
    """Return whether the database must be asked who this is: not a customer without cookie of ours or token.

    Pages asked for on this very machine always are: they may show the sample's people.
    """
    return has_credentials(site, request) or (is_page(request) and is_direct_loopback(site.settings, request))


async def enforce_matrix(request: Request) -> None:
    """Let the request pass only if the role matrix admits its actor to this very route.

    A coroutine because it waits for nothing: a plain function would be sent to a thread.

    Raises: SignInRequiredError: nobody has signed in; ForbiddenError: the roles do not allow it, or the
    route stands in no table.
    """
    matrix: Mapping[Key, Rule] = request.app.state.matrix
    path = getattr(request.scope.get("route"), "path", "")
    method = "GET" if request.method == "HEAD" else request.method
    rule = matrix.get(("route", method, path))
    actor = current_actor(request)
    if rule is not None and rule.admits(actor):
        return
    if rule is not None and actor.kind is ActorKind.CUSTOMER:
        raise SignInRequiredError("This page is for signed-in staff, or your session has ended.")
    raise ForbiddenError("Your roles do not allow this. Nothing has been changed.")


def _with_headers(send: Send, nonce: str, *, is_secure: bool) -> Send:
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = policy
            for name, value in HEADERS.items():
                headers[name] = value
            if is_secure:
                headers["Strict-Transport-Security"] = "max-age=31536000"
            if "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_with_headers


class BodyTooLargeError(Exception):
    """The client went on sending after the limit."""


def _limited(receive: Receive) -> Receive:
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise BodyTooLargeError
        return message

    return receive_limited
