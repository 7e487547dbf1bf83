"""Vaults at rest: sealed beside their conversation, opened only for roles that may, each opening recorded."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy.engine import Connection

from akashi.conversations.notes import add_note, read_notes
from akashi.conversations.store import lock_conversation
from akashi.core.errors import ForbiddenError
from akashi.core.people import Actor, Role
from akashi.domains.guardrails.masking import Masked, Vault, mask, unmask
from akashi.ledger.model import JsonValue, Record
from akashi.ledger.store import append
from akashi.platform.keys import Keys

KIND = "guardrails.vault"
MAY_UNMASK = frozenset({Role.PRIVACY_OFFICER, Role.COMPLIANCE_OFFICER})


def open_vault(connection: Connection, keys: Keys, conversation_id: str) -> Vault:
    """Return a conversation's vault, a new one if nothing was masked yet.

    Raises: ConflictError: the conversation has been erased, and its vault with it.
    """
    values: dict[str, str] = {}
    tag = ""
    for note in read_notes(connection, keys, conversation_id, KIND).values():
        tag = tag or note.content["tag"]
        values |= note.content["values"]
    return Vault(values, tag) if tag else Vault()


def mask_message(
    connection: Connection, keys: Keys, conversation_id: str, text: str, written_by: str, now: datetime
) -> Masked:
    """Return ``text`` masked with the conversation's placeholders; new values are sealed with its key.

    Works in the caller's transaction, one writer at a time for each conversation.
    """
    lock_conversation(connection, conversation_id)
    vault = open_vault(connection, keys, conversation_id)
    masked = mask(text, vault)
    new = {name: value for name, value in masked.vault.values.items() if name not in vault.values}
    if new:
        content = {"tag": vault.tag, "values": new}
        add_note(connection, keys, conversation_id, KIND, content, written_by, now)
    return masked


def unmask_message(
    connection: Connection, keys: Keys, conversation_id: str, text: str, actor: Actor, now: datetime
) -> str:
    """Return ``text`` with the conversation's placeholders undone; the ledger keeps who, when and how many.

    Raises: ForbiddenError: the actor's role may not see personal data in the clear.
    """
    vault = open_vault(connection, keys, conversation_id)
    record_unmasking(connection, vault, conversation_id, text, actor, now)
    return unmask(text, vault)


def record_unmasking(
    connection: Connection, vault: Vault, subject: str, text: str, actor: Actor, now: datetime
) -> None:
    """Record that somebody undoes the placeholders of ``text``: how many, of which kinds, never what.

    Raises: ForbiddenError: the actor's role may not see personal data in the clear.
    """
    if not actor.has(*MAY_UNMASK):
        raise ForbiddenError("Only the privacy or compliance officer may unmask.")
    shown = [name for name in vault.pattern().findall(text) if name in vault.values]
    kinds = Counter(name[1:].split("-", 1)[0].lower() for name in shown)
    payload: dict[str, JsonValue] = {"placeholders": len(shown), **dict(sorted(kinds.items()))}
    append(connection, Record("guardrails.unmasked", subject, actor.id, now, payload))
