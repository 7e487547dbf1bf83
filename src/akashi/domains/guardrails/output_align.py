"""The cheapest way to lay a sentence over a source: which unit stands for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akashi.domains.guardrails.output_words import Sort, Unit

# Replacing is cheaper than leaving out at the edge: a changed first or last word must not pass as missing.
_MATCH, _ALIKE, _REPLACE, _GAP, _SOURCE_EDGE = 3.0, 2.5, -0.3, -0.4, 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """One step of an alignment: an index in the claim, in the source, or in both."""

    claim: int | None
    source: int | None
    same: bool = False


def align_units(claim: Sequence[Unit], source: Sequence[Unit]) -> list[Pair]:
    """Return the best alignment of ``claim`` with ``source`` (Needleman and Wunsch 1970).

    Only units of one sort replace each other; the ends of the source are free, so that a sentence
    may use a part of it. Cost: the product of the lengths.
    """
    keys = {unit.key for unit in source}
    rows, columns = len(claim) + 1, len(source) + 1
    score = [[0.0] * columns for _ in range(rows)]
    step = [[""] * columns for _ in range(rows)]
    for row in range(1, rows):
        score[row][0], step[row][0] = row * _GAP, "claim"
    for column in range(1, columns):
        step[0][column] = "source"
    for row in range(1, rows):
        for column in range(1, columns):
            gap = _SOURCE_EDGE if row == rows - 1 else _GAP
            options = [
                (score[row - 1][column] + _GAP, "claim"),
                (score[row][column - 1] + gap, "source"),
            ]
            value = _pair_value(claim[row - 1], source[column - 1], keys)
            if value is not None:
                options.append((score[row - 1][column - 1] + value, "both"))
            score[row][column], step[row][column] = max(options)
    return _walk(claim, source, step, keys)


def _pair_value(claim: Unit, source: Unit, keys: set[str]) -> float | None:
    if is_same_unit(claim, source, keys):
        return _MATCH if source.key == claim.key or source.quantity is not None else _ALIKE
    if claim.quantity is not None and source.quantity is not None:
        return _REPLACE if claim.quantity.kind is source.quantity.kind else _REPLACE * 1.4
    return _REPLACE if claim.sort is source.sort and claim.sort is not Sort.LIMIT else None


def is_same_unit(claim: Unit, source: Unit, keys: set[str]) -> bool:
    """Return whether two units say the same; a word that the source has itself is no other one's synonym."""
    is_own = claim.quantity is not None or source.key == claim.key or claim.key not in keys
    return is_own and source.matches(claim)


def _walk(claim: Sequence[Unit], source: Sequence[Unit], step: list[list[str]], keys: set[str]) -> list[Pair]:
    row, column = len(claim), len(source)
    pairs = []
    while row or column:
        move = step[row][column]
        row -= move != "source"
        column -= move != "claim"
        if move == "both":
            pairs.append(Pair(row, column, is_same_unit(claim[row], source[column], keys)))
        else:
            pairs.append(Pair(row if move == "claim" else None, column if move == "source" else None))
    return pairs[::-1]
