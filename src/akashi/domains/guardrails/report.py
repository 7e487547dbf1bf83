"""What the guards show of themselves: health by controls, and what they load at start-up."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.display import Check, Health
from akashi.domains.guardrails.controls import failed_controls, read_controls, require_guards
from akashi.domains.guardrails.guards import Guards, guard_folder, open_guards
from akashi.domains.guardrails.store import policy_table
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.site import Site


def checks(site: Site) -> list[Check]:
    """Return whether every policy can be read and every positive and negative control holds.

    Raises: SetupError: a guard cannot load, or a policy of the institution cannot be used.
    """
    guards = open_guards(guard_folder(site))
    failed, total = failed_controls(guards), len(read_controls())
    if failed:
        detail = f"{len(failed)} of {total} controls fail; nothing may be served."
        return [Check("guards", Health.FAILED, detail, "Install Akashi again: make setup")]
    own = f"; {len(guards.own)} of {len(guards.policies)} policies are the institution's own"
    return [Check("guards", Health.OK, f"{total} positive and negative controls hold{own}.")]


def warm(site: Site) -> None:
    """Load policies and models, prove them on the controls, and record which policies are in force.

    Raises: SetupError: a guard is missing or blind; the server ends instead of passing everything.
    """
    guards = open_guards(guard_folder(site))
    require_guards(guards)
    record_policies(site, guards)


def record_policies(site: Site, guards: Guards) -> int:
    """Write into the ledger which policies changed since the last start; return how many."""
    with site.database.read() as connection:
        if not _changed(connection, guards):
            return 0
    with site.database.write() as connection:
        changed = _changed(connection, guards)
        now = site.now()
        for use_case in changed:
            mine = policy_table.c.use_case == use_case
            connection.execute(sa.delete(policy_table).where(mine))
            if use_case in guards.policies:
                digest = guards.policies[use_case].digest
                row = {"use_case": use_case, "digest": digest, "since": now}
                connection.execute(sa.insert(policy_table).values(row))
        for use_case in changed:
            policy = guards.policies.get(use_case)
            digest = policy.digest if policy else ""
            payload: dict[str, JsonValue] = {"policy": digest, "own": use_case in guards.own}
            append(connection, Record("guardrails.policy_in_force", use_case, "system", now, payload))
    return len(changed)


def _changed(connection: Connection, guards: Guards) -> list[str]:
    known = {row.use_case: row.digest for row in connection.execute(sa.select(policy_table))}
    now = {use_case: policy.digest for use_case, policy in guards.policies.items()}
    return sorted(name for name in known.keys() | now.keys() if known.get(name) != now.get(name))
