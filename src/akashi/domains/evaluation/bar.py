"""A line on the terminal while a run goes on: how far, what it cost, and the running bound."""

from __future__ import annotations

from time import monotonic
from typing import TextIO

from akashi.domains.evaluation.measure.bounds import upper_bound
from akashi.domains.evaluation.plans import MILLION
from akashi.domains.evaluation.running import Progress

WIDTH = 20


class Bar:
    """Writes one line again and again, at most five times a second; nothing where nobody watches."""

    def __init__(self, out: TextIO) -> None:
        """Write to ``out``."""
        self._out, self._last, self._is_seen = out, 0.0, out.isatty()

    def show(self, progress: Progress) -> None:
        """Show where the run stands."""
        now = monotonic()
        if not self._is_seen or now - self._last < 0.2:
            return
        self._last = now
        self._out.write(f"\r\x1b[K{describe_progress(progress)}")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_seen:
            self._out.write("\n")


def describe_progress(progress: Progress) -> str:
    """Return one line: bar, counts, failures with the running one-sided bound of all suites, cost."""
    share = progress.done / progress.cases if progress.cases else 1.0
    filled = int(share * WIDTH)
    n = sum(one.n for one in progress.tallies.values())
    failed = sum(one.failed for one in progress.tallies.values())
    unscored = sum(one.unscored for one in progress.tallies.values())
    cost = f"  {progress.spent.tokens:,} tokens" if progress.spent.tokens else ""
    if progress.spent.microyen:
        cost += f"  {progress.spent.microyen / MILLION:,.1f} yen"
    bound = upper_bound(failed + unscored, n) if n else 1.0
    return (
        f"[{'#' * filled}{'.' * (WIDTH - filled)}] {progress.done}/{progress.cases}"
        f"  failed {failed}  unscored {unscored}  <= {bound:.2%}{cost}"
    )
