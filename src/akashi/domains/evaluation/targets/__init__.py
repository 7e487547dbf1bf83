"""What can be tested: our own assistant, any OpenAI-compatible endpoint, and targets made to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from akashi.core.errors import InputError
from akashi.domains.evaluation.interfaces import Target, find_extensions
from akashi.domains.evaluation.plans import Plan
from akashi.domains.evaluation.targets.assistant import open_assistant
from akashi.domains.evaluation.targets.endpoint import open_endpoint
from akashi.domains.evaluation.targets.generative import open_generative
from akashi.domains.evaluation.targets.guarded import Guarded
from akashi.domains.evaluation.targets.intake import open_intake
from akashi.domains.evaluation.targets.vulnerable import open_vulnerable
from akashi.platform.site import Site

Opener: TypeAlias = Callable[[Site, Plan], Target]

OURS: dict[str, Opener] = {
    "assistant": open_assistant,
    "generative": open_generative,
    "endpoint": open_endpoint,
    "intake": open_intake,
    "vulnerable": open_vulnerable,
}
"""The kind in ``[target]`` -> what opens it."""


def open_target(site: Site, plan: Plan) -> Target:
    """Return the target that a plan describes, with our guards before and behind it where it says so.

    Raises: InputError: there is no such kind, or a field cannot be used; SetupError: it may not be reached.
    """
    openers = find_extensions("targets", OURS)
    opener = openers.get(plan.target.kind)
    if opener is None:
        raise InputError("There is no kind of target {kind}.", where="target", kind=plan.target.kind)
    target: Target = opener(site, plan)
    return Guarded(target, site.ports, site.ports.check_of(site)) if plan.target.guard else target
