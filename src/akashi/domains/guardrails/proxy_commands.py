"""``akashi guard serve``: the guarded address in front of a model."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

import typer
import uvicorn

from akashi.core.errors import InputError, SetupError
from akashi.domains.guardrails.controls import require_guards
from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.proxy import Proxy, create_proxy
from akashi.platform.commands import site_of
from akashi.platform.endpoint_gate import Client, Gate
from akashi.platform.endpoint_settings import (
    KEY_VARIABLE,
    EndpointSettings,
    check_allowed,
    read_endpoint,
    read_key,
)
from akashi.platform.installation import require_ready
from akashi.platform.rooms import load_name
from akashi.platform.site import Site

app = typer.Typer(no_args_is_help=True)

UPSTREAM_KEY = "AKASHI_UPSTREAM_KEY"
CLIENT = "akashi.platform.endpoint_client:Client"
LEAST_CONTEXT = 200_000


@app.command()
def serve(
    context: typer.Context,
    upstream: Annotated[
        str, typer.Option(help="Address of the model up to /v1; without it the configured endpoint.")
    ] = "",
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8770,
    key_file: Annotated[str, typer.Option(help="File with the model's key, for its owner only.")] = "",
    monthly_tokens: Annotated[int, typer.Option(help="Hard limit of a month, all together.", min=1)] = (
        10_000_000
    ),
    seconds: Annotated[int, typer.Option(help="Most seconds for one reply.", min=1, max=3600)] = 120,
) -> None:
    """Serve an OpenAI-compatible address that masks, checks, logs and limits; until Ctrl-C."""
    site = site_of(context)
    require_ready(site.database, site.rooms)
    settings = choose_upstream(site, upstream, key_file, monthly_tokens, seconds)
    proxy = open_proxy(site, settings)
    with listen(host, port) as listener:
        typer.echo(f"http://{host}:{listener.getsockname()[1]}/v1 -> {settings.address}")
        config = uvicorn.Config(
            create_proxy(proxy),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises: InputError: the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise InputError(
            "Port {port} on {host} cannot be used: {reason}.",
            where="--port",
            next_step="Choose another one.",
            port=port,
            host=host,
            reason=error.strerror or str(error),
        ) from error


def choose_upstream(
    site: Site, url: str, key_file: str, monthly_tokens: int, seconds: int
) -> EndpointSettings:
    """Return the model's address with its limits.

    The configured endpoint keeps its own limits; another address gets those given here.

    Raises: InputError: no address, or one that cannot be used; SetupError: it is not allowed.
    """
    configured = site.settings.endpoint
    if configured is not None and url.rstrip("/") in ("", configured.url.rstrip("/")):
        found = replace(configured, total_seconds=seconds)
    elif not url:
        raise InputError("No model is given.", where="--upstream", next_step="Give its address up to /v1.")
    else:
        table = {"url": url.rstrip("/"), "model": "any", "monthly_tokens": monthly_tokens}
        table |= {"total_seconds": seconds, "idle_seconds": min(seconds, 60), "key_file": key_file}
        try:
            read = read_endpoint(table, {})
        except InputError as error:
            raise InputError(
                error.message, where="--upstream", next_step=error.next_step, **error.values
            ) from error
        if read is None:
            raise SetupError("The model's address cannot be used.")
        found = read
    context = max(found.context_tokens, LEAST_CONTEXT)
    settings = replace(found, context_tokens=context, most_at_once=max(found.most_at_once, 16))
    check_allowed(settings, site.settings.allowed_hosts)
    return settings


def open_proxy(site: Site, settings: EndpointSettings) -> Proxy:
    """Return the proxy, its guards proven on the controls.

    The endpoint's key goes to the endpoint alone; another address has one of its own.

    Raises: SetupError: a guard is missing or blind, or the key cannot be read.
    """
    guards = open_guards(guard_folder(site))
    require_guards(guards)
    most = max(policy.limits.output_tokens for policy in guards.policies.values())
    settings = replace(settings, answer_tokens=most)
    is_ours = site.settings.endpoint is not None and site.settings.endpoint.url == settings.url
    environment = os.environ if is_ours else {KEY_VARIABLE: os.environ.get(UPSTREAM_KEY, "")}
    client: Client = load_name(CLIENT)(settings, read_key(settings, environment))
    return Proxy(site, Gate(site, settings, client))
