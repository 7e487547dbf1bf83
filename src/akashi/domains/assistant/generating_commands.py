"""``akashi assistant endpoint``: how the generative mode stands; ``--check`` asks the canaries now."""

from __future__ import annotations

from typing import Annotated

import typer

from akashi.core.errors import InputError
from akashi.domains.assistant.generating_canary import run_canaries
from akashi.domains.assistant.generating_status import read_status
from akashi.platform.commands import EXIT_FINDINGS, JsonOption, print_json, site_of
from akashi.platform.endpoint_gate import open_gate


def endpoint(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Ask the canary questions now.")] = False,
    json: JsonOption = False,
) -> None:
    """Show the mode, the endpoint, the month's cost and the last canaries; exit 1 when a canary failed."""
    site = site_of(context)
    if check:
        gate, guard = open_gate(site), site.ports.check_of(site)
        if gate is None:
            raise InputError("No endpoint is configured.")
        if guard is None:
            raise InputError("The guards before and behind the model are not in place.")
        run_canaries(site, gate, guard)
    status = read_status(site)
    last = status.runs[0] if status.runs else None
    if json:
        print_json(
            {
                "mode": "generative" if status.is_generative else "extractive",
                "reason": status.reason,
                "address": status.endpoint.address if status.endpoint else "",
                "model": status.endpoint.model if status.endpoint else "",
                "month_tokens": status.tokens,
                "month_microyen": status.microyen,
                "canaries": {"passed": last.passed, "asked": len(last.results), "fault": last.fault}
                if last
                else None,
            }
        )
    else:
        typer.echo(f"mode      {'generative' if status.is_generative else 'extractive'}  {status.reason}")
        if status.endpoint:
            typer.echo(f"endpoint  {status.endpoint.address}  {status.endpoint.model}")
        typer.echo(f"month     {status.tokens:,} tokens, {status.yen:,.2f} yen")
        if last:
            told = last.fault or f"{last.passed} of {len(last.results)} passed {last.change}"
            typer.echo(f"canaries  {told}  {last.said_model} {last.fingerprint}")
    if check and last is not None and (last.fault or last.passed < len(last.results)):
        raise typer.Exit(EXIT_FINDINGS)
