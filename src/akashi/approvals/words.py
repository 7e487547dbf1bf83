"""The words of approvals as message ids, and the tone in which a state is shown."""

from __future__ import annotations

from akashi.approvals.model import Action, EventKind, Phase, Risk, StepKind
from akashi.platform.kit.catalogs import mark

PHASES = {
    Phase.CIRCULATION: (mark("In circulation"), "info"),
    Phase.CONCURRENCE: (mark("In concurrence"), "info"),
    Phase.DECISION: (mark("Waits for decision"), "notice"),
    Phase.RETURNED: (mark("Returned"), "alert"),
    Phase.DECIDED: (mark("Decided"), "done"),
    Phase.WITHDRAWN: (mark("Withdrawn"), "off"),
}

RISKS = {
    Risk.LOW: (mark("Low risk"), "calm"),
    Risk.MEDIUM: (mark("Medium risk"), "info"),
    Risk.HIGH: (mark("High risk"), "notice"),
}

STEPS = {
    StepKind.DRAFT: mark("Draft"),
    StepKind.CIRCULATION: mark("Circulation"),
    StepKind.CONCURRENCE: mark("Concurrence"),
    StepKind.DECISION: mark("Decision"),
}

STAMPS = {
    StepKind.DRAFT: mark("Drafted"),
    StepKind.CIRCULATION: mark("Seen"),
    StepKind.CONCURRENCE: mark("Concurred"),
    StepKind.DECISION: mark("Decision"),
}

EVENTS = {
    EventKind.OPENED: (mark("Drafted"), "calm"),
    EventKind.CIRCULATED: (mark("Seen in circulation"), "info"),
    EventKind.CONCURRED: (mark("Concurred"), "info"),
    EventKind.DECIDED: (mark("Decided"), "done"),
    EventKind.RETURNED: (mark("Returned"), "alert"),
    EventKind.RESUBMITTED: (mark("Handed in again"), "calm"),
    EventKind.WITHDRAWN: (mark("Withdrawn"), "off"),
    EventKind.ATTACHED: (mark("File attached"), "calm"),
    EventKind.FULFILLED: (mark("Condition fulfilled"), "done"),
    EventKind.CONDITION_OVERDUE: (mark("Condition became overdue"), "alert"),
    EventKind.APPROVAL_OVERDUE: (mark("Approval after the fact became overdue"), "alert"),
}

BUTTONS = {
    Action.CIRCULATE: mark("Mark as seen"),
    Action.CONCUR: mark("Concur"),
    Action.DECIDE: mark("Approve"),
    Action.RETURN: mark("Return with reason"),
    Action.RESUBMIT: mark("Hand in again"),
}

DONE = {
    Action.CIRCULATE: mark("The matter was marked as seen and goes on."),
    Action.CONCUR: mark("Your concurrence was recorded."),
    Action.DECIDE: mark("The matter was decided: {number}."),
    Action.RETURN: mark("The matter was returned to its drafter."),
    Action.RESUBMIT: mark("The matter was handed in again and begins a new round."),
    Action.WITHDRAW: mark("The matter was withdrawn."),
}

DECIDED_WITH_CONDITIONS = mark("Decided with conditions")
AFTER_THE_FACT = mark("Approval after the fact")
