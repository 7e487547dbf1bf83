"""What a page handler returns: a rendered page, or the way to the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from akashi.platform.kit.catalogs import Translator
from akashi.platform.kit.flashes import COOKIE, LIFE_SECONDS, Flash, open_flash, seal_flash
from akashi.platform.kit.frame import Frame, current_frame
from akashi.platform.kit.kit import Kit
from akashi.platform.requests import current_actor, current_language, current_site

THEME_COOKIE = "akashi_theme"
THEMES = ("auto", "light", "dark")


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status_code: int = 200
) -> HTMLResponse:
    """Return the page ``room/name.html`` in the reader's language; a flash message is shown once.

    The template sees, beside ``context``: ``request, site, actor, language, theme, nonce, nav, notices,
    flash, switcher, here`` and the functions ``_, ngettext, static, address, asked``. Pages hold people's
    data, so browsers are told not to store them.
    """
    kit = _kit(request)
    site = current_site(request)
    said = translator(request, template.partition("/")[0])
    query = tuple(request.query_params.multi_items())
    frame = Frame(said, request.url.path, query, site.now(), kit.catalogs.translator)
    flash = open_flash(site.keys, request.cookies.get(COOKIE, ""), site.now())
    values = {**_surroundings(request, kit), "flash": flash, **(context or {})}
    token = current_frame.set(frame)
    try:
        body = kit.environment.get_template(template).render(values)
    finally:
        current_frame.reset(token)
    headers = {"Cache-Control": "no-store", "Content-Language": said.language}
    response = HTMLResponse(body, status_code, headers)
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE)
    return response


def redirect(
    request: Request, path: str, flash: str = "", tone: str = "done", **values: object
) -> RedirectResponse:
    """Return 303 to a page of this site; ``flash`` is a message id that the next page shows.

    Raises: ValueError: ``path`` leads elsewhere, or the tone is unknown.
    """
    if not is_local(path):
        raise ValueError(f"not a page of this site: {path}")
    response = RedirectResponse(path, 303)
    if flash:
        site = current_site(request)
        carried = Flash(flash, tone, {name: str(value) for name, value in values.items()})
        _set_cookie(request, response, COOKIE, seal_flash(site.keys, carried, site.now()), LIFE_SECONDS)
    return response


def remember(request: Request, response: RedirectResponse, name: str, value: str) -> None:
    """Keep a choice of the reader (language, theme) for a year."""
    _set_cookie(request, response, name, value, 365 * 86400)


def translator(request: Request, room: str = "") -> Translator:
    """Return who speaks the reader's language; ``room`` names whose words go first."""
    return _kit(request).catalogs.translator(current_language(request), room)


def translate(request: Request, message: str, /, **values: object) -> str:
    """Return one message in the reader's language, for JSON answers and file names."""
    return translator(request)(message, **values)


def is_local(path: str) -> bool:
    r"""Return whether ``path`` stays on this site whatever a browser makes of it.

    >>> is_local("/people?page=2"), is_local("//evil.example"), is_local("/\\evil.example")
    (True, False, False)
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return False
    return not any(ord(letter) < 32 or letter == "\\" for letter in path)


def here_path(request: Request) -> str:
    """Return where a language switch comes back to.

    This page with its query; on the answer to a post the same address if it can also be opened, else
    the start page.
    """
    template = getattr(request.scope.get("route"), "path", "")
    matrix = getattr(request.app.state, "matrix", None) or {}
    if request.method not in {"GET", "HEAD"} and ("route", "GET", template) not in matrix:
        return "/"
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return path if is_local(path) else "/"


def _kit(request: Request) -> Kit:
    return cast(Kit, request.app.state.kit)


def _surroundings(request: Request, kit: Kit) -> dict[str, Any]:
    actor = current_actor(request)
    matrix = getattr(request.app.state, "matrix", None)
    institution = getattr(request.state, "institution", "") or getattr(request.app.state, "institution", "")
    if current_language(request) == "en":
        institution = getattr(request.app.state, "institution_en", "") or institution
    theme = request.cookies.get(THEME_COOKIE, "auto")
    return {
        "request": request,
        "site": current_site(request),
        "actor": actor,
        "language": current_language(request),
        "institution": institution,
        "theme": theme if theme in THEMES else "auto",
        "nonce": getattr(request.state, "nonce", ""),
        "notices": kit.notices(actor),
        "nav": kit.nav(actor, matrix, request.url.path),
        "doors": kit.doors(request.url.path),
        "switcher": getattr(request.state, "switcher", None) or [],
        "here": here_path(request),
    }


def _set_cookie(request: Request, response: RedirectResponse, name: str, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)
