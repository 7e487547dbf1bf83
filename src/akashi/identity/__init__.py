"""People, roles and sign-in: passkeys only, two administrators for whatever decides.

For every member of staff and every machine that acts in the product. An administrator creates the
person and a link that registers one passkey; a second administrator confirms it; only then does the
person decide anything. Serves the access-control expectations of 000 III and 003-1 (phishing-resistant
sign-in, least privilege, traceable grants). Read ``model.py`` first, then ``roles.py`` and ``sign_in.py``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.identity",
    title="People and access",
    summary="Who may sign in, with which roles, and who agreed to it.",
    router="akashi.identity.pages:router",
    commands="akashi.identity.commands:app",
    command_name="identity",
    checks="akashi.identity.report:checks",
    duties=(Duty("forget_expired", "akashi.identity.limits:forget_expired"),),
    nav=(
        NavItem("People and roles", "/identity/people", "settings"),
        NavItem("Service tokens", "/identity/tokens", "settings"),
        NavItem("Role matrix", "/identity/matrix", "settings"),
    ),
)
