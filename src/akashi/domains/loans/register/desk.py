"""What the desk works with (``data/desk.toml``): the officer's items, what follows from answers, sizes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from akashi.domains.loans.model import Choice, Item, ItemKind, ItemValue, Product
from akashi.platform.rooms import package_folder


@dataclass(frozen=True, slots=True)
class DeskItem:
    """An item that only the officer fills in; ``needs`` names an item without which it has no sense."""

    item: Item
    audience: str
    needs: str


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows when ``item`` has the value ``wanted``."""

    item: str
    wanted: ItemValue
    sets: Mapping[str, ItemValue]


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole file; ``labels`` are the words beside which papers show an item."""

    items: tuple[DeskItem, ...]
    derived: tuple[Derived, ...]
    labels: Mapping[str, tuple[str, ...]]
    paper_labels: Mapping[str, str]
    sizes: Mapping[str, int]

    def items_for(self, product: Product) -> tuple[Item, ...]:
        """Return the officer's items for a product, in order."""
        asked = {item.id for item in product.items}
        return tuple(
            one.item
            for one in self.items
            if one.audience in ("", product.audience)
            and one.item.id not in asked
            and (not one.needs or one.needs in asked)
        )


@cache
def read_desk() -> Desk:
    """Return the desk of this version. Raises: KeyError, ValueError: the shipped file is broken."""
    path = package_folder("akashi.domains.loans") / "data" / "desk.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    items = tuple(_read_item(row) for row in content["item"])
    labels = {name: tuple(words) for name, words in content["labels"].items()}
    labels |= {one.item.id: one.item.names for one in items if one.item.names}
    return Desk(
        items,
        tuple(Derived(row["item"], row["is"], row["sets"]) for row in content["derived"]),
        MappingProxyType(labels),
        MappingProxyType(dict(content["paper_labels"])),
        MappingProxyType(dict(content["sizes"])),
    )


def _read_item(row: Mapping[str, Any]) -> DeskItem:
    item = Item(
        id=row["id"],
        kind=ItemKind(row["kind"]),
        label=row["label"],
        question=row["label"],
        help=row["help"],
        purpose={},
        required=False,
        when=None,
        choices=tuple(Choice(one["id"], one["label"]) for one in row.get("choices", ())),
        least=None,
        most=None,
        clause="",
        names=tuple(row.get("names", ())),
    )
    return DeskItem(item, row.get("audience", ""), row.get("needs", ""))
