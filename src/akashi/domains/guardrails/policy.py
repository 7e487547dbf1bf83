"""The policy of one use case: what is masked, refused, handed to a person or only recorded.

A small TOML file for each use case. Whatever is unclear in it is an error: a guard without a policy it
understands lets nothing pass.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from akashi.core.errors import InputError
from akashi.core.thread import digest_of
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.tools import Risk, ToolPolicy
from akashi.platform.canonical import canonical_json


class Treatment(StrEnum):
    """What becomes of a text because of something found in it; declared from mildest to strictest."""

    RECORD = "record"
    MASK = "mask"
    HAND_OVER = "hand_over"
    REFUSE = "refuse"

    @property
    def rank(self) -> int:
        """Return 0 for the mildest.

        >>> max(Treatment.MASK, Treatment.REFUSE, key=lambda one: one.rank).value
        'refuse'
        """
        return list(Treatment).index(self)


ALWAYS_HIDDEN = frozenset({Kind.SECRET, Kind.CARD, Kind.MY_NUMBER})
"""Kinds that no policy lets pass in the clear. Source: My Number Act art. 19; the rest is our choice."""
STOPPING = (Treatment.RECORD, Treatment.HAND_OVER, Treatment.REFUSE)
MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one caller may ask for. ``output_tokens`` is the most one reply may have."""

    characters: int = 20_000
    requests_per_minute: int = 30
    tokens_per_day: int = 200_000
    output_tokens: int = 2_000


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens in one use case. ``kinds`` are exceptions to ``personal``.

    ``sample`` is the share, 0..1, of unremarkable exchanges that a person looks at; remarkable ones
    are looked at always. ``keep_days``: how long the log of the proxy is kept. ``models``: those that the
    proxy may reach (none named: all); ``tokens``: the service tokens that run under this policy.
    """

    use_case: str
    title: str
    title_en: str = ""
    personal: Treatment = Treatment.MASK
    kinds: Mapping[Kind, Treatment] = field(default_factory=dict)
    hijack: Treatment = Treatment.REFUSE
    leak: Treatment = Treatment.REFUSE
    out_hijack: Treatment = Treatment.REFUSE
    out_personal: Treatment = Treatment.RECORD
    sample: float = 0.02
    keep_days: int = 90
    limits: Limits = field(default_factory=Limits)
    tools: ToolPolicy = field(default_factory=lambda: ToolPolicy("", frozenset()))
    models: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    text: str = ""

    def treat(self, kind: Kind) -> Treatment:
        """Return what becomes of a text that holds this kind.

        >>> Policy("x", "X", kinds={Kind.CARD: Treatment.REFUSE}).treat(Kind.CARD).value
        'refuse'
        """
        return self.kinds.get(kind, self.personal)

    def label(self, language: str) -> str:
        """Return the title in a reader's language, where it has one in it.

        >>> Policy("x", "既定の方針", "The usual policy").label("en")
        'The usual policy'
        """
        return (self.title_en if language == "en" else "") or self.title

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what the policy means, not of how it is written."""
        return digest_of(canonical_json(_describe(self)))


def _describe(policy: Policy) -> dict[str, Any]:
    limits, tools = policy.limits, policy.tools
    return {
        "use_case": policy.use_case,
        "title": policy.title,
        "kinds": {kind.value: policy.treat(kind).value for kind in Kind},
        "hijack": policy.hijack.value,
        "outgoing": [policy.leak.value, policy.out_hijack.value, policy.out_personal.value],
        "review": [str(policy.sample), policy.keep_days],
        "limits": [
            limits.characters,
            limits.requests_per_minute,
            limits.tokens_per_day,
            limits.output_tokens,
        ],
        "tools": [sorted(tools.allowed), tools.approve_from.value, tools.most_calls],
        "models": list(policy.models),
        "tokens": list(policy.tokens),
    }


SECTIONS: Mapping[str, frozenset[str]] = {
    "": frozenset({"use_case", "title", "title_en", "models", "tokens"}),
    "incoming": frozenset({"personal", "hijack", "kinds"}),
    "outgoing": frozenset({"leak", "hijack", "personal"}),
    "limits": frozenset({"characters", "requests_per_minute", "tokens_per_day", "output_tokens"}),
    "review": frozenset({"sample", "keep_days"}),
    "tools": frozenset({"allowed", "approve_from", "most_calls"}),
}
"""Everything that may stand in a policy."""


def read_policy(text: str, where: str) -> Policy:
    """Return the policy that ``text`` writes in TOML.

    Raises: InputError: it is not TOML, names something unknown, leaves out the use case, or would let
    pass what must never pass. ``where`` names the file.
    """
    return _Reader(_parse(text, where), where).read(text)


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "The policy cannot be read: {reason}.",
            where=where,
            next_step="Correct the line.",
            reason=str(error),
        ) from error


class _Reader:
    """Reads one table field by field; every error says which field."""

    def __init__(self, table: dict[str, Any], where: str) -> None:
        self.table = table
        self.where = where

    def read(self, text: str) -> Policy:
        self._check_names()
        use_case = self._words("", "use_case", 60)
        if not use_case.replace("_", "").isalnum() or not use_case.isascii() or use_case != use_case.lower():
            self._fail("use_case", "Use small letters, digits and low lines.")
        personal = self._treatment("incoming", "personal", Treatment.MASK, tuple(Treatment))
        kinds = self._kinds()
        for kind in ALWAYS_HIDDEN:
            if kinds.get(kind, personal) is Treatment.RECORD:
                raise InputError(
                    "The policy would let {kind} pass in the clear; it must be hidden or stopped.",
                    where=f"{self.where}: incoming.kinds",
                    next_step='Write: {kind} = "mask"',
                    kind=kind.value,
                )
        return Policy(
            use_case=use_case,
            title=self._words("", "title", 120),
            title_en=self._words("", "title_en", 120) if "title_en" in self.table else "",
            personal=personal,
            kinds=kinds,
            hijack=self._treatment("incoming", "hijack", Treatment.REFUSE, STOPPING),
            leak=self._treatment("outgoing", "leak", Treatment.REFUSE, STOPPING[1:]),
            out_hijack=self._treatment("outgoing", "hijack", Treatment.REFUSE, STOPPING),
            out_personal=self._treatment("outgoing", "personal", Treatment.RECORD, STOPPING),
            sample=self._share("review", "sample", 0.02),
            keep_days=self._number("review", "keep_days", 90, 1, 3650),
            limits=Limits(
                self._number("limits", "characters", 20_000, 1, MOST_CHARACTERS),
                self._number("limits", "requests_per_minute", 30, 1, 10_000),
                self._number("limits", "tokens_per_day", 200_000, 1, 10**9),
                self._number("limits", "output_tokens", 2_000, 1, 100_000),
            ),
            tools=self._tools(use_case),
            models=self._names("", "models"),
            tokens=self._names("", "tokens"),
            text=text,
        )

    def _check_names(self) -> None:
        for name, value in self.table.items():
            if name in SECTIONS and isinstance(value, dict):
                for inner in value:
                    if inner not in SECTIONS[name]:
                        self._fail(f"{name}.{inner}", "There is no such setting.")
            elif name not in SECTIONS[""]:
                self._fail(name, "There is no such setting.")

    def _kinds(self) -> dict[Kind, Treatment]:
        table = self._section("incoming").get("kinds", {})
        if not isinstance(table, dict):
            self._fail("incoming.kinds", "Write one line for each kind.")
        known = {kind.value: kind for kind in Kind}
        for name in table:
            if name not in known:
                self._fail(f"incoming.kinds.{name}", f"The kinds are: {', '.join(known)}.")
        return {
            known[name]: self._choose(f"incoming.kinds.{name}", value, tuple(Treatment))
            for name, value in table.items()
        }

    def _tools(self, use_case: str) -> ToolPolicy:
        risk = self._section("tools").get("approve_from", "change")
        risks = {one.name.lower(): one for one in Risk}
        if risk not in risks:
            self._fail("tools.approve_from", f"Choose one of: {', '.join(risks)}.")
        allowed = frozenset(self._names("tools", "allowed"))
        return ToolPolicy(use_case, allowed, risks[risk], self._number("tools", "most_calls", 20, 1, 1000))

    def _section(self, name: str) -> dict[str, Any]:
        found = self.table.get(name, {}) if name else self.table
        return found if isinstance(found, dict) else {}

    def _treatment(
        self, section: str, name: str, default: Treatment, allowed: tuple[Treatment, ...]
    ) -> Treatment:
        return self._choose(f"{section}.{name}", self._section(section).get(name, default.value), allowed)

    def _choose(self, place: str, value: object, allowed: tuple[Treatment, ...]) -> Treatment:
        found = next((one for one in allowed if one.value == value), None)
        return found or self._fail(place, f"Choose one of: {', '.join(one.value for one in allowed)}.")

    def _words(self, section: str, name: str, most: int) -> str:
        value = self._section(section).get(name, "")
        if not isinstance(value, str) or not value.strip() or len(value) > most or not value.isprintable():
            self._fail(name, f"Write a text of up to {most} characters.")
        return str(value).strip()

    def _names(self, section: str, name: str) -> tuple[str, ...]:
        value = self._section(section).get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self._fail(f"{section}.{name}".lstrip("."), "Write a list of names.")
        return tuple(value)

    def _number(self, section: str, name: str, default: int, least: int, most: int) -> int:
        value = self._section(section).get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self._fail(f"{section}.{name}", f"Write a whole number from {least:,} to {most:,}.")
        return int(value)

    def _share(self, section: str, name: str, default: float) -> float:
        value = self._section(section).get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self._fail(f"{section}.{name}", "Write a share from 0 to 1.")
        return float(value)

    def _fail(self, place: str, next_step: str) -> Any:
        raise InputError(
            "The policy's {name} cannot be used.",
            where=f"{self.where}: {place}",
            next_step=next_step,
            name=place,
        )
