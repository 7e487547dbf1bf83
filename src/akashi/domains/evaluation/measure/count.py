"""From verdicts to measurements: failures, units, unscored and bounds, by suite and by requirement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from akashi.domains.evaluation.measure.bounds import lower_bound, resample_templates, upper_bound
from akashi.domains.evaluation.model import Measurement, Verdict

UNSCORED = frozenset({Verdict.INCONCLUSIVE, Verdict.ERROR})


@dataclass(slots=True)
class Tally:
    """Counts of one suite or requirement while a run goes on; small, however many units there are."""

    n: int = 0
    failed: int = 0
    unscored: int = 0
    errors: int = 0
    templates: dict[str, list[int]] = field(default_factory=dict)

    def add(self, verdict: Verdict, template: str, times: int = 1) -> None:
        """Count ``times`` units of one template with one verdict."""
        self.n += times
        self.failed += times * (verdict is Verdict.FAIL)
        self.unscored += times * (verdict in UNSCORED)
        self.errors += times * (verdict is Verdict.ERROR)
        counts = self.templates.setdefault(template, [0, 0])
        counts[0] += times * (verdict is Verdict.FAIL)
        counts[1] += times

    def measure(self, name: str) -> Measurement:
        """Return what may be said of the counts."""
        low, high = resample_templates([(failed, units) for failed, units in self.templates.values()])
        failing = sum(failed > 0 for failed, _ in self.templates.values())
        return Measurement(
            name,
            self.n,
            self.failed,
            self.unscored,
            self.errors,
            self.failed / self.n if self.n else 0.0,
            lower_bound(self.failed, self.n),
            upper_bound(self.failed, self.n),
            upper_bound(self.failed + self.unscored, self.n),
            len(self.templates),
            low,
            high,
            upper_bound(failing, len(self.templates)),
        )


def measure_units(name: str, units: Iterable[tuple[Verdict, str]]) -> Measurement:
    """Return the measurement of units given as (verdict, template).

    >>> measure_units("leakage", [(Verdict.PASS, "a"), (Verdict.FAIL, "b"), (Verdict.ERROR, "b")]).rate
    0.3333333333333333
    """
    tally = Tally()
    for verdict, template in units:
        tally.add(verdict, template)
    return tally.measure(name)
