"""Pages of the kit itself: language and theme switches, and the gallery of its parts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse

from akashi.platform.kit.forms import FormDep
from akashi.platform.kit.gallery import router as gallery_router
from akashi.platform.kit.responses import THEME_COOKIE, THEMES, is_local, redirect, remember
from akashi.platform.requests import LANGUAGES

router = APIRouter(include_in_schema=False)
router.include_router(gallery_router)


@router.post("/language")
def choose_language(request: Request, form: FormDep) -> RedirectResponse:
    """Keep the reader's language and go back; an unknown language changes nothing."""
    return _remember_choice(request, form, "akashi_language", LANGUAGES)


@router.post("/theme")
def choose_theme(request: Request, form: FormDep) -> RedirectResponse:
    """Keep light, dark or automatic colours and go back."""
    return _remember_choice(request, form, THEME_COOKIE, THEMES)


def _remember_choice(
    request: Request, form: FormData, cookie: str, allowed: tuple[str, ...]
) -> RedirectResponse:
    target = str(form.get("next", "/"))
    response = redirect(request, target if is_local(target) else "/")
    choice = str(form.get("choice", ""))
    if choice in allowed:
        remember(request, response, cookie, choice)
    return response
