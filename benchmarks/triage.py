"""Triage: what share of later exploited vulnerabilities each order would have treated in time.

`python -m benchmarks.triage --stream DIR --json [--ablation] [--window DAY DAY]`
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from akashi.domains.vulnerability.history import load_stream
from akashi.domains.vulnerability.measure.policies import POLICIES, Policy, order_epss
from akashi.domains.vulnerability.measure.priority import DEFAULT, Weights, build_policy, order_akashi
from akashi.domains.vulnerability.measure.replay import (
    Label,
    Outcome,
    compare_outcomes,
    read_label,
    replay_policies,
)
from akashi.domains.vulnerability.measure.stream import Stream, cut_period

Outcomes = Mapping[str, Mapping[float, Outcome]]
RIVAL = "kev_then_epss"


def build_oracle(stream: Stream, label: Label) -> Policy:
    """Return what nobody can do: an order that knows what will be listed. It is no policy of the product."""
    future = stream.cve[label.is_kev]
    return lambda known: order_epss(known) + 10.0 * np.isin(known.cve, future)


def ablate() -> dict[str, Policy]:
    """Return our order without each signal, and with each weight a half more and less."""
    variants: dict[str, Weights] = {}
    for name, value in asdict(DEFAULT).items():
        if name != "listed" and value:
            variants[f"without {name}"] = replace(DEFAULT, **{name: 0.0})
            variants[f"{name} x 0.5"] = replace(DEFAULT, **{name: value / 2})
            variants[f"{name} x 1.5"] = replace(DEFAULT, **{name: value * 1.5})
    variants["with cvss"] = replace(DEFAULT, cvss=0.5)
    variants["scores and listings alone"] = replace(
        DEFAULT, vendor=0.0, automatable=0.0, total_impact=0.0, poc=0.0, active=0.0
    )
    return {name: build_policy(weights) for name, weights in variants.items()}


def build_report(stream: Stream, outcomes: Outcomes, label: Label) -> dict[str, object]:
    """Return the fields of the contract, the pooled comparison and one per capacity."""
    ours, rival = outcomes["akashi"], outcomes[RIVAL]
    cells = {str(share): asdict(compare_outcomes([ours[share]], [rival[share]], label)) for share in ours}
    pooled = compare_outcomes(list(ours.values()), list(rival.values()), label)
    halves = {}
    middle = np.median(label.listed_on[label.is_preventable].astype(np.int64)) if label.is_kev.any() else 0
    for name, part in (("first", True), ("second", False)):
        keep = label.is_preventable & ((label.listed_on.astype(np.int64) <= middle) == part)
        half = replace(label, is_preventable=keep)
        halves[name] = asdict(compare_outcomes(list(ours.values()), list(rival.values()), half))
    return {
        "policies": {
            name: {str(share): figures_of(outcome) for share, outcome in cells_.items()}
            for name, cells_ in outcomes.items()
        },
        "n": len(stream.cve),
        "n_kev": int(label.is_kev.sum()),
        "n_preventable": int(label.is_preventable.sum()),
        "akashi_against_kev_then_epss": {"pooled": asdict(pooled), "cells": cells, "halves": halves},
    }


def figures_of(outcome: Outcome) -> dict[str, float]:
    """Return the three figures of the contract."""
    return {
        "coverage": round(outcome.coverage, 6),
        "efficiency": round(outcome.efficiency, 6),
        "exposed_days": round(outcome.exposed_days, 2),
    }


def print_table(outcomes: Outcomes) -> None:
    """Print coverage and exposed days of every policy on standard error."""
    for name, cells in outcomes.items():
        coverage = "".join(f"{outcome.coverage:8.3f}" for outcome in cells.values())
        exposed = "".join(f"{outcome.exposed_days:9.2f}" for outcome in cells.values())
        print(f"{name:28}{coverage}  |{exposed}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stream", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ablation", action="store_true", help="also ours without each signal")
    parser.add_argument("--window", nargs=2, metavar="DAY", help="only what came in from DAY to DAY")
    chosen = parser.parse_args(arguments)
    started = time.perf_counter()
    stream = load_stream(chosen.stream)
    if chosen.window:
        stream = cut_period(stream, *(np.datetime64(day, "D") for day in chosen.window))
    label = read_label(stream)
    policies = {**POLICIES, "akashi": order_akashi}
    if chosen.ablation:
        policies |= ablate()
    outcomes = replay_policies(stream, policies | {"oracle": build_oracle(stream, label)})
    print_table(outcomes)
    report = build_report(stream, outcomes, label) | {"wall_s": round(time.perf_counter() - started, 2)}
    print(json.dumps(report["akashi_against_kev_then_epss"], indent=1), file=sys.stderr)
    if chosen.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
