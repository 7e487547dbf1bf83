"""Everything the guards of one installation need: policies, own words, the model; and the ruling on a text.

The institution's own files lie in the folder ``guard`` of its home: ``<use case>.toml`` in place of a shipped
policy, ``terms.txt`` (words that must not go out), ``hijack.npz`` (the model fitted again), ``harmless.txt``
(its own texts that must pass). A file that cannot be used stops the service; nothing is skipped.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from akashi.core.errors import InputError, SetupError
from akashi.core.ports import Noted, Screened
from akashi.domains.guardrails.hijack import Hijack, screen_hijack, screen_turns
from akashi.domains.guardrails.hijack_kinds import TextKind
from akashi.domains.guardrails.hijack_model import HijackModel, load_model, shipped_model
from akashi.domains.guardrails.masking import Masked, Vault, mask
from akashi.domains.guardrails.model import Found, Kind
from akashi.domains.guardrails.personal import find_personal
from akashi.domains.guardrails.policy import Policy, Treatment, read_policy
from akashi.domains.guardrails.screening import check_length
from akashi.domains.guardrails.terms import Terms, read_terms
from akashi.platform.site import Site

DEFAULT = "default"
SPOKEN = frozenset({"assistant", "staff", "feedback"})
"""Use cases whose texts are turns of a conversation; of others the look of a text decides."""
FOLDER = "guard"
MOST_POLICY_BYTES = 100_000
FORBIDDEN_DATA = "The text holds data that this use case does not take."
DATA_FOR_PERSON = "The text holds data that a person must look at."


@dataclass(frozen=True, slots=True)
class Guards:
    """The guards of one installation. ``own`` names the policies that are the institution's."""

    policies: Mapping[str, Policy]
    terms: Terms
    model: HijackModel
    own: frozenset[str] = frozenset()
    has_own_model: bool = False
    folder: Path | None = None

    def policy(self, use_case: str) -> Policy:
        """Return what holds for a use case: its own policy, else the default one."""
        return self.policies.get(use_case) or self.policies[DEFAULT]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of a text under a policy: what was found, the strictest treatment, and why.

    ``masked.text`` may go on only where ``treatment`` is neither refuse nor hand_over.
    """

    masked: Masked
    found: tuple[Found, ...]
    hijack: Hijack
    treatment: Treatment | None
    reasons: tuple[str, ...]
    noted: tuple[Noted, ...]

    @property
    def goes_on(self) -> bool:
        """Return whether the masked text may go on."""
        return self.treatment not in (Treatment.REFUSE, Treatment.HAND_OVER)


def rule_text(
    guards: Guards,
    use_case: str,
    text: str,
    vault: Vault | None = None,
    before: Sequence[str] = (),
    *,
    is_trusted: bool = False,
) -> Ruling:
    """Return what becomes of ``text`` in a use case.

    ``before`` are the earlier turns of the same person. ``is_trusted``: the text is an instruction of
    the institution's own program, so that only its data are looked at, not its orders.

    Raises: InputError: the text is too long to be screened at all.
    """
    check_length(text)
    policy = guards.policy(use_case)
    seen: list[Found] = []

    def detect(plain: str) -> list[Found]:
        seen.extend(find_personal(plain, guards.terms))
        return [one for one in seen if policy.treat(one.kind) is not Treatment.RECORD]

    masked = mask(text, vault, detect)
    kind = TextKind.TURN if use_case in SPOKEN else None
    hijack = Hijack.nothing() if is_trusted else _judge_turns(text, before, guards.model, kind)
    return _rule(policy, masked, tuple(seen), hijack)


def _judge_turns(text: str, before: Sequence[str], model: HijackModel, kind: TextKind | None) -> Hijack:
    if before:
        return screen_turns([*before, text], model, kind)
    return screen_hijack(text, model, kind=kind)


def _rule(policy: Policy, masked: Masked, found: tuple[Found, ...], hijack: Hijack) -> Ruling:
    counts = Counter(one.kind for one in found)
    noted = [Noted(kind.value, policy.treat(kind).value, counts[kind]) for kind in Kind if kind in counts]
    reasons = []
    strictest = {policy.treat(kind) for kind in counts}
    if Treatment.REFUSE in strictest:
        reasons.append(FORBIDDEN_DATA)
    elif Treatment.HAND_OVER in strictest:
        reasons.append(DATA_FOR_PERSON)
    if hijack.flagged:
        strictest.add(policy.hijack)
        noted.append(Noted("hijack", policy.hijack.value, 1))
        if policy.hijack is not Treatment.RECORD:
            reasons.insert(0, hijack.reason)
    treatment = max(strictest, key=lambda one: one.rank, default=None)
    return Ruling(masked, found, hijack, treatment, tuple(reasons), tuple(noted))


def screen_for(folder: Path | None, text: str, use_case: str) -> Screened:
    """Return what the house lends as ``core.ports.Screen``."""
    ruling = rule_text(open_guards(folder), use_case, text)
    return Screened(
        ruling.masked.text,
        ruling.treatment is Treatment.REFUSE,
        ruling.reasons,
        tuple(one.span for one in ruling.masked.found),
        ruling.treatment is Treatment.HAND_OVER,
        ruling.noted,
    )


def open_guards(folder: Path | None) -> Guards:
    """Return the guards with the institution's own files in ``folder``, read again when one changes.

    Raises: SetupError: a policy, word list or model cannot be used; then nothing may pass.
    """
    return _load(folder, _stamps(folder))


def _stamps(folder: Path | None) -> tuple[tuple[str, int, int], ...]:
    if folder is None or not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.iterdir()):
        state = path.stat()
        found.append((path.name, state.st_mtime_ns, state.st_size))
    return tuple(found)


@functools.lru_cache(maxsize=8)
def _load(folder: Path | None, stamps: tuple[tuple[str, int, int], ...]) -> Guards:
    names = {name for name, _, _ in stamps}
    policies = dict(shipped_policies())
    own = set()
    for name in sorted(names):
        if folder is not None and name.endswith(".toml"):
            policy = _read_own(folder / name)
            policies[policy.use_case] = policy
            own.add(policy.use_case)
    try:
        terms = read_terms(folder / "terms.txt") if folder and "terms.txt" in names else Terms()
    except InputError as error:
        raise SetupError(f"The institution's words cannot be used: {error}") from error
    has_model = folder is not None and "hijack.npz" in names
    model = load_model(folder / "hijack.npz") if folder and has_model else shipped_model()
    return Guards(policies, terms, model, frozenset(own), has_model, folder)


def _read_own(path: Path) -> Policy:
    try:
        if path.stat().st_size > MOST_POLICY_BYTES:
            raise SetupError(f"The policy {path} is too large.")
        policy = read_policy(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The policy {path} cannot be read. Save it as UTF-8.") from error
    except InputError as error:
        raise SetupError(f"A policy of the guards cannot be used: {error}") from error
    if policy.use_case != path.stem:
        raise SetupError(f"The policy {path} is for {policy.use_case}. Name the file {policy.use_case}.toml")
    return policy


@functools.cache
def shipped_policies() -> Mapping[str, Policy]:
    """Return the policies in the package by use case."""
    folder = files("akashi.domains.guardrails").joinpath("data/policies")
    read = [
        read_policy(path.read_text(encoding="utf-8"), path.name)
        for path in folder.iterdir()
        if path.name.endswith(".toml")
    ]
    return {policy.use_case: policy for policy in sorted(read, key=lambda one: one.use_case)}


def guard_folder(site: Site) -> Path:
    """Return where an installation keeps its own policies, words and model."""
    return site.settings.home / FOLDER
