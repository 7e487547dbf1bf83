"""Which mode answers customers: extractive always works; generative takes a decision and everything it needs.

The decision is about one endpoint, one model and one instruction. Where any of them, or a guard, is not there
or not the same any more, the mode rests and customers read the extract: it fails closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_after_fact, open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError, InputError, SetupError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.ports import CheckOutput, Screen
from akashi.core.thread import digest_of
from akashi.domains.assistant.generating import PROMPT_DIGEST
from akashi.domains.assistant.generating_store import (
    USE_CASE,
    Mode,
    add_mode,
    change_modes,
    find_mode,
    find_proposal,
    mode_table,
    read_mode,
)
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.canonical import canonical_json
from akashi.platform.endpoint_gate import Gate, open_gate
from akashi.platform.ids import new_id
from akashi.platform.kit.catalogs import mark
from akashi.platform.site import Site

KIND = "generative_mode"
PAGE = "/assistant/generative"
GENERATIVE = "generative"
APPROVAL_DAYS = 7
"""Calendar days within which an immediate return to the extract is approved afterwards. Our choice."""

NO_DECISION = mark("No decision has begun the generative mode.")
SUSPENDED = mark("A check of the model failed; a new decision is needed.")
NO_ENDPOINT = mark("No endpoint is configured.")
NOT_REACHABLE = mark("The endpoint is not allowed, or its key cannot be read.")
OTHER_ENDPOINT = mark("The endpoint or the model is not the one that was decided.")
OTHER_PROMPT = mark("The instruction to the model is not the one that was decided.")
NO_GUARD = mark("The guards before and behind the model are not in place.")
NO_RUN = mark("This generative mode has no valid evaluation of its own; a run on extracts does not count.")
BEYOND = mark("The evaluation of this generative mode is beyond what is accepted.")
RESTING = mark("The endpoint failed several times and is left alone for a while.")


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything a generation needs."""

    gate: Gate
    check: CheckOutput
    screen: Screen


def find_ready(site: Site, connection: Connection, use_case: str = USE_CASE) -> Ready | str:
    """Return what a generation needs, or the reason (a message id) why the extract answers."""
    mode = find_mode(connection, use_case)
    if mode is None:
        return NO_DECISION
    if mode.suspended_at is not None:
        return SUSPENDED
    endpoint = site.settings.endpoint
    if endpoint is None:
        return NO_ENDPOINT
    if (mode.address, mode.model) != (endpoint.url, endpoint.model):
        return OTHER_ENDPOINT
    if mode.prompt != PROMPT_DIGEST:
        return OTHER_PROMPT
    ready = find_means(site)
    return RESTING if isinstance(ready, Ready) and ready.gate.is_resting() else ready


def find_means(site: Site) -> Ready | str:
    """Return what a generation needs whether or not it was decided, or the reason why it cannot be made."""
    check, screen = site.ports.check_of(site), site.ports.screen
    if check is None or screen is None:
        return NO_GUARD
    try:
        gate = open_gate(site)
    except SetupError:
        return NOT_REACHABLE
    return NO_ENDPOINT if gate is None else Ready(gate, check, screen)


def propose_generative(site: Site, actor: Actor, reason: str, use_case: str = USE_CASE) -> Matter:
    """Hand in that customers' answers become generative with the endpoint as it is configured now.

    Raises: ConflictError: it is so already, or waits for its decision; InputError: the endpoint or a guard
    is missing; ForbiddenError: ``actor`` may not draft it.
    """
    endpoint = site.settings.endpoint
    if endpoint is None or open_gate(site) is None:
        raise InputError("No endpoint is configured.", next_step="An administrator adds one to akashi.toml.")
    if site.ports.check_output is None or site.ports.screen is None:
        raise InputError("The guards before and behind the model are not in place.")
    now = site.now()
    _require_run(site)
    with site.database.write() as connection:
        current = find_mode(connection, use_case)
        facts = (endpoint.url, endpoint.model, PROMPT_DIGEST)
        is_same = current is not None and (current.address, current.model, current.prompt) == facts
        if is_same and current is not None and current.suspended_at is None:
            raise ConflictError("The generative mode is in operation already.")
        if find_proposal(connection, use_case) is not None:
            raise ConflictError("The generative mode waits for its decision already.")
        mode = Mode(new_id("mode"), use_case, *facts, "", now, None, None, None)
        draft = Draft(
            title=f"お客さまへの回答を生成モードにする（{endpoint.model}）",
            kind=KIND,
            risk=Risk.HIGH,
            subject=Subject("assistant", mode.id, digest_mode(mode)),
            summary=reason,
            link=PAGE,
            callback="akashi.domains.assistant.generating_mode:apply_mode",
            digest_of="akashi.domains.assistant.generating_mode:mode_digest",
        )
        add_mode(connection, mode)
        matter = open_matter(connection, draft, actor, now)
        change_modes(connection, [mode_table.c.id == mode.id], {"matter_id": matter.id})
        return matter


def _require_run(site: Site) -> None:
    """Raise ConflictError unless this very mode was evaluated within what is accepted.

    A run on extracts never counts: its mode and digest are others.
    """
    assistant, tests = site.ports.assistant, site.ports.evaluations
    if assistant is None or assistant.describe_writing is None or tests is None or tests.find is None:
        return
    digest = digest_of(canonical_json(dict(assistant.describe_writing(site))))
    with site.database.read() as connection:
        run = tests.find(connection, GENERATIVE, digest)
    if run is None:
        raise ConflictError(NO_RUN)
    if not run.suites or not all(suite.is_kept for suite in run.suites):
        raise ConflictError(BEYOND, where=run.id)


def end_generative(site: Site, actor: Actor, reason: str, use_case: str = USE_CASE) -> Matter:
    """Return to the extract at once, approved afterwards (事後承認).

    Raises: ConflictError: the generative mode is not in operation; ForbiddenError: not by this person.
    """
    now = site.now()
    with site.database.write() as connection:
        mode = find_mode(connection, use_case)
        if mode is None:
            raise ConflictError("The generative mode is not in operation.")
        draft = Draft(
            title="生成モードを終え、抜粋による回答に戻す",
            kind=KIND,
            risk=Risk.HIGH,
            subject=Subject("assistant", mode.id, digest_mode(mode)),
            summary=reason,
            link=PAGE,
        )
        due = tokyo_day(now) + timedelta(days=APPROVAL_DAYS)
        matter = open_after_fact(connection, draft, actor, now, due)
        change_modes(connection, [mode_table.c.id == mode.id], {"ended_at": now})
        payload = {"mode": "extractive", "matter": matter.id}
        append(connection, Record("assistant.mode_changed", use_case, actor.id, now, payload))
        return matter


def suspend_generative(connection: Connection, mode: Mode, site: Site, finding_id: str, actor: Actor) -> None:
    """Let the extract answer until a new decision, because a check of the model failed."""
    now = site.now()
    change_modes(connection, [mode_table.c.id == mode.id], {"suspended_at": now})
    payload = {"mode": "extractive", "finding": finding_id}
    append(connection, Record("assistant.mode_suspended", mode.use_case, actor.id, now, payload))


def apply_mode(connection: Connection, outcome: Outcome) -> None:
    """Follow what was decided, in the deciding transaction."""
    event, mode_id = outcome.event, outcome.matter.draft.subject.id
    mode = read_mode(connection, mode_id)
    if mode is None:
        return
    if event.kind is EventKind.DECIDED:
        others = [mode_table.c.use_case == mode.use_case, mode_table.c.id != mode_id]
        running = [mode_table.c.begun_at.is_not(None), mode_table.c.ended_at.is_(None)]
        change_modes(connection, [*others, *running], {"ended_at": event.at})
        change_modes(connection, [mode_table.c.id == mode_id], {"begun_at": event.at})
        payload = {"mode": "generative", "decision": digest_mode(mode)}
        append(connection, Record("assistant.mode_changed", mode.use_case, event.actor_id, event.at, payload))
    elif event.kind is EventKind.WITHDRAWN:
        change_modes(connection, [mode_table.c.id == mode_id], {"ended_at": event.at})


def mode_digest(connection: Connection, mode_id: str) -> str:
    """Return the digest of exactly what a decision about this mode decides."""
    mode = read_mode(connection, mode_id)
    return digest_mode(mode) if mode else digest_of(b"")


def digest_mode(mode: Mode) -> str:
    """Return the SHA-256 of use case, endpoint, model and instruction in canonical JSON."""
    facts = {"use_case": mode.use_case, "address": mode.address, "model": mode.model, "prompt": mode.prompt}
    return digest_of(canonical_json(facts))
