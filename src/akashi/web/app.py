"""The whole product as one ASGI application: every room's pages behind the same door."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool

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

log = logging.getLogger(__name__)


def create_app(site: Site, *, ticking: bool = False) -> FastAPI:
    """Return the application for ``site``; with ``ticking`` it also runs the duties each minute."""
    app = FastAPI(
        title="Akashi",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan(site) if ticking else None,
        dependencies=[Depends(enforce_matrix)],
    )
    app.state.site = site
    app.state.matrix = read_matrix(site.rooms, [package_folder("akashi.platform") / "data" / "roles.csv"])
    app.state.kit = make_kit(site)
    app.state.institution = find_institution(site)
    mount_static(app)
    for router in list_routers(site):
        app.include_router(router)
    install_handlers(app)
    app.add_middleware(Door, site=site)
    return app


def list_routers(site: Site) -> list[APIRouter]:
    """Return the routers of the page kit and of every room."""
    references = ["akashi.platform.kit.pages:router", *(room.router for room in site.rooms if room.router)]
    return [load_name(reference) for reference in references]


def find_institution(site: Site) -> str:
    """Return the institution's name as its register has it, or nothing while it has none."""
    with site.database.read() as connection:
        companies = list_entries(connection, "company", state="active")
    return next((one.title for one in companies if one.values.get("relation") == "institution"), "")


def _lifespan(site: Site) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_keep_ticking(site)), asyncio.create_task(_warm_rooms(site))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def _keep_ticking(site: Site) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        for result in await run_in_threadpool(run_duties, site):
            if result.changes:
                log.info("%s: %s recorded %d changes", result.room, result.duty, result.changes)


async def _warm_rooms(site: Site) -> None:
    for room in site.rooms:
        if room.warm:
            await run_in_threadpool(call_name, room.warm, site)
