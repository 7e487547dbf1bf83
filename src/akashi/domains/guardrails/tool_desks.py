"""A use case's tool desk on the real installation: its policy, the ledger as action log, its stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from akashi.domains.guardrails.guards import guard_folder, open_guards
from akashi.domains.guardrails.tools import Action, Tool, ToolDesk
from akashi.domains.guardrails.treat import is_stopped
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.site import Site

PURPOSE = "guardrails/tool"
AGENT = "system"


def open_desk(site: Site, use_case: str, tools: Mapping[str, Tool]) -> ToolDesk:
    """Return the desk of one run of a use case; every action is in the ledger before its effect.

    What is not named in the policy's ``tools.allowed`` never runs; a stop of the use case refuses at once,
    on every replica.

    Raises: SetupError: the policy cannot be read; then there is no desk.
    """
    policy = open_guards(guard_folder(site)).policy(use_case).tools

    def stopped() -> bool:
        with site.database.read() as connection:
            return is_stopped(connection, use_case)

    def log(action: Action) -> None:
        actor = action.approved_by or AGENT
        payload: dict[str, JsonValue] = {
            "use_case": action.use_case,
            "tool": site.keys.digest(PURPOSE, action.tool) if not_known(action.tool) else action.tool,
            "arguments": action.arguments_digest,
            "outcome": action.outcome.value,
            "reason": action.reason,
        }
        with site.database.write() as connection:
            append(connection, Record("guardrails.tool_called", action.id, actor, action.at, payload))

    def not_known(name: str) -> bool:
        return name not in tools

    def digest(raw: bytes) -> str:
        return site.keys.digest(PURPOSE, raw.decode("utf-8", "replace"))

    return ToolDesk(
        replace(policy, use_case=use_case), tools, site.now, digest, log, is_stopped_elsewhere=stopped
    )
