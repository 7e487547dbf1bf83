"""The catalogue of requirements 要求事項: clauses of official documents, in our own words, for everybody
who must show that one of them is met.

Serves the evaluation "against rules and laws" of the FSA's programme (document 001, 5 ②): every finding
names one of these ids, and every edition is recognised by its digest.
"""

from akashi.platform.rooms import NavItem, Room

ROOM = Room(
    package="akashi.catalogue",
    title="Requirements",
    summary="Requirements: clauses of official documents, their editions and what satisfies them.",
    router="akashi.catalogue.pages:router",
    commands="akashi.catalogue.commands:app",
    command_name="catalogue",
    tiles="akashi.catalogue.report:tiles",
    evidence="akashi.catalogue.coverage:list_evidence",
    nav=(
        NavItem("Requirements", "/catalogue", "records"),
        NavItem("Coverage of requirements", "/catalogue/coverage", "risk"),
    ),
)
