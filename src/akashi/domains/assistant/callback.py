"""Asking to be called back 折返し: who, how and when, with consent; sealed with the conversation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from akashi.conversations.model import HandoverReason
from akashi.conversations.notes import add_note
from akashi.conversations.talk import find_by_token, request_person
from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.assistant.reading import weigh_urgency
from akashi.domains.assistant.tables import callback_table
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id
from akashi.platform.site import Site

NOTE_KIND = "callback"
MAX_NAME, MAX_ADDRESS = 80, 120
WAYS = ("phone", "mail")
UNSEEN = frozenset(["Cc", "Cf", "Cs", "Co", "Cn"])
"""Kinds of characters that show nothing, or turn a name round."""
_PHONE = re.compile(r"\+?[0-9][0-9 -]{8,18}[0-9]")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
_DASHES = str.maketrans("０１２３４５６７８９＋‐－ー―（）", "0123456789+----  ")


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to call back, how, and when; ``consent`` is the very text that was agreed to."""

    name: str
    way: str
    address: str
    slot: str
    consent: str


def ask_callback(site: Site, token: str, wish: Wish) -> None:
    """Keep a wish to be called back, sealed, with the consent and its moment, and ask for a person.

    Raises: InputError: a field cannot be used; NotFoundError: the token is nobody's.
    """
    checked = check_wish(wish)
    now = site.now()
    with site.database.write() as connection:
        conversation = find_by_token(connection, token)
        case = request_person(
            connection,
            site.keys,
            conversation.id,
            HandoverReason.CUSTOMER_ASKED,
            weigh_urgency(site, connection, conversation.id),
            now,
        )
        content = {name: getattr(checked, name) for name in Wish.__slots__}
        note_id = add_note(connection, site.keys, conversation.id, NOTE_KIND, content, "customer", now)
        _insert(connection, conversation.id, case.id, note_id, checked, now)


def check_wish(wish: Wish) -> Wish:
    """Return a wish with its contact in one form. Raises: InputError: names the field.

    >>> check_wish(Wish("山田", "phone", "０９０−1234−5678", "morning", "同意")).address
    '090-1234-5678'
    """
    name = "".join(letter for letter in wish.name if unicodedata.category(letter) not in UNSEEN).strip()
    address = wish.address.strip()
    if not name or len(name) > MAX_NAME:
        raise InputError("Please write your name.", where="name")
    if wish.way not in WAYS:
        raise InputError("Please choose how we reach you.", where="way")
    if len(address) > MAX_ADDRESS:
        raise InputError("This is too long.", where="address")
    if wish.way == "phone":
        address = address.translate(_DASHES).replace("−", "-")
        if not _PHONE.fullmatch(address):
            raise InputError("Please write a telephone number with its area code.", where="address")
    elif not _MAIL.fullmatch(address):
        raise InputError("Please write a mail address such as name@example.jp.", where="address")
    return Wish(name, wish.way, address, wish.slot, wish.consent)


def list_callbacks(connection: Connection, handover_id: str = "") -> list[RowMapping]:
    """Return the wishes of one case, or of all, oldest first, without what is sealed."""
    query = sa.select(callback_table)
    if handover_id:
        query = query.where(callback_table.c.handover_id == handover_id)
    return list(connection.execute(query.order_by(callback_table.c.consent_at)).mappings())


def count_wishes(connection: Connection, conversation_id: str) -> int:
    """Return how often this conversation's customer has asked to be called back."""
    query = sa.select(sa.func.count()).where(callback_table.c.conversation_id == conversation_id)
    return int(connection.execute(query).scalar_one())


def _insert(
    connection: Connection, conversation_id: str, handover_id: str, note_id: str, wish: Wish, now: datetime
) -> None:
    digest = digest_of(wish.consent.encode())
    values: dict[str, Any] = {
        "id": new_id("call"),
        "conversation_id": conversation_id,
        "handover_id": handover_id,
        "note_id": note_id,
        "way": wish.way,
        "slot": wish.slot,
        "consent_at": now,
        "consent_digest": digest,
    }
    connection.execute(sa.insert(callback_table).values(values))
    payload = {"callback": values["id"], "handover": handover_id, "consent": digest}
    append(connection, Record("assistant.callback_consented", conversation_id, "customer", now, payload))
