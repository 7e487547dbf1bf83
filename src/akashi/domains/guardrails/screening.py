"""The whole input screen: what may go on of a text that comes in, and why something was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akashi.core.errors import InputError
from akashi.core.ports import Screened
from akashi.domains.guardrails.hijack import Hijack, screen_hijack
from akashi.domains.guardrails.masking import Masked, Vault, mask
from akashi.domains.guardrails.model import Found
from akashi.domains.guardrails.personal import find_personal
from akashi.language.layers import unfold

LONGEST = 1_000_000
"""Characters that are read at all; a longer text is refused before any work."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything the screen knows of one text, for people who look at single cases."""

    masked: Masked
    hijack: Hijack

    @property
    def refused(self) -> bool:
        """Return whether the text may not go on."""
        return self.hijack.flagged


def screen_text(text: str, vault: Vault | None = None) -> Verdict:
    """Return what was found in ``text``, the text that may go on, and whether it may.

    Raises: InputError: the text is longer than ``LONGEST``; SetupError: a model is missing, and then
    nothing may go on.
    """
    check_length(text)
    layers = unfold(text)

    def detect(plain: str) -> Sequence[Found]:
        return find_personal(plain, layers=layers if plain == text else None)

    return Verdict(mask(text, vault, detect), screen_hijack(text, layers=layers))


def check_length(text: str) -> None:
    """Return when a text can be screened. Raises: InputError: it is longer than ``LONGEST``."""
    if len(text) > LONGEST:
        raise InputError(
            "The text has {length} characters; at most {most} can be screened.",
            where="text",
            next_step="Divide it.",
            length=f"{len(text):,}",
            most=f"{LONGEST:,}",
        )


def screen(text: str) -> Screened:
    """Return what the house lends as ``core.ports.Screen``: personal data masked, hijacking refused.

    >>> screened = screen("電話は090-1234-5678です。")
    >>> "090" in screened.text, screened.refused
    (False, False)
    """
    verdict = screen_text(text)
    reasons = (verdict.hijack.reason,) if verdict.refused else ()
    spans = tuple(one.span for one in verdict.masked.found)
    return Screened(verdict.masked.text, verdict.refused, reasons, spans)
