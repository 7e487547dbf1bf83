"""Persons: created, corrected, suspended and restored by administrators."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from akashi.core.errors import ConflictError, InputError
from akashi.core.people import Actor
from akashi.identity.administrators import refuse_self, require_administrator
from akashi.identity.model import Person, PersonState
from akashi.identity.records import note
from akashi.identity.sessions import end_sessions
from akashi.identity.store import get_person, lock_person, person_table
from akashi.platform.ids import new_id

NAME_LIMIT = 100
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_KANA = re.compile(r"[ァ-ヶー・\u3041-\u3096　 ]+")
_OFFICE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class PersonData:
    """What an administrator writes down about a person."""

    name: str
    kana: str = ""
    romaji: str = ""
    mail: str = ""
    office: str = ""

    def checked(self) -> PersonData:
        """Return the same without outer blanks.

        Raises: InputError: a field is empty, too long, or holds characters that do not belong there;
        ``where`` names the field.

        >>> PersonData(" 汐見 花子 ", kana="シオミ ハナコ").checked().name
        '汐見 花子'
        """
        fields = {name: _clean(name, getattr(self, name)) for name in self.__dataclass_fields__}
        if not fields["name"]:
            raise InputError("The name is empty.", where="name", next_step="Enter the full name.")
        for name, pattern, message in (
            ("kana", _KANA, "The reading must be written in kana."),
            ("mail", _MAIL, "This is not a mail address."),
            ("office", _OFFICE, "An office id holds letters, digits, hyphens and low lines only."),
        ):
            if fields[name] and not pattern.fullmatch(fields[name]):
                raise InputError(message, where=name)
        return PersonData(**fields)


def _clean(name: str, text: str) -> str:
    value = text.strip()
    if len(value) > NAME_LIMIT:
        raise InputError("At most {limit} characters.", where=name, limit=NAME_LIMIT)
    if any(unicodedata.category(letter).startswith("C") for letter in value):
        raise InputError("Control and direction characters are not allowed here.", where=name)
    if value[:1] in {"=", "+", "-", "@"}:
        raise InputError("This must not begin with =, +, - or @.", where=name)
    return value


def create_person(
    connection: Connection, actor: Actor, data: PersonData, now: datetime, person_id: str = ""
) -> Person:
    """Return a new person: active, without roles and without a passkey.

    Raises: ForbiddenError: not an administrator; InputError: a field cannot be used.
    """
    require_administrator(connection, actor, now, founding=True)
    return insert_person(connection, actor.id, data, now, person_id)


def insert_person(
    connection: Connection, actor_id: str, data: PersonData, now: datetime, person_id: str = ""
) -> Person:
    """Return a new person written without asking who writes: for founding and the sample installation."""
    checked = data.checked()
    values = {
        "id": person_id or new_id("per"),
        "handle": secrets.token_urlsafe(32),
        **{name: getattr(checked, name) for name in checked.__dataclass_fields__},
        "state": PersonState.ACTIVE.value,
        "created_at": now,
        "created_by": actor_id,
    }
    connection.execute(sa.insert(person_table).values(values))
    note(connection, "person_created", values["id"], actor_id, now)
    return get_person(connection, values["id"])


def change_person(
    connection: Connection, actor: Actor, person_id: str, data: PersonData, now: datetime
) -> Person:
    """Return the person with corrected fields; the ledger keeps which fields changed, not their text."""
    require_administrator(connection, actor, now)
    before = lock_person(connection, person_id)
    checked = data.checked()
    values = {name: getattr(checked, name) for name in checked.__dataclass_fields__}
    changed = sorted(name for name, value in values.items() if getattr(before, name) != value)
    if not changed:
        return before
    connection.execute(sa.update(person_table).where(person_table.c.id == person_id).values(values))
    note(connection, "person_changed", person_id, actor.id, now, fields=changed)
    return get_person(connection, person_id)


def suspend_person(connection: Connection, actor: Actor, person_id: str, now: datetime) -> None:
    """Keep a person out at once: every session ends and no passkey signs in until restored."""
    _change_state(connection, actor, person_id, PersonState.SUSPENDED, now)


def restore_person(connection: Connection, actor: Actor, person_id: str, now: datetime) -> None:
    """Let a suspended person sign in again."""
    _change_state(connection, actor, person_id, PersonState.ACTIVE, now)


def _change_state(
    connection: Connection, actor: Actor, person_id: str, state: PersonState, now: datetime
) -> None:
    require_administrator(connection, actor, now)
    refuse_self(actor, person_id)
    if lock_person(connection, person_id).state is state:
        raise ConflictError("The person is already in this state.", where=person_id)
    connection.execute(
        sa.update(person_table).where(person_table.c.id == person_id).values(state=state.value)
    )
    kind = f"person_{'suspended' if state is PersonState.SUSPENDED else 'restored'}"
    if state is PersonState.SUSPENDED:
        end_sessions(connection, actor.id, now, kind, person_id=person_id)
    note(connection, kind, person_id, actor.id, now)
