"""What quizzes say, as message ids; translated with the room's other words."""

from __future__ import annotations

from akashi.domains.governance.training.model import DueKind
from akashi.platform.kit import mark

ASK_REQUIREMENT = mark("This was found here: “{title}”. Which requirement does it touch?")
WHY_REQUIREMENT = mark("The finding is kept against this requirement: {source}, {clause}.")
ASK_STATE = mark("This was found here: “{title}”. How is it answered when you take this quiz?")
WHY_STATE = mark("The finding's page shows every treatment with its decision and its day.")
ASK_SEVERITY = mark("This was found here: “{title}”. How severe is it?")
WHY_SEVERITY = mark(
    "Critical: proven above what is accepted, or exploited. High: seen above it. Medium: seen."
    " Low: not shown to be within."
)
ASK_RUN = mark("An evaluation found: “{title}”. What may be said?")
WHY_RUN = mark(
    "A figure holds for one mode, one state of the target and these cases."
    " Where no error was seen, a bound remains."
)
ASK_END = mark("“{title}”: the risk is accepted until {day}. What happens on the day after?")
WHY_END = mark("Whatever was “{state}” covers to its last day only; then somebody has to answer anew.")
ASK_EVIDENCE = mark("By what is this shown to be met: “{words}”")
WHY_EVIDENCE = mark("The catalogue names this evidence for {source}, {clause}.")
ASK_DOCUMENT = mark("Which document wants this: “{words}”")
WHY_DOCUMENT = mark("{source}, {clause}. The catalogue says it in our own words.")

_OPEN = mark("Nothing holds the risk yet; nobody has answered, or an answer has run out")
_WORK = mark("A treatment is under way; until it is measured again the risk stays")
_MITIGATED = mark("The risk is reduced by a measure with an end; some risk remains")
ACCEPTED = mark("The remaining risk is accepted by a decision, to a day")
_STOPPED = mark("What it is about is stopped; resuming takes a decision")
_CLOSED = mark("A new measurement showed that it is gone")
STATES = {
    "open": _OPEN,
    "reopened": _OPEN,
    "in_treatment": _WORK,
    "remediated": _WORK,
    "mitigated": _MITIGATED,
    "accepted": ACCEPTED,
    "stopped": _STOPPED,
    "closed": _CLOSED,
}
SEVERITIES = {
    "critical": mark("Critical"),
    "high": mark("High"),
    "medium": mark("Medium"),
    "low": mark("Low"),
}
RUN_SAYS = (
    mark("For exactly this mode and target it is not shown that the risk is within what is accepted"),
    mark("Every AI of the bank is unsafe"),
    mark("Another mode or model is safe, because it was not tested"),
    mark("It is safe as soon as one run has no failure, whatever its number of cases"),
)
ENDS = (
    mark("The finding is open again by itself, and stands among the open ones until somebody answers"),
    mark("The acceptance goes on by itself for another year"),
    mark("The finding counts as closed"),
    mark("Nothing, until the next audit"),
)
"""The first of each is right; the others are what people believe."""
DUES = {
    DueKind.NEVER: (mark("Not taken yet"), "notice"),
    DueKind.FAILED: (mark("Not passed yet"), "notice"),
    DueKind.OLD: (mark("Passed more than a year ago"), "notice"),
    DueKind.NEWS: (mark("Severe findings since it was passed"), "notice"),
    DueKind.DONE: (mark("Passed"), "done"),
}
ROLES = {
    "operator": mark("Operator"),
    "business_owner": mark("Business owner"),
    "loan_officer": mark("Loan officer"),
    "validator": mark("Validator"),
    "risk_officer": mark("Risk officer"),
    "compliance_officer": mark("Compliance officer"),
    "privacy_officer": mark("Privacy officer"),
    "security_officer": mark("Security officer"),
    "executive": mark("Executive"),
}
COLUMNS = (
    mark("Person"),
    mark("Role"),
    mark("Try"),
    mark("Right answers"),
    mark("Questions"),
    mark("Result"),
    mark("Handed in"),
    mark("Digest of the quiz"),
)
