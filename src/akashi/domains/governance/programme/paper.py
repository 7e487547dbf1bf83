"""The programme as a paper: HTML, PDF and DOCX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from akashi.domains.governance.programme.model import Item, ItemKind, Programme
from akashi.domains.governance.programme.words import AIMS, APART, KINDS, LEAD, PARTIES, RESULTS, TITLE
from akashi.domains.governance.words import MODES
from akashi.platform.kit import Translator
from akashi.platform.papers import Block, Heading, Paper, PaperTable, Text


def write_programme(
    programme: Programme, said: Translator, language: str, institution: str, today: date
) -> Paper:
    """Return the programme as a paper in the reader's language."""
    blocks: tuple[Block, ...] = (
        Text(said(LEAD)),
        *_aims(programme, said),
        *(block for kind in ItemKind for block in _items(programme, kind, said)),
        *_results(programme, said, language),
    )
    return Paper(said(TITLE), blocks, today, language, issuer=institution)


def _aims(programme: Programme, said: Translator) -> Iterator[Block]:
    yield Heading(said(AIMS))
    yield PaperTable(
        (said("Aim"), said("Aimed at"), said("Reached"), said("State"), said("How it is counted")),
        tuple(
            (
                said(one.title),
                f"{one.target}",
                f"{one.reached}",
                said("reached") if one.is_reached else said("not yet"),
                said(one.rule),
            )
            for one in programme.reached
        ),
        numbers=(1, 2),
        widths=(0.3, 0.1, 0.1, 0.12, 0.38),
    )


def _items(programme: Programme, kind: ItemKind, said: Translator) -> Iterator[Block]:
    yield Heading(said(KINDS[kind]))
    columns, numbers = _columns(kind, said)
    rows = tuple(_row(one, programme, said) for one in programme.items[kind])
    yield PaperTable(columns, rows, numbers=numbers)


def _columns(kind: ItemKind, said: Translator) -> tuple[tuple[str, ...], tuple[int, ...]]:
    match kind:
        case ItemKind.THEME:
            return (said("Theme"), said("Purpose"), said("Use cases")), ()
        case ItemKind.PARTY:
            return (said("Party"), said("Kind"), said("Part in it")), ()
        case ItemKind.MILESTONE:
            return (said("Milestone"), said("Due"), said("Reached on"), said("Evidence")), ()
        case _:
            return (said("Figure"), said("Aimed at"), said("Actual"), said("Unit")), (1, 2)


def _row(one: Item, programme: Programme, said: Translator) -> tuple[str, ...]:
    value = one.values
    match one.kind:
        case ItemKind.THEME:
            codes = value.get("use_cases", "").split()
            return one.title, value["purpose"], said(", ").join(programme.use_cases.get(c, c) for c in codes)
        case ItemKind.PARTY:
            return one.title, said(PARTIES.get(value["role"], PARTIES["other"])), value["part"]
        case ItemKind.MILESTONE:
            return one.title, value["due_on"], value["done_on"], value["evidence"]
        case _:
            return one.title, value["target"], value["actual"], value["unit"]


def _results(programme: Programme, said: Translator, language: str) -> Iterator[Block]:
    yield Heading(said(RESULTS))
    yield Text(said(APART), "small")
    yield PaperTable(
        (
            said("Institution"),
            said("Use case"),
            said("Mode"),
            said("Suite"),
            said("Failed"),
            said("Upper bound"),
            said("Accepted"),
            said("Measured again here"),
        ),
        tuple(
            (
                one.institution,
                one.use_case,
                said(MODES.get(one.mode, one.mode)),
                one.suite_ja if language == "ja" else one.suite_en,
                f"{one.failed} / {one.n}",
                f"{one.upper:.2%}",
                f"{one.accepted:.2%}",
                _again(one.ours_upper, is_own=one.is_own, is_comparable=one.is_comparable, said=said),
            )
            for one in programme.results
        ),
        numbers=(4, 5, 6),
        widths=(0.16, 0.2, 0.12, 0.12, 0.1, 0.1, 0.08, 0.12),
    )


def _again(upper: float | None, *, is_own: bool, is_comparable: bool, said: Translator) -> str:
    if is_own:
        return "—"
    if upper is None:
        return said("not yet")
    return f"{upper:.2%}" if is_comparable else f"{upper:.2%} ({said('not comparable')})"
