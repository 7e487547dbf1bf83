"""The week as a picture: questions of each day, answered or handed over, as one SVG file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from akashi.core.thread import Outcome

WIDTH, HEIGHT, LEFT, TOP, BASE = 720, 256, 44, 50, 216
SERIES = (
    (Outcome.ANSWERED, "#3a6ea5"),
    (Outcome.CLARIFY, "#7a8fa6"),
    (Outcome.HAND_OVER, "#c4452c"),
    (Outcome.REFUSED, "#6b6b6b"),
)
"""Colours that hold 3:1 against the chart's own white ground."""


def draw_week(
    days: Sequence[date], counts: Mapping[tuple[date, str], int], names: Mapping[str, str], title: str
) -> str:
    """Return a stacked bar for each day as SVG text; ``names`` are the outcomes in the reader's language."""
    totals = [sum(counts.get((day, kind.value), 0) for kind, _ in SERIES) for day in days]
    top = 2 * math.ceil(max([*totals, 4]) / 2)
    step = (WIDTH - LEFT - 16) / len(days)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#ffffff"/>',
        *_legend(names),
        *_lines(top),
    ]
    for place, day in enumerate(days):
        parts += _bar(LEFT + place * step + step * 0.2, step * 0.6, day, counts, top)
    return "\n".join([*parts, "</svg>"])


def _legend(names: Mapping[str, str]) -> list[str]:
    parts, at = [], LEFT
    for kind, colour in SERIES:
        name = names.get(kind.value, kind.value)
        parts.append(f'<rect x="{at}" y="10" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{at + 17}" y="21" fill="#161f38">{escape(name)}</text>')
        at += 40 + 13 * len(name)
    return parts


def _lines(top: int) -> list[str]:
    parts = []
    for share in (0, 0.5, 1):
        y = BASE - (BASE - TOP) * share
        number = round(top * share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddad0"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#475068">{number}</text>')
    return parts


def _bar(x: float, width: float, day: date, counts: Mapping[tuple[date, str], int], top: int) -> list[str]:
    parts, y, total = [], float(BASE), 0
    for kind, colour in SERIES:
        count = counts.get((day, kind.value), 0)
        tall = (BASE - TOP) * count / top
        y -= tall
        total += count
        if count:
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall:.1f}" fill="{colour}"/>'
            )
    middle = x + width / 2
    if total:
        parts.append(
            f'<text x="{middle:.1f}" y="{y - 5:.1f}" text-anchor="middle" fill="#161f38">{total}</text>'
        )
    label = f"{day.month}/{day.day}"
    parts.append(f'<text x="{middle:.1f}" y="{BASE + 20}" text-anchor="middle" fill="#475068">{label}</text>')
    return parts
