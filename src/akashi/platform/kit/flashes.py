"""Flash messages: one signed cookie that says, on the next page, what has just been done."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from akashi.platform.keys import Keys

COOKIE = "akashi_flash"
LIFE_SECONDS = 120
TONES = ("done", "notice", "alert")
_PURPOSE = "kit/flash"
_LIMIT = 3000


@dataclass(frozen=True, slots=True)
class Flash:
    """``message`` is an id, ``tone`` one of done, notice, alert."""

    message: str
    tone: str = "done"
    values: Mapping[str, str] | None = None


def seal_flash(keys: Keys, flash: Flash, now: datetime) -> str:
    """Return the cookie's value: payload and keyed digest. A browser can read it but not forge it.

    Raises: ValueError: an unknown tone, or a message too long for a cookie.
    """
    if flash.tone not in TONES:
        raise ValueError(f"unknown tone {flash.tone}")
    content = {"m": flash.message, "t": flash.tone, "v": dict(flash.values or {}), "at": int(now.timestamp())}
    payload = base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")
    if len(payload) > _LIMIT:
        raise ValueError("the flash message is too long for a cookie")
    return f"{payload}.{keys.digest(_PURPOSE, payload)}"


def open_flash(keys: Keys, cookie: str, now: datetime) -> Flash | None:
    """Return the message, or None when the cookie is absent, forged, or older than two minutes."""
    payload, _, digest = cookie.partition(".")
    if not payload or not hmac.compare_digest(digest.encode(), keys.digest(_PURPOSE, payload).encode()):
        return None
    content = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not 0 <= now.timestamp() - content["at"] + 1 <= LIFE_SECONDS + 1:
        return None
    return Flash(content["m"], content["t"], content["v"])
