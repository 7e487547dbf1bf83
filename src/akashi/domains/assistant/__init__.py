"""The assistant, for customers of the bank and for the people who stand behind it (001-1, 000 IV, 002-3).

It answers a question with words of approved documents, cited to the character, and hands everything
else over to a person. Read ``answering.py`` first, then ``measure``.
"""

from akashi.platform.rooms import Duty, NavItem, Room

ROOM = Room(
    package="akashi.domains.assistant",
    title="Assistant",
    summary="Answer customers' questions from approved documents, or hand them over to a person.",
    front="akashi.domains.assistant.front:router",
    router="akashi.domains.assistant.pages:router",
    commands="akashi.domains.assistant.commands:app",
    command_name="assistant",
    tiles="akashi.domains.assistant.report:tiles",
    checks="akashi.domains.assistant.report:checks",
    warm="akashi.domains.assistant.report:warm",
    stop="akashi.domains.assistant.treat:stop_assistant",
    resume="akashi.domains.assistant.treat:resume_decided",
    beside_matter="akashi.domains.assistant.difference_pages:link_matter",
    duties=(
        Duty("return_idle_cases", "akashi.domains.assistant.console:return_idle_cases"),
        Duty("recover_generations", "akashi.domains.assistant.generating_talk:recover_generations"),
        Duty("watch_model", "akashi.domains.assistant.generating_canary:watch_model"),
        Duty("embed_passages", "akashi.domains.assistant.embedding:embed_passages"),
    ),
    nav=(
        NavItem("Customers waiting", "/assistant/console", "customers"),
        NavItem("How customers reach a person", "/assistant/contact", "customers"),
        NavItem("The week of the assistant", "/assistant/weekly", "customers"),
        NavItem("Ask for staff", "/assistant/staff"),
        NavItem("Assistant in operation", "/assistant"),
        NavItem("Generative mode", "/assistant/generative"),
    ),
)
