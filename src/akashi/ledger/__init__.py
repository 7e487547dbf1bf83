"""証跡: who decided and measured what, when; for auditors, executives and the authority.

Writers import ``from akashi.ledger.model import Record`` and ``from akashi.ledger.store import append``;
this module stays light because the house loads it to list the rooms. Serves document 001 (evaluation
that can be shown to others) and document 004 (decisions under time pressure that can be explained).
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.ledger",
    title="Ledger",
    summary="Verify, show, sign and export the record of who decided and measured what.",
    router="akashi.ledger.pages:router",
    commands="akashi.ledger.commands:app",
    command_name="ledger",
    tiles="akashi.ledger.report:tiles",
    checks="akashi.ledger.report:checks",
    proof="akashi.ledger.verify:prove_ledger",
    duties=(
        Duty("daily checkpoint", "akashi.ledger.verify:sign_daily"),
        Duty("weekly verification", "akashi.ledger.verify:verify_weekly"),
    ),
    nav=(NavItem("Ledger", "/ledger", "records"),),
)
