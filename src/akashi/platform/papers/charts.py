"""Charts for pages and papers: server-side SVG by Vega-Lite, with their figures as a table beside.

Colours hold 3:1 against white. The first chart of a process takes about a second, later ones a tenth.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import vl_convert

from akashi.platform.papers.pdf import font_folder

COLOURS = ("#3a6ea5", "#c4452c", "#6b6b6b", "#9a5b00", "#2f7d5b", "#7a5195")
FONT = "IPAexGothic, 'Hiragino Sans', 'Yu Gothic', 'Noto Sans CJK JP', sans-serif"
WIDTH = 560

Point = tuple[str, str, float]
"""Where on the axis, of which series, how much."""


def draw_bars(
    points: Iterable[Point],
    value_title: str = "",
    stacked: bool = True,
    across: bool = False,
    width: int = WIDTH,
) -> str:
    """Return bars over the first words of ``points`` in their given order, one colour a series, as SVG.

    ``across`` draws them from left to right, which suits long names; ``width`` in pixels, without the axis.
    """
    rows = _rows(points)
    places = list(dict.fromkeys(row["place"] for row in rows))
    series = list(dict.fromkeys(row["series"] for row in rows))
    named = {
        "field": "place",
        "type": "nominal",
        "sort": places,
        "title": None,
        "axis": {"labelAngle": 0, "labelLimit": 260},
    }
    measured: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": value_title or None,
        "stack": "zero" if stacked else None,
    }
    if all(float(row["value"]).is_integer() for row in rows):  # nobody counts in halves
        measured["axis"] = {"tickCount": _whole_ticks(rows, stacked=stacked), "format": ",d"}
    encoding: dict[str, Any] = {"y": named, "x": measured} if across else {"x": named, "y": measured}
    encoding["color"] = _colours(series)
    if width < WIDTH and encoding["color"]["legend"]:
        encoding["color"]["legend"]["columns"] = 2
    if not stacked and len(series) > 1:
        encoding["yOffset" if across else "xOffset"] = {"field": "series", "sort": series}
    height = max(60, 26 * len(places)) if across else 220
    encoding["order"] = {"field": "rank", "type": "quantitative"}
    mark = {"type": "bar", "width": {"band": min(0.7, 0.12 * len(places))}} if not across else "bar"
    return draw(
        {"data": {"values": rows}, "mark": mark, "encoding": encoding, "height": height, "width": width}
    )


def _whole_ticks(rows: list[dict[str, Any]], *, stacked: bool) -> int:
    """Return how many steps an axis of counts takes, so that none of them is a fraction."""
    tops: dict[str, float] = {}
    for row in rows:
        before = tops.get(row["place"], 0.0)
        tops[row["place"]] = before + row["value"] if stacked else max(before, row["value"])
    return int(max(1, min(6, max(tops.values(), default=1))))


def draw_lines(points: Iterable[Point], value_title: str = "", place_title: str = "") -> str:
    """Return lines over the first words of ``points`` in their given order, one colour a series, as SVG."""
    rows = _rows(points)
    places = list(dict.fromkeys(row["place"] for row in rows))
    named = {"field": "place", "type": "ordinal", "sort": places, "title": place_title or None}
    encoding = {
        "x": {**named, "axis": {"labelAngle": 0, "labelOverlap": True}},
        "y": {"field": "value", "type": "quantitative", "title": value_title or None},
        "color": _colours(list(dict.fromkeys(row["series"] for row in rows))),
    }
    mark = {"type": "line", "point": True, "strokeWidth": 2}
    return draw({"data": {"values": rows}, "mark": mark, "encoding": encoding, "height": 220})


def draw_intervals(
    rows: Iterable[tuple[str, float, float, float]], value_title: str = "", limits: Sequence[float] = ()
) -> str:
    """Return a dot with its interval for each (name, low, value, high), one under another, as SVG.

    ``limits``: one a row, drawn as an upright stroke that the interval should not pass.
    """
    given = [{"place": name, "low": low, "value": value, "high": high} for name, low, value, high in rows]
    drawn = [{**row, "limit": limit} for row, limit in zip(given, limits, strict=True)] if limits else given
    places = [row["place"] for row in given]
    named = {
        "field": "place",
        "type": "nominal",
        "sort": places,
        "title": None,
        "axis": {"labelLimit": 260},
    }
    axis = {"field": "low", "type": "quantitative", "title": value_title or None}
    bar = {"mark": {"type": "rule", "strokeWidth": 3, "color": "#8aa5c4"}}
    dot = {"mark": {"type": "point", "filled": True, "size": 70, "color": COLOURS[0]}}
    stroke = {"mark": {"type": "tick", "thickness": 2.5, "size": 18, "color": "#b3261e"}}
    layers = [
        {**bar, "encoding": {"x": axis, "x2": {"field": "high"}}},
        {**dot, "encoding": {"x": {"field": "value", "type": "quantitative"}}},
        {**stroke, "encoding": {"x": {"field": "limit", "type": "quantitative"}}},
    ]
    return draw(
        {
            "data": {"values": drawn},
            "height": max(60, 26 * len(places)),
            "encoding": {"y": named},
            "layer": layers if limits else layers[:2],
        }
    )


def draw(spec: dict[str, Any]) -> str:
    """Return a Vega-Lite specification with inline data as SVG; nothing is fetched from anywhere."""
    _register_font()
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "background": "#ffffff",
        "padding": 8,
        "config": {
            "font": FONT,
            "axis": {
                "labelFontSize": 12,
                "titleFontSize": 12,
                "gridColor": "#e6e3da",
                "labelColor": "#161f38",
            },
            "legend": {"orient": "top", "labelFontSize": 12, "title": None},
            "view": {"stroke": None},
        },
        **spec,
    }
    svg: str = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
    return svg


def draw_png(svg: str) -> bytes:
    """Return a chart as PNG at twice its size, for word processors that show no SVG."""
    _register_font()
    png: bytes = vl_convert.svg_to_png(svg, scale=2.0)
    return png


def _rows(points: Iterable[Point]) -> list[dict[str, Any]]:
    """Return the points as data; ``rank`` keeps the order of the series in a stack."""
    given = list(points)
    ranks = {series: rank for rank, series in enumerate(dict.fromkeys(one[1] for one in given))}
    return [
        {"place": place, "series": series, "value": value, "rank": ranks[series]}
        for place, series, value in given
    ]


def _colours(series: Sequence[str]) -> dict[str, Any]:
    scale = {"domain": list(series), "range": [COLOURS[i % len(COLOURS)] for i in range(len(series))]}
    legend = {"title": None} if len(series) > 1 else None
    return {"field": "series", "type": "nominal", "scale": scale, "legend": legend}


@functools.cache
def _register_font() -> None:
    vl_convert.register_font_directory(str(font_folder()))
