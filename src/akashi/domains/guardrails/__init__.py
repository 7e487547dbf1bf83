"""Guards before and behind every AI path (000 IV, 001-2): personal data, hijacking, unsupported output.

For risk officers, and for every room that hands a text to a model. Read ``screening.py`` first, then
``personal.py``, ``hijack.py`` and ``output.py``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.domains.guardrails",
    title="Guardrails",
    summary="Mask personal data, refuse hijacking, show only what is supported.",
    router="akashi.domains.guardrails.pages:router",
    commands="akashi.domains.guardrails.commands:app",
    command_name="guard",
    checks="akashi.domains.guardrails.report:checks",
    stop="akashi.domains.guardrails.treat:stop_use_case",
    warm="akashi.domains.guardrails.report:warm",
    duties=(Duty("forget_words", "akashi.domains.guardrails.exchange_log:forget_words"),),
    nav=(
        NavItem("Use of general AI", "/guard/use"),
        NavItem("Monitoring of the guards", "/guard/monitoring", "risk"),
        NavItem("Looked at by people", "/guard/review", "risk"),
        NavItem("Who uses general AI", "/guard/uses", "risk"),
        NavItem("Stop the use of AI", "/guard/stops", "risk"),
        NavItem("Policies of the guards", "/guard/policies", "risk"),
        NavItem("Try the guards", "/guard", "risk"),
    ),
)
