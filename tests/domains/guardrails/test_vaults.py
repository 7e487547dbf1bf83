"""A conversation's vault lives under its key, and opening it is a right and a record."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from akashi.conversations.store import note_table
from akashi.conversations.talk import start
from akashi.core.errors import ForbiddenError, InputError
from akashi.core.people import Actor, ActorKind, Role
from akashi.domains.guardrails.local_vault import open_sealed, seal_vault
from akashi.domains.guardrails.masking import mask
from akashi.domains.guardrails.vaults import mask_message, open_vault, unmask_message
from akashi.ledger.store import Filter, list_entries
from akashi.platform.site import Site

PRIVACY = Actor("kimura", ActorKind.PERSON, frozenset({Role.PRIVACY_OFFICER}))
OPERATOR = Actor("sasaki", ActorKind.PERSON, frozenset({Role.OPERATOR}))
TEXT = "山田太郎です。電話は090-1234-5678です。"


def begin(site: Site) -> str:
    """Return the id of a new conversation."""
    with site.database.write() as connection:
        return start(connection, site.keys, "web", "ja", site.now(), "faq").conversation.id


def test_placeholders_stay_over_messages_and_nothing_lies_open(site: Site) -> None:
    id_ = begin(site)
    with site.database.write() as connection:
        first = mask_message(connection, site.keys, id_, TEXT, "customer", site.now())
    with site.database.write() as connection:
        second = mask_message(connection, site.keys, id_, TEXT, "customer", site.now())
        rows = connection.execute(sa.select(note_table)).mappings().all()
    assert first.text == second.text
    assert "山田" not in first.text
    assert len(rows) == 1
    assert "山田".encode() not in b"".join(bytes(row["sealed"]) for row in rows)


def test_only_some_roles_may_unmask_and_the_ledger_keeps_it(site: Site) -> None:
    id_ = begin(site)
    with site.database.write() as connection:
        masked = mask_message(connection, site.keys, id_, TEXT, "customer", site.now()).text
    with pytest.raises(ForbiddenError), site.database.write() as connection:
        unmask_message(connection, site.keys, id_, masked, OPERATOR, site.now())
    with site.database.write() as connection:
        assert unmask_message(connection, site.keys, id_, masked, PRIVACY, site.now()) == TEXT
        (last,) = list_entries(connection, Filter(kind="guardrails."), 2)
    assert (last.kind, last.subject, last.actor) == ("guardrails.unmasked", id_, "kimura")
    assert json.loads(last.payload) == {"placeholders": 2, "person": 1, "phone": 1}


def test_another_conversation_knows_none_of_it(site: Site) -> None:
    first, second = begin(site), begin(site)
    with site.database.write() as connection:
        mask_message(connection, site.keys, first, TEXT, "customer", site.now())
    with site.database.read() as connection:
        assert not open_vault(connection, site.keys, second).values


def test_a_sealed_vault_opens_unchanged_only(site: Site) -> None:
    vault = mask(TEXT).vault
    sealed = seal_vault(site.keys, vault)
    assert open_sealed(site.keys, sealed) == vault
    with pytest.raises(InputError):
        open_sealed(site.keys, ("B" if sealed[0] == "A" else "A") + sealed[1:])
