"""証跡: who decided and measured what, when; for auditors, executives and the authority.

Writers import ``from akashi.ledger.model import Record`` and ``from akashi.ledger.store import append``;
this module stays light because the house loads it to list the rooms. Serves document 001 (evaluation
that can be shown to others) and document 004 (decisions under time pressure that can be explained).
"""

from akashi.platform.rooms import Room

ROOM = Room(
    package="akashi.ledger",
    title="Ledger",
    summary="Who decided and measured what, when; every change is noticed.",
)
