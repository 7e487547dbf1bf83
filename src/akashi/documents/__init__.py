"""Documents, for whoever is answerable for what customers and staff read (001-1, 000 IV).

Files are parsed in a child process, kept as unchangeable versions, approved on a route, and cited by
exact character offsets. The database decides for every answer what may be said today.
"""

from akashi.platform.rooms import NavItem, Room

ROOM = Room(
    package="akashi.documents",
    title="Documents",
    summary="Add, list and compare the documents that answers are taken from.",
    router="akashi.documents.pages:router",
    commands="akashi.documents.commands:app",
    command_name="documents",
    tiles="akashi.documents.report:tiles",
    nav=(NavItem("Documents", "/documents"),),
)
