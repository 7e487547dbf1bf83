"""The house: lists the rooms and lends the functions of one to another.

Importing it is cheap: rooms are described here and loaded when they are first used.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from akashi.core.ports import Checked, CheckOutput, Ports, Screened
from akashi.platform.rooms import Room, call_name, load_name, load_rooms

ROOMS: tuple[str, ...] = (
    "akashi.ledger",
    "akashi.identity",
    "akashi.catalogue",
    "akashi.register",
    "akashi.approvals",
    "akashi.documents",
    "akashi.conversations",
    "akashi.findings",
    "akashi.domains.guardrails",
    "akashi.domains.assistant",
    "akashi.domains.vulnerability",
)
"""Every room, lowest floor first. A new domain is one folder and one line here."""


@cache
def list_rooms() -> tuple[Room, ...]:
    """Return all rooms, lowest floor first."""
    return load_rooms(ROOMS)


def lend_ports() -> Ports:
    """Return what rooms lend each other; a port stays empty until its room exists."""
    return Ports(screen=_screen, check_output=_check_output)


def _screen(text: str) -> Screened:
    """Look at a text with the guards, which load on first use."""
    screened: Screened = call_name("akashi.domains.guardrails.screening:screen", text)
    return screened


def _check_output(answer: str, sources: Sequence[str], *, secret: Sequence[str] = ()) -> Checked:
    """Compare an answer with its sources; the guards load on first use."""
    check: CheckOutput = load_name("akashi.domains.guardrails.output:check_output")
    return check(answer, sources, secret=secret)
