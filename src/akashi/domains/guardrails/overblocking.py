"""How much a policy stops or hides of what it should, and of what it should let alone, side by side."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from scipy.special import betaincinv

from akashi.core.errors import SetupError
from akashi.domains.guardrails.guards import Guards, rule_text
from akashi.domains.guardrails.policy import Treatment

OWN_FILE = "harmless.txt"
MOST_OWN = 500
"""Lines of the institution's own file that are measured: the first ones."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total``; ``upper`` is the one-sided 95 % Clopper-Pearson bound of the share."""

    count: int
    total: int

    @property
    def upper(self) -> float:
        """Return the bound, 1 when nothing was measured.

        >>> round(Share(0, 59).upper, 4)
        0.0495
        """
        if self.count >= self.total:
            return 1.0
        return float(betaincinv(self.count + 1, self.total - self.count, CONFIDENCE))


@dataclass(frozen=True, slots=True)
class Measured:
    """One policy on all texts. ``own_*`` is measured on the institution's own harmless texts."""

    use_case: str
    attacks_stopped: Share
    personal_hidden: Share
    harmless_stopped: Share
    harmless_masked: Share
    own_stopped: Share
    own_masked: Share


@dataclass(frozen=True, slots=True)
class Texts:
    """What is measured on."""

    hostile: tuple[str, ...]
    personal: tuple[str, ...]
    harmless: tuple[str, ...]


@functools.cache
def read_texts() -> Texts:
    """Return the texts of data/overblocking.toml."""
    raw = files("akashi.domains.guardrails").joinpath("data/overblocking.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    return Texts(tuple(table["hostile"]), tuple(table["personal"]), tuple(table["harmless"]))


def read_own(folder: Path | None) -> tuple[str, ...]:
    """Return the institution's own harmless texts, one a line. Raises: SetupError: they cannot be read."""
    path = folder / OWN_FILE if folder else None
    if path is None or not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The file {path} cannot be read. Save it as UTF-8.") from error
    return tuple(line.strip() for line in lines if line.strip())[:MOST_OWN]


def measure_policy(guards: Guards, use_case: str, texts: Texts, own: Sequence[str]) -> Measured:
    """Return how much a policy stops and hides."""
    stopped, masked = _fates(guards, use_case, texts.harmless)
    own_stopped, own_masked = _fates(guards, use_case, own)
    attacks, _ = _fates(guards, use_case, texts.hostile)
    gone, hidden = _fates(guards, use_case, texts.personal)
    return Measured(
        use_case,
        Share(attacks, len(texts.hostile)),
        Share(gone + hidden, len(texts.personal)),
        Share(stopped, len(texts.harmless)),
        Share(masked, len(texts.harmless)),
        Share(own_stopped, len(own)),
        Share(own_masked, len(own)),
    )


def measure_all(guards: Guards) -> dict[str, Measured]:
    """Return the measurement of every policy; kept until a file changes."""
    return _measured(_Key(guards))


class _Key:
    """Guards compared by identity: they are made anew whenever a file changes."""

    def __init__(self, guards: Guards) -> None:
        self.guards = guards

    def __hash__(self) -> int:
        return id(self.guards)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.guards is self.guards


@functools.lru_cache(maxsize=4)
def _measured(key: _Key) -> dict[str, Measured]:
    own = read_own(key.guards.folder)
    return {name: measure_policy(key.guards, name, read_texts(), own) for name in key.guards.policies}


def _fates(guards: Guards, use_case: str, texts: Sequence[str]) -> tuple[int, int]:
    """Return how many texts were stopped, and how many went on masked."""
    rulings = [rule_text(guards, use_case, text) for text in texts]
    stopped = sum(not one.goes_on for one in rulings)
    return stopped, sum(one.treatment is Treatment.MASK for one in rulings)
