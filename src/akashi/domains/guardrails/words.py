"""The words of the pages, as message ids with their tones."""

from __future__ import annotations

from akashi.domains.guardrails.policy import Treatment
from akashi.platform.kit.catalogs import mark

FATES = {
    "passed": (mark("Passed"), "calm"),
    "recorded": (mark("Only recorded"), "info"),
    "masked": (mark("Masked"), "done"),
    "handed_over": (mark("Handed to a person"), "notice"),
    "refused": (mark("Refused"), "alert"),
}
DIRECTIONS = {"in": mark("Incoming"), "out": mark("Outgoing")}
DOORS = {
    "page": mark("Customers' page"),
    "staff": mark("Staff page"),
    "api": mark("Machine interface"),
    "proxy": mark("Proxy"),
    "feedback": mark("Opinion on an answer"),
}
TREATMENTS = {
    Treatment.MASK.value: (mark("Mask"), "done"),
    Treatment.REFUSE.value: (mark("Refuse"), "alert"),
    Treatment.HAND_OVER.value: (mark("Hand to a person"), "notice"),
    Treatment.RECORD.value: (mark("Only record"), "info"),
}
WHY = {
    "stopped": mark("The guards stopped it"),
    "recorded": mark("The guards saw something and let it pass"),
    "sample": mark("Drawn at random"),
}
VERDICTS = {
    "right": (mark("The guards were right"), "done"),
    "too_strict": (mark("Too strict"), "notice"),
    "missed": (mark("Something was missed"), "alert"),
}
MISSED = {
    "personal": mark("Personal data"),
    "hijack": mark("An attempt to hijack"),
    "leak": mark("Internal information"),
    "output": mark("An improper reply"),
}
FOUND = {
    "hijack": mark("Hijacking"),
    "leak": mark("Leak"),
    "personal": mark("Personal data"),
}
SPEAKERS = {
    "customer": mark("Customer"),
    "assistant": mark("Automatic answer"),
    "operator": mark("Operator"),
    "user": mark("User"),
    "system": mark("Instruction"),
    "developer": mark("Instruction"),
    "reply": mark("Reply of the model"),
}
STATES = {
    "waiting": (mark("Waits for its decision"), "notice"),
    "coming": (mark("Approved, begins later"), "info"),
    "running": (mark("In use"), "done"),
    "rules_changed": (mark("The rules have changed"), "alert"),
    "over": (mark("Over"), "off"),
}
OUTCOMES = {
    "open": (mark("Under way or broken off"), "notice"),
    "stopped_in": (mark("Not sent"), "alert"),
    "stopped_out": (mark("Reply withheld"), "alert"),
    "done": (mark("Answered"), "done"),
    "failed": (mark("No reply"), "off"),
}
