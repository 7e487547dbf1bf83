"""Pure functions: the risk tier, the phase that events lead to, and what stands in the way of going live."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from akashi.core.evaluated import EvaluatedRun
from akashi.core.thread import digest_of
from akashi.domains.governance.model import Deed, Event, Gate, Phase, Tier, TrialFigures, UseCase
from akashi.platform.canonical import Json, canonical_json
from akashi.platform.rooms import package_folder

LEAST_SAMPLES = 30
"""A trial of a use case with a tier above low judges at least so many outputs. Ours."""
MOST_CORRECTED = 0.2
"""The share of outputs that may need correction at the end of a trial. Ours."""
_NEEDED = {
    Tier.LOW: ("purpose", "owner_office", "developer"),
    Tier.MEDIUM: (
        "purpose",
        "owner_office",
        "developer",
        "lawful_basis",
        "limits",
        "tolerance",
        "benefit",
        "cost_of_not",
    ),
    Tier.HIGH: (
        "purpose",
        "owner_office",
        "developer",
        "lawful_basis",
        "limits",
        "tolerance",
        "human_baseline",
        "benefit",
        "cost_of_not",
        "exit_plan",
        "cost_limit",
        "guard_policy",
    ),
}
"""What the register must say before anybody decides, by tier. Ours, after documents 000 IV and 001."""
GENERATIVE = frozenset({"generative", "agent"})
TESTED = frozenset({"extractive", "rules", "generative", "agent"})
"""Techniques whose outputs are put to suites; the others are validated as models are."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of tiers: every named field has its value."""

    tier: Tier
    wanted: Mapping[str, str]
    reason: str
    reason_ja: str


@cache
def tier_rules() -> tuple[Rule, ...]:
    """Return the table of tiers, worst first."""
    path = package_folder("akashi.domains.governance") / "data" / "tiers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_read_rule(row) for row in csv.DictReader(file))


def _read_rule(row: Mapping[str, str]) -> Rule:
    fields = [name for name in row["field"].split("+") if name]
    values = [value for value in row["values"].split("+") if value]
    return Rule(Tier(row["tier"]), dict(zip(fields, values, strict=True)), row["reason"], row["reason_ja"])


def measure_tier(use_case: UseCase) -> tuple[Tier, tuple[Rule, ...]]:
    """Return the tier and the rules of that tier that hold.

    >>> measure_tier(UseCase("a", "a", 1, True, {"impact": "decision"}))[0].value
    'high'
    """
    held = [
        rule
        for rule in tier_rules()
        if all(use_case.text(name) == value for name, value in rule.wanted.items())
    ]
    tier = held[0].tier
    return tier, tuple(rule for rule in held if rule.tier is tier)


def measure_phase(events: Sequence[Event], has_run: bool) -> Phase:
    """Return where the events lead; ``has_run``: a valid run of what it is now exists.

    What is live stays live, and stopped what is stopped, while it is validated and decided again: only a
    stop, a resumption or its end changes that.
    """
    phase = Phase.EVALUATED if has_run else Phase.DRAFTED
    for event in events:
        if event.deed not in _TURNS.get(phase, frozenset(Deed)):
            continue
        phase = _NEXT.get(event.deed, phase)
        if event.deed in (Deed.OBJECTED, Deed.RETURNED):
            phase = Phase.EVALUATED if has_run else Phase.DRAFTED
    return phase


_TURNS: Mapping[Phase, frozenset[Deed]] = {
    Phase.LIVE: frozenset({Deed.SUSPENDED, Deed.RETIRED}),
    Phase.SUSPENDED: frozenset({Deed.RESUMED, Deed.RETIRED}),
    Phase.RETIRED: frozenset(),
}
"""What changes where a use case stands once it has lived; elsewhere everything does."""


def is_asked(events: Sequence[Event]) -> bool:
    """Return whether a decision to go live is handed in and not taken yet."""
    said = [one.deed for one in events if one.deed in (Deed.ASKED, Deed.RETURNED, Deed.WENT_LIVE)]
    return bool(said) and said[-1] is Deed.ASKED


def is_trying(events: Sequence[Event]) -> bool:
    """Return whether a trial is going on: begun, and not ended since."""
    said = [one.deed for one in events if one.deed in (Deed.TRIAL_STARTED, Deed.TRIAL_ENDED)]
    return bool(said) and said[-1] is Deed.TRIAL_STARTED


def trial_since(events: Sequence[Event], total: TrialFigures) -> TrialFigures:
    """Return the figures of the newest trial: all of them less what stood there when it began.

    An improved system is not judged by the answers of the one before it, nor helped by them.
    """
    begun = next((one for one in reversed(events) if one.deed is Deed.TRIAL_STARTED), None)
    before = begun.content.get("before") if begun is not None else None
    if not isinstance(before, Mapping):
        return total
    return TrialFigures(
        **{name: getattr(total, name) - int(before.get(name, 0)) for name in TrialFigures.__slots__}
    )


_NEXT: Mapping[Deed, Phase] = {
    Deed.VALIDATED: Phase.VALIDATED,
    Deed.TRIAL_STARTED: Phase.TRIAL,
    Deed.TRIAL_ENDED: Phase.TRIAL,
    Deed.ASKED: Phase.ASKED,
    Deed.WENT_LIVE: Phase.LIVE,
    Deed.SUSPENDED: Phase.SUSPENDED,
    Deed.RESUMED: Phase.LIVE,
    Deed.RETIRED: Phase.RETIRED,
}


def subject_digest(use_case: UseCase, present: tuple[str, str] | None) -> str:
    """Return the digest of what is decided about: the register's fields, and mode and digest of the target.

    Anything that changes it makes an earlier decision stale.
    """
    told: dict[str, Json] = {
        "code": use_case.code,
        "values": dict(use_case.values),
        "target": list(present or ("", "")),
    }
    return digest_of(canonical_json(told))


def counting_run(runs: Sequence[EvaluatedRun], present: tuple[str, str] | None) -> EvaluatedRun | None:
    """Return the newest valid run of exactly what stands behind the target now, or None.

    A run of another mode never counts: nothing measured on extracts may be said of a generative mode.
    """
    if present is None:
        return None
    return next((run for run in runs if run.is_valid and (run.mode, run.target_digest) == present), None)


def is_stale(events: Sequence[Event], digest: str) -> bool:
    """Return whether what is live is no longer what was decided."""
    decided = [event for event in events if event.deed in (Deed.WENT_LIVE, Deed.RESUMED)]
    return bool(decided) and decided[-1].subject_digest != digest


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that the gates look at."""

    use_case: UseCase
    tier: Tier
    events: tuple[Event, ...]
    run: EvaluatedRun | None
    digest: str
    trial: TrialFigures
    open_findings: int


def list_gates(standing: Standing) -> tuple[Gate, ...]:
    """Return what must hold before the decision to go live, each open or shut, in the order of work."""
    gates = [_registered(standing), _contracted(standing)]
    if standing.use_case.text("technique") in TESTED:
        gates += [_tested(standing), _within(standing)]
    gates += [_validated(standing)]
    if standing.tier is not Tier.LOW:
        gates.append(_tried(standing))
    return (*gates, _without_findings(standing))


def list_missing(use_case: UseCase, tier: Tier) -> list[str]:
    """Return the fields that the tier needs and the record lacks."""
    return [name for name in _NEEDED[tier] if not use_case.text(name)]


def _registered(standing: Standing) -> Gate:
    missing = list_missing(standing.use_case, standing.tier)
    told = "Everything that this tier needs is registered." if not missing else "{count} fields are missing."
    path = f"/register/use_case/records/{standing.use_case.code}"
    return Gate(
        "registered", "Registered", not missing, told, {"count": len(missing), "fields": missing}, path
    )


def _contracted(standing: Standing) -> Gate:
    one = standing.use_case
    is_outside = bool(one.text("vendor")) and one.text("data_class") != "public"
    agreed = one.text("no_training") in ("agreed", "not_applicable") and one.text("servers_abroad") not in (
        "",
        "unknown",
    )
    told = "The contract says what it must."
    if is_outside and not agreed:
        told = "The contract must rule out training on inputs and say where the servers are."
    return Gate(
        "contracted", "Contract", agreed or not is_outside, told, {}, f"/register/use_case/records/{one.code}"
    )


def _tested(standing: Standing) -> Gate:
    if standing.run is None:
        told = "No valid run of exactly this mode and state of the target."
        return Gate("tested", "Evaluation", False, told, {}, "/evaluation")
    return Gate(
        "tested",
        "Evaluation",
        True,
        "A valid run of exactly this target.",
        {},
        f"/evaluation/runs/{standing.run.id}",
    )


def _within(standing: Standing) -> Gate:
    suites = standing.run.suites if standing.run else ()
    beyond = [suite.name for suite in suites if not suite.is_kept]
    told = "Every bound is within what is accepted." if suites else "Nothing has been measured."
    if beyond:
        told = "{count} suites are beyond what is accepted."
    path = f"/evaluation/runs/{standing.run.id}" if standing.run else "/evaluation"
    return Gate(
        "within",
        "Risk within tolerance",
        bool(suites) and not beyond,
        told,
        {"count": len(beyond), "suites": beyond},
        path,
    )


def waiting_signature(standing: Standing) -> Event | None:
    """Return the signature on what it is now whose sign-off is not decided yet, or None."""
    last = _last_judgment(standing)
    signed = next((one for one in reversed(standing.events) if one.deed is Deed.SIGNED), None)
    if signed is None or signed.subject_digest != standing.digest:
        return None
    return signed if last is None or last.sequence < signed.sequence else None


def _last_judgment(standing: Standing) -> Event | None:
    return next(
        (one for one in reversed(standing.events) if one.deed in (Deed.VALIDATED, Deed.OBJECTED)), None
    )


def _validated(standing: Standing) -> Gate:
    last, signed = _last_judgment(standing), waiting_signature(standing)
    holds = last is not None and last.deed is Deed.VALIDATED and last.subject_digest == standing.digest
    told = "Validated as it is now." if holds else "No validator has signed what it is now."
    if signed is not None and not holds:
        told = "A validator has signed what it is now; the sign-off is not decided yet."
    path = f"/approvals/matters/{signed.content['matter']}" if signed is not None else ""
    return Gate("validated", "Independent validation", holds, told, {}, path)


def _tried(standing: Standing) -> Gate:
    said = [one.deed for one in standing.events if one.deed in (Deed.TRIAL_STARTED, Deed.TRIAL_ENDED)]
    ended = bool(said) and said[-1] is Deed.TRIAL_ENDED
    figures = standing.trial
    is_enough = figures.samples >= LEAST_SAMPLES and figures.correction_rate <= MOST_CORRECTED
    told = "The trial judged {samples} outputs; {share} % needed correction."
    values = {
        "samples": figures.samples,
        "share": round(100 * figures.correction_rate, 1),
        "least": LEAST_SAMPLES,
    }
    if not ended:
        told = "The trial has not ended; {samples} of at least {least} outputs are judged."
    return Gate("tried", "Trial in practice", ended and is_enough, told, values)


def _without_findings(standing: Standing) -> Gate:
    told = "No finding above tolerance is open."
    if standing.open_findings:
        told = "{count} findings of severity high or critical are open."
    path = f"/findings?q={standing.use_case.code}"
    return Gate(
        "findings", "Findings", not standing.open_findings, told, {"count": standing.open_findings}, path
    )
