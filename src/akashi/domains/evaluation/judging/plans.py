"""The TOML file that says which model judges, how often it votes and what that may cost."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.evaluation.judging.opinions import LEAST_VOTES
from akashi.domains.evaluation.judging.prompt import PROMPT_DIGEST
from akashi.domains.evaluation.model import ScorerMark, TargetMark
from akashi.domains.evaluation.plans import Limits, Plan, TargetPlan
from akashi.platform.canonical import canonical_json
from akashi.platform.endpoint_settings import EndpointSettings

MOST_VOTES = 15
VERSION = "1"


@dataclass(frozen=True, slots=True)
class JudgePlan:
    """Which model judges. Without ``url`` it is the endpoint of the installation."""

    url: str = ""
    model: str = ""
    key_file: str = ""
    votes: int = LEAST_VOTES
    answer_tokens: int = 200
    limits: Limits = field(default_factory=lambda: Limits(concurrency=4))

    @property
    def target(self) -> Plan:
        """Return the plan by which the endpoint is opened as any other target."""
        kind = TargetPlan(
            "endpoint", "", self.url, self.model, "", self.key_file, False, "", self.answer_tokens
        )
        return Plan("judge", kind, (), limits=self.limits)


def price_judge(plan: JudgePlan, own: EndpointSettings | None) -> JudgePlan:
    """Return the plan with the prices of the installation's own endpoint where it names none."""
    limits = plan.limits
    if own is None or plan.url or limits.yen_per_million_in or limits.yen_per_million_out:
        return plan
    prices = {
        "yen_per_million_in": own.yen_per_million_in,
        "yen_per_million_out": own.yen_per_million_out,
    }
    return replace(plan, limits=replace(limits, **prices))


def mark_judge(plan: JudgePlan, target: TargetMark) -> tuple[ScorerMark, dict[str, Any]]:
    """Return the mark of a judge; its digest is of address, model, prompt and number of votes."""
    details = {**dict(target.details), "kind": "judge", "prompt": PROMPT_DIGEST, "votes": plan.votes}
    return ScorerMark("judge", VERSION, digest_of(canonical_json(details))), details


def read_judge(path: Path | None) -> JudgePlan:
    """Return the judge that a TOML file describes; without a file the installation's own endpoint.

    Raises: InputError: the file cannot be read, or a field is unknown, of another type or out of range.
    """
    if path is None:
        return JudgePlan()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong("The file is not TOML in UTF-8: {reason}.", path.name, reason=str(error)) from error
    return make_judge(table, path.name)


def make_judge(table: Mapping[str, Any], where: str = "judge") -> JudgePlan:
    """Return the judge that a table describes. Raises: InputError, as ``read_judge``."""
    limits = table.get("limits", {})
    if not isinstance(limits, dict):
        raise _wrong("The field {field} has the wrong type.", where, field="limits")
    rest = {name: value for name, value in table.items() if name != "limits"}
    _check(rest, {one.name: one.type for one in fields(JudgePlan) if one.name != "limits"}, where)
    _check(limits, {one.name: one.type for one in fields(Limits)}, where)
    plan = JudgePlan(**rest, limits=Limits(**{"concurrency": 4, **limits}))
    if not LEAST_VOTES <= plan.votes <= MOST_VOTES:
        raise _wrong(
            "A model votes between {least} and {most} times.", where, least=LEAST_VOTES, most=MOST_VOTES
        )
    if not 1 <= plan.limits.concurrency <= 1000 or plan.limits.seconds < 1 or plan.answer_tokens < 1:
        raise _wrong("The concurrency lies between 1 and {most}.", where, most=1000)
    if plan.limits.yen and plan.url and not plan.limits.yen_per_million_out:
        raise _wrong("A limit in yen needs the prices.", where)
    return plan


def _check(table: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    for name, value in table.items():
        if name not in known:
            raise _wrong("The field {field} is unknown.", where, field=name)
        wanted = int if known[name] in (int, "int") else str
        if type(value) is not wanted or (isinstance(value, int) and not 0 <= value <= 10**12):
            raise _wrong("The field {field} has the wrong type.", where, field=name)


def _wrong(message: str, where: str, **values: object) -> InputError:
    return InputError(message, where=where, next_step="Correct the file and start again.", **values)
