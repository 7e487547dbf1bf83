"""What the conversation can say: wordings of data, filled with those of the product and with values.

There is no other way to speak: a phrase is an id of ``data/wording.toml``; no code composes a sentence.
That is why the conversation cannot promise an approval, a rate or a limit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from akashi.domains.loans.model import Words
from akashi.platform.rooms import package_folder

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording by its id, and what fills its braces; that may be personal and is not in ``repr``."""

    id: str
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def say(self, language: str) -> str:
        """Return the words. Raises: KeyError: there is no such wording, or a field is missing.

        >>> Phrase("noted", {"label": "金額", "value": "300万円"}).say("ja")
        '金額：300万円 と承りました。'
        """
        return fill(list_wordings()[self.id][language], self.fields)


def fill(template: str, fields: Mapping[str, str]) -> str:
    """Return a wording with its braces filled; braces inside a value stay what they are."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        filled += [fields[name], rest]
    return "".join(filled)


@cache
def list_wordings() -> Mapping[str, Words]:
    """Return every wording by id and language."""
    path = package_folder("akashi.domains.loans") / "data" / "wording.toml"
    found: Mapping[str, Words] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found
