"""Rate and bounds of every suite as a picture."""

from __future__ import annotations

from collections.abc import Sequence

from akashi.domains.evaluation.findings import Judged
from akashi.platform.papers.charts import draw_intervals


def draw_suites(judged: Sequence[Judged], language: str) -> str:
    """Return a dot for the rate of each suite, from the lower to the worst upper bound, as SVG in percent."""
    rows = []
    for one in judged:
        name = str(one.suite["title_ja" if language == "ja" else "title_en"])
        measured = one.measurement
        rows.append((name, measured.lower * 100, measured.rate * 100, measured.worst_upper * 100))
    return draw_intervals(rows, "%", [one.tolerance.accepted * 100 for one in judged])
