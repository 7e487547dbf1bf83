"""An institution in the generative mode, with small guards in memory in place of the real room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from akashi.core.ports import Checked, Ports, Screened
from akashi.domains.assistant.generating import PROMPT_DIGEST
from akashi.domains.assistant.generating_store import (
    Generation,
    Mode,
    add_mode,
    generation_table,
    to_generation,
)
from akashi.domains.assistant.talk import USE_CASE
from akashi.platform.ids import new_id
from akashi.platform.site import Site
from tests.endpoint.peer import Peer, with_endpoint

MARRIED = "結婚して名字が変わりました。通帳はどうなりますか"
PHONE = "090-1234-5678"


def check_words(answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked:
    """A guard of a few lines: the sentence must stand in a source, and no 30 characters of a secret in it."""
    words = re.sub(r"\s", "", answer.rstrip("。！？"))
    leaks = any(words[place : place + 30] in text for text in secret for place in range(len(words) - 29))
    stands = any(words in re.sub(r"\s", "", source) for source in sources)
    return Checked(stands and not leaks)


def screen_phone(text: str, use_case: str = "") -> Screened:
    """A guard that masks telephone numbers."""
    return Screened(re.sub(r"\d{2,4}-\d{3,4}-\d{4}", "[PHONE-1-bcdfgh]", text), refused="無視して" in text)


GUARDS = Ports(screen=screen_phone, check_output=check_words)


def with_generative(site: Site, peer: Peer, **more: Any) -> Site:
    """Return the same installation with endpoint, guards and a decision for the generative mode."""
    linked = replace(with_endpoint(site, peer, **more), ports=GUARDS)
    begin_mode(linked)
    return linked


def begin_mode(site: Site) -> None:
    """Keep a decided mode for the endpoint as it is configured."""
    endpoint, now = site.settings.endpoint, site.now()
    assert endpoint is not None
    mode = Mode(
        new_id("mode"), USE_CASE, endpoint.url, endpoint.model, PROMPT_DIGEST, "mat_1", now, now, None, None
    )
    with site.database.write() as connection:
        add_mode(connection, mode)


def generations_of(site: Site) -> list[Generation]:
    """Return every generation, oldest first."""
    with site.database.read() as connection:
        rows = connection.execute(sa.select(generation_table).order_by(generation_table.c.started_at))
        return [to_generation(row) for row in rows.mappings()]
