"""A condition of a product file: tests of items that were asked before, joined by all, any and not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akashi.domains.loans.model import Condition, Item, ItemKind, ItemValue, Join, Relation
from akashi.domains.loans.register.tables import Table, fits_kind

DEEPEST = 8
_ORDERED = frozenset({ItemKind.AMOUNT, ItemKind.DATE, ItemKind.PERIOD, ItemKind.RATE, ItemKind.COUNT})


def read_condition(table: Table, key: str, known: Mapping[str, Item]) -> Condition:
    """Return the condition under ``key``. Raises: InputError: malformed, or asks what is asked only later."""
    return _read(table, key, table.values[key], known, DEEPEST)


def _read(table: Table, key: str, value: Any, known: Mapping[str, Item], depth: int) -> Condition:
    if not isinstance(value, Mapping) or not depth:
        raise table.fail(key, "A condition is a table of item and test, or of all, any or not.")
    if set(value) == {"not"}:
        return Condition(Join.NOT, (_read(table, key, value["not"], known, depth - 1),))
    for join in (Join.ALL, Join.ANY):
        if set(value) == {join.value}:
            parts = value[join.value]
            if not isinstance(parts, list) or not parts:
                raise table.fail(key, "all and any join at least one condition.")
            return Condition(join, tuple(_read(table, key, part, known, depth - 1) for part in parts))
    return _read_test(table, key, value, known)


def _read_test(table: Table, key: str, value: Mapping[str, Any], known: Mapping[str, Item]) -> Condition:
    relations = [relation for relation in Relation if relation.value in value]
    if len(relations) != 1 or set(value) != {"item", relations[0].value}:
        raise table.fail(key, "A test has an item and one of is, one_of, at_least and at_most.")
    relation, item = relations[0], known.get(value["item"]) if isinstance(value["item"], str) else None
    if item is None:
        raise table.fail(
            key, "The item {item} is not asked, or only later, so that nobody gets there.", item=value["item"]
        )
    wanted = value[relation.value]
    rows = wanted if relation is Relation.ONE_OF else [wanted]
    if not isinstance(rows, list) or not rows:
        raise table.fail(key, "one_of has a list of values.")
    if relation in (Relation.AT_LEAST, Relation.AT_MOST) and item.kind not in _ORDERED:
        raise table.fail(key, "{item} has no order; ask with is or one_of.", item=item.id)
    return Condition(
        Join.TEST, (), item.id, relation, tuple(_read_wanted(table, key, row, item) for row in rows)
    )


def _read_wanted(table: Table, key: str, value: object, item: Item) -> ItemValue:
    if not fits_kind(value, item.kind) or not isinstance(value, str | int):
        raise table.fail(
            key,
            "The value is not written as answers to {item} are ({kind}).",
            item=item.id,
            kind=item.kind.value,
        )
    if item.kind is ItemKind.CHOICE and value not in {choice.id for choice in item.choices}:
        raise table.fail(key, "{item} has no choice {choice}.", item=item.id, choice=value)
    return value
