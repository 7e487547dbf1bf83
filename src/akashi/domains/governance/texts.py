"""The longer sentences of the papers, as message ids."""

from __future__ import annotations

from akashi.platform.kit import mark

INTRODUCTION = mark(
    "This policy says for what, how and within which limits this AI is used, and who answers for it."
)
TOLD = mark("Whoever meets the output is told that it is automatic, and can reach a person at every moment.")
DECIDED = mark(
    "It is used only after it was evaluated, validated by an independent person"
    " and decided on the bank's route."
)
MEASURED = mark(
    "It is not asked to be without error; what it may get wrong is limited, measured and published."
)
METHOD = mark(
    "Every suite was written natively in Japanese and is put to the target case by case. Deterministic"
    " scorers judge the stored replies; each must first recognise its positive and negative controls, else"
    " the run is invalid. Errors and everything unscored stay in the denominator. Bounds are one-sided 95 %"
    " Clopper-Pearson."
)
EXACTLY = mark(
    "It holds for exactly the target whose digest stands above; nothing measured on one mode may be said"
    " of another."
)
TEMPLATES = mark(
    "The cases come from a limited number of templates; customers find words that no template has."
)
BOUND = mark(
    "A bound of 1 % is not a promise of no error: of 10,000 questions, up to 100 may fail within it."
)
EXTRACTS = mark(
    "It shows words of approved documents as they stand. It is not generative AI; nothing said here holds"
    " for a generative mode."
)
RULES = mark(
    "It asks and answers by fixed rules and wordings. It is not generative AI; nothing said here holds for a"
    " generative mode."
)
WATCHED = mark("People and systems watch its output all the time; it can be stopped at once.")
STALE_NOTE = mark("Anything that changes makes the decision stale until it is decided again.")
TIER_NOTE = mark("The tier follows from the table of tiers: {reasons}")
