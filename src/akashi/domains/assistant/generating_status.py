"""How the generative mode stands, in numbers: for the page, the command and the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from akashi.core.display import Check, Health
from akashi.core.errors import SetupError
from akashi.core.moments import tokyo_day
from akashi.domains.assistant.generating_canary import Run, list_runs
from akashi.domains.assistant.generating_mode import NO_DECISION, NOT_REACHABLE, Ready, find_ready
from akashi.domains.assistant.generating_store import (
    USE_CASE,
    Mode,
    count_states,
    find_mode,
    find_proposal,
)
from akashi.platform.endpoint_gate import open_gate
from akashi.platform.endpoint_settings import EndpointSettings
from akashi.platform.endpoint_use import DayUse, count_faults, list_days, read_spending
from akashi.platform.site import Site

DAYS = 14
RUNS_SHOWN = 12
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that is shown of the generative mode. ``reason`` (a message id) says why it rests."""

    endpoint: EndpointSettings | None
    reason: str
    mode: Mode | None
    proposal: Mode | None
    has_guards: bool
    is_resting: bool
    tokens: int
    microyen: int
    days: tuple[date, ...]
    uses: Mapping[date, DayUse]
    faults: Mapping[str, int]
    states: Mapping[str, int]
    runs: tuple[Run, ...]

    @property
    def is_generative(self) -> bool:
        """Return whether customers' next question goes to the model."""
        return not self.reason

    @property
    def yen(self) -> float:
        """Return what this month has cost in yen, reservations included."""
        return self.microyen / MILLION


def read_status(site: Site) -> Status:
    """Return how the generative mode stands now. Nothing is sent anywhere."""
    now = site.now()
    today = tokyo_day(now)
    days = tuple(today - timedelta(days=back) for back in reversed(range(DAYS)))
    with site.database.read() as connection:
        ready = find_ready(site, connection)
        tokens, microyen = read_spending(connection, today)
        return Status(
            endpoint=site.settings.endpoint,
            reason="" if isinstance(ready, Ready) else ready,
            mode=find_mode(connection, USE_CASE),
            proposal=find_proposal(connection, USE_CASE),
            has_guards=site.ports.check_output is not None and site.ports.screen is not None,
            is_resting=isinstance(ready, Ready) and ready.gate.is_resting(),
            tokens=tokens,
            microyen=microyen,
            days=days,
            uses={use.day: use for use in list_days(connection, days[0], today)},
            faults=count_faults(connection, days[0]),
            states=count_states(connection, now - timedelta(days=7)),
            runs=tuple(list_runs(connection, RUNS_SHOWN)),
        )


def check_endpoint(site: Site) -> list[Check]:
    """Return what the doctor says of the endpoint; nothing when none is configured."""
    if site.settings.endpoint is None:
        return []
    try:
        open_gate(site)
    except SetupError as error:
        return [Check("LLM endpoint", Health.FAILED, str(error), "Correct akashi.toml.")]
    status = read_status(site)
    if status.reason in {"", NO_DECISION}:
        last = status.runs[0] if status.runs else None
        told = f"{last.passed} of {len(last.results)} canaries passed" if last else "no canary asked yet"
        return [Check("LLM endpoint", Health.OK, f"{site.settings.endpoint.model}: {told}")]
    health = Health.FAILED if status.reason == NOT_REACHABLE else Health.WARNING
    return [Check("LLM endpoint", health, status.reason, "See /assistant/generative.")]
