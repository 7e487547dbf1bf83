"""Contrast computed from the tokens themselves, by the formula of WCAG 2.2, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0
GROUNDS = ("ground", "surface", "sunken", "raised", "hover", "selected")
INKS = ("ink", "ink-soft", "ink-faint", "link", "seal", "alert")
TEXT_PAIRS = [
    *((ink, ground) for ink in INKS for ground in ("ground", "surface", "raised")),
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-faint") for ground in GROUNDS),
    *((ink, ground) for ink in ("link", "seal") for ground in ("hover", "selected")),
    ("on-navy", "navy"),
    ("on-navy", "navy-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("on-customer-bubble", "customer-bubble"),
    *((tone, place) for tone in ("done", "info", "notice", "alert") for place in ("surface", "hover")),
    *((tone, f"{tone}-ground") for tone in ("done", "info", "notice", "alert")),
    *((ink, f"{tone}-ground") for tone in ("done", "info", "notice", "alert") for ink in ("ink", "link")),
    *(("ink-soft", f"{tone}-ground") for tone in ("done", "info", "notice", "alert")),
    *(("ink", place) for place in ("mark-ground", "removed-ground", "removed-mark")),
    *(("ink", place) for place in ("added-ground", "added-mark")),
    *(("ink-faint", place) for place in ("mark-ground", "done-ground", "info-ground")),
]
SHAPE_PAIRS = [
    *(
        (shape, ground)
        for shape in ("line-strong", "focus", "seal-line", "navy", "alert")
        for ground in ("ground", "surface", "raised")
    ),
    ("navy", "line"),
]


def parse_tokens(css: str) -> dict[str, tuple[str, str]]:
    """Return name -> (by day, by night) of every ``light-dark`` token."""
    found = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", css)
    return {name: (day, night) for name, day, night in found}


def luminance(colour: str) -> float:
    """Return the relative luminance, 0..1. Source: WCAG 2.2, "relative luminance"."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1..21. Source: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(scope="module")
def styles(kit_folder: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in (kit_folder / "static/kit").glob("*.css")}


@pytest.fixture(scope="module")
def tokens(styles: dict[str, str]) -> dict[str, tuple[str, str]]:
    return parse_tokens(styles["tokens"])


def test_the_formula_agrees_with_published_ratios() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") < TEXT_RATIO


@pytest.mark.parametrize("mode", [0, 1], ids=["day", "night"])
def test_text_is_readable_on_every_ground(tokens: dict[str, tuple[str, str]], mode: int) -> None:
    weak = {
        f"{ink} on {ground}": round(contrast(tokens[ink][mode], tokens[ground][mode]), 2)
        for ink, ground in TEXT_PAIRS
        if contrast(tokens[ink][mode], tokens[ground][mode]) < TEXT_RATIO
    }
    assert weak == {}


@pytest.mark.parametrize("mode", [0, 1], ids=["day", "night"])
def test_shapes_that_carry_meaning_are_visible(tokens: dict[str, tuple[str, str]], mode: int) -> None:
    weak = {
        f"{shape} on {ground}": round(contrast(tokens[shape][mode], tokens[ground][mode]), 2)
        for shape, ground in SHAPE_PAIRS
        if contrast(tokens[shape][mode], tokens[ground][mode]) < SHAPE_RATIO
    }
    assert weak == {}


def test_a_pale_ink_would_be_noticed(tokens: dict[str, tuple[str, str]]) -> None:
    assert contrast("#8d93a3", tokens["surface"][0]) < TEXT_RATIO


def test_colours_stand_in_the_tokens_only(styles: dict[str, str]) -> None:
    literal = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
    assert {name for name, css in styles.items() if name != "tokens" and literal.search(css)} == set()


def test_every_colour_in_use_is_in_the_table_of_pairs(styles: dict[str, str]) -> None:
    css = "\n".join(styles.values())
    inks = set(re.findall(r"(?<![-\w])color: var\(--([a-z-]+)\)", css)) - {"line"}
    grounds = set(re.findall(r"background(?:-color)?: var\(--([a-z-]+)\)", css))
    shapes = {"line", "line-strong", "seal-line", "alert", "veil"}
    assert inks - {ink for ink, _ in TEXT_PAIRS} <= {"navy"}
    assert grounds - {ground for _, ground in TEXT_PAIRS} - shapes == set()


def test_every_token_in_use_exists(styles: dict[str, str]) -> None:
    css = "\n".join(styles.values())
    defined = set(re.findall(r"--([a-z0-9-]+):", css))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", css)) - defined == set()
