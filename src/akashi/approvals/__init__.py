"""決裁: who may decide what, on which way, and the record of every decision.

For everybody whose work needs a decision: routes and the authority table 職務権限表 are data, a matter goes
起案, 回付, 合議, 決裁, and what it leads to happens in the same transaction. Serves the accountable decisions
that 000 IV, 001-3 and 004 ask of executives. Read ``measure.py`` first, then ``matters.py``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.approvals",
    title="Approvals",
    summary="What waits for a decision, who decides it, and what was decided.",
    router="akashi.approvals.pages:router",
    commands="akashi.approvals.commands:app",
    command_name="approvals",
    tiles="akashi.approvals.report:tiles",
    checks="akashi.approvals.evidence:checks",
    duties=(Duty("mark_overdue", "akashi.approvals.conditions:mark_overdue"),),
    nav=(
        NavItem("My tasks", "/approvals"),
        NavItem("Matters", "/approvals/matters"),
        NavItem("Deputies", "/approvals/deputies", "settings"),
        NavItem("Authority table", "/approvals/authority", "settings"),
    ),
)
