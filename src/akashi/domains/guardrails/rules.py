"""The rules 遵守事項 of staff use of general AI, as acknowledged, and the work it may be used for."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from akashi.core.thread import digest_of
from akashi.platform.canonical import canonical_json
from akashi.platform.kit.catalogs import mark

TASKS = {
    "summarise": mark("Summarise texts"),
    "draft": mark("Draft texts"),
    "translate": mark("Translate"),
    "ideas": mark("Collect ideas"),
    "code": mark("Write programs and formulas"),
    "search": mark("Look up general knowledge"),
}
"""The permitted scope: what one may apply for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What everybody who uses general AI acknowledges; ``digest`` changes with every word.

    The English words are a translation: they help to read, and are not part of what is acknowledged.
    """

    title: str
    rules: tuple[str, ...]
    tasks: tuple[str, ...]
    title_en: str = ""
    rules_en: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the words."""
        return digest_of(canonical_json({"title": self.title, "rules": list(self.rules)}))


@functools.cache
def read_rules() -> Rules:
    """Return the rules of data/rules.toml."""
    raw = files("akashi.domains.guardrails").joinpath("data/rules.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    english = table.get("title_en", ""), tuple(table.get("rules_en", ()))
    return Rules(table["title"], tuple(table["rules"]), tuple(table["tasks"]), *english)


def rules_digest() -> str:
    """Return the digest of the rules in force."""
    return read_rules().digest
