"""What a page being rendered knows of its reader: language, address and now.

Macros of Jinja do not see the page that imports them; filters and ``_`` therefore read this frame,
which ``render`` sets for exactly the time of one rendering.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from akashi.platform.kit.catalogs import Translator


@dataclass(frozen=True, slots=True)
class Frame:
    """One rendering: who reads, where, when."""

    translator: Translator
    path: str
    query: tuple[tuple[str, str], ...]
    now: datetime
    rooms: Callable[[str, str], Translator] = lambda language, room: Translator(language)

    @property
    def language(self) -> str:
        """Return ``ja`` or ``en``."""
        return self.translator.language

    def in_room(self, room: str) -> Translator:
        """Return who speaks this language with the words of another room."""
        return self.rooms(self.language, room)

    def address(self, **changes: object) -> str:
        """Return this page's address with some query values changed; ``None`` takes one out.

        >>> from datetime import UTC
        >>> query = (("q", "a b"), ("page", "2"))
        >>> page = Frame(Translator("en"), "/people", query, datetime(2026, 1, 1, tzinfo=UTC))
        >>> page.address(page=None, sort="-name")
        '/people?q=a+b&sort=-name'
        """
        kept = [(name, value) for name, value in self.query if name not in changes]
        added = [(name, str(value)) for name, value in changes.items() if value is not None]
        return self.path + ("?" + urlencode(kept + added) if kept + added else "")

    def asked(self, name: str, default: str = "") -> str:
        """Return one value of the query."""
        return dict(self.query).get(name, default)


current_frame: ContextVar[Frame] = ContextVar("akashi_frame")
