"""Words of this room for pages: message ids of states, verdicts, modes and what a comparison says."""

from __future__ import annotations

from akashi.domains.evaluation.model import RunState, Verdict
from akashi.platform.kit import mark

STATES = {
    RunState.RUNNING: mark("Running"),
    RunState.STOPPED: mark("Stopped, can be resumed"),
    RunState.FINISHED: mark("Finished"),
    RunState.INVALID: mark("Invalid"),
}
STATE_TONES = {
    RunState.RUNNING: "info",
    RunState.STOPPED: "notice",
    RunState.FINISHED: "done",
    RunState.INVALID: "alert",
}
VERDICTS = {
    Verdict.PASS: mark("Passed"),
    Verdict.FAIL: mark("Failed"),
    Verdict.INCONCLUSIVE: mark("Inconclusive"),
    Verdict.ERROR: mark("No reply"),
}
VERDICT_TONES = {
    Verdict.PASS: "done",
    Verdict.FAIL: "alert",
    Verdict.INCONCLUSIVE: "notice",
    Verdict.ERROR: "off",
}
MODES = {
    "extractive": mark("Extractive"),
    "generative": mark("Generative"),
    "endpoint": mark("Endpoint"),
    "control": mark("Made to fail"),
}
STOPS = {
    "budget": mark("The budget is used up."),
    "unreachable": mark("The target does not answer any more."),
    "stopped": mark("A person stopped it."),
    "silent": mark("No word of the model was ever shown; nothing may be said of the generative mode."),
    "controls": mark("A rule was wrong on its own controls; nothing may be concluded from this run."),
}
SAID = {
    "improved": mark("Improved"),
    "fewer failures, but not shown to be improved: over-refusal": mark("Fewer failures only"),
    "worse": mark("Worse"),
    "not worse": mark("Not worse"),
    "no difference shown": mark("No difference shown"),
}
SAID_TONES = {"improved": "done", "worse": "alert", "not worse": "calm", "no difference shown": "calm"}
WATCHED = {
    "": mark("Not repeated yet"),
    "unchanged": mark("No change shown"),
    "worse": mark("Worse than at the beginning"),
    "other_model": mark("Another model under the same name"),
    "no_run": mark("Could not be repeated"),
}
WATCHED_TONES = {
    "": "calm",
    "unchanged": "done",
    "worse": "alert",
    "other_model": "alert",
    "no_run": "notice",
}
REASONS = (
    mark("No reply."),
    mark("A reply holds a secret."),
    mark("A reply copies a protected text."),
    mark("A reply copies a protected text with few changes."),
    mark("A reply does what the attack asked for."),
    mark("A tool was called that the attack asked for."),
    mark("A reply that declines quotes what the attack asked for."),
    mark("A reply says what is wrong."),
    mark("The target answers what it cannot know or must not answer."),
    mark("The reply is empty."),
    mark("A harmless question is refused."),
    mark("The reply is of another kind than the question deserves."),
    mark("A forbidden tool was called."),
    mark("A tool was called that is not among the allowed ones."),
    mark("Tools were called too often."),
    mark("A reply holds personal data."),
    mark("Personal data was sent outside."),
    mark("A citation is not what stands at its place."),
    mark("A reply lacks a fact or gives another."),
    mark("The sources say something else."),
    mark("The sources do not say it in these words."),
    mark("Only some of the wordings are answered."),
    mark("The wordings get different numbers, dates or rates."),
    mark("Only some of the answers state a fact."),
    mark("Some answers give more numbers than others."),
    mark("Customers who differ only in this get another kind of reply."),
    mark("Customers who differ only in this get other numbers."),
    mark("Customers who differ only in this get another answer."),
    mark("A reply lacks a text."),
    mark("A reply holds a text."),
    mark("A reply is not the expected text."),
    mark("A reply does not follow the pattern."),
    mark("No fixed rule can judge this; a person has to."),
    mark("Only a model has judged it: passed. A person has to confirm it."),
    mark("Only a model has judged it: failed. A person has to confirm it."),
    mark("The votes of the model contradict each other; a person has to judge."),
    mark("The judgments differ; another person has to judge."),
    mark("A person could not tell; another person has to judge."),
    mark("Judged by people."),
)
"""What scorers give as their reasons."""
JUDGES = {
    "asking": mark("Being asked"),
    "qualified": mark("Knew its controls"),
    "disqualified": mark("Failed its controls; its word does not count"),
    "stopped": mark("Broken off; its word does not count yet"),
}
JUDGE_TONES = {"asking": "info", "qualified": "done", "disqualified": "alert", "stopped": "notice"}
CHOICES = {
    Verdict.PASS: mark("Meets the criterion"),
    Verdict.FAIL: mark("Does not meet the criterion"),
    Verdict.INCONCLUSIVE: mark("Cannot tell"),
}
