"""Customer conversations, encrypted one by one: read by few, kept as long as the rule says, then truly gone.

For customers, who talk; for operators, who take over; for the personal-data officer, who holds and erases.
Each conversation has its own key, sealed under the master key; erasing destroys that key and leaves a
tombstone inside and outside the database. Serves 000 IV (personal data) and 003-1. Read ``sealing.py``
first, then ``talk.py`` and ``erasure.py``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.conversations",
    title="Conversations",
    summary="Encrypted conversations with customers, their retention, legal holds and erasure.",
    router="akashi.conversations.pages:router",
    commands="akashi.conversations.commands:app",
    command_name="conversations",
    tiles="akashi.conversations.report:tiles",
    checks="akashi.conversations.report:checks",
    restored="akashi.conversations.erasure:restored",
    duties=(Duty("erase_due", "akashi.conversations.erasure:erase_due"),),
    nav=(NavItem("Conversations", "/conversations", "customers"),),
)
