"""A file from outside becomes a draft version of a document; nothing is stored unless it parses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from akashi.core.errors import InputError
from akashi.core.moments import tokyo_day
from akashi.core.people import Actor
from akashi.core.ports import FindOrders
from akashi.core.thread import Audience
from akashi.documents.model import ParsedDocument, ParsingWarning
from akashi.documents.parsing import Limits, check_name, parse_bytes, read_regular
from akashi.documents.store import Added, NewVersion, add_version
from akashi.platform.site import Site

MAX_TITLE = 120
MAX_ORDERS = 5
EXCERPT = 80
ORDER_MESSAGE = "This passage reads like an order to an assistant; check it before approving: {excerpt}"
MORE_ORDERS_MESSAGE = "{count} further passages read like orders to an assistant."
_NOT_KEY = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Described:
    """What a person says about a file: key and title may be empty and are then taken from the file."""

    audience: Audience
    key: str = ""
    title: str = ""
    title_en: str = ""
    owner_office: str = ""
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: the version that holds it, or why it was refused."""

    name: str
    added: Added | None = None
    error: InputError | None = None


def add_file(site: Site, name: str, content: bytes, described: Described, actor: Actor) -> Added:
    """Parse a file in a child process and store it as a draft version.

    Raises: InputError: it cannot be read, or its document exists for another audience.
    """
    now = site.now()
    parsed = warn_of_orders(parse_bytes(name, content), site.ports.find_orders)
    new = NewVersion(
        key=described.key or make_key(name),
        title=(described.title or find_title(parsed) or Path(name).stem)[:MAX_TITLE],
        title_en=described.title_en,
        audience=described.audience,
        owner_office=described.owner_office,
        file_name=name,
        content=content,
        parsed=parsed,
        effective_from=described.effective_from or tokyo_day(now),
        effective_to=described.effective_to,
    )
    with site.database.write() as connection:
        return add_version(connection, new, actor, now)


def warn_of_orders(parsed: ParsedDocument, find_orders: FindOrders | None) -> ParsedDocument:
    """Return the document with a warning for each place that reads like an order to an assistant.

    Nothing is refused: a rule about AI may quote an attack. Who approves the version sees the places.
    """
    if find_orders is None:
        return parsed
    found = find_orders(parsed.text)
    warnings = [
        ParsingWarning(ORDER_MESSAGE, (("excerpt", _excerpt(span.of(parsed.text))),))
        for span in found[:MAX_ORDERS]
    ]
    if len(found) > MAX_ORDERS:
        warnings.append(ParsingWarning(MORE_ORDERS_MESSAGE, (("count", len(found) - MAX_ORDERS),)))
    return replace(parsed, warnings=(*parsed.warnings, *warnings))


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1] + "…"


def add_paths(
    site: Site,
    paths: Iterable[Path],
    described: Described,
    actor: Actor,
    progress: Callable[[str], None] = lambda _name: None,
) -> Iterator[Outcome]:
    """Add each path by itself and yield what became of it; a refused file does not stop the others."""
    for path in paths:
        progress(path.name)
        try:
            content = read_regular(path, check_name(path.name), Limits())
            yield Outcome(path.name, added=add_file(site, path.name, content, described, actor))
        except InputError as error:
            yield Outcome(path.name, error=error)


def make_key(name: str) -> str:
    """Return a stable short name made of a file's name.

    >>> make_key("手数料 一覧.csv")
    '手数料-一覧'
    """
    stem = unicodedata.normalize("NFKC", Path(name).stem)
    return _NOT_KEY.sub("-", stem).strip("-") or "document"


def find_title(parsed: ParsedDocument) -> str:
    """Return the first outermost heading of a document without questions, or nothing."""
    first = next((passage for passage in parsed.passages if passage.heading), None)
    return first.heading[0] if first is not None and first.question is None else ""
