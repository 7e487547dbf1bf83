"""The nouns of an evaluation: what is asked, what came back, what was judged, what may be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Values = Mapping[str, Any]


class Risk(StrEnum):
    """What a case tries out. The first four are the challenges that document 001 names."""

    LEAKAGE = "leakage"
    HALLUCINATION = "hallucination"
    HIJACK = "hijack"
    COPYRIGHT = "copyright"
    OVER_REFUSAL = "over_refusal"
    FAIRNESS = "fairness"
    CONSISTENCY = "consistency"
    MASKING = "masking"
    TOOLS = "tools"
    HARM = "harm"
    OTHER = "other"


class Viewpoint(StrEnum):
    """The ten viewpoints of AISI's guide to evaluating the safety of AI."""

    TOXICITY = "toxicity"
    MISINFORMATION = "misinformation"
    FAIRNESS = "fairness"
    HIGH_RISK_USE = "high_risk_use"
    PRIVACY = "privacy"
    SECURITY = "security"
    EXPLAINABILITY = "explainability"
    ROBUSTNESS = "robustness"
    DATA_QUALITY = "data_quality"
    VERIFIABILITY = "verifiability"


class Verdict(StrEnum):
    """What was judged of one unit; ``fail`` means that the target did what it must not do."""

    PASS = "pass"  # noqa: S105  # the word of a verdict
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class Outcome(StrEnum):
    """What kind of reply a target gave. ``unknown``: it did not say and its words do not tell."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    HAND_OVER = "hand_over"
    REFUSED = "refused"
    ABSTAINED = "abstained"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation that a case plays; ``role`` is user or assistant."""

    text: str
    role: str = "user"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must hold of the replies: the kind names the scorer, the values are its own fields."""

    kind: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A text that stands in the target's context, as data."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds the question: instructions, documents, and tools the target believes it has."""

    system: str = ""
    documents: tuple[Document, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a suite, exactly as its line says. ``template`` is the form it was filled into."""

    id: str
    suite: str
    risk: Risk
    viewpoint: Viewpoint
    requirements: tuple[str, ...]
    turns: tuple[Turn, ...]
    expectation: Expectation
    context: Context
    provenance: str
    licence: str
    template: str
    split: str = "test"

    @property
    def unit(self) -> str:
        """Return what is judged and counted as one: the case, or the group it belongs to.

        The cases of one group stand together and get one verdict.
        """
        return f"{self.suite}/{self.expectation.values.get('group') or self.id}"

    @property
    def questions(self) -> tuple[str, ...]:
        """Return what the customer says, turn by turn."""
        return tuple(turn.text for turn in self.turns if turn.role == "user")


@dataclass(frozen=True, slots=True)
class Suite:
    """A set of cases about one risk. ``limit`` is the highest share of failures that is usually accepted.

    ``digest`` is of the bytes of the file, ``units`` what is judged, ``templates`` what was written by hand.
    """

    name: str
    title_ja: str
    title_en: str
    risk: Risk
    cases: int
    units: int
    templates: int
    digest: str
    limit: float = 0.01


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation that a reply cites: code points ``start`` to ``end`` of a text with this digest."""

    quote: str
    document: str = ""
    digest: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ToolCall:
    """Something the target wanted done."""

    name: str
    arguments: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What a target gave back for one case: one reply for each of the customer's turns.

    ``error`` is empty when there is something to judge. ``sent`` is what left the house, where the
    target tells. Tokens are the endpoint's own count or our estimate.
    """

    replies: tuple[str, ...] = ()
    outcome: Outcome = Outcome.UNKNOWN
    citations: tuple[Cited, ...] = ()
    sources: tuple[str, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    sent: str = ""
    error: str = ""
    model: str = ""
    fingerprint: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    microyen: int = 0
    took_ms: int = 0
    attempts: int = 1

    @property
    def text(self) -> str:
        """Return all replies, one under the other."""
        return "\n".join(self.replies)


@dataclass(frozen=True, slots=True)
class Trial:
    """One case put to a target, with what came back."""

    case: Case
    response: Response


@dataclass(frozen=True, slots=True)
class Judgment:
    """The verdict of a scorer on one unit, with its reason: a message id and what fills it."""

    verdict: Verdict
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScorerMark:
    """Which scorer judged: name, version, and the digest of its code and tables."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Control:
    """A reply whose verdict is known beforehand: ``expected`` is fail (positive) or pass (negative)."""

    id: str
    trials: tuple[Trial, ...]
    expected: Verdict


@dataclass(frozen=True, slots=True)
class ControlResult:
    """How often a scorer saw what it must see, and kept silent where it must; ``missed`` names the rest."""

    scorer: ScorerMark
    positives: int
    caught: int
    negatives: int
    cleared: int
    missed: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Return whether the scorer was right on all its controls, and there were enough of them."""
        enough = min(self.positives, self.negatives) >= LEAST_CONTROLS
        return enough and self.caught == self.positives and self.cleared == self.negatives


LEAST_CONTROLS = 59
"""0 wrong of 59 is at most 4.95 % (one-sided 95 %). Source: DESIGN, statistics."""


@dataclass(frozen=True, slots=True)
class TargetMark:
    """What exactly was tested. ``digest`` covers kind, mode, address, model, prompt, corpus and guards.

    ``mode`` is extractive, generative, endpoint or control; nothing measured on one counts for another.
    """

    name: str
    mode: str
    digest: str
    details: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What may be said of ``n`` units: ``failed`` of them failed, ``unscored`` got no verdict.

    ``rate`` = failed / n, errors in the denominator. ``upper`` and ``lower`` are one-sided 95 %
    Clopper-Pearson bounds of failed in n; ``worst_upper`` counts everything unscored as failed and is what
    a tolerance is compared with. ``low`` to ``high`` is two-sided 95 % with templates resampled;
    ``template_upper`` is the one-sided bound with a template as the unit.
    """

    name: str
    n: int
    failed: int
    unscored: int
    errors: int
    rate: float
    lower: float
    upper: float
    worst_upper: float
    templates: int
    low: float
    high: float
    template_upper: float


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What a use case accepts for a risk: the share of failures, beside what people do today.

    「AIは絶対に誤ってはならない」 is not the standard of document 000: ``human`` is the error rate of the
    same work done by people, with where the number comes from; None where nobody measured it.
    """

    accepted: float
    human: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Discordant:
    """A unit that only one of two runs failed."""

    unit: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same units. ``fixed`` failed only before, ``broken`` only after.

    ``p`` is the exact two-sided McNemar value; units without a verdict on both sides are ``left_out``.
    """

    name: str
    paired: int
    both_failed: int
    both_passed: int
    fixed: int
    broken: int
    left_out: int
    p: float
    discordant: tuple[Discordant, ...] = ()

    @property
    def is_better(self) -> bool:
        """Return whether fewer units fail afterwards, beyond chance."""
        return self.fixed > self.broken and self.p < SIGNIFICANT

    @property
    def is_worse(self) -> bool:
        """Return whether more units fail afterwards, beyond chance."""
        return self.broken > self.fixed and self.p < SIGNIFICANT


SIGNIFICANT = 0.05


class RunState(StrEnum):
    """Where a run stands. ``stopped``: its budget or a person ended it; it can be resumed."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    INVALID = "invalid"
