"""References into other rooms: which function learns of a decision, which one tells a subject's digest."""

from __future__ import annotations

import re

from sqlalchemy.engine import Connection

from akashi.approvals.model import Matter, Outcome
from akashi.core.errors import ConflictError, InputError, SetupError
from akashi.platform.rooms import call_name, load_name, load_rooms

_REFERENCE = re.compile(
    r"(?P<room>akashi\.(?:domains\.)?[a-z][a-z0-9_]*)(?:\.[a-z][a-z0-9_]*)*:[a-z][a-z0-9_]*"
)
_OWN = "akashi.approvals"
_OWN_FUNCTIONS = frozenset({"akashi.approvals.rules:apply_rules", "akashi.approvals.rules:subject_digest"})
"""What this room itself decides about; nothing else of it can be called by a matter."""


def check_reference(reference: str, where: str) -> None:
    """Let pass an empty reference or one that names a public function of another room.

    Raises: InputError: not of this shape, not in a room, or nothing there to call.
    """
    if not reference or reference in _OWN_FUNCTIONS:
        return
    match = _REFERENCE.fullmatch(reference)
    if match is None or match["room"] == _OWN:
        raise InputError("The reference {name} does not name a room's function.", where=where, name=reference)
    try:
        load_rooms((match["room"],))
        found = load_name(reference)
    except (SetupError, ModuleNotFoundError, AttributeError) as error:
        raise InputError("The reference {name} cannot be loaded.", where=where, name=reference) from error
    if not callable(found):
        raise InputError("The reference {name} is not a function.", where=where, name=reference)


def tell_room(connection: Connection, outcome: Outcome) -> None:
    """Let the owning room apply the outcome in this same transaction; whatever it raises undoes the step."""
    reference = outcome.matter.draft.callback
    if reference:
        check_reference(reference, "callback")
        call_name(reference, connection, outcome)


def present_digest(connection: Connection, matter: Matter) -> str:
    """Return the subject's digest now, as its room tells it; the one handed in where the room tells none."""
    draft = matter.draft
    if not draft.digest_of:
        return draft.subject.digest
    check_reference(draft.digest_of, "digest_of")
    return str(call_name(draft.digest_of, connection, draft.subject.id))


def check_unchanged(connection: Connection, matter: Matter) -> None:
    """Refuse to go on when the subject is no longer what was handed in. Raises: ConflictError."""
    if present_digest(connection, matter) != matter.draft.subject.digest:
        raise ConflictError(
            "What this matter decides about has changed since it was handed in.",
            next_step="Return the matter so that it is handed in again.",
        )
