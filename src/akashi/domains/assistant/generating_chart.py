"""Tokens of each day as a picture; days with failed calls carry a sign, so that colour says nothing alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

from akashi.platform.endpoint_use import DayUse

WIDTH, HEIGHT, LEFT, TOP, BASE = 720, 220, 64, 24, 180
INK, SOFT, LINE, BAR = "#161f38", "#475068", "#dddad0", "#3a6ea5"


def draw_tokens(days: Sequence[date], uses: Mapping[date, DayUse], title: str, failed: str) -> str:
    """Return one bar for each day as SVG text; ``failed`` explains the sign over days with failed calls."""
    top = max([*(use.tokens for use in uses.values()), 4])
    step = (WIDTH - LEFT - 16) / max(len(days), 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#ffffff"/>',
    ]
    for share in (0, 0.5, 1):
        y = BASE - (BASE - TOP) * share
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 16}" y1="{y:.1f}" y2="{y:.1f}" stroke="{LINE}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{round(top * share):,}", SOFT, "end"))
    for place, day in enumerate(days):
        use = uses.get(day)
        middle = LEFT + (place + 0.5) * step
        if use is not None:
            tall = (BASE - TOP) * use.tokens / top
            parts.append(
                f'<rect x="{middle - step * 0.3:.1f}" y="{BASE - tall:.1f}" width="{step * 0.6:.1f}" '
                f'height="{tall:.1f}" fill="{BAR}"/>'
            )
            if use.failed:
                parts.append(_text(middle, BASE - tall - 4, "▲", INK, "middle"))
        parts.append(_text(middle, BASE + 18, f"{day.month}/{day.day}", SOFT, "middle"))
    if any(use.failed for use in uses.values()):
        parts.append(_text(LEFT, HEIGHT - 6, f"▲ {failed}", SOFT, "start"))
    return "\n".join([*parts, "</svg>"])


def _text(x: float, y: float, text: str, colour: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
