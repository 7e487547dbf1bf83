"""Findings 検出事項 and their treatments: for whoever answers for a risk, from the first line to the board.

Serves the remaining-risk and acceptance clauses of the FSA request of 2026-05-22 (annex 2, 5 and 7) and the
loop of evaluation and improvement of the FSA's programme (document 001, 2). The management dashboard
at ``/dashboard`` shows one page of tiles from every room.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.findings",
    title="Findings",
    summary="Findings, treatments and what is due; the management dashboard.",
    router="akashi.findings.pages:router",
    commands="akashi.findings.commands:app",
    command_name="findings",
    tiles="akashi.findings.report:tiles",
    evidence="akashi.findings.coverage:list_evidence",
    duties=(Duty("turns", "akashi.findings.duties:record_turns"),),
    nav=(
        NavItem("Management dashboard", "/dashboard", "work"),
        NavItem("Findings", "/findings", "risk"),
    ),
)
