"""The words by which the desk's pages speak (message ids, tones)."""

from __future__ import annotations

from collections.abc import Mapping

from akashi.domains.loans.measure.checks import Lack
from akashi.domains.loans.model import Origin, State
from akashi.platform.kit import mark

STATES: Mapping[State, tuple[str, str]] = {
    State.COLLECTING: (mark("Being filled in"), "off"),
    State.SUBMITTED: (mark("On the desk"), "notice"),
    State.RETURNED: (mark("Given back to the applicant"), "info"),
    State.DRAFTED: (mark("Paper on its way"), "info"),
    State.DECIDED: (mark("Decided"), "done"),
    State.WITHDRAWN: (mark("Withdrawn"), "off"),
}
LACKS: Mapping[Lack, str] = {
    Lack.NOT_ANSWERED: mark("not answered"),
    Lack.NOT_CONFIRMED: mark("not confirmed by the applicant"),
    Lack.NOT_HANDED_IN: mark("not handed in"),
    Lack.TOO_FEW: mark("{have} of {need} handed in"),
}
ORIGINS: Mapping[Origin, str] = {
    Origin.ANSWER: mark("Answer"),
    Origin.FORM: mark("Form"),
    Origin.DOCUMENT: mark("Paper"),
    Origin.OFFICER: mark("Officer"),
    Origin.ENDPOINT: mark("Answer (proposed by a model, confirmed by the applicant)"),
}
OBSTACLES: Mapping[str, str] = {
    "needs": mark("Enter the assessed rate, the way of repayment and what is proposed."),
    "opinion": mark("Write the officer's opinion 担当者所見."),
    "stale": mark("The data under {count} of your edits have changed; look at them again."),
    "missing": mark("{count} items or papers that the product needs are missing."),
}
NOTE_KINDS: Mapping[str, str] = {
    "minutes": mark("Minutes of a meeting"),
    "call": mark("Call note"),
    "mail": mark("Mail draft"),
}
MAIL_KINDS: Mapping[str, str] = {
    "missing": mark("Ask for what is missing"),
    "mismatch": mark("Ask about what does not fit"),
    "received": mark("Say that the application was received"),
}
SUMMARY_HEADS: Mapping[str, str] = {
    "agreed": mark("What was agreed"),
    "promised": mark("Promised and planned"),
    "figures": mark("Amounts and terms"),
    "worries": mark("Worries and open questions"),
}
TERM_WORDS = {
    True: (mark("kept"), "done"),
    False: (mark("not kept"), "alert"),
    None: (mark("not known"), "off"),
}
EVENTS: Mapping[str, str] = {
    "value": mark("Value set"),
    "dropped": mark("Value taken back"),
    "state": mark("State"),
}
