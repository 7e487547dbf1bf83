"""Whether every question, paper and condition of a product can come true, and none contradicts another.

Each item that conditions look at is tried with values on both sides of every bound that the product names,
and with not being asked at all where its own condition is false. What no combination reaches is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations

from akashi.domains.loans.model import (
    Condition,
    Item,
    ItemKind,
    ItemValue,
    Join,
    NeededDocument,
    Product,
    day_of,
    order_of,
    within,
)
from akashi.domains.loans.register.tables import Table

MOST_TRIALS = 50_000
_TODAY = date(2026, 4, 1)

Values = dict[str, ItemValue]


def check_reach(top: Table, product: Product) -> None:
    """Refuse what can never be asked, needed or fulfilled. Raises: InputError: names file and line."""
    bounds = _collect_bounds(product)
    for table, item in zip(top.tables("item"), product.items, strict=True):
        _check_when(table, item, product, bounds)
    for table, paper in zip(top.tables("document"), product.documents, strict=True):
        _check_when(table, paper, product, bounds)
    tables = list(top.tables("term"))
    for table, term in zip(tables, product.terms, strict=True):
        if not _is_possible([term.condition], product, bounds):
            raise table.fail("condition", "No application can fulfil {id}.", id=term.id)
    for (_, one), (table, other) in combinations(zip(tables, product.terms, strict=True), 2):
        if one.condition.items & other.condition.items and not _is_possible(
            [one.condition, other.condition], product, bounds
        ):
            raise table.fail("condition", "{id} contradicts {other}.", id=other.id, other=one.id)


def _check_when(
    table: Table, row: Item | NeededDocument, product: Product, bounds: Mapping[str, set[ItemValue]]
) -> None:
    if row.when is not None and not _is_possible([row.when], product, bounds):
        raise table.fail(
            "when", "{id} can never be asked for: no answers make its condition true.", id=row.id
        )


def _is_possible(wanted: list[Condition], product: Product, bounds: Mapping[str, set[ItemValue]]) -> bool:
    needed = _closure(wanted, product)
    items = [item for item in product.items if item.id in needed]
    for trial, values in enumerate(_assignments(items, bounds, {})):
        if all(one.holds(values, _TODAY) for one in wanted):
            return True
        if trial >= MOST_TRIALS:
            return True
    return False


def _closure(wanted: Iterable[Condition], product: Product) -> set[str]:
    needed: set[str] = set()
    open_ = set().union(*(one.items for one in wanted))
    while open_:
        item = product.item(open_.pop())
        needed.add(item.id)
        if item.when is not None:
            open_ |= item.when.items - needed
    return needed


def _assignments(items: list[Item], bounds: Mapping[str, set[ItemValue]], values: Values) -> Iterator[Values]:
    if not items:
        yield values
        return
    first, rest = items[0], items[1:]
    if not first.is_due(values):
        yield from _assignments(rest, bounds, values)
        return
    for value in _trials(first, bounds.get(first.id, set())):
        yield from _assignments(rest, bounds, {**values, first.id: value})
    if not first.required:
        yield from _assignments(rest, bounds, values)


def _trials(item: Item, bounds: Iterable[ItemValue]) -> list[ItemValue]:
    if item.kind is ItemKind.YESNO:
        return [True, False]
    if item.kind is ItemKind.CHOICE:
        return [choice.id for choice in item.choices]
    named = [*bounds, *(bound for bound in (item.least, item.most) if bound is not None)]
    tried = [near for bound in named for near in _near(day_of(bound, _TODAY), item.kind)]
    return [one for one in tried if _fits(item, one)] or ["-"]


def _fits(item: Item, value: ItemValue) -> bool:
    above = item.least is None or within(value, item.least, is_least=True, today=_TODAY) is not False
    return above and (
        item.most is None or within(value, item.most, is_least=False, today=_TODAY) is not False
    )


def _near(bound: ItemValue, kind: ItemKind) -> list[ItemValue]:
    """Return a bound, a little less and a little more."""
    if isinstance(bound, int):
        return [bound, bound - 1, bound + 1]
    if kind is ItemKind.DATE and len(bound) == len("2026-04-01"):
        day = date.fromisoformat(bound)
        return [bound, *((day + timedelta(days=step)).isoformat() for step in (-1, 1))]
    order = order_of(bound)
    if kind is ItemKind.PERIOD and order is not None:
        days = int(order[1])
        return [bound, f"P{max(0, days - 1)}D", f"P{days + 1}D"]
    if kind is ItemKind.RATE and order is not None:
        return [bound, f"{float(order[1]) + 0.0001:.6f}", f"{max(0.0, float(order[1]) - 0.0001):.6f}"]
    return [bound, bound + "\u2060"]


def _collect_bounds(product: Product) -> dict[str, set[ItemValue]]:
    found: dict[str, set[ItemValue]] = {}
    rows: tuple[Item | NeededDocument, ...] = (*product.items, *product.documents)
    whens = [row.when for row in rows if row.when is not None]
    for condition in [*whens, *(term.condition for term in product.terms)]:
        _collect(condition, found)
    return found


def _collect(condition: Condition, found: dict[str, set[ItemValue]]) -> None:
    if condition.join is Join.TEST:
        found.setdefault(condition.item, set()).update(condition.wanted)
    for part in condition.parts:
        _collect(part, found)
