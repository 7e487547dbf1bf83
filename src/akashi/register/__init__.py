"""The register: the institution and its group, offices, postings, vendors, contracts, services, systems
and what depends on what; for whoever answers for one of them, and for every room that refers to them.

Serves the mapping of interconnections (document 002, operational resilience) and the choice of
priority services and systems (document 004, annex 2 ②, ⑤).
"""

from akashi.platform.rooms import NavItem, Room

ROOM = Room(
    package="akashi.register",
    title="Register",
    summary="Companies, offices, vendors, contracts, services, systems and dependencies; CSV and XLSX.",
    router="akashi.register.pages:router",
    commands="akashi.register.commands:app",
    command_name="register",
    nav=(NavItem("Register", "/register", "records"),),
)
