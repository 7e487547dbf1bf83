"""A product file (TOML) becomes a product; what is wrong names its file and line.

Adding a product needs no code: put a file into ``loans/products`` of the installation's folder. A file there
takes the place of a shipped one with the same id.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Container, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from akashi.core.errors import InputError
from akashi.domains.loans.model import (
    Choice,
    Condition,
    Item,
    ItemKind,
    NeededDocument,
    Product,
    Source,
    Term,
    within,
)
from akashi.domains.loans.register.conditions import read_condition
from akashi.domains.loans.register.reach import check_reach
from akashi.domains.loans.register.tables import Table, fail

FOLDER = Path(__file__).parents[1] / "data" / "products"
LARGEST_BYTES = 1_000_000
MOST_COPIES = 20
_ANY_DAY = date(2026, 4, 1)
_HEAD = ("id", "version", "audience", "title", "source", "consent", "item")
_BOUNDED = frozenset({ItemKind.AMOUNT, ItemKind.DATE, ItemKind.PERIOD, ItemKind.RATE, ItemKind.COUNT})


def list_products(home: Path | None = None) -> dict[str, Product]:
    """Return every product by id: the shipped ones, and those of the installation's own folder.

    Raises: InputError: a file is not a product; says file, line and what to do.
    """
    return {product.id: product for product, _ in list_files(home)}


def list_files(home: Path | None = None) -> list[tuple[Product, bytes]]:
    """Return every product with the bytes of its file; an own one takes the place of a shipped one.

    Raises what ``list_products`` raises.
    """
    found: dict[str, tuple[Product, bytes]] = {}
    for folder in (FOLDER, *([home / "loans" / "products"] if home else [])):
        for path in sorted(folder.glob("*.toml")):
            content = read_bytes(path)
            product = parse_product(content, path.name)
            found[product.id] = (product, content)
    return list(found.values())


def read_bytes(path: Path) -> bytes:
    """Return what a product file holds. Raises: InputError: it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(path.name, 1, "The file cannot be read.") from error


@lru_cache(maxsize=64)
def parse_product(content: bytes, name: str) -> Product:
    """Return the product that a file's bytes describe. Raises: InputError: names file and line."""
    if len(content) > LARGEST_BYTES:
        raise fail(name, 1, "The file is too large for a product.")
    try:
        text = content.decode("utf-8")
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise fail(name, 1, "The file is not UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            "This is not TOML: {error}",
            where=name,
            next_step="Correct the line it names.",
            error=str(error),
        ) from error
    top = Table(name, text, "", 0, values)
    return _build(top, hashlib.sha256(content).hexdigest())


def _build(top: Table, digest: str) -> Product:
    top.check_keys(_HEAD, ("document", "term"))
    if top.text("audience") not in ("business", "private"):
        raise top.fail("audience", "The audience is business or private.")
    items: list[Item] = []
    known: dict[str, Item] = {}
    for table in top.tables("item"):
        item = _read_item(table, known)
        _refuse_twice(table, item.id, known)
        items.append(item)
        known[item.id] = item
    if not items:
        raise top.fail("item", "A product asks at least one thing.")
    product = Product(
        id=top.name("id"),
        title=top.words("title"),
        audience=top.text("audience"),
        version=top.number("version"),
        digest=digest,
        source=_read_source(top),
        items=tuple(items),
        documents=_read_documents(top, known),
        terms=_read_terms(top, known),
        consent=top.words("consent"),
    )
    check_reach(top, product)
    return product


def _read_documents(top: Table, known: Mapping[str, Item]) -> tuple[NeededDocument, ...]:
    found: dict[str, NeededDocument] = {}
    for table in top.tables("document"):
        paper = _read_document(table, known)
        _refuse_twice(table, paper.id, found)
        found[paper.id] = paper
    return tuple(found.values())


def _read_terms(top: Table, known: Mapping[str, Item]) -> tuple[Term, ...]:
    found: dict[str, Term] = {}
    for table in top.tables("term"):
        term = _read_term(table, known)
        _refuse_twice(table, term.id, found)
        found[term.id] = term
    return tuple(found.values())


def _read_source(top: Table) -> Source:
    value = top.values.get("source")
    if not isinstance(value, Mapping) or set(value) != {"title", "edition"}:
        raise top.fail("source", "The source has a title and an edition.")
    return Source(str(value["title"]), str(value["edition"]))


def _read_item(table: Table, known: Mapping[str, Item]) -> Item:
    table.check_keys(
        ("id", "kind", "label", "question", "help", "purpose", "clause"),
        ("required", "when", "choices", "least", "most", "names", "exact"),
    )
    kind = _read_kind(table)
    least, most = (table.bound(key, kind) if kind in _BOUNDED else None for key in ("least", "most"))
    if kind not in _BOUNDED and {"least", "most"} & set(table.values):
        raise table.fail("least", "Only amounts, dates, periods, rates and counts have a least and a most.")
    if kind in (ItemKind.AMOUNT, ItemKind.COUNT) and least is None:
        least = 0
    item = Item(
        id=table.name("id"),
        kind=kind,
        label=table.words("label"),
        question=table.words("question"),
        help=table.words("help"),
        purpose=table.words("purpose"),
        required=table.flag("required", True),
        when=_read_when(table, known),
        choices=_read_choices(table, kind),
        least=least,
        most=most,
        clause=table.text("clause"),
        names=table.names("names"),
        exact=table.flag("exact", False),
    )
    _check_bounds(table, item)
    return item


def _read_kind(table: Table) -> ItemKind:
    try:
        return ItemKind(table.text("kind"))
    except ValueError as error:
        raise table.fail("kind", "There is no such kind of item.") from error


def _check_bounds(table: Table, item: Item) -> None:
    if item.least is None or item.most is None:
        return
    if within(item.least, item.most, is_least=False, today=_ANY_DAY) is False:
        raise table.fail("least", "The least is more than the most, so that no answer fits.")


def _read_when(table: Table, known: Mapping[str, Item]) -> Condition | None:
    if "when" not in table.values:
        return None
    return read_condition(table, "when", known)


def _read_choices(table: Table, kind: ItemKind) -> tuple[Choice, ...]:
    rows = table.values.get("choices", [])
    if (kind is ItemKind.CHOICE) != bool(rows) or not isinstance(rows, list):
        raise table.fail("choices", "A choice, and only a choice, lists its choices.")
    found = []
    for row in rows:
        if not isinstance(row, Mapping):
            raise table.fail("choices", "Each choice has an id and a label.")
        inner = table.inner("choices", row)
        inner.check_keys(("id", "label"), ("names",))
        found.append(Choice(inner.text("id"), inner.words("label"), inner.names("names")))
    if len({choice.id for choice in found}) != len(found):
        raise table.fail("choices", "Two choices have the same id.")
    if len(found) == 1:
        raise table.fail("choices", "One choice is no choice.")
    return tuple(found)


def _read_document(table: Table, known: Mapping[str, Item]) -> NeededDocument:
    table.check_keys(("id", "label", "clause"), ("when", "copies", "proposes"))
    proposes = table.names("proposes")
    for item_id in proposes:
        if item_id not in known:
            raise table.fail("proposes", "The product does not ask {item}.", item=item_id)
    copies = table.number("copies") if "copies" in table.values else 1
    if not 1 <= copies <= MOST_COPIES:
        raise table.fail("copies", "The number of copies is from 1 to {most}.", most=MOST_COPIES)
    return NeededDocument(
        id=table.name("id"),
        label=table.words("label"),
        when=_read_when(table, known),
        copies=copies,
        proposes=proposes,
        clause=table.text("clause"),
    )


def _read_term(table: Table, known: Mapping[str, Item]) -> Term:
    table.check_keys(("id", "label", "condition", "text", "clause"))
    return Term(
        id=table.name("id"),
        label=table.words("label"),
        condition=read_condition(table, "condition", known),
        text=table.words("text"),
        clause=table.text("clause"),
    )


def _refuse_twice(table: Table, own: str, known: Container[str]) -> None:
    if own in known:
        raise table.fail("id", "The id {id} stands twice.", id=own)
