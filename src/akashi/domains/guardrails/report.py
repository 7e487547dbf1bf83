"""What the guards show of themselves: health by controls, and what they load at start-up."""

from __future__ import annotations

from akashi.core.display import Check, Health
from akashi.domains.guardrails.controls import failed_controls, read_controls, require_guards
from akashi.platform.site import Site


def checks(site: Site) -> list[Check]:
    """Return whether every positive and negative control holds.

    Raises: SetupError: a guard cannot load.
    """
    failed, total = failed_controls(), len(read_controls())
    if failed:
        detail = f"{len(failed)} of {total} controls fail; nothing may be served."
        return [Check("guards", Health.FAILED, detail, "Install Akashi again: make setup")]
    return [Check("guards", Health.OK, f"{total} positive and negative controls hold.")]


def warm(site: Site) -> None:
    """Load the models and prove them on the controls.

    Raises: SetupError: a guard is missing or blind; the server ends instead of passing everything.
    """
    require_guards()
