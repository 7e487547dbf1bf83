"""What one evaluation is: which suites, which target, how much it may cost, what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from akashi.core.thread import digest_of
from akashi.domains.evaluation.model import Tolerance
from akashi.platform.canonical import canonical_json

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class TargetPlan:
    """Where the target is. ``kind`` names what opens it; ``weakness`` is for deliberately vulnerable ones.

    ``system`` stands before the instructions of each case. Without ``url`` an endpoint is the one of the
    installation. ``guard`` puts our screen before and our output check behind it.
    """

    kind: str
    name: str = ""
    url: str = ""
    model: str = ""
    system: str = ""
    key_file: str = ""
    guard: bool = False
    weakness: str = "all"
    answer_tokens: int = 600


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard and how long to try, and what a run may cost: 0 means no limit.

    ``seconds`` is for one call. A failed call is repeated ``retries`` times, after ``pause_ms`` doubled
    each time. Prices are whole yen for a million tokens.
    """

    concurrency: int = 8
    retries: int = 3
    seconds: int = 60
    pause_ms: int = 250
    tokens: int = 0
    yen: int = 0
    yen_per_million_in: int = 0
    yen_per_million_out: int = 0

    def microyen(self, tokens_in: int, tokens_out: int) -> int:
        """Return the price in millionths of a yen."""
        return tokens_in * self.yen_per_million_in + tokens_out * self.yen_per_million_out


@dataclass(frozen=True, slots=True)
class Plan:
    """One evaluation, as its TOML file says. ``subject`` is the id of the AI use case.

    ``share`` plays a fixed part of the units, the same ones each time; such a run opens no finding.

    ``doing`` and ``not_doing`` say what is gained by the use and lost without it: document 000 does not ask
    for an AI that never errs.
    """

    title: str
    target: TargetPlan
    suites: tuple[str, ...]
    subject: str = ""
    split: str = "test"
    share: float = 1.0
    transforms: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    doing: str = ""
    not_doing: str = ""

    @property
    def digest(self) -> str:
        """Return the digest of everything the plan says."""
        return digest_of(canonical_json(describe_plan(self)))


def describe_plan(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values."""
    return {**asdict(plan), "suites": list(plan.suites), "transforms": list(plan.transforms)}


def recall_plan(values: Mapping[str, Any]) -> Plan:
    """Return the plan behind its JSON values."""
    tolerances = {name: Tolerance(**one) for name, one in values["tolerances"].items()}
    return Plan(
        **{
            **values,
            "target": TargetPlan(**values["target"]),
            "limits": Limits(**values["limits"]),
            "suites": tuple(values["suites"]),
            "transforms": tuple(values["transforms"]),
            "tolerances": tolerances,
        }
    )
