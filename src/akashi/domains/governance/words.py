"""The words by which pages and papers speak of phases, tiers, deeds and verdicts (message ids, tones)."""

from __future__ import annotations

from collections.abc import Mapping

from akashi.domains.governance.model import Deed, Phase, Tier
from akashi.platform.kit import mark

PHASES: Mapping[Phase, tuple[str, str]] = {
    Phase.DRAFTED: (mark("Drafted"), "off"),
    Phase.EVALUATED: (mark("Evaluated"), "info"),
    Phase.VALIDATED: (mark("Validated"), "info"),
    Phase.TRIAL: (mark("On trial"), "info"),
    Phase.ASKED: (mark("Waits for the decision"), "notice"),
    Phase.LIVE: (mark("Live"), "done"),
    Phase.SUSPENDED: (mark("Stopped"), "alert"),
    Phase.RETIRED: (mark("Ended"), "off"),
}
TIERS: Mapping[Tier, tuple[str, str]] = {
    Tier.HIGH: (mark("High risk"), "alert"),
    Tier.MEDIUM: (mark("Medium risk"), "notice"),
    Tier.LOW: (mark("Low risk"), "off"),
}
DEEDS: Mapping[Deed, str] = {
    Deed.SIGNED: mark("Signed by the validator, waits for the sign-off"),
    Deed.VALIDATED: mark("Validated by an independent validator"),
    Deed.OBJECTED: mark("The validator objected"),
    Deed.TRIAL_STARTED: mark("The trial began"),
    Deed.TRIAL_ENDED: mark("The trial ended"),
    Deed.ASKED: mark("Handed in for the decision"),
    Deed.RETURNED: mark("Returned"),
    Deed.WENT_LIVE: mark("Decided: live"),
    Deed.SUSPENDED: mark("Stopped at once"),
    Deed.RESUMED: mark("Decided: resumed"),
    Deed.RETIRED: mark("Ended for good"),
}
VERDICTS: Mapping[str, str] = {
    "used": mark("Used as it stood"),
    "corrected": mark("Corrected before use"),
    "useless": mark("Could not be used"),
}
OUTCOMES: Mapping[str, str] = {
    "clarify": mark("Asked back"),
    "hand_over": mark("Handed over to a person"),
    "refused": mark("Declined to answer"),
}
"""What a target did where a reply alone does not say it."""
MODES: Mapping[str, str] = {
    "extractive": mark("Approved wordings (not generative AI)"),
    "generative": mark("Generative"),
    "endpoint": mark("Endpoint"),
    "control": mark("Control"),
    "": mark("Not known"),
}
GATE_WORDS = (
    mark("Registered"),
    mark("Contract"),
    mark("Evaluation"),
    mark("Risk within tolerance"),
    mark("Independent validation"),
    mark("Trial in practice"),
    mark("Findings"),
    mark("Everything that this tier needs is registered."),
    mark("{count} fields are missing."),
    mark("The contract says what it must."),
    mark("The contract must rule out training on inputs and say where the servers are."),
    mark("No valid run of exactly this mode and state of the target."),
    mark("A valid run of exactly this target."),
    mark("Every bound is within what is accepted."),
    mark("Nothing has been measured."),
    mark("{count} suites are beyond what is accepted."),
    mark("Validated as it is now."),
    mark("No validator has signed what it is now."),
    mark("A validator has signed what it is now; the sign-off is not decided yet."),
    mark("The trial judged {samples} outputs; {share} % needed correction."),
    mark("The trial has not ended; {samples} of at least {least} outputs are judged."),
    mark("No finding above tolerance is open."),
    mark("{count} findings of severity high or critical are open."),
)
"""What gates say; named here so that the translations are complete."""
