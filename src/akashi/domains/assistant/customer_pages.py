"""What the customer's page asks for by itself: whether something has changed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from akashi.conversations.cases import read_pulse
from akashi.conversations.talk import find_by_token
from akashi.core.errors import NotFoundError
from akashi.core.thread import digest_of
from akashi.domains.assistant.streams import last_seen, watch
from akashi.domains.assistant.talk import COOKIE
from akashi.identity.sessions import read_cookie
from akashi.platform.requests import SiteDep
from akashi.platform.site import Site

router = APIRouter()


@router.get("/talk/events", include_in_schema=False)
async def watch_talk(request: Request, site: SiteDep, seen: str = "") -> Response:
    """Tell the customer's page when an operator has written or taken the case."""
    token = read_cookie(request, site.settings, COOKIE)

    def pulse() -> str | None:
        return read_talk_pulse(site, token) if token else None

    return await watch(
        site, f"talk {digest_of(token.encode('utf-8', 'replace'))}", last_seen(request, seen), pulse
    )


def read_talk_pulse(site: Site, token: str) -> str | None:
    """Return the state of the conversation of ``token`` without telling who serves it; None: nobody's."""
    with site.database.read() as connection:
        try:
            conversation = find_by_token(connection, token)
        except NotFoundError:
            return None
        found = read_pulse(connection, conversation.id)
    return found.partition("-")[0] if found else None


def describe_waiting(site: Site, token: str) -> dict[str, Any]:
    """Return what the customer's page says of a person: ``pulse`` and ``waiting`` (none, waits, held)."""
    pulse = read_talk_pulse(site, token) if token else None
    return {"pulse": pulse or "", "waiting": pulse.rpartition(".")[2] if pulse else "none"}
