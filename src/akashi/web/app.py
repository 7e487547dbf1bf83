"""The whole product as one ASGI application: every room's pages behind the same door.

A server started from the command line opens in two stages: customers' first page at once, then, in a thread,
everything else. A request for what is not loaded yet waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from akashi import __version__
from akashi.platform.access import read_matrix
from akashi.platform.duties import run_duties
from akashi.platform.kit import make_kit, mount_static
from akashi.platform.rooms import call_name, load_name, package_folder
from akashi.platform.site import Site
from akashi.register.store import list_entries
from akashi.web.errors import install_handlers
from akashi.web.guard import Door, enforce_matrix

TICK_SECONDS = 60
FIRST_PAGE_SECONDS = 0.5

log = logging.getLogger(__name__)


def create_app(site: Site, *, ticking: bool = False, staged: bool = False) -> FastAPI:
    """Return the application for ``site``; with ``ticking`` it also runs the duties each minute.

    ``staged``: only the rooms' fronts are there at once, the rest follows while the server already answers.
    """
    app = FastAPI(
        title="Akashi",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan(site, ticking=ticking, staged=staged) if ticking or staged else None,
        dependencies=[Depends(enforce_matrix)],
    )
    app.state.site = site
    app.state.matrix = read_matrix(site.rooms, [package_folder("akashi.platform") / "data" / "roles.csv"])
    app.state.kit = make_kit(site)
    app.state.institution, app.state.institution_en = find_institution(site)
    app.state.is_whole = asyncio.Event()
    app.state.has_served = asyncio.Event()
    mount_static(app)
    include_routers(app, front_references(site))
    if not staged:
        include_routers(app, router_references(site))
        app.state.is_whole.set()
    install_handlers(app)
    app.add_middleware(Waiting, app_=app)
    app.add_middleware(Door, site=site)
    return app


def front_references(site: Site) -> list[str]:
    """Return where the routers lie that are served first."""
    return [room.front for room in site.rooms if room.front]


def router_references(site: Site) -> list[str]:
    """Return where the routers of the page kit and of every room lie."""
    return ["akashi.platform.kit.pages:router", *(room.router for room in site.rooms if room.router)]


def list_routers(site: Site) -> list[APIRouter]:
    """Return every router of the product, fronts first."""
    return [load_name(reference) for reference in (*front_references(site), *router_references(site))]


def include_routers(app: FastAPI, references: Iterable[str]) -> None:
    """Load routers and add their routes."""
    for reference in references:
        app.include_router(load_name(reference))


class Waiting:
    """ASGI middleware: holds a request for a page that is not loaded yet until it is."""

    def __init__(self, app: ASGIApp, app_: FastAPI) -> None:
        self.app = app
        self.whole = app_

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, at once if its page is there."""
        is_whole: asyncio.Event = self.whole.state.is_whole
        if scope["type"] == "http" and not is_whole.is_set() and not self._is_there(scope):
            await is_whole.wait()
        await self.app(scope, receive, send)
        if scope["type"] == "http":
            self.whole.state.has_served.set()

    def _is_there(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self.whole.router.routes)


def find_institution(site: Site) -> tuple[str, str]:
    """Return the institution's name and its English one as its register has them; empty while it has none."""
    with site.database.read() as connection:
        companies = list_entries(connection, "company", state="active")
    names = (
        (one.title, str(one.values.get("name_en") or ""))
        for one in companies
        if one.values.get("relation") == "institution"
    )
    return next(names, ("", ""))


def _lifespan(
    site: Site, *, ticking: bool, staged: bool
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_open_rooms(app, site, staged=staged))]
        tasks[0].add_done_callback(_end_on_failure)
        if ticking:
            tasks.append(asyncio.create_task(_keep_ticking(site)))
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def _open_rooms(app: FastAPI, site: Site, *, staged: bool) -> None:
    """Load what is not there yet, then what the first request to each room would wait for."""
    if staged:
        # Loading takes the interpreter for itself: who waits for the first page goes first.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(app.state.has_served.wait(), FIRST_PAGE_SECONDS)
        await run_in_threadpool(include_routers, app, router_references(site))
        app.openapi_schema = None
        app.state.is_whole.set()
    for room in site.rooms:
        if room.warm:
            await run_in_threadpool(call_name, room.warm, site)
    await run_in_threadpool(settle_memory)


def settle_memory() -> None:
    """Take what is there now (code, templates, indexes) out of the collector's rounds: it stays anyway.

    With 100,000 passages each full round stops every thread for a noticeable while. Memory is freed as ever
    when nothing refers to it.
    """
    gc.collect()
    gc.freeze()


def _end_on_failure(opening: asyncio.Task[None]) -> None:
    """End the server when a room could not be loaded: half a product must not go on serving."""
    if not opening.cancelled() and (error := opening.exception()) is not None:
        log.critical("A room cannot be loaded; the server ends.", exc_info=error)
        os.kill(os.getpid(), signal.SIGTERM)


async def _keep_ticking(site: Site) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        for result in await run_in_threadpool(run_duties, site):
            if result.changes:
                log.info("%s: %s recorded %d changes", result.room, result.duty, result.changes)
