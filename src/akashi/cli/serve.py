"""``serve``: the pages and the JSON API, with the duties each minute."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

import typer
import uvicorn

from akashi.core.errors import InputError
from akashi.platform.commands import site_of
from akashi.platform.installation import finish_restore, is_sample, require_ready
from akashi.platform.rooms import load_name
from akashi.platform.site import Site

app = typer.Typer(add_completion=False)

SWITCH_SECONDS = 0.0005
"""A tenth of Python's own: so long a thread that computes keeps the interpreter while others wait for it. A
question changes threads several times, and each time it waited for all that were computing."""


@app.command()
def serve(
    context: typer.Context,
    ticking: Annotated[bool, typer.Option(help="Run the duties each minute in this process.")] = True,
) -> None:
    """Serve the pages and the JSON API until Ctrl-C."""
    site = site_of(context)
    require_ready(site.database, site.rooms)
    serve_site(site, ticking=ticking, opened=print_addresses)


def serve_site(
    site: Site, *, ticking: bool = True, opened: Callable[[Site], None] = lambda site: None
) -> None:
    """Serve ``site`` until Ctrl-C; ``opened`` is called once the port is ours and the first page is ready.

    Raises: InputError: the port is taken.
    """
    finish_restore(site)
    sys.setswitchinterval(SWITCH_SECONDS)
    with listen(site.settings.host, site.settings.port) as listener:
        app_ = load_name("akashi.web.app:create_app")(site, ticking=ticking, staged=True)
        opened(site)
        config = uvicorn.Config(
            app_,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host:port``. Raises: InputError: the port is taken.

    It names its protocol: of connections that do not, asyncio leaves the small-packet delay on, and each
    page then waits 40 ms between its head and its body.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise InputError(
            "Port {port} on {host} cannot be used: {reason}.",
            where="AKASHI_PORT",
            next_step="Choose another one, for example: AKASHI_PORT=8766 make run",
            port=port,
            host=host,
            reason=error.strerror or str(error),
        ) from error
    return listener


def print_addresses(site: Site) -> None:
    """Print where customers and staff find their pages."""
    port = site.settings.port
    base = f"http://localhost:{port}" if site.settings.is_loopback else site.settings.public_origin
    typer.echo(f"\nCustomers  お客さま向け      {base}/")
    typer.echo(f"Loans      融資のお申込み    {base}/loans")
    typer.echo(f"Staff      職員向け          {base}/dashboard")
    if is_sample(site.database) and site.settings.is_loopback:
        typer.echo("           見本環境です。画面上部で役割を切り替えられます (role switcher at the top)")
    typer.echo("Ctrl-C ends. 終了は Ctrl-C。\n")
