"""A responsible person attests that a requirement is met, until a day, and may withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.engine import Connection

from akashi.catalogue.load import shipped_catalogue
from akashi.catalogue.model import Attestation, Catalogue, Kind
from akashi.catalogue.store import (
    find_attestation,
    insert_attestation,
    own_catalogue,
    withdraw_attestation,
)
from akashi.core.errors import ConflictError, InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.thread import digest_of
from akashi.ledger.model import Record
from akashi.ledger.store import append
from akashi.platform.ids import new_id

LONGEST_DAYS = 366
"""An attestation holds for a year at most; then somebody must look again. Our reading."""
MOST_STATEMENT = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """Who does something, when, in which transaction."""

    connection: Connection
    actor: Actor
    now: datetime


def whole_catalogue(connection: Connection) -> Catalogue:
    """Return the requirements that ship and the institution's own."""
    return shipped_catalogue().joined(own_catalogue(connection))


def attest(step: Step, requirement_id: str, statement: str, reference: str, until: date) -> Attestation:
    """Keep a person's word that a requirement is met.

    Raises: NotFoundError: no such requirement; InputError: it is measured, nothing is stated, or the day is
    past or more than a year ahead.
    """
    if whole_catalogue(step.connection).find(requirement_id).kind is Kind.AUTOMATIC:
        raise InputError("This requirement is shown by measuring; nobody's word stands for it.")
    today = tokyo_day(step.now)
    if not statement.strip() or not reference.strip():
        where = "reference" if statement.strip() else "statement"
        raise InputError("Say what was confirmed and on which evidence.", where=where)
    if len(statement) > MOST_STATEMENT or len(reference) > MOST_STATEMENT:
        raise InputError(
            "This field has more than {most} characters.", where="statement", most=MOST_STATEMENT
        )
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise InputError("The day lies between today and a year from now.", where="holds_until")
    kept = Attestation(
        new_id("att"), requirement_id, statement.strip(), reference.strip(), until, step.actor.id, step.now
    )
    insert_attestation(step.connection, kept)
    payload = {
        "requirement": requirement_id,
        "until": until.isoformat(),
        "digest": digest_of(f"{kept.id}\n{kept.statement}\n{kept.reference}".encode()),
    }
    append(step.connection, Record("catalogue.attested", kept.id, step.actor.id, step.now, payload))
    return kept


def withdraw(step: Step, attestation_id: str) -> Attestation:
    """Withdraw an attestation; it no longer counts. Raises: ConflictError: it is withdrawn already."""
    kept = find_attestation(step.connection, attestation_id)
    if not withdraw_attestation(step.connection, attestation_id, step.actor.id, step.now):
        raise ConflictError("The attestation is withdrawn already.", where="attestation")
    payload = {"requirement": kept.requirement_id}
    append(step.connection, Record("catalogue.withdrawn", kept.id, step.actor.id, step.now, payload))
    return kept
