"""Every benchmark on the development data, one after another: `python -m benchmarks [NAME …]`.

Standard output carries one JSON object a benchmark, its name, seconds and goals added; progress, each goal
beside what was seen, and what is skipped, because its data is not there, is said on standard error. The exit
code is 1 when one could not be made; a missed goal is no fault of the run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.goals import hold_against, read_goals, show_goals

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "benchmarks" / "data"
SHARED = ROOT.parent / "shared" / "data"
# Case files that are laid out when they are needed: what stands for each, and the module that writes it.
CASES, APART, FORMS = "{cases}", "{cases of authors kept apart}", "{forms}"
PLAIN, WAYS = "{cases of authors who write plainly}", "{explicit attacks in every way of writing}"
WORLD = "{questions about the world}"
TYPICAL = ("18", "35", "46", "47", "48", "49")
"""Authors kept apart who were asked for what is usual."""
WRITERS: dict[str, list[str | Path]] = {
    CASES: ["injection_cases", "--split", "test"],
    APART: ["injection_cases", "--split", "test", "--author", "5", "13"],
    PLAIN: ["injection_cases", "--split", "test", "--author", *TYPICAL],
    WAYS: ["injection_cases", "--split", "test", "--ways", "--author", "5", "13", *TYPICAL],
    FORMS: ["output_forms"],
    WORLD: [
        "world_questions",
        SHARED / "retrieval" / "jaquad_dev" / "queries.jsonl",
        SHARED / "retrieval" / "jsquad" / "queries.jsonl",
    ],
}
# A name before a colon is the benchmark's; what follows tells its collections apart.
PLANS: dict[str, list[str | Path]] = {
    "expressions": [],
    "output": ["--cases", OURS / "output_test.jsonl"],
    "output:forms": ["--cases", FORMS],
    "pii": ["--messages", OURS / "pii_test.jsonl"],
    "pii:others": ["--messages", OURS / "pii_others_test.jsonl"],
    "screen": ["--messages", OURS / "pii_test.jsonl"],
    "injection": ["--cases", CASES],
    "injection:apart": ["--cases", APART],
    "injection:plain": ["--cases", PLAIN],
    "injection:ways": ["--cases", WAYS],
    "names": ["--ner", SHARED / "names" / "stockmark_ner_dev.jsonl"],
    "retrieval": ["--beir", SHARED / "retrieval" / "jsquad"],
    "retrieval:city": ["--beir", OURS / "city_faq"],
    "abstention": ["--sample"],
    "abstention:world": ["--sample", "--offcorpus", WORLD],
    "abstention:city": ["--beir", OURS / "city_faq"],
    "abstention:city-world": ["--beir", OURS / "city_faq", "--offcorpus", WORLD],
    "answers": [],
    "circumstances": [
        "--names",
        SHARED / "names" / "last_name_org.csv",
        "--cities",
        SHARED / "places" / "cities.csv",
    ],
    "loans": [],
    "planning": [],
    "matching": [],
    "triage": ["--stream", SHARED / "vulnerability" / "stream_2024"],
    "lane": ["--stream", SHARED / "vulnerability" / "stream_2024"],
    "inventory": [],
    "harness": [],
    "ledger": ["--entries", "100000"],
    "load": ["--chunks", "10000"],
}


def missing_data(arguments: Sequence[str | Path]) -> list[Path]:
    """Return the files and folders among ``arguments``, and what their writers read, that are not there."""
    read = [each for one in arguments if isinstance(one, str) for each in WRITERS.get(one, [])]
    return [one for one in (*arguments, *read) if isinstance(one, Path) and not one.exists()]


def write_cases(folder: Path, module: str | Path, *arguments: str | Path) -> Path:
    """Let a module of `benchmarks.data` write its cases into a file and return it."""
    path = folder / "cases.jsonl"
    with path.open("w", encoding="utf-8") as file:
        command = [sys.executable, "-m", f"benchmarks.data.{module}", *map(str, arguments)]
        subprocess.run(command, cwd=ROOT, stdout=file, check=True)
    return path


def run_benchmark(name: str, arguments: Sequence[str | Path]) -> dict[str, object] | None:
    """Run one benchmark in a process of its own; returns its last line, or nothing when it failed."""
    started = time.perf_counter()
    command = [sys.executable, "-m", f"benchmarks.{name.partition(':')[0]}", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False, text=True)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        return None
    figures: dict[str, object] = json.loads(lines[-1])
    return {"benchmark": name, "took_s": round(time.perf_counter() - started, 1)} | figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was named, or everything; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PLANS))
    chosen = parser.parse_args(arguments).names or list(PLANS)
    if unknown := [name for name in chosen if name not in PLANS]:
        parser.error(f"unknown benchmark {', '.join(unknown)}; there are {', '.join(PLANS)}")
    failed, goals = False, read_goals()
    with tempfile.TemporaryDirectory() as folder:
        for number, name in enumerate(chosen, 1):
            if lacking := missing_data(PLANS[name]):
                print(f"{name}: skipped, {lacking[0]} is not there", file=sys.stderr)
                continue
            print(f"{name} ({number} of {len(chosen)}) …", file=sys.stderr)
            plan = [
                write_cases(Path(folder), *WRITERS[one]) if isinstance(one, str) and one in WRITERS else one
                for one in PLANS[name]
            ]
            figures = run_benchmark(name, plan)
            failed |= figures is None
            if figures is None:
                print(f"{name}: could not be measured", file=sys.stderr)
            else:
                held = hold_against(figures, goals.get(name, []))
                print(show_goals(held), file=sys.stderr)
                print(json.dumps(figures | {"goals": held}, ensure_ascii=False), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
