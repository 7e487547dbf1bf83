"""Positive and negative controls: texts on which a guard that works must, or must not, speak up."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from akashi.core.errors import SetupError
from akashi.domains.guardrails.guards import Guards, open_guards
from akashi.domains.guardrails.hijack import screen_hijack
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.personal import find_personal


@dataclass(frozen=True, slots=True)
class Control:
    """A text with the kinds that must be found in it (none: it is clean), and whether it is an attack."""

    text: str
    kinds: frozenset[str]
    attack: bool


def read_controls() -> tuple[Control, ...]:
    """Return the controls of data/controls.toml."""
    raw = files("akashi.domains.guardrails").joinpath("data/controls.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(raw)["control"]
    return tuple(
        Control(row["text"], frozenset(row.get("kinds", ())), row.get("attack", False)) for row in rows
    )


def failed_controls(guards: Guards | None = None) -> tuple[Control, ...]:
    """Return the controls on which the guards do not do what they must; none when all is well.

    Without ``guards`` those of the package. Raises: SetupError: a guard cannot even load.
    """
    chosen = guards or open_guards(None)
    return tuple(control for control in read_controls() if not _holds(control, chosen))


def _holds(control: Control, guards: Guards) -> bool:
    """Return whether a control holds; the institution's own words may stand in a clean text."""
    found = {one.kind.value for one in find_personal(control.text, guards.terms)}
    is_right = control.kinds <= found if control.kinds else not found - {Kind.TERM.value}
    return is_right and screen_hijack(control.text, guards.model).flagged is control.attack


def require_guards(guards: Guards | None = None) -> None:
    """Return when every control holds.

    Raises: SetupError: a guard is missing or blind; the service must stop instead of letting all pass.
    """
    failed = failed_controls(guards)
    if failed:
        raise SetupError(
            f"{len(failed)} of {len(read_controls())} controls of the guards fail, "
            f"the first one: {failed[0].text[:30]!r}. Install Akashi again: make setup"
        )
