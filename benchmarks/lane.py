"""Lane: days of exposure when a few jobs a week may be started at once beside the weekly order.

`python -m benchmarks.lane --stream DIR --jobs-per-week 3 [--capacity 0.1] --json`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from akashi.domains.vulnerability.history import load_stream
from akashi.domains.vulnerability.measure.lane import replay_lane
from akashi.domains.vulnerability.measure.policies import order_kev_then_epss
from akashi.domains.vulnerability.measure.priority import order_akashi


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stream", type=Path, required=True)
    parser.add_argument("--jobs-per-week", type=int, default=3)
    parser.add_argument("--capacity", type=float, default=0.1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    stream = load_stream(chosen.stream)
    lane = replay_lane(stream, order_akashi, chosen.capacity, chosen.jobs_per_week)
    without = replay_lane(stream, order_akashi, chosen.capacity, 0)
    rival = replay_lane(stream, order_kev_then_epss, chosen.capacity, chosen.jobs_per_week)
    report = {
        "exposed_days": round(lane.exposed_days, 3),
        "treated_within_3_days": round(lane.treated_within_3_days, 4),
        "jobs_per_week_used": round(lane.jobs_per_week_used, 3),
        "most_jobs_in_a_week": lane.most_jobs_in_a_week,
        "exposed_days_without_lane": round(without.exposed_days, 3),
        "treated_within_3_days_without_lane": round(without.treated_within_3_days, 4),
        "exposed_days_kev_then_epss": round(rival.exposed_days, 3),
    }
    print(json.dumps(report, indent=1), file=sys.stderr)
    if chosen.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
