"""Planning: objective, bound and gap of a plan for thousands of patches, and the time it takes.

`python -m benchmarks.planning --tasks 5000 --seed S --json`
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence

import numpy as np

from akashi.domains.vulnerability.plan.model import Mode, Patch, Plan, Pool, PoolKind, Problem, Service
from akashi.domains.vulnerability.plan.planner import improve_plans
from akashi.domains.vulnerability.plan.validate import find_breaches

WINDOWS, TEAMS, WAIT_UNTIL = 26, 6, 30
CALENDARS = (1, 4, 13)
"""Weekly, monthly, quarterly: every so many windows."""
BUDGET_S = 24.0


def draw_problem(tasks: int, seed: int) -> Problem:
    """Return the instance of the contract, drawn from ``seed``."""
    random = np.random.default_rng(seed)
    hours = random.choice([2.0, 4.0, 8.0, 16.0, 24.0], size=tasks, p=[0.30, 0.30, 0.20, 0.15, 0.05])
    earliest = random.integers(0, 22, size=tasks)
    weight = np.minimum(2000.0, random.pareto(1.2, size=tasks) * 10 + 1)
    count = max(20, tasks // 25)
    service, team = random.integers(0, count, size=tasks), random.integers(0, TEAMS, size=tasks)
    room = 0.6 * float(hours.sum()) / (WINDOWS * TEAMS)
    return Problem(
        windows=WINDOWS,
        patches=tuple(
            Patch(
                id=f"patch {at}",
                service=f"service {service[at]}",
                skill=f"team {team[at]}",
                weight=float(weight[at]),
                modes=(Mode("full test", float(hours[at])),),
                earliest=int(earliest[at]),
            )
            for at in range(tasks)
        ),
        services=tuple(_draw_service(random, number) for number in range(count)),
        pools=tuple(
            Pool(f"team {number}", PoolKind.TEAM, (room,) * WINDOWS, frozenset({f"team {number}"}))
            for number in range(TEAMS)
        ),
        wait_until=WAIT_UNTIL,
    )


def _draw_service(random: np.random.Generator, number: int) -> Service:
    step = CALENDARS[int(random.integers(len(CALENDARS)))]
    start = int(random.integers(step))
    return Service(f"service {number}", frozenset(range(start, WINDOWS, step)), max_changes=3)


def measure(tasks: int, seed: int) -> dict[str, object]:
    """Return the fields of the contract, and when the first valid plan was there."""
    problem = draw_problem(tasks, seed)
    started = time.perf_counter()
    first_s, steps = 0.0, []
    for step in improve_plans(problem, BUDGET_S):
        first_s = first_s or time.perf_counter() - started
        steps.append(step)
    wall_s = time.perf_counter() - started
    last = steps[-1]
    if last.bound is None:
        raise SystemExit("the linear relaxation was not solved in time")
    return {
        "objective": last.plan.objective,
        "lp_bound": last.bound,
        "gap": last.gap,
        "wall_s": round(wall_s, 3),
        "valid": all(not find_breaches(problem, step.plan) for step in steps),
        "first_plan_s": round(first_s, 3),
        "first_gap": (steps[0].plan.objective - last.bound) / abs(last.bound),
        "steps": [{"by": s.by, "objective": s.plan.objective, "at_s": round(s.elapsed_s, 3)} for s in steps],
        "unscheduled": len(last.plan.unscheduled),
        "without_reason": _count_unexplained(problem, last.plan),
    }


def _count_unexplained(problem: Problem, plan: Plan) -> int:
    placed = {placement.patch for placement in plan.placements}
    return sum(patch.id not in placed and patch.id not in plan.unscheduled for patch in problem.patches)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    report = measure(chosen.tasks, chosen.seed)
    print(json.dumps(report, indent=1), file=sys.stderr)
    if chosen.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
