"""Message ids for the words of the life cycle, and the tone in which a page shows each."""

from __future__ import annotations

from akashi.core.lifecycle import FindingState, Reason, TreatmentState
from akashi.core.thread import Severity, SubjectKind, TreatmentKind
from akashi.platform.kit import mark

SEVERITIES = {
    Severity.CRITICAL: mark("Critical"),
    Severity.HIGH: mark("High"),
    Severity.MEDIUM: mark("Medium"),
    Severity.LOW: mark("Low"),
}
SEVERITY_TONES = {
    Severity.CRITICAL: "alert",
    Severity.HIGH: "notice",
    Severity.MEDIUM: "info",
    Severity.LOW: "calm",
}

STATES = {
    FindingState.OPEN: mark("Open"),
    FindingState.REOPENED: mark("Reopened"),
    FindingState.IN_TREATMENT: mark("In treatment"),
    FindingState.REMEDIATED: mark("Remediated, to be verified"),
    FindingState.MITIGATED: mark("Mitigated"),
    FindingState.ACCEPTED: mark("Risk accepted"),
    FindingState.STOPPED: mark("Stopped"),
    FindingState.CLOSED: mark("Closed"),
}
STATE_TONES = {
    FindingState.OPEN: "notice",
    FindingState.REOPENED: "alert",
    FindingState.IN_TREATMENT: "info",
    FindingState.REMEDIATED: "info",
    FindingState.MITIGATED: "calm",
    FindingState.ACCEPTED: "calm",
    FindingState.STOPPED: "off",
    FindingState.CLOSED: "done",
}

TREATMENTS = {
    TreatmentKind.REMEDIATE: mark("Remediate"),
    TreatmentKind.MITIGATE: mark("Mitigate"),
    TreatmentKind.ACCEPT: mark("Accept the risk"),
    TreatmentKind.STOP: mark("Stop deliberately"),
}
TREATMENT_LEADS = {
    TreatmentKind.REMEDIATE: mark(
        "Remove the cause. The finding closes only when the subject is measured again."
    ),
    TreatmentKind.MITIGATE: mark(
        "Make harm less likely or smaller. What remains is written down and holds until a date."
    ),
    TreatmentKind.ACCEPT: mark(
        "Live with the remaining risk until a date. This takes a decision on its route."
    ),
    TreatmentKind.STOP: mark("Take the service or system out of use. Resuming takes a decision."),
}

TREATMENT_STATES = {
    TreatmentState.PROPOSED: mark("Proposed"),
    TreatmentState.AGREED: mark("Agreed"),
    TreatmentState.CARRIED_OUT: mark("Carried out"),
    TreatmentState.IN_FORCE: mark("In force"),
    TreatmentState.VERIFIED: mark("Verified"),
    TreatmentState.FAILED: mark("Failed the measurement"),
    TreatmentState.EXPIRED: mark("Expired"),
    TreatmentState.LAPSED: mark("Lapsed"),
    TreatmentState.REJECTED: mark("Rejected"),
    TreatmentState.WITHDRAWN: mark("Withdrawn"),
    TreatmentState.ENDED: mark("Ended"),
}
TREATMENT_TONES = {
    TreatmentState.PROPOSED: "info",
    TreatmentState.AGREED: "info",
    TreatmentState.CARRIED_OUT: "info",
    TreatmentState.IN_FORCE: "done",
    TreatmentState.VERIFIED: "done",
    TreatmentState.FAILED: "alert",
    TreatmentState.EXPIRED: "alert",
    TreatmentState.LAPSED: "alert",
    TreatmentState.REJECTED: "off",
    TreatmentState.WITHDRAWN: "off",
    TreatmentState.ENDED: "off",
}

REASONS = {
    Reason.EXPIRED: mark("Reopened because a treatment expired"),
    Reason.LAPSED: mark("Reopened because a treatment lapsed"),
    Reason.WITHDRAWN: mark("Reopened because a treatment was withdrawn"),
    Reason.RESUMED: mark("Reopened because the subject runs again"),
    Reason.MEASURED: mark("Reopened because it was seen again"),
}

SUBJECTS = {
    SubjectKind.INSTITUTION: mark("Institution"),
    SubjectKind.USE_CASE: mark("AI use case"),
    SubjectKind.SERVICE: mark("Service"),
    SubjectKind.SYSTEM: mark("System"),
    SubjectKind.COMPONENT: mark("Component"),
    SubjectKind.MODEL: mark("Model"),
    SubjectKind.VENDOR: mark("Vendor"),
    SubjectKind.CRYPTOGRAPHIC_ASSET: mark("Cryptographic asset"),
    SubjectKind.DOCUMENT: mark("Document"),
}

EVENTS = {
    "opened": mark("Opened"),
    "measured": mark("Measured again"),
    "proposed": mark("Treatment proposed"),
    "decided": mark("Decided"),
    "completed": mark("Carried out"),
    "signalled": mark("Lapse signal reported"),
    "withdrawn": mark("Treatment withdrawn"),
    "resumed": mark("Resumed by decision"),
    "regraded": mark("Severity changed"),
    "noted": mark("Note"),
    "expired": mark("Treatment expired"),
    "past_due": mark("Due date missed"),
}
