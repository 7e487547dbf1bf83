"""What a page handler asks of its request: the site, the actor and the language."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from akashi.core.people import NOBODY, Actor
from akashi.platform.site import Site

LANGUAGES = ("ja", "en")


def current_site(request: Request) -> Site:
    """Return the installation that serves this request."""
    return cast(Site, request.app.state.site)


def current_actor(request: Request) -> Actor:
    """Return who asks; ``NOBODY`` when nobody has signed in."""
    return cast(Actor, getattr(request.state, "actor", NOBODY))


def current_language(request: Request) -> str:
    """Return ``ja`` or ``en``: the cookie ``akashi_language``, else the default."""
    chosen = request.cookies.get("akashi_language", "")
    if chosen in LANGUAGES:
        return chosen
    return cast(Site, request.app.state.site).settings.default_language


async def _give_site(request: Request) -> Site:
    return current_site(request)


async def _give_actor(request: Request) -> Actor:
    return current_actor(request)


async def _give_language(request: Request) -> str:
    return current_language(request)


# Coroutines, though nothing is awaited: FastAPI sends a plain function to a thread, and each way there and
# back costs more than what these do, far more while other threads are at work.
SiteDep = Annotated[Site, Depends(_give_site)]
ActorDep = Annotated[Actor, Depends(_give_actor)]
LanguageDep = Annotated[str, Depends(_give_language)]
