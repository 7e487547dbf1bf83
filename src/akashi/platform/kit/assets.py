"""Static files: read once, served under one content hash with a long cache.

The address is ``/static/<hash>/<folder>/<file>``, where the hash covers every file. Relative imports
between modules therefore stay inside one hash. An address with an older hash gets the present file,
uncached, so that pages of two versions can be served side by side during a rolling update.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

STYLES = ("tokens", "base", "layout", "controls", "tables", "blocks", "conversation", "print")
STYLE_SHEET = "kit/akashi.css"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    content: bytes
    media_type: str


class Assets:
    """All static files of the product by ``folder/file``; the kit's styles are joined into one."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._files = {name: asset for folder in folders for name, asset in _read_folder(folder)}
        styles = [self._files[f"kit/{name}.css"].content for name in STYLES]
        self._files[STYLE_SHEET] = Asset(b"\n".join(styles), "text/css")
        self.digest = _digest(self._files)

    def address(self, name: str) -> str:
        """Return where ``folder/file`` is served. Raises: LookupError: there is no such file."""
        if name not in self._files:
            raise LookupError(f"no static file {name}")
        return f"/static/{self.digest}/{name}"

    def respond(self, path: str) -> Response:
        """Return the file behind ``/<hash>/<folder>/<file>``, or 404."""
        digest, _, name = path.lstrip("/").partition("/")
        asset = self._files.get(name)
        if asset is None:
            return PlainTextResponse("Not found", 404)
        lasting = "public, max-age=31536000, immutable" if digest == self.digest else "no-store"
        headers = {"Cache-Control": lasting, "X-Content-Type-Options": "nosniff"}
        return Response(asset.content, media_type=asset.media_type, headers=headers)


def mount_static(app: Starlette) -> None:
    """Serve every room's static files under ``/static``, from the kit in ``app.state.kit``."""
    app.mount("/static", _serve, name="static")


async def _serve(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    if request.method not in {"GET", "HEAD"}:
        await PlainTextResponse("Method not allowed", 405)(scope, receive, send)
        return
    assets = cast(Assets, request.app.state.kit.assets)
    path = request.url.path.removeprefix(scope.get("root_path", "")).removeprefix("/static")
    await assets.respond(path)(scope, receive, send)


def _read_folder(folder: Path) -> list[tuple[str, Asset]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), _read_asset(path)) for path in files]


def _read_asset(path: Path) -> Asset:
    guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(path.read_bytes(), guessed)


def _digest(files: dict[str, Asset]) -> str:
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(files[name].content).digest())
    return total.hexdigest()[:16]
