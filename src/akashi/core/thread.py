"""The words of the thread: subject, requirement, evidence, finding, treatment, question, answer.

Every room speaks of these values and means the same by them. They carry ids of records that rooms
keep, never the records themselves. How a finding moves through its life is in ``lifecycle``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from akashi.core.spans import Interval

_DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_EXCERPTS = 3
"""An answer shows at most three verbatim spans. Source: DESIGN, security promise 2."""


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as 64 hexadecimal digits, the form in which we keep digests.

    >>> digest_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()


class SubjectKind(StrEnum):
    """What can be registered, measured and found wanting."""

    INSTITUTION = "institution"
    USE_CASE = "use_case"
    SERVICE = "service"
    SYSTEM = "system"
    COMPONENT = "component"
    MODEL = "model"
    VENDOR = "vendor"
    CRYPTOGRAPHIC_ASSET = "cryptographic_asset"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a measurement looks at. ``id`` belongs to the room that registers this kind.

    >>> str(Subject(SubjectKind.SYSTEM, "sys_core"))
    'system:sys_core'
    """

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A clause of a law, an official document or the institution's own rules, in one edition."""

    id: str
    source: str
    edition: str
    clause: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, when, with the SHA-256 of what is kept; ``locator`` says where it is kept.

    Raises: ValueError: the digest is not 64 lower-case hexadecimal digits, or the moment is naive.
    """

    id: str
    digest: str
    taken_at: datetime
    locator: str = ""

    def __post_init__(self) -> None:
        _require_digest(self.digest)
        if self.taken_at.tzinfo is None:
            raise ValueError("evidence needs a moment with its time zone")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One evaluation run, scan, simulation, self-assessment or exercise, and what it left behind.

    ``mode`` names exactly what was tested, such as ``extractive`` or an endpoint and model.
    """

    id: str
    kind: str
    subject: Subject
    taken_at: datetime
    evidence: tuple[Evidence, ...]
    mode: str = ""


class Severity(StrEnum):
    """How bad a finding is; declared from worst to least."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 0 for the worst; sorting by it puts the worst first.

        >>> sorted([Severity.LOW, Severity.CRITICAL], key=lambda one: one.rank)[0].value
        'critical'
        """
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """検出事項: what is wrong, about which subject, against which requirement, seen in which evidence.

    ``room`` is the short name of the room that found it, ``source`` the measurement or detector.
    Two findings with the same source, subject, requirement and fingerprint are the same finding.
    ``title`` and ``detail`` are the institution's own words, in the language they were written in.
    """

    room: str
    source: str
    subject: Subject
    requirement_id: str
    fingerprint: str
    severity: Severity
    title: str
    detail: str = ""
    evidence: tuple[Evidence, ...] = ()


class TreatmentKind(StrEnum):
    """The four answers to a finding: 改善, 低減, リスク受容, 能動的な停止."""

    REMEDIATE = "remediate"
    MITIGATE = "mitigate"
    ACCEPT = "accept"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Remediation:
    """改善: remove the cause by ``due_on``; it closes the finding only when measured again."""

    owner: str
    due_on: date
    plan: str

    @property
    def kind(self) -> TreatmentKind:
        """Return ``remediate``."""
        return TreatmentKind.REMEDIATE


@dataclass(frozen=True, slots=True)
class Mitigation:
    """低減: make the harm less likely or smaller. What remains is said, and holds until ``expires_on``.

    ``expires_on`` is the last Tokyo day on which it holds. It lapses at once when one of the
    ``lapse_signals`` is reported, for example ``exploit-published``.
    """

    owner: str
    due_on: date
    plan: str
    remaining_risk: str
    expires_on: date
    lapse_signals: tuple[str, ...] = ()

    @property
    def kind(self) -> TreatmentKind:
        """Return ``mitigate``."""
        return TreatmentKind.MITIGATE


@dataclass(frozen=True, slots=True)
class Acceptance:
    """リスク受容: live with the remaining risk until ``expires_on``; counts only once decided.

    ``due_on`` is the day by which the decision is wanted.
    """

    owner: str
    due_on: date
    plan: str
    remaining_risk: str
    expires_on: date
    lapse_signals: tuple[str, ...] = ()

    @property
    def kind(self) -> TreatmentKind:
        """Return ``accept``."""
        return TreatmentKind.ACCEPT


@dataclass(frozen=True, slots=True)
class Stop:
    """能動的な停止: take the subject out of service by ``due_on``; resuming takes a decision."""

    owner: str
    due_on: date
    plan: str

    @property
    def kind(self) -> TreatmentKind:
        """Return ``stop``."""
        return TreatmentKind.STOP


Treatment = Remediation | Mitigation | Acceptance | Stop


@dataclass(frozen=True, slots=True)
class DecisionReference:
    """A decision 決裁 taken through a route: which matter, its decision number, when.

    Raises: ValueError: the matter or the number is missing; there is no such thing as an unnumbered decision.
    """

    matter_id: str
    number: str
    decided_at: datetime

    def __post_init__(self) -> None:
        if not self.matter_id.strip() or not self.number.strip():
            raise ValueError("a decision has a matter and a number")


class Audience(StrEnum):
    """For whom a text is meant."""

    CUSTOMERS = "customers"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, when, and on behalf of which audience it may be answered."""

    text: str
    asked_at: datetime
    audience: Audience = Audience.CUSTOMERS
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of one version of a document: code points ``interval`` of its text read ``quote``.

    Raises: ValueError: the quote is not as long as the interval, or the digest is not one.
    """

    document_id: str
    version_digest: str
    interval: Interval
    quote: str

    def __post_init__(self) -> None:
        _require_digest(self.version_digest)
        if len(self.quote) != len(self.interval):
            raise ValueError("a quote is exactly as long as its interval")

    def matches(self, text: str) -> bool:
        """Return whether ``text``, the version's whole text, still reads as quoted.

        >>> Citation("doc_1", digest_of(b""), Interval(0, 2), "口座").matches("口座を開く")
        True
        """
        return self.interval.of(text) == self.quote


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of an answer and the span that carries it."""

    text: str
    citation: Citation

    @property
    def is_verbatim(self) -> bool:
        """Return whether the text is the cited span itself, character by character."""
        return self.text == self.citation.quote


class Outcome(StrEnum):
    """How a question ends: with an answer, a question back, a person, or a refusal."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    HAND_OVER = "hand_over"
    REFUSED = "refused"


class AnswerMode(StrEnum):
    """What produced an answer; nothing measured on one mode may be said of the other."""

    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question. Only an answered one shows excerpts: one to three, each cited.

    ``confidence`` is 0..1. ``reasons`` are message ids, most important first. ``choices`` are what a
    person may pick from when we ask back.

    Raises: ValueError: excerpts and outcome contradict each other, or the confidence is not 0..1.
    """

    outcome: Outcome
    excerpts: tuple[Excerpt, ...] = ()
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    mode: AnswerMode = AnswerMode.EXTRACTIVE

    def __post_init__(self) -> None:
        expected = range(1, MOST_EXCERPTS + 1) if self.outcome is Outcome.ANSWERED else range(1)
        if len(self.excerpts) not in expected:
            raise ValueError(f"{self.outcome} cannot show {len(self.excerpts)} excerpts")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("confidence lies between 0 and 1")
        if self.mode is AnswerMode.EXTRACTIVE and not all(one.is_verbatim for one in self.excerpts):
            raise ValueError("an extractive answer is verbatim")


def _require_digest(text: str) -> None:
    if not _DIGEST.fullmatch(text):
        raise ValueError(f"not a SHA-256 digest: {text!r}")
