"""The words of the console as message ids, and the tone in which they are shown."""

from __future__ import annotations

from akashi.conversations.model import StepKind
from akashi.domains.assistant.measure.edits import Verdict
from akashi.platform.kit.catalogs import mark

OUTCOMES = {
    "solved": mark("Answered"),
    "referred": mark("Shown the way to a branch or another contact"),
    "complaint": mark("Recorded as a complaint"),
    "unreachable": mark("The customer could not be reached"),
    "void": mark("Nothing to do (test, nuisance, asked twice)"),
}

STEPS = {
    StepKind.CLAIMED: mark("Taken"),
    StepKind.RELEASED: mark("Given back to the queue"),
    StepKind.TRANSFERRED: mark("Passed on"),
    StepKind.RECALLED: mark("Brought back from the office"),
    StepKind.RETURNED: mark("Returned to the queue because nothing happened"),
    StepKind.CLOSED: mark("Closed"),
}

VERDICTS = {
    Verdict.UNCHANGED.value: (mark("Draft sent unchanged"), "done"),
    Verdict.EDITED.value: (mark("Draft edited"), "info"),
    Verdict.ANEW.value: (mark("Written anew"), "calm"),
}

FAREWELL = mark("The operator has finished this case. You can ask further questions at any time.")
PASSED_ON = mark("Your question was passed on to {office}. Somebody there answers you here.")
