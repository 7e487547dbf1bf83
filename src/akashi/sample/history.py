"""A made-up past for `akashi vulnerability replay`: ``python -m akashi.sample.history FOLDER``.

Nothing in it is real. Every number is drawn from a seed: who tries the command has something to try it on,
and who brings a past of his own sees which files and columns it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

COUNT, WEEKS, SEED = 3_000, 40, 20261120
START = np.datetime64("2025-01-05", "D")
LISTED_SHARE = 0.012


def write_history(folder: Path) -> int:
    """Write epss.parquet, first_seen.parquet and kev.csv; return how many vulnerabilities they hold."""
    random = np.random.default_rng(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    cve = np.array([f"CVE-2025-{90000 + at}" for at in range(COUNT)])
    first = START + np.sort(random.integers(0, 7 * WEEKS, COUNT))
    danger = random.beta(1, 3, COUNT)
    listed = random.choice(COUNT, int(COUNT * LISTED_SHARE), replace=False, p=danger**4 / (danger**4).sum())
    listed_on = first[listed] + random.integers(0, 70, len(listed))
    at, day, rank = [], [], []
    for change in range(3):  # what EPSS says comes nearer to the danger with every change
        noise = random.normal(0, 0.3 / (change + 1), COUNT)
        weeks = -(-(first - START).astype(int) // 7) + 3 * change
        at.append(np.arange(COUNT))
        day.append(START + 7 * weeks)
        rank.append(np.clip(danger + noise, 0.001, 0.999))
    places, days, ranks = np.concatenate(at), np.concatenate(day), np.concatenate(rank)
    scores = {"cve": cve[places], "snap": _moments(days), "epss": ranks**6, "pct": ranks}
    _write_table(folder / "epss.parquet", scores, "cve, snap::date as snap, epss, pct")
    arrivals = {"cve": cve, "first_seen": _moments(first)}
    _write_table(folder / "first_seen.parquet", arrivals, "cve, first_seen::date as first_seen")
    lines = ["cveID,vendorProject,product,dateAdded,dueDate,knownRansomwareCampaignUse"]
    for place, added in zip(listed.tolist(), listed_on.astype(object).tolist(), strict=True):
        lines.append(f"{cve[place]},Sample,Made up,{added},{_due(added)},Unknown")
    (folder / "kev.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return COUNT


def _moments(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    return days.astype("datetime64[us]")


def _due(added: date) -> date:
    return added + timedelta(days=21)


def _write_table(path: Path, columns: Mapping[str, object], selected: str) -> None:
    connection = duckdb.connect()
    connection.register("made", columns)
    connection.execute(f"copy (select {selected} from made) to '{str(path).replace(chr(39), chr(39) * 2)}'")
    connection.close()


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "history")
    print(f"{write_history(target)} made-up vulnerabilities in {target}")
