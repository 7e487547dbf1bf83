"""Formulas written in a file: what is shown to people is exactly what is computed, in exact fractions."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from akashi.core.errors import InputError

Amount = Fraction | date
"""What a formula computes with: a number, or a day."""

_SIGNS: Mapping[type[ast.AST], str] = MappingProxyType(
    {
        ast.Add: "＋",
        ast.Sub: "－",
        ast.Mult: "×",
        ast.Div: "÷",
        ast.LtE: "≦",
        ast.Lt: "＜",
        ast.GtE: "≧",
        ast.Gt: "＞",
        ast.Eq: "＝",
    }
)
_NUMBERS: Mapping[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)
_COMPARISONS: Mapping[type[ast.AST], Callable[..., bool]] = MappingProxyType(
    {
        ast.LtE: operator.le,
        ast.Lt: operator.lt,
        ast.GtE: operator.ge,
        ast.Gt: operator.gt,
        ast.Eq: operator.eq,
    }
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula; ``names`` in the order in which they are first written."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]


def read_formula(text: str, where: str = "") -> Formula:
    """Return a formula of names, whole numbers, + - * / and one comparison.

    Raises: InputError: anything else stands in it.

    >>> read_formula("(profit + depreciation) / payments").names
    ('profit', 'depreciation', 'payments')
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise InputError("The formula {text} cannot be read.", where=where, text=text) from error
    if len(text) > 400 or not _is_allowed(tree):
        raise InputError(
            "The formula {text} holds more than names, whole numbers, + - * / and one comparison.",
            where=where,
            text=text,
        )
    named = [one.id for one in _walk(tree) if isinstance(one, ast.Name)]
    return Formula(text.strip(), tree, tuple(dict.fromkeys(named)))


def compute(formula: Formula, amounts: Mapping[str, Amount]) -> Fraction | None:
    """Return what the formula comes to, exactly; None where it divides by zero.

    Raises: KeyError: a name has no amount.

    >>> compute(read_formula("a / b"), {"a": Fraction(1), "b": Fraction(3)})
    Fraction(1, 3)
    """
    try:
        found = _number(formula.tree, amounts)
    except ZeroDivisionError:
        return None
    return found


def holds(formula: Formula, amounts: Mapping[str, Amount]) -> bool | None:
    """Return whether a comparison is true; None where it divides by zero.

    >>> holds(read_formula("a <= b"), {"a": date(2026, 3, 31), "b": date(2026, 11, 20)})
    True
    """
    tree = formula.tree
    if not isinstance(tree, ast.Compare):
        raise ValueError(f"not a comparison: {formula.text}")
    try:
        left, right = _side(tree.left, amounts), _side(tree.comparators[0], amounts)
    except ZeroDivisionError:
        return None
    return _COMPARISONS[type(tree.ops[0])](left, right)


def write_formula(formula: Formula, words: Mapping[str, str]) -> str:
    """Return the formula with ``words`` in place of its names, as people write one.

    >>> write_formula(read_formula("(a + b) / c"), {"a": "利益", "b": "償却費", "c": "返済額"})
    '（利益 ＋ 償却費） ÷ 返済額'
    """
    return _write(formula.tree, words, 0)


def _is_allowed(tree: ast.expr, at_top: bool = True) -> bool:
    match tree:
        case ast.Compare():
            parts = [tree.left, *tree.comparators]
            fits = at_top and len(tree.ops) == 1 and type(tree.ops[0]) in _COMPARISONS
            return fits and all(_is_allowed(part, False) for part in parts)
        case ast.BinOp():
            return (
                type(tree.op) in _NUMBERS and _is_allowed(tree.left, False) and _is_allowed(tree.right, False)
            )
        case ast.Name():
            return True
        case ast.Constant():
            return type(tree.value) is int
        case _:
            return False


def _walk(tree: ast.expr) -> Iterator[ast.expr]:
    """Yield every part in the order in which it is written."""
    match tree:
        case ast.Compare():
            yield from _walk(tree.left)
            yield from _walk(tree.comparators[0])
        case ast.BinOp():
            yield from _walk(tree.left)
            yield from _walk(tree.right)
        case _:
            yield tree


def _side(tree: ast.expr, amounts: Mapping[str, Amount]) -> Amount:
    if isinstance(tree, ast.Name):
        return amounts[tree.id]
    return _number(tree, amounts)


def _number(tree: ast.expr, amounts: Mapping[str, Amount]) -> Fraction:
    match tree:
        case ast.BinOp():
            work = _NUMBERS[type(tree.op)]
            return work(_number(tree.left, amounts), _number(tree.right, amounts))
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Name(id=name):
            amount = amounts[name]
            if isinstance(amount, date):
                raise InputError("The day {name} cannot be computed with.", name=name)
            return amount
        case _:
            raise ValueError("not a number")


_RANK: Mapping[type[ast.AST], int] = MappingProxyType({ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2})


def _write(tree: ast.expr, words: Mapping[str, str], outer: int) -> str:
    match tree:
        case ast.Compare():
            sign = _SIGNS[type(tree.ops[0])]
            return f"{_write(tree.left, words, 0)} {sign} {_write(tree.comparators[0], words, 0)}"
        case ast.BinOp():
            rank = _RANK[type(tree.op)]
            after = rank + (1 if isinstance(tree.op, ast.Sub | ast.Div) else 0)
            told = (
                f"{_write(tree.left, words, rank)} {_SIGNS[type(tree.op)]} {_write(tree.right, words, after)}"
            )
            return f"（{told}）" if rank < outer else told
        case ast.Name(id=name):
            return words[name]
        case ast.Constant(value=int(number)):
            return f"{number:,}"
        case _:
            raise ValueError("not a formula")
