"""A change of the contact rules goes its approval route: a wrong emergency number would be dialled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.approvals.matters import open_matter
from akashi.approvals.model import Draft, EventKind, Matter, Outcome, Risk, Subject
from akashi.core.errors import ConflictError, NotFoundError
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.domains.assistant.contact import check_contact, read_contact, set_contact
from akashi.domains.assistant.tables import setting_table
from akashi.platform.canonical import canonical_json
from akashi.platform.ids import new_id
from akashi.platform.site import Site

KIND = "customer_contact"
PAGE = "/assistant/contact"
WAITS, DONE = "contact_change:", "contact_decided:"


@dataclass(frozen=True, slots=True)
class Change:
    """Contact rules that somebody proposes, and those that they would replace."""

    id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    matter_id: str
    proposed_at: datetime
    proposed_by: str


def propose_contact(site: Site, actor: Actor, table: Mapping[str, Any], reason: str) -> Matter:
    """Hand in other contact rules for decision and return the matter.

    Raises: InputError: the rules cannot be used; ConflictError: another change waits, or nothing changes;
    ForbiddenError: ``actor`` may not draft it.
    """
    now = site.now()
    with site.database.write() as connection:
        check_contact(connection, table)
        current = read_contact(connection)
        if canonical_json(current) == canonical_json(dict(table)):
            raise ConflictError("Nothing would change.", next_step="Change something first.")
        if find_change(connection) is not None:
            raise ConflictError(
                "Another change waits for its decision.", next_step="Wait for it, or withdraw it first."
            )
        change_id, digest = new_id("contact"), digest_table(table)
        draft = Draft(
            title="お客さまの連絡先と緊急の電話番号の変更",
            kind=KIND,
            risk=Risk.MEDIUM,
            subject=Subject("assistant", change_id, digest),
            summary=reason,
            link=f"{PAGE}/change/{change_id}",
            callback="akashi.domains.assistant.contact_change:apply_change",
            digest_of="akashi.domains.assistant.contact_change:change_digest",
        )
        matter = open_matter(connection, draft, actor, now)
        value = {"before": current, "after": dict(table), "matter": matter.id}
        connection.execute(
            sa.insert(setting_table).values(
                name=WAITS + change_id, value=value, digest=digest, changed_at=now, changed_by=actor.id
            )
        )
        return matter


def find_change(connection: Connection) -> Change | None:
    """Return the change that waits for its decision, or None; there is never more than one."""
    row = connection.execute(_select().where(setting_table.c.name.startswith(WAITS))).first()
    return _make(row) if row else None


def read_change(connection: Connection, change_id: str) -> Change:
    """Return one change that waits or was decided. Raises: NotFoundError: it was withdrawn, or never was."""
    names = [WAITS + change_id, DONE + change_id]
    row = connection.execute(_select().where(setting_table.c.name.in_(names))).first()
    if row is None:
        raise NotFoundError("This change was withdrawn.", next_step="Open the contact rules.")
    return _make(row)


def apply_change(connection: Connection, outcome: Outcome) -> None:
    """Follow what was decided, in the deciding transaction."""
    event, change_id = outcome.event, outcome.matter.draft.subject.id
    if event.kind not in (EventKind.DECIDED, EventKind.WITHDRAWN):
        return
    waiting = setting_table.c.name == WAITS + change_id
    if event.kind is EventKind.WITHDRAWN:
        connection.execute(sa.delete(setting_table).where(waiting))
        return
    change = read_change(connection, change_id)
    if digest_table(read_contact(connection)) != digest_table(change.before):
        raise ConflictError(
            "The contact rules have changed since this was drafted.",
            next_step="Return it, and draft it anew.",
        )
    connection.execute(sa.update(setting_table).where(waiting).values(name=DONE + change_id))
    set_contact(connection, change.after, event.actor_id, event.at)


def change_digest(connection: Connection, change_id: str) -> str:
    """Return the digest of exactly what a decision about this change decides."""
    return digest_table(read_change(connection, change_id).after)


def digest_table(table: Mapping[str, Any]) -> str:
    """Return the SHA-256 of contact rules in canonical JSON."""
    return digest_of(canonical_json(dict(table)))


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what differs: where, before, after.

    >>> list(list_differences({"office": "a"}, {"office": "b"}))
    [('office', 'a', 'b')]
    """
    old, new = dict(_flatten(before)), dict(_flatten(after))
    for place in dict.fromkeys([*old, *new]):
        if old.get(place, "") != new.get(place, ""):
            yield place, old.get(place, ""), new.get(place, "")


def _flatten(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if name == "emergency":
            for row in value:
                yield from ((f"emergency.{row['topic']}.{key}", str(text)) for key, text in row.items())
        elif name == "slot":
            yield name, "\n".join(f"{row['title']} | {row['title_en']}" for row in value)
        else:
            yield name, str(value)


def _select() -> sa.Select[Any]:
    table = setting_table.c
    return sa.select(table.name, table.value, table.changed_at, table.changed_by).order_by(table.changed_at)


def _make(row: Any) -> Change:
    value, change_id = row.value, row.name.partition(":")[2]
    return Change(change_id, value["before"], value["after"], value["matter"], row.changed_at, row.changed_by)
